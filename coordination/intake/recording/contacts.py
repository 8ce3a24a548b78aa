"""The contacts of a row against those recorded: added, changed, or doubtful; never ended by a file.

Contacts are matched by folded name, those of one name by relationship. A mother or father under another name, and a
contact from an earlier file who is not in this one, are doubts: nobody is added beside them until somebody decides.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Literal, NamedTuple
from uuid import UUID

from coordination.intake.pupils import ImportedContact, PupilRow
from coordination.intake.recording.identity import new_id
from coordination.intake.recording.recorded_profiles import RecordedContact, RecordedProfile
from coordination.pupil.matching import fold_name, names_agree
from coordination.pupil.profile.commands import ContactDetails
from coordination.store.keys import OuterKeys

ContactDoubtKind = Literal["contact_renamed", "contact_missing"]
REACHED = ("telephone", "email", "address")
ONE_EACH = frozenset({"mother", "father"})
"""Relationships of which a pupil is taken to have one: another name is a doubt, whoever recorded the first."""


class DoubtfulContact(NamedTuple):
    """A recorded contact of whom the file says something else (`given`), or nothing (None)."""

    kind: ContactDoubtKind
    contact: UUID
    given: ImportedContact | None


class ContactChanges(NamedTuple):
    """What a row makes of the contacts: to record as new or changed, doubtful, and how many of the row's contacts the
    school had recorded as no longer representing the pupil."""

    recorded: tuple[ContactDetails, ...]
    doubts: tuple[DoubtfulContact, ...]
    ended_before: int


def contact_changes(
    row: PupilRow, pupil: UUID, known: RecordedProfile, on: date, outer: OuterKeys, *, tells_all: bool
) -> ContactChanges:
    """The contacts of a row against the recorded ones. `tells_all`: the file is one that gives contacts, so that one
    who is not in it is missing."""
    current = {id: held for id, held in known.contacts.items() if not held.ended}
    recorded: list[ContactDetails] = []
    unknown: list[ImportedContact] = []
    ended = 0
    for contact in {(fold_name(c.name), c.relationship): c for c in row.contacts}.values():
        id = _same_name(contact, current)
        if id is not None:
            held = current.pop(id)
            if _differs(contact, held):
                recorded.append(_as_changed(contact, id, held, on))
        elif any(held.ended and names_agree(held.name, contact.name) for held in known.contacts.values()):
            ended += 1
        else:
            unknown.append(contact)
    doubts: list[DoubtfulContact] = []
    for contact in unknown:
        id = _may_be(contact, current)
        if id is None:
            recorded.append(contact_details(contact, pupil, on, outer))
        else:
            del current[id]
            doubts.append(DoubtfulContact("contact_renamed", id, contact))
    if tells_all:
        missing = [id for id, held in current.items() if held.from_file]
        doubts += [DoubtfulContact("contact_missing", id, None) for id in missing]
    return ContactChanges(tuple(recorded), tuple(doubts), ended)


def contact_details(contact: ImportedContact, pupil: UUID, on: date, outer: OuterKeys) -> ContactDetails:
    """A contact of the file as a new contact of this pupil; without parental responsibility unless the file gives
    it."""
    return ContactDetails(
        occurred_on=on,
        contact=new_id(outer, "contact", pupil, fold_name(contact.name)),
        name=contact.name,
        relationship=contact.relationship,
        parental_responsibility=bool(contact.parental_responsibility),
        telephone=contact.telephone,
        email=contact.email,
        address=contact.address,
    )


def _same_name(contact: ImportedContact, current: dict[UUID, RecordedContact]) -> UUID | None:
    found = [id for id, held in current.items() if names_agree(held.name, contact.name)]
    same = [id for id in found if current[id].relationship == contact.relationship]
    return next(iter(same or found), None)


def _may_be(contact: ImportedContact, current: dict[UUID, RecordedContact]) -> UUID | None:
    """The recorded contact, unmatched by name, who may be this one under an earlier name."""
    alike: Sequence[UUID] = [
        id
        for id, held in current.items()
        if held.relationship is not None and held.relationship == contact.relationship
        if held.from_file or held.relationship in ONE_EACH
    ]
    return next(iter(alike), None)


def _differs(contact: ImportedContact, held: RecordedContact) -> bool:
    related = contact.relationship not in (None, held.relationship)
    reached = any(getattr(contact, name) not in (None, getattr(held, name)) for name in REACHED)
    return related or reached or contact.parental_responsibility not in (None, held.parental_responsibility)


def _as_changed(contact: ImportedContact, id: UUID, held: RecordedContact, on: date) -> ContactDetails:
    told = contact.parental_responsibility
    return ContactDetails(
        occurred_on=on,
        contact=id,
        name=held.name,
        relationship=contact.relationship or held.relationship,
        parental_responsibility=held.parental_responsibility if told is None else told,
        language=held.language,
        telephone=contact.telephone or held.telephone,
        email=contact.email or held.email,
        address=contact.address or held.address,
    )
