"""The places at which one person works: their roles at organisations, all under one sign-in."""

from __future__ import annotations

from datetime import date
from uuid import UUID

import msgspec

from coordination.desk.accounts import Account
from coordination.directory.state import Directory


class Place(msgspec.Struct, frozen=True):
    """A role at an organisation, perhaps in one of its services: one desk of a person."""

    organisation: UUID
    role: str
    service: UUID | None = None


def places_of(account: Account, directory: Directory, on: date) -> tuple[Place, ...]:
    """The places of a person on a day, that of the account first. The directory says them all; the account's own place
    stays where the directory does not know the person (the first administrator, before there is a directory)."""
    person = directory.person(account.person)
    held = person.on(on) if person else ()
    found = dict.fromkeys(Place(a.organisation, a.role, a.service) for a in held)
    own = [p for p in found if (p.organisation, p.role) == (account.organisation, account.role)]
    if not own and not found:
        own = [Place(account.organisation, account.role)]
    return (*own, *(p for p in found if p not in own))


def may_sit(account: Account, place: Place, directory: Directory, on: date) -> bool:
    """Whether the place is one of the person's on a day."""
    return place in places_of(account, directory, on)
