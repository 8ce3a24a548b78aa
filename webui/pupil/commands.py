"""The commands for a pupil from a page or the API."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any
from uuid import UUID

import msgspec

from coordination.errors import Refusal
from coordination.event import Command
from coordination.pupil.casefile import PUPIL_STREAM
from coordination.pupil.profile.commands import (
    ChangeIdentity,
    ContactDetails,
    MovePupil,
    RecordContact,
    RecordLanguageWish,
    RecordLookedAfter,
    RecordNeeds,
    RecordProvision,
    RecordViews,
    RecordYear,
    RegisterPupil,
)
from coordination.pupil.profile.events import IDENTITY_TOPICS
from webui.pupil.identity import fold_text, open_identity
from webui.shell import casework
from webui.shell.authentication import viewer
from webui.shell.runtime import runtime

Typed = dict[str, Any]
Change = Callable[[UUID, Typed, date], Command]

# the store detects a number that another pupil has, but names no field
FIELDS = {"upn_of_another_pupil": "upn"}


class MissingAnswer(Exception):
    """An optional field is required because of the other answers."""

    def __init__(self, field: str) -> None:
        super().__init__(field)
        self.field = field


class KnownPupil(msgspec.Struct, frozen=True):
    """A recorded pupil with this number: the schools where they are registered, and whether the name and date of birth
    match those typed."""

    pupil: UUID
    schools: frozenset[UUID]
    same: bool


def known_pupil(typed: Typed) -> KnownPupil | None:
    """The recorded pupil with the number that was typed; the look-up is noted in the read log."""
    record = runtime().coordination.record
    pupil = record.pupils_by_upn([typed["upn"]]).get(typed["upn"])
    if pupil is None:
        return None
    casework.note_shown("number_look_up", [pupil], "registration")
    found = open_identity(pupil, record.latest(pupil, IDENTITY_TOPICS))
    names = [
        (fold_text(found.forename), fold_text(typed["forename"])),
        (fold_text(found.surname), fold_text(typed["surname"])),
    ]
    same = found.born == typed["date_of_birth"] and any(one == other for one, other in names)
    schools = runtime().coordination.batch().state(PUPIL_STREAM, pupil).profile.schools()
    return KnownPupil(pupil, schools, same)


def registered_before(command_id: str) -> UUID | None:
    """The pupil that the same command registered before, if the form was sent twice."""
    held = runtime().coordination.record.commands(viewer().organisation, [command_id]).get(command_id)
    return held[1] if held else None


def registration(command_id: str, typed: Typed, known: KnownPupil | None) -> RegisterPupil | MovePupil:
    """The command that registers a pupil at the user's school.

    `known` is the pupil who has the number already. Raises MissingAnswer, and Refusal `upn_of_another_pupil`,
    `already_registered` or `registered_at_several_schools`.
    """
    about_contact = typed["contact_relationship"] or typed["contact_responsible"] is not None
    if typed["contact_name"] is None and about_contact:
        raise MissingAnswer("contact_name")
    own = viewer().organisation
    if known is None:
        return _register(command_id, typed, casework.new_id(command_id, "pupil"))
    if not known.same:
        raise Refusal("upn_of_another_pupil", "upn")
    if own in known.schools:
        raise Refusal("already_registered", "upn")
    if known.schools and typed["elsewhere"] is None:
        raise MissingAnswer("elsewhere")
    if typed["elsewhere"] == "moved" and known.schools:
        if len(known.schools) > 1:
            raise Refusal("registered_at_several_schools", "elsewhere")
        (old,) = known.schools
        return MovePupil(occurred_on=typed["occurred_on"], pupil=known.pupil, from_school=old, to_school=own)
    return _register(command_id, typed, known.pupil)


def _register(command_id: str, typed: Typed, pupil: UUID) -> RegisterPupil:
    contacts: tuple[ContactDetails, ...] = ()
    if typed["contact_name"] is not None:
        contact = ContactDetails(
            occurred_on=typed["occurred_on"],
            contact=casework.new_id(command_id, "contact"),
            name=typed["contact_name"],
            relationship=typed["contact_relationship"],
            parental_responsibility=bool(typed["contact_responsible"]),
        )
        contacts = (contact,)
    same = ("upn", "surname", "forename", "date_of_birth", "sex", "language", "provision", "looked_after")
    return RegisterPupil(
        pupil=pupil,
        school=viewer().organisation,
        occurred_on=typed["occurred_on"],
        needs=tuple(typed["needs"] or ()),
        year=int(typed["year"]) if typed["year"] is not None else None,
        contacts=contacts,
        **{name: typed[name] for name in same},
    )


def _needs(pupil: UUID, typed: Typed, _today: date) -> Command:
    return RecordNeeds(occurred_on=typed["occurred_on"], pupil=pupil, needs=tuple(typed["needs"] or ()))


def _provision(pupil: UUID, typed: Typed, _today: date) -> Command:
    return RecordProvision(occurred_on=typed["occurred_on"], pupil=pupil, provision=typed["provision"])


def _year(pupil: UUID, typed: Typed, today: date) -> Command:
    return RecordYear(occurred_on=today, pupil=pupil, year=int(typed["year"]))


def _language(pupil: UUID, typed: Typed, today: date) -> Command:
    return RecordLanguageWish(occurred_on=today, pupil=pupil, language=typed["language"])


def _looked_after(pupil: UUID, typed: Typed, _today: date) -> Command:
    return RecordLookedAfter(
        occurred_on=typed["occurred_on"], pupil=pupil, looked_after=typed["looked_after"]
    )


def _identity(pupil: UUID, typed: Typed, today: date) -> Command:
    names = ("upn", "surname", "forename", "date_of_birth", "sex", "why")
    return ChangeIdentity(
        occurred_on=today, pupil=pupil, language=None, **{name: typed[name] for name in names}
    )


CHANGES: dict[str, Change] = {
    "needs": _needs,
    "provision": _provision,
    "year": _year,
    "language": _language,
    "looked_after": _looked_after,
    "identity": _identity,
}
"""What can change about a pupil, each with the command that records it as it is now."""


def change(thing: str, pupil: UUID, typed: Typed, language: Callable[[], str | None]) -> Command:
    """The command that records one of CHANGES, today. `language` is the pupil's recorded language, which a changed
    identity keeps."""
    command = CHANGES[thing](pupil, typed, runtime().today())
    if isinstance(command, ChangeIdentity):
        return msgspec.structs.replace(command, language=language())
    return command


def contact(pupil: UUID, contact: UUID, typed: Typed) -> RecordContact:
    """The command that records all details of a contact, as known today."""
    today = runtime().today()
    details = ContactDetails(occurred_on=today, contact=contact, **typed)
    return RecordContact(occurred_on=today, pupil=pupil, details=details)


def views(pupil: UUID, typed: Typed) -> RecordViews:
    """The command that records the views of the child or a parent; `contact` applies to a parent's views only."""
    by_parent = typed["contact"] and typed["whose"] == "parent"
    return RecordViews(pupil=pupil, **(typed | {"contact": UUID(typed["contact"]) if by_parent else None}))
