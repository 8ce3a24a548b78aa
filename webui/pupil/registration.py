"""Registering a pupil by form or API: the pupil is new, is on the own roll already, or has to be asked for."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from coordination.desk.file_requests import AskedPupil
from coordination.errors import Refusal
from coordination.intake.arrival import RecordedPupil, arrival
from coordination.pupil.casefile import PUPIL_STREAM
from coordination.pupil.matching import IdentityDetails
from coordination.pupil.profile.commands import ContactDetails, RegisterPupil
from webui.pupil.asking import with_reason
from webui.pupil.identity import open_identity
from webui.shell import casework
from webui.shell.authentication import viewer
from webui.shell.runtime import runtime
from webui.words.naming import directory

Typed = dict[str, Any]
IDENTITY = ("pupil.registered", "pupil.identity_changed")


class MissingAnswer(Exception):
    """An optional field is required because of the other answers."""

    def __init__(self, field: str) -> None:
        super().__init__(field)
        self.field = field


def registered_before(command_id: str) -> UUID | None:
    """The pupil that the same command registered before, if the form was sent twice."""
    held = runtime().coordination.record.commands(viewer().organisation, [command_id]).get(command_id)
    return held[1] if held else None


def registration(command_id: str, typed: Typed) -> RegisterPupil | AskedPupil:
    """The command that registers a pupil at the user's school, or the request for a pupil of another school.

    Which of the two does not depend on whether a number that another school issued is known. The look-up is noted in
    the read log, always in the same way. Raises MissingAnswer, and Refusal `already_registered` or
    `upn_of_another_pupil` about pupils on the school's own roll.
    """
    about_contact = typed["contact_relationship"] or typed["contact_responsible"] is not None
    if typed["contact_name"] is None and about_contact:
        raise MissingAnswer("contact_name")
    school = directory().organisation(viewer().organisation)
    if school is None:
        raise Refusal("unknown_school", "upn")
    details = IdentityDetails(
        upn=typed["upn"],
        surname=typed["surname"] or "",
        forename=typed["forename"] or "",
        date_of_birth=typed["date_of_birth"],
    )
    found = arrival(details, school, directory(), numbered=_numbered(typed["upn"]))
    casework.note_shown("number_look_up", [found.pupil] if found.pupil else [], "registration")
    new = casework.new_id(command_id, "pupil")
    match found.kind:
        case "doubtful":
            raise Refusal("upn_of_another_pupil", "upn")
        case "own" if found.pupil is not None:
            if school.id in _schools(found.pupil):
                raise Refusal("already_registered", "upn")
            return _register(command_id, typed, found.pupil)
        case "of_another_school":
            asked = AskedPupil(register=_register(command_id, typed, new))
            return with_reason(asked, typed["confidential"], typed["confidential_why"])
        case _:
            return _register(command_id, typed, new)


def own_pupil(upn: str) -> UUID | None:
    """The pupil with this number on the own roll."""
    found = _numbered(upn)
    return found.pupil if found is not None and viewer().organisation in found.schools else None


def _numbered(upn: str) -> RecordedPupil | None:
    record = runtime().coordination.record
    pupil = record.pupils_by_upn([upn]).get(upn)
    if pupil is None:
        return None
    who = open_identity(pupil, record.latest(pupil, IDENTITY))
    identity = None
    if not who.erased and who.born is not None:
        identity = IdentityDetails(
            upn=who.upn, surname=who.surname, forename=who.forename, date_of_birth=who.born
        )
    profile = runtime().coordination.batch().state(PUPIL_STREAM, pupil).profile
    last = profile.registrations[-1].school if profile.registrations else None
    return RecordedPupil(pupil, identity, profile.schools(), last)


def _schools(pupil: UUID) -> frozenset[UUID]:
    return runtime().coordination.batch().state(PUPIL_STREAM, pupil).profile.schools()


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
