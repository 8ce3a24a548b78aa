"""To whom a message goes at this moment, and in which languages."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from uuid import UUID

import msgspec
from psycopg import Connection

from coordination.desk.accounts import account_known, accounts_of
from coordination.desk.mail_addresses import mail_address
from coordination.desk.outbox import OutboxRow
from coordination.directory.state import Directory
from coordination.service import Coordination
from projections.sentences.text import Language

BOTH: tuple[Language, ...] = ("cy", "en")
"""For a Welsh public body, and for whoever never said."""
COORDINATORS: Mapping[str, frozenset[str]] = {
    "school": frozenset({"alnco"}),
    "authority": frozenset({"la_caseworker"}),
    "agency": frozenset({"service_manager"}),
}
"""Who is written to at an organisation that has no mailbox of its own."""


class Recipient(msgspec.Struct, frozen=True, kw_only=True):
    """An address with the languages to write in. `who`: the person, or the service or organisation of a mailbox."""

    who: UUID
    address: str
    languages: tuple[Language, ...] = BOTH
    mailbox: bool = False


def recipients(
    service: Coordination, desk: Connection, directory: Directory, row: OutboxRow, today: date
) -> tuple[Recipient, ...]:
    """The recipients of a message as they are now: the mailbox of the service or organisation, else the people who
    coordinate at the organisation; of a person themselves. None of them: there is no address."""
    if row.recipient_kind == "person":
        return _people(service, desk, [row.recipient], row)
    place = directory.mailbox_of(row.recipient)
    if place is not None:
        opened = service.record.opened_at([place])[0]
        address = opened.get("address") if isinstance(opened, Mapping) else None
        if address:
            return (Recipient(who=row.recipient, address=str(address), mailbox=True),)
    return _people(service, desk, coordinators(directory, row.recipient, today), row)


def coordinators(directory: Directory, recipient: UUID, today: date) -> list[UUID]:
    """The people who coordinate at a service or organisation."""
    found = directory.service(recipient)
    organisation = directory.organisation(found.agency if found else recipient)
    if organisation is None:
        return []
    roles = COORDINATORS.get(organisation.kind, frozenset())
    return [
        one.person
        for one in directory.people_of(organisation.id, today)
        if one.role in roles and (found is None or one.service == found.id)
    ]


def _people(
    service: Coordination, desk: Connection, people: Iterable[UUID], row: OutboxRow
) -> tuple[Recipient, ...]:
    found: dict[str, Recipient] = {}
    for person in people:
        address = mail_address(service, person)
        if address is not None:
            spoken = languages_of(desk, person, row.thing if row.subject == "account" else None)
            found.setdefault(address, Recipient(who=person, address=address, languages=spoken))
    return tuple(found.values())


def languages_of(desk: Connection, person: UUID, account: UUID | None = None) -> tuple[Language, ...]:
    """The language that a person chose for their account, or both: for somebody without one, or with accounts in
    both."""
    held = [account_known(desk, account)] if account else accounts_of(desk, [person]).get(person, [])
    chosen = {one.account.language for one in held if one is not None and one.disabled_at is None}
    return tuple(one for one in BOTH if one in chosen) or BOTH
