"""Sends what waits in the outbox: one message after the other, each with the address and the text of this moment.

It is the only sender: links for a new password go the same way. What a recipient chose (later, in a digest, not at all)
is looked up here, because the choice of this moment counts.
"""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from datetime import datetime
from email.message import EmailMessage
from pathlib import Path
from typing import NamedTuple

import msgspec
from psycopg import Connection

from coordination.calendars import local_date
from coordination.desk.message_wishes import make_stop, wishes_of
from coordination.desk.outbox import (
    OutboxRow,
    digest_id,
    end_message,
    mark_failed,
    mark_sent,
    next_due,
    of_digest,
    pass_on,
    put_off,
)
from coordination.outbox.kinds import rule_kind
from coordination.outbox.timing import DoNotSend, SendLater, timing
from coordination.service import Coordination
from scripts.service.account_messages import is_too_late, queue_password_links, secret_link
from scripts.service.family_sending import FAMILY_RECIPIENTS, family_sending
from scripts.service.invitation_mail import add_calendar, note_delivery
from scripts.service.link_messages import link_parts
from scripts.service.mail_carriers import SERVER_PROBLEMS, Carrier, carrier
from scripts.service.mail_recipients import Recipient, recipients
from webui.shell.mail_server import MailNotSent
from webui.shell.sign_in_settings import MailSettings, SignInSettings
from webui.words.mail import LinkParts, digest_message, digest_text, mail_message, mail_text

NOBODY = "cydlynu@localhost"
"""From whom a message comes that goes to a folder and not to a server."""


class OutboxSettings(NamedTuple):
    """`mail` None: messages become files in `folder`. `public_url`: where links lead; empty: there are none."""

    mail: MailSettings | None
    public_url: str
    folder: Path

    @classmethod
    def from_environment(cls, environment: Mapping[str, str], data: Path) -> OutboxSettings:
        """From CYDLYNU_SMTP_URL, CYDLYNU_MAIL_FROM and CYDLYNU_PUBLIC_URL. Raises ValueError."""
        read = SignInSettings.from_environment(environment)
        return cls(read.mail, read.public_url, data / "outbox")

    @property
    def sender(self) -> str:
        """From whom messages come."""
        return self.mail.sender if self.mail else NOBODY


class OutboxRun(NamedTuple):
    """How many messages were sent, and how many could not be."""

    sent: int
    failed: int


def send_due(service: Coordination, settings: OutboxSettings, now: datetime, most: int = 1000) -> OutboxRun:
    """Send what is due, `most` messages at most. A message is marked when the server has taken it: one that was sent by
    a worker that died before the mark is sent again, with the same id. When the server does not answer, the rest waits
    for the next run."""
    sent = failed = 0
    if settings.mail is not None:
        queue_password_links(service, now)
    with carrier(settings.mail, settings.folder) as carries:
        while sent + failed < most:
            done = _Sending(service, settings, carries, now).send_next()
            if done is None:
                break
            sent, failed = sent + done.sent, failed + done.failed
            for row in done.told if settings.mail is not None else ():
                note_delivery(service, row, now, arrived=True)
            if done.stop:
                break
    return OutboxRun(sent, failed)


class _Step(NamedTuple):
    """What became of the message that was next. `stop`: no other would fare better now. `told`: the messages that a
    mail server took."""

    sent: int = 0
    failed: int = 0
    stop: bool = False
    told: tuple[OutboxRow, ...] = ()


class _Sending:
    """One message and what becomes of it, in one transaction."""

    def __init__(
        self, service: Coordination, settings: OutboxSettings, carries: Carrier, now: datetime
    ) -> None:
        self.service, self.settings, self.carries, self.now = service, settings, carries, now
        self.directory = service.directory()

    def send_next(self) -> _Step | None:
        """Send the next message, or put it off or pass it on; None when none is due."""
        with self.service.record.desk() as desk:
            due = next_due(desk, self.now)
            if not due:
                return None
            row = due[0]
            if row.recipient_kind in FAMILY_RECIPIENTS:
                return self._to_family(desk, row)
            found = recipients(self.service, desk, self.directory, row, local_date(self.now))
            if not found:
                mark_failed(desk, row, "no_address", self.now)
                return _Step(failed=1)
            if len(found) > 1 or (row.recipient_kind != "person" and not found[0].mailbox):
                pass_on(desk, row, [one.who for one in found], self.now)
                return _Step()
            if row.digest_at is not None:
                return self._digest(desk, row, found[0])
            return self._single(desk, row, found[0])

    def _single(self, desk: Connection, row: OutboxRow, to: Recipient) -> _Step:
        if is_too_late(row, self.now):
            end_message(desk, row.message, "not_wanted")
            return _Step()
        wishes = wishes_of(desk, [to.who])[to.who]
        match timing(
            rule_kind(row.rule),
            wishes,
            self.now,
            urgent=row.urgent,
            mailbox=to.mailbox,
            stands_in=row.parent is not None,
        ):
            case DoNotSend():
                end_message(desk, row.message, "not_wanted")
                return _Step()
            case SendLater(at=at, digest=digest):
                put_off(desk, row.message, at, digest=digest)
                return _Step()
            case _:
                return self._hand_over(desk, [row], to)

    def _digest(self, desk: Connection, row: OutboxRow, to: Recipient) -> _Step:
        assert row.digest_at is not None
        return self._hand_over(
            desk, of_digest(desk, row.recipient, row.digest_at), to, digest_at=row.digest_at
        )

    def _hand_over(
        self, desk: Connection, rows: list[OutboxRow], to: Recipient, digest_at: datetime | None = None
    ) -> _Step:
        """Makes the mail and hands it over; one that is not sent leaves no link behind."""
        try:
            with desk.transaction():
                made = (
                    self._digest_mail(desk, rows, to, digest_at)
                    if digest_at
                    else self._mail(desk, rows[0], to)
                )
                self.carries.send(made)
        except MailNotSent as problem:
            for row in rows:
                mark_failed(desk, row, problem.problem, self.now)
            return _Step(failed=len(rows), stop=problem.problem in SERVER_PROBLEMS)
        for row in rows:
            mark_sent(desk, row.message, self.now)
        return _Step(sent=len(rows), told=tuple(rows))

    def _to_family(self, desk: Connection, row: OutboxRow) -> _Step:
        """To a contact of a pupil, unless they may not have it at this moment; that is not tried again."""
        try:
            with desk.transaction():
                url = self.settings.public_url
                address, languages, parts = family_sending(self.service, desk, row, url, self.now)
                text = mail_text(row, self.directory, url, parts, languages)
                self.carries.send(mail_message(row, text, self.settings.sender, (address,), languages))
        except MailNotSent as problem:
            if problem.problem == "not_wanted":
                end_message(desk, row.message, problem.problem)
                return _Step()
            mark_failed(desk, row, problem.problem, self.now)
            return _Step(failed=1, stop=problem.problem in SERVER_PROBLEMS)
        mark_sent(desk, row.message, self.now)
        return _Step(sent=1)

    def _mail(self, desk: Connection, row: OutboxRow, to: Recipient) -> EmailMessage:
        url = self.settings.public_url
        password = secret_link(desk, row, url, self.now)
        parts = (
            LinkParts(address=password)
            if password
            else link_parts(self.service, desk, row, self.directory, url, self.now)
        )
        text = mail_text(row, self.directory, self.settings.public_url, parts, to.languages)
        made = mail_message(row, text, self.settings.sender, (to.address,), to.languages)
        add_calendar(made, row, self.service, self.directory, to.address, to.languages, self.now)
        return made

    def _digest_mail(
        self, desk: Connection, rows: list[OutboxRow], to: Recipient, digest_at: datetime
    ) -> EmailMessage:
        stop = ""
        url = self.settings.public_url
        if url:
            secret = secrets.token_urlsafe(32)
            make_stop(desk, to.who, secret, self.now)
            stop = f"{url}/stop-digest/{secret}"
        made = {
            row.message: link_parts(self.service, desk, row, self.directory, url, self.now).address
            for row in rows
        }
        links = {message: address for message, address in made.items() if address}
        text = digest_text(rows, self.directory, url, stop, to.languages, links)
        first = msgspec.structs.replace(rows[0], message=digest_id(to.who, digest_at), created_at=digest_at)
        return digest_message(first, text, self.settings.sender, to.address, to.languages, stop)
