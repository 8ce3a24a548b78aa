"""The state of the profile for decisions: registrations, contacts, the year."""

from __future__ import annotations

from datetime import date
from typing import assert_never
from uuid import UUID

import msgspec

from coordination.pupil.ages import year_on
from coordination.pupil.profile.events import (
    AnyProfileEvent,
    ClassRecorded,
    ContactEnded,
    ContactRecorded,
    IdentityChanged,
    IdentityKept,
    LanguageWishRecorded,
    LeadingSchoolRecorded,
    LookedAfterRecorded,
    NeedsRecorded,
    ProfileEvent,
    ProvisionRecorded,
    PupilRegistered,
    RegistrationAdded,
    RegistrationEnded,
    SchoolMoved,
    ViewsRecorded,
    YearRecorded,
)

# The thing that an event records anew, which a person is shown when they change it. Contacts have ids instead.
THINGS: dict[type[ProfileEvent], str] = {
    PupilRegistered: "identity",
    IdentityChanged: "identity",
    NeedsRecorded: "needs",
    ProvisionRecorded: "provision",
    LookedAfterRecorded: "looked_after",
    LanguageWishRecorded: "language_wish",
    YearRecorded: "year",
    ClassRecorded: "class",
    LeadingSchoolRecorded: "leading_school",
}


class Registration(msgspec.Struct, frozen=True):
    """On the roll of a school from a day until another (None: still)."""

    school: UUID
    from_on: date
    until: date | None = None


class OffRoll(msgspec.Struct, frozen=True):
    """On no school's roll from a day up to another, the last not counted (None: still)."""

    from_on: date
    until: date | None


class Contact(msgspec.Struct, frozen=True):
    contact: UUID
    parental_responsibility: bool
    ended: bool = False


class Profile(msgspec.Struct, frozen=True):
    """`last_versions` are the versions, in the pupil's stream, of the last event about each thing (see THINGS; a
    contact is identified by its id). `authority` holds the file while the pupil is on no roll. `leading` are the
    schools recorded as leading, each with its first day. `views`: whose words are on record (`child`, `parent`)."""

    registrations: tuple[Registration, ...] = ()
    contacts: tuple[Contact, ...] = ()
    year: int | None = None
    year_recorded_on: date | None = None
    authority: UUID | None = None
    last_versions: dict[str, int] = {}
    leading: tuple[tuple[date, UUID], ...] = ()
    views: frozenset[str] = frozenset()

    def year_group(self, on: date) -> int | None:
        """The year group on a day: the one last recorded, and the school years since."""
        return year_on(self.year, self.year_recorded_on, on)

    @property
    def registered(self) -> bool:
        return bool(self.registrations)

    def schools(self) -> frozenset[UUID]:
        """The schools on whose roll the pupil is now."""
        return frozenset(r.school for r in self.registrations if r.until is None)

    def school(self) -> UUID | None:
        """The school of the newest open registration."""
        current = [r for r in self.registrations if r.until is None]
        return current[-1].school if current else None

    def holders(self) -> frozenset[UUID]:
        """The organisations that hold the file: the schools on whose roll the pupil is, or else the authority."""
        return self.schools() or frozenset(() if self.authority is None else (self.authority,))

    def off_roll(self) -> tuple[OffRoll, ...]:
        """The days since the first registration on which no school had the pupil on its roll, whatever the order in
        which they were recorded."""
        found: list[OffRoll] = []
        covered: date | None = None
        for registration in sorted(self.registrations, key=lambda r: r.from_on):
            if covered is not None and registration.from_on > covered:
                found.append(OffRoll(covered, registration.from_on))
            if registration.until is None:
                return tuple(found)
            covered = max(covered or registration.until, registration.until)
        return (*found, OffRoll(covered, None)) if covered is not None else ()

    def on_roll(self, school: UUID, on: date) -> bool:
        """Whether the pupil was on a school's roll on a day."""
        return any(
            r.school == school and r.from_on <= on and (r.until is None or on <= r.until)
            for r in self.registrations
        )

    def leading_school(self) -> UUID | None:
        """The school that leads: the last one recorded, by day, that has the pupil on its roll; else that of the first
        registration still open."""
        current = [r.school for r in self.registrations if r.until is None]
        recorded = [school for _, school in sorted(self.leading, key=lambda one: one[0]) if school in current]
        return recorded[-1] if recorded else next(iter(current), None)

    def last_school(self) -> UUID | None:
        """The school of the newest registration, open or ended."""
        return self.registrations[-1].school if self.registrations else None

    def contact(self, contact: UUID) -> Contact | None:
        """A contact who still represents the pupil."""
        return next((c for c in self.contacts if c.contact == contact and not c.ended), None)


def evolve(profile: Profile, event: AnyProfileEvent, version: int) -> Profile:
    """The profile after the event; `version` is its place in the pupil's stream."""
    after = _after(profile, event)
    thing = _thing(event)
    if thing is None:
        return after
    return msgspec.structs.replace(after, last_versions={**profile.last_versions, thing: version})


def _thing(event: AnyProfileEvent) -> str | None:
    match event:
        case ContactRecorded(contact=contact) | ContactEnded(contact=contact):
            return str(contact)
        case _:
            return THINGS.get(type(event))


def _after(profile: Profile, event: AnyProfileEvent) -> Profile:
    match event:
        case PupilRegistered(school=school, year=year):
            on = event.header.occurred_on
            return msgspec.structs.replace(_enter(profile, school, on), year=year, year_recorded_on=on)
        case RegistrationAdded(school=school):
            return _enter(profile, school, event.header.occurred_on)
        case SchoolMoved(from_school=old, to_school=new):
            left = _leave(profile, old, event.header.occurred_on)
            return left if new in left.schools() else _enter(left, new, event.header.occurred_on)
        case RegistrationEnded(school=school, held_by=authority):
            left = _leave(profile, school, event.header.occurred_on)
            return left if left.schools() else msgspec.structs.replace(left, authority=authority)
        case LeadingSchoolRecorded(school=school):
            leading = (*profile.leading, (event.header.occurred_on, school))
            return msgspec.structs.replace(profile, leading=leading)
        case YearRecorded(year=year):
            return msgspec.structs.replace(profile, year=year, year_recorded_on=event.header.occurred_on)
        case ContactRecorded(contact=contact, parental_responsibility=responsible):
            others = tuple(c for c in profile.contacts if c.contact != contact)
            return msgspec.structs.replace(profile, contacts=(*others, Contact(contact, responsible)))
        case ContactEnded(contact=contact):
            kept = tuple(
                msgspec.structs.replace(c, ended=True) if c.contact == contact else c
                for c in profile.contacts
            )
            return msgspec.structs.replace(profile, contacts=kept)
        case ViewsRecorded(whose=whose):
            return msgspec.structs.replace(profile, views=profile.views | {whose})
        case (
            IdentityChanged()
            | IdentityKept()
            | NeedsRecorded()
            | ProvisionRecorded()
            | LookedAfterRecorded()
            | LanguageWishRecorded()
            | ClassRecorded()
        ):
            return profile
        case _:
            assert_never(event)


def _enter(profile: Profile, school: UUID, on: date) -> Profile:
    entered = (*profile.registrations, Registration(school, on))
    return msgspec.structs.replace(profile, registrations=entered, authority=None)


def _leave(profile: Profile, school: UUID, on: date) -> Profile:
    left = tuple(
        msgspec.structs.replace(r, until=on) if r.school == school and r.until is None else r
        for r in profile.registrations
    )
    return msgspec.structs.replace(profile, registrations=left)


def identity_replaced(profile: Profile, version: int) -> Profile:
    """The profile after the identity was replaced by law: what a form showed of it before is overtaken."""
    return msgspec.structs.replace(profile, last_versions={**profile.last_versions, "identity": version})
