"""Messages to a contact of a pupil: whether they may have it now, to which address, in which language, with which link.

The same rule is asked as at each opening. The address stands sealed in the pupil's record, and is opened here.
"""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple
from uuid import NAMESPACE_OID, UUID, uuid5

from psycopg import Connection

from coordination.calendars import local_date
from coordination.desk.family_contacts import family_case, not_receiving, opened_contact
from coordination.desk.link_proofs import asked_code, digits_of_message, send_code
from coordination.desk.one_time_links import (
    OneTimeLink,
    good_until,
    link_of_id,
    make_link,
    secret_of_message,
)
from coordination.desk.outbox import OutboxRow
from coordination.service import Coordination
from projections.sentences.text import Language
from webui.shell.mail_server import MailNotSent
from webui.words.mail import BOTH, LinkParts

FAMILY_RECIPIENTS = frozenset({"contact", "young_person"})


class FamilySending(NamedTuple):
    """Where a message to a contact goes, in which languages, and the link or code that it carries."""

    address: str
    languages: tuple[Language, ...]
    parts: LinkParts


def family_sending(
    service: Coordination, desk: Connection, row: OutboxRow, public_url: str, now: datetime
) -> FamilySending:
    """What is sent to a contact now. Raises MailNotSent: `not_wanted` where they may not have it, or a code that nobody
    waits for; `no_address`, also for a pupil, who has none on record, and where links have no public address."""
    about = _about(desk, row)
    if about is None:
        raise MailNotSent("not_wanted")
    pupil, school = about
    contact = None if row.recipient == pupil else row.recipient
    case = family_case(service, pupil)
    if not_receiving(service, case, pupil, contact, sender=school, on=local_date(now)) is not None:
        raise MailNotSent("not_wanted")
    person = opened_contact(service, case, pupil, contact)
    if person is None or not person.email or not _is_address(person.email):
        raise MailNotSent("no_address")
    languages = tuple(one for one in BOTH if one == person.language) or BOTH
    key = service.record.outer.lookup
    if row.rule == "link_code":
        digits = digits_of_message(key, row.thing)
        if not send_code(desk, row.thing, key, digits, now):
            raise MailNotSent("not_wanted")
        return FamilySending(person.email, languages, LinkParts(code=digits))
    if not public_url:
        raise MailNotSent("no_address")
    secret = secret_of_message(key, row.message)
    make_link(desk, _link(row, pupil, school, now), secret)
    address = f"{public_url}/link/{secret}"
    return FamilySending(person.email, languages, LinkParts(address=address))


def _about(desk: Connection, row: OutboxRow) -> tuple[UUID, UUID] | None:
    """The pupil, and the school that sends."""
    if row.rule != "link_code":
        return (row.pupil, row.service) if row.pupil is not None and row.service is not None else None
    code = asked_code(desk, row.thing)
    link = link_of_id(desk, code.link) if code is not None else None
    return (link.pupil, link.organisation) if link is not None and link.pupil is not None else None


def _link(row: OutboxRow, pupil: UUID, school: UUID, now: datetime) -> OneTimeLink:
    return OneTimeLink(
        link=uuid5(NAMESPACE_OID, f"link {row.message}"),
        kind=row.subject,
        thing=row.thing,
        pupil=pupil,
        audience_kind="contact",
        audience=row.recipient,
        organisation=school,
        school=school,
        message=row.message,
        made_at=now,
        expires_at=good_until(now),
    )


def _is_address(text: str) -> bool:
    """Whether it can stand in a header of a mail: one address and no line end."""
    return text.isprintable() and "@" in text and not set(text) & set(" ,;<>\"'")
