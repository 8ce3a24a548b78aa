"""The profile as decisions need it: registrations, contacts, the year."""

from __future__ import annotations

from datetime import date
from uuid import UUID

import msgspec

from coordination.pupil.profile.events import (
    ContactEnded,
    ContactRecorded,
    ProfileEvent,
    PupilRegistered,
    RegistrationAdded,
    RegistrationEnded,
    SchoolMoved,
    YearRecorded,
)


class Registration(msgspec.Struct, frozen=True):
    """On a school's roll from a day until another (None: still)."""

    school: UUID
    from_on: date
    until: date | None = None


class Contact(msgspec.Struct, frozen=True):
    contact: UUID
    parental_responsibility: bool
    ended: bool = False


class Profile(msgspec.Struct, frozen=True):
    registrations: tuple[Registration, ...] = ()
    contacts: tuple[Contact, ...] = ()
    year: int | None = None

    @property
    def registered(self) -> bool:
        return bool(self.registrations)

    def schools(self) -> frozenset[UUID]:
        """The schools whose roll the pupil is on now."""
        return frozenset(r.school for r in self.registrations if r.until is None)

    def school(self) -> UUID | None:
        """The school of the newest open registration."""
        current = [r for r in self.registrations if r.until is None]
        return current[-1].school if current else None

    def contact(self, contact: UUID) -> Contact | None:
        """A contact who still speaks for the pupil."""
        return next((c for c in self.contacts if c.contact == contact and not c.ended), None)


def evolve(profile: Profile, event: ProfileEvent) -> Profile:
    """The profile after the event."""
    match event:
        case PupilRegistered(school=school, year=year):
            return msgspec.structs.replace(_enter(profile, school, event.header.occurred_on), year=year)
        case RegistrationAdded(school=school):
            return _enter(profile, school, event.header.occurred_on)
        case SchoolMoved(from_school=old, to_school=new):
            left = _leave(profile, old, event.header.occurred_on)
            return left if new in left.schools() else _enter(left, new, event.header.occurred_on)
        case RegistrationEnded(school=school):
            return _leave(profile, school, event.header.occurred_on)
        case YearRecorded(year=year):
            return msgspec.structs.replace(profile, year=year)
        case ContactRecorded(contact=contact, parental_responsibility=responsible):
            others = tuple(c for c in profile.contacts if c.contact != contact)
            return msgspec.structs.replace(profile, contacts=(*others, Contact(contact, responsible)))
        case ContactEnded(contact=contact):
            kept = tuple(
                msgspec.structs.replace(c, ended=True) if c.contact == contact else c
                for c in profile.contacts
            )
            return msgspec.structs.replace(profile, contacts=kept)
        case _:
            return profile


def _enter(profile: Profile, school: UUID, on: date) -> Profile:
    return msgspec.structs.replace(profile, registrations=(*profile.registrations, Registration(school, on)))


def _leave(profile: Profile, school: UUID, on: date) -> Profile:
    left = tuple(
        msgspec.structs.replace(r, until=on) if r.school == school and r.until is None else r
        for r in profile.registrations
    )
    return msgspec.structs.replace(profile, registrations=left)
