"""The pupil as a person: rolls, where the newest ciphertexts stand, codes, contacts, words."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from uuid import UUID

import msgspec

from coordination.event import Event
from coordination.pupil.casefile import CaseFile
from coordination.pupil.profile.events import (
    ContactEnded,
    ContactRecorded,
    IdentityChanged,
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
from projections.projection import Change
from projections.rows import RowJournal
from projections.table import Table


class PupilTableRow(msgspec.Struct, frozen=True):
    """A pupil with the schools whose roll they are on, and the one that leads; the year group last recorded, and the
    day on which it was right. `confidential`: where the pupil is now is not for agencies to know."""

    pupil: UUID
    schools: list[UUID]
    leading_school: UUID | None
    year: int | None
    year_on: date | None
    confidential: bool


class RollTableRow(msgspec.Struct, frozen=True):
    """A pupil on a school's roll from a day until another (None: still)."""

    school: UUID
    pupil: UUID
    from_on: date
    until: date | None


class IdentityTableRow(msgspec.Struct, frozen=True):
    """Where the newest ciphertext of the identity, or of the language wish, is (`kind`)."""

    pupil: UUID
    kind: str
    version: int
    topic: str
    sealed: str


class IdentityVersionTableRow(msgspec.Struct, frozen=True):
    """Where a version of the identity is sealed; `position` is its place in the log."""

    pupil: UUID
    version: int
    position: int
    topic: str
    sealed: str


class IdentityKnownTableRow(msgspec.Struct, frozen=True):
    """A school that had the pupil on its roll while a version of the identity stood."""

    pupil: UUID
    version: int
    school: UUID


class CodedTableRow(msgspec.Struct, frozen=True):
    """The codes of a field that tells of health; empty once the stream is erased."""

    pupil: UUID
    field: str
    codes: list[str]
    since: date
    version: int


class ContactTableRow(msgspec.Struct, frozen=True):
    """A contact, with the newest ciphertext of who it is."""

    pupil: UUID
    contact: UUID
    parental_responsibility: bool
    version: int
    topic: str
    sealed: str


class ContactEndTableRow(msgspec.Struct, frozen=True):
    """The day from which a person is no longer a contact."""

    pupil: UUID
    contact: UUID
    ended_on: date


class SaidTableRow(msgspec.Struct, frozen=True):
    """What the child or a parent said, in their own words (ciphertext)."""

    pupil: UUID
    version: int
    whose: str
    language: str
    contact: UUID | None
    said_on: date
    topic: str
    sealed: str


PUPIL = Table("pupil", PupilTableRow, key=1)
ROLL = Table("roll", RollTableRow, key=2)
IDENTITY = Table("identity", IdentityTableRow, key=2)
IDENTITY_VERSION = Table("identity_version", IdentityVersionTableRow, key=2)
IDENTITY_KNOWN = Table("identity_known", IdentityKnownTableRow, key=3)
CODED = Table("coded", CodedTableRow, key=2, coded=("codes", "'{}'"))
CONTACT = Table("contact", ContactTableRow, key=2)
CONTACT_END = Table("contact_end", ContactEndTableRow, key=2)
SAID = Table("said", SaidTableRow)


def put_profile(change: Change, event: ProfileEvent, rows: RowJournal) -> None:
    """What an event of the profile makes of the pupil's rows."""
    pupil, on = change.stream, event.header.occurred_on
    match event:
        case PupilRegistered():
            _registered(change, rows)
            put_newest("identity", change, rows)
        case (
            RegistrationAdded()
            | SchoolMoved()
            | RegistrationEnded()
            | LeadingSchoolRecorded()
            | YearRecorded()
        ):
            _registered(change, rows)
        case IdentityChanged():
            put_newest("identity", change, rows)
        case LanguageWishRecorded():
            put_newest("language_wish", change, rows)
        case NeedsRecorded() | ProvisionRecorded() | LookedAfterRecorded():
            field = CODED_FIELDS[type(event)]
            rows.put(CODED, CodedTableRow(pupil, field, _codes(change, field), on, change.version))
        case ContactRecorded(contact=contact, parental_responsibility=responsible):
            row = ContactTableRow(pupil, contact, responsible, change.version, event.topic, event.sealed)
            rows.put(CONTACT, row)
            before, _ = change.states(CaseFile)
            if _ended(before, contact):
                rows.remove(CONTACT_END, (pupil, contact))
        case ContactEnded(contact=contact):
            rows.put(CONTACT_END, ContactEndTableRow(pupil, contact, on))
        case ViewsRecorded(whose=whose, language=language, contact=who):
            words = SaidTableRow(pupil, change.version, whose, language, who, on, event.topic, event.sealed)
            rows.add(SAID, words)
        case _:
            pass


CODED_FIELDS: dict[type[Event], str] = {
    NeedsRecorded: "needs",
    ProvisionRecorded: "provision",
    LookedAfterRecorded: "looked_after",
}


def put_pupil(change: Change, rows: RowJournal) -> None:
    """The pupil with the schools whose roll they are on now."""
    _, case = change.states(CaseFile)
    held = case.profile
    rows.put(
        PUPIL,
        PupilTableRow(
            change.stream,
            sorted(held.schools()),
            held.leading_school(),
            held.year,
            held.year_recorded_on,
            any(case.moves.hidden_at(school) for school in held.schools()),
        ),
    )


def _registered(change: Change, rows: RowJournal) -> None:
    """The pupil and the rolls that the event touched. Who came back to a school is on its roll as of then."""
    _, case = change.states(CaseFile)
    known = case.profile.registrations
    put_pupil(change, rows)
    for school in _schools(change.event):
        newest = next((r for r in reversed(known) if r.school == school), None)
        if newest is not None:
            rows.put(ROLL, RollTableRow(school, change.stream, newest.from_on, newest.until))
    _identity_known(change, rows)


def _schools(event: Event) -> Sequence[UUID]:
    match event:
        case (
            PupilRegistered(school=school)
            | RegistrationAdded(school=school)
            | RegistrationEnded(school=school)
        ):
            return (school,)
        case SchoolMoved(from_school=old, to_school=new):
            return (old, new)
        case _:
            return ()


def _ended(case: CaseFile, contact: UUID) -> bool:
    return any(c.contact == contact and c.ended for c in case.profile.contacts)


def _identity_known(change: Change, rows: RowJournal) -> None:
    """The identity as it stands is known to every school whose roll the pupil is on."""
    _, case = change.states(CaseFile)
    version = case.profile.last_versions.get("identity")
    if version is not None:
        for school in case.profile.schools():
            rows.put(IDENTITY_KNOWN, IdentityKnownTableRow(change.stream, version, school))


def put_newest(kind: str, change: Change, rows: RowJournal) -> None:
    """Where the newest ciphertext of the identity, or of the language wish, is (`kind`)."""
    event = change.event
    rows.put(IDENTITY, IdentityTableRow(change.stream, kind, change.version, event.topic, event.sealed))
    if kind == "identity":
        version = IdentityVersionTableRow(
            change.stream, change.version, change.position, event.topic, event.sealed
        )
        rows.put(IDENTITY_VERSION, version)
        _identity_known(change, rows)


def _codes(change: Change, field: str) -> list[str]:
    """The codes as opened now; none when the stream is erased."""
    opened = change.coded()
    value = opened.get(field) if isinstance(opened, dict) else None
    match value:
        case None:
            return []
        case bool():
            return ["yes" if value else "no"]
        case str():
            return [value]
        case _:
            return list(value)
