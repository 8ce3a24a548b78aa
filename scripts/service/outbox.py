"""Sends what waits in the outbox: one message after the other, each with the address and the text of this moment."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from datetime import date, datetime
from email.message import EmailMessage
from email.policy import SMTP
from pathlib import Path
from typing import NamedTuple, Protocol
from uuid import UUID

from coordination.calendars import local_date
from coordination.desk.mail_addresses import mail_address
from coordination.desk.outbox import OutboxRow, mark_failed, mark_sent, next_due
from coordination.directory.state import Directory
from coordination.service import Coordination
from webui.shell.mail_server import MailNotSent, connected
from webui.shell.sign_in_settings import MailSettings, SignInSettings
from webui.words.mail import mail_message, mail_text

NOBODY = "cydlynu@localhost"
"""From whom a message comes that goes to a folder and not to a server."""
COORDINATORS: Mapping[str, frozenset[str]] = {
    "school": frozenset({"alnco"}),
    "authority": frozenset({"la_caseworker"}),
    "agency": frozenset({"service_manager"}),
}
"""Who is written to at an organisation that has no mailbox of its own."""


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


class OutboxRun(NamedTuple):
    """How many messages were sent, and how many could not be."""

    sent: int
    failed: int


class _Carrier(Protocol):
    def send(self, message: EmailMessage) -> None: ...


class Folder:
    """Messages as files, for a service without a mail server."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def send(self, message: EmailMessage) -> None:
        """Write the message as `<its id>.eml`, complete or not at all."""
        self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        name = str(message["Message-ID"]).strip("<>").partition("@")[0]
        draft = self._folder / f".{name}"
        draft.write_bytes(message.as_bytes(policy=SMTP))
        draft.chmod(0o600)
        draft.replace(self._folder / f"{name}.eml")


def send_due(service: Coordination, settings: OutboxSettings, now: datetime, most: int = 1000) -> OutboxRun:
    """Send what is due, `most` messages at most. A message is marked when the server has taken it: one that was sent by
    a worker that died before the mark is sent again, with the same id."""
    sent = failed = 0
    with _carrier(settings) as carrier:
        while sent + failed < most:
            done = _send_next(service, settings, carrier, now)
            if done is None:
                break
            sent, failed = sent + done, failed + (not done)
    return OutboxRun(sent, failed)


class _Lazy:
    """Connects with the first message."""

    def __init__(self, settings: MailSettings, open_until: ExitStack) -> None:
        self._settings, self._open_until = settings, open_until
        self._link: _Carrier | None = None

    def send(self, message: EmailMessage) -> None:
        if self._link is None:
            self._link = self._open_until.enter_context(connected(self._settings))
        try:
            self._link.send(message)
        except MailNotSent as problem:
            if problem.problem == "server_unreachable":
                self._link = None  # the next message tries a new connection
            raise


@contextmanager
def _carrier(settings: OutboxSettings) -> Iterator[_Carrier]:
    if settings.mail is None:
        yield Folder(settings.folder)
        return
    with ExitStack() as open_until:
        yield _Lazy(settings.mail, open_until)


def _send_next(
    service: Coordination, settings: OutboxSettings, carrier: _Carrier, now: datetime
) -> bool | None:
    """Whether the next message was sent; None when none is due."""
    with service.record.desk() as desk:
        due = next_due(desk, now)
        if not due:
            return None
        row = due[0]
        directory = service.directory()
        try:
            recipients = addresses(service, directory, row, local_date(now))
            if not recipients:
                raise MailNotSent("no_address")
            text = mail_text(row, directory, settings.public_url)
            sender = settings.mail.sender if settings.mail else NOBODY
            carrier.send(mail_message(row, text, sender, recipients))
        except MailNotSent as problem:
            mark_failed(desk, row, problem.problem, now)
            return False
        mark_sent(desk, row.message, now)
        return True


def addresses(service: Coordination, directory: Directory, row: OutboxRow, today: date) -> tuple[str, ...]:
    """The addresses of a message's recipient as they are now: the mailbox of the service or organisation, else those of
    the people who coordinate at the organisation; of a person their own."""
    if row.recipient_kind == "person":
        return _of_people(service, [row.recipient])
    place = directory.mailbox_of(row.recipient)
    if place is not None:
        opened = service.record.opened_at([place])[0]
        address = opened.get("address") if isinstance(opened, Mapping) else None
        if address:
            return (str(address),)
    found = directory.service(row.recipient)
    organisation = directory.organisation(found.agency if found else row.recipient)
    if organisation is None:
        return ()
    roles = COORDINATORS.get(organisation.kind, frozenset())
    people = [
        one.person
        for one in directory.people_of(organisation.id, today)
        if one.role in roles and (found is None or one.service == found.id)
    ]
    return _of_people(service, people)


def _of_people(service: Coordination, people: list[UUID]) -> tuple[str, ...]:
    found = (mail_address(service, person) for person in people)
    return tuple(dict.fromkeys(address for address in found if address))
