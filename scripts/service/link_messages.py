"""The one-time link, or the code that opens it, in a message for people without an account. The secret of a link is
made from the message's id when the message is made, and so is the same however often it is sent; a code likewise."""

from __future__ import annotations

from datetime import datetime
from uuid import NAMESPACE_OID, UUID, uuid5

from psycopg import Connection
from psycopg.rows import tuple_row

from coordination.calendars import local_date
from coordination.challenge.state import CHALLENGE_STREAM
from coordination.desk.link_proofs import digits_of_message, send_code
from coordination.desk.one_time_links import OneTimeLink, good_until, make_link, secret_of_message
from coordination.desk.outbox import OutboxRow
from coordination.directory.sight import sight_at
from coordination.directory.state import Directory
from coordination.meeting.state import MEETING_STREAM
from coordination.pupil.casefile import PUPIL_STREAM
from coordination.service import Coordination
from webui.shell.mail_server import MailNotSent
from webui.words.mail import ANSWERED_BY_LINK, LinkParts

NOTHING_TO_OPEN = frozenset({"sharing_ended"})
"""Rules that tell of the end of sight: their link would open nothing."""


def link_parts(
    service: Coordination,
    desk: Connection,
    row: OutboxRow,
    directory: Directory,
    public_url: str,
    now: datetime,
) -> LinkParts:
    """What a message carries for people without an account; nothing for those who sign in. Raises MailNotSent for a
    code that nobody waits for any more."""
    key = service.record.outer.lookup
    if row.rule == "link_code":
        digits = digits_of_message(key, row.thing)
        if not send_code(desk, row.thing, key, digits, now):
            raise MailNotSent("not_wanted")
        return LinkParts(code=digits)
    if not public_url or not _by_link(desk, row, directory, now):
        return LinkParts()
    found = directory.service(row.recipient)
    if found is None:
        return LinkParts()
    secret = secret_of_message(key, row.message)
    link = OneTimeLink(
        link=uuid5(NAMESPACE_OID, f"link {row.message}"),
        kind=row.subject,
        thing=row.thing,
        pupil=row.pupil,
        audience_kind="service",
        audience=found.id,
        organisation=found.agency,
        school=_school(service, row),
        message=row.message,
        made_at=now,
        expires_at=good_until(now),
    )
    make_link(desk, link, secret)
    return LinkParts(address=f"{public_url}/link/{secret}")


def _by_link(desk: Connection, row: OutboxRow, directory: Directory, now: datetime) -> bool:
    """Whether the recipient is a service in which nobody can sign in."""
    if row.recipient_kind != "service" or row.subject not in ANSWERED_BY_LINK or row.rule in NOTHING_TO_OPEN:
        return False
    found = directory.service(row.recipient)
    return found is not None and not signs_in(desk, directory, found.agency, found.id, now)


def signs_in(desk: Connection, directory: Directory, agency: UUID, service: UUID, now: datetime) -> bool:
    """Whether a service has anybody with an account who sees what comes to it."""
    sql = "select distinct person from desk.account where organisation = %s and disabled_at is null"
    with desk.cursor(row_factory=tuple_row) as cursor:
        people = [person for (person,) in cursor.execute(sql, (agency,)).fetchall()]
    today = local_date(now)
    return any(sight_at(directory, person, agency, today).sees(service) for person in people)


def _school(service: Coordination, row: OutboxRow) -> UUID | None:
    """The school on whose behalf the message is sent."""
    batch = service.batch()
    match row.subject:
        case "meeting":
            return batch.state(MEETING_STREAM, row.thing).school
        case "challenge":
            return batch.state(CHALLENGE_STREAM, row.thing).school
        case _ if row.pupil is not None:
            held = batch.state(PUPIL_STREAM, row.pupil).referrals.get(row.thing)
            return held.school if held else None
        case _:
            return None
