"""The pupil as a person: rolls, where the newest ciphertexts stand, codes, contacts, words."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from coordination.event import Event
from coordination.pupil.casefile import CaseFile
from coordination.pupil.profile.events import (
    ContactEnded,
    ContactRecorded,
    IdentityChanged,
    LanguageWishRecorded,
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
from projections.rows import RowJournal, Table

PUPIL = Table("pupil", ("pupil", "schools", "year"), key=1)
ROLL = Table("roll", ("school", "pupil", "from_on", "until"), key=2)
IDENTITY = Table("identity", ("pupil", "kind", "version", "topic", "sealed"), key=2)
CODED = Table("coded", ("pupil", "field", "codes", "since"), key=2)
CONTACT = Table(
    "contact", ("pupil", "contact", "parental_responsibility", "version", "topic", "sealed"), key=2
)
CONTACT_END = Table("contact_end", ("pupil", "contact", "ended_on"), key=2)
SAID = Table("said", ("pupil", "version", "whose", "language", "contact", "said_on", "topic", "sealed"))


def put_profile(change: Change, event: ProfileEvent, rows: RowJournal) -> None:
    """What an event of the profile makes of the pupil's rows."""
    pupil, on = change.stream, event.header.occurred_on
    match event:
        case PupilRegistered():
            _registered(change, rows)
            _newest("identity", change, rows)
        case RegistrationAdded() | SchoolMoved() | RegistrationEnded() | YearRecorded():
            _registered(change, rows)
        case IdentityChanged():
            _newest("identity", change, rows)
        case LanguageWishRecorded():
            _newest("language_wish", change, rows)
        case NeedsRecorded() | ProvisionRecorded() | LookedAfterRecorded():
            field = CODED_FIELDS[type(event)]
            rows.put(CODED, (pupil, field, _codes(change, field), on))
        case ContactRecorded(contact=contact, parental_responsibility=responsible):
            at = (change.version, event.topic, event.sealed)
            rows.put(CONTACT, (pupil, contact, responsible, *at))
            if _ended(change.before, contact):
                rows.remove(CONTACT_END, (pupil, contact))
        case ContactEnded(contact=contact):
            rows.put(CONTACT_END, (pupil, contact, on))
        case ViewsRecorded(whose=whose, language=language, contact=who):
            rows.add(SAID, (pupil, change.version, whose, language, who, on, event.topic, event.sealed))
        case _:
            pass


CODED_FIELDS: dict[type[Event], str] = {
    NeedsRecorded: "needs",
    ProvisionRecorded: "provision",
    LookedAfterRecorded: "looked_after",
}


def _registered(change: Change, rows: RowJournal) -> None:
    """The pupil and the rolls that the event touched. Who came back to a school is on its roll as of then."""
    case: CaseFile = change.after
    known = case.profile.registrations
    rows.put(PUPIL, (change.stream, sorted(case.profile.schools()), case.profile.year))
    for school in _schools(change.event):
        newest = next((r for r in reversed(known) if r.school == school), None)
        if newest is not None:
            rows.put(ROLL, (school, change.stream, newest.from_on, newest.until))


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


def _newest(kind: str, change: Change, rows: RowJournal) -> None:
    event = change.event
    rows.put(IDENTITY, (change.stream, kind, change.version, event.topic, event.sealed))


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
