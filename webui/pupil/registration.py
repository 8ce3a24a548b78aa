"""Registering a pupil by form or API: the pupil is new, is on the own roll already, or has to be asked for."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from coordination.desk.file_requests import AskedPupil
from coordination.directory.state import Organisation
from coordination.errors import Refusal
from coordination.intake.arrival import Arrival
from coordination.intake.pupils import ImportedContact, PupilRow
from coordination.intake.recording.arriving import PupilLookUp, described, description_hash
from coordination.intake.recording.doubts import DoubtJournal
from coordination.pupil.casefile import PUPIL_STREAM
from coordination.pupil.profile.commands import ContactDetails, RegisterPupil
from coordination.pupil.profile.decisions.checks import require_a_name
from webui.pupil.asking import with_reason
from webui.shell import casework
from webui.shell.authentication import viewer
from webui.shell.runtime import runtime
from webui.words.naming import directory

Typed = dict[str, Any]


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
    the read log, always in the same way. Raises MissingAnswer, and about pupils on the school's own roll Refusal
    `already_registered`, the kind of a doubt (which then waits to be decided) or `kept_as_recorded`; `name_missing`.
    """
    about_contact = typed["contact_relationship"] or typed["contact_responsible"] is not None
    if typed["contact_name"] is None and about_contact:
        raise MissingAnswer("contact_name")
    school = directory().organisation(viewer().organisation)
    if school is None:
        raise Refusal("unknown_school", "upn")
    row = _row(typed, school)
    require_a_name(row.surname, row.forename)
    service = runtime().coordination
    batch, look_up = service.batch(), PupilLookUp(service.record)
    look_up.prepare(batch, [described(row)])
    found = look_up.arrival(batch, described(row), school)
    own = [found.pupil] if found.pupil else [doubt.pupil for doubt in found.doubts]
    casework.note_shown("number_look_up", own, "registration")
    new = casework.new_id(command_id, "pupil")
    match found.kind:
        case "doubtful":
            raise _doubtful(found, row, school, look_up)
        case "own" if found.pupil is not None:
            if school.id in batch.state(PUPIL_STREAM, found.pupil).profile.schools():
                raise Refusal("already_registered", "upn")
            return _register(command_id, typed, found.pupil)
        case "of_another_school":
            asked = AskedPupil(register=_register(command_id, typed, new))
            return with_reason(asked, typed["confidential"], typed["confidential_why"])
        case _:
            _tell_authority(found, row, new, school)
            return _register(command_id, typed, new)


def _doubtful(found: Arrival, row: PupilRow, school: Organisation, look_up: PupilLookUp) -> Refusal:
    """Keeps the doubt for the school's named staff; nothing else is recorded. The refusal that says why, or that it was
    decided before against these details."""
    service = runtime().coordination
    hashed = description_hash(service.record.outer, described(row))
    profiles = [look_up.profile(doubt.pupil) for doubt in found.doubts]
    if any(profile is not None and hashed in profile.refused for profile in profiles):
        return Refusal("kept_as_recorded", "upn")
    journal = DoubtJournal()
    journal.identity(found, row, school, whole=False)
    with service.record.desk() as conn:
        journal.write(conn, service.record.outer, runtime().now())
    kind = found.doubts[0].kind
    return Refusal(kind, "date_of_birth" if kind == "birth_date_changed" else "upn")


def _tell_authority(found: Arrival, row: PupilRow, new: UUID, school: Organisation) -> None:
    """A new pupil with the names and date of birth of one on another roll is a doubt of the authority's caseworker."""
    if found.elsewhere:
        journal = DoubtJournal()
        for other in found.elsewhere:
            journal.alike(row, new, other, school)
        record = runtime().coordination.record
        with record.desk() as conn:
            journal.write(conn, record.outer, runtime().now())


def _row(typed: Typed, school: Organisation) -> PupilRow:
    """What was typed, as a row of a file gives it."""
    contacts: tuple[ImportedContact, ...] = ()
    if typed["contact_name"] is not None:
        related, responsible = typed["contact_relationship"], typed["contact_responsible"]
        contacts = (ImportedContact(typed["contact_name"], related, responsible),)
    return PupilRow(
        row=0,
        upn=typed["upn"],
        surname=typed["surname"] or "",
        forename=typed["forename"] or "",
        date_of_birth=typed["date_of_birth"],
        sex=typed["sex"],
        school_number=school.code,
        language=typed["language"],
        provision=typed["provision"],
        needs=tuple(typed["needs"] or ()),
        year=int(typed["year"]) if typed["year"] is not None else None,
        looked_after=typed["looked_after"],
        contacts=contacts,
    )


def own_pupil(upn: str) -> UUID | None:
    """The pupil with this number on the own roll."""
    record = runtime().coordination.record
    pupil = record.pupils_by_upn([upn]).get(upn)
    if pupil is None:
        return None
    schools = runtime().coordination.batch().state(PUPIL_STREAM, pupil).profile.schools()
    return pupil if viewer().organisation in schools else None


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
    same = ("upn", "date_of_birth", "sex", "language", "provision", "looked_after")
    return RegisterPupil(
        pupil=pupil,
        school=viewer().organisation,
        occurred_on=typed["occurred_on"],
        needs=tuple(typed["needs"] or ()),
        year=int(typed["year"]) if typed["year"] is not None else None,
        contacts=contacts,
        surname=typed["surname"] or "",
        forename=typed["forename"] or "",
        **{name: typed[name] for name in same},
    )
