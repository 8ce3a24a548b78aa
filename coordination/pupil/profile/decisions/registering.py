"""Putting a pupil on a roll, moving to another, leaving."""

from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import UUID

from coordination.authority import (
    OPERATOR_ROLE,
    SCHOOL_ROLES,
    acting_organisation,
    require_not_in_future,
    require_staff,
)
from coordination.errors import NotFound, Refusal
from coordination.event import Header
from coordination.guards import strip_text
from coordination.pupil.ages import year_group
from coordination.pupil.profile.commands import EndRegistration, MovePupil, RegisterPupil
from coordination.pupil.profile.decisions.checks import require_a_name, require_known_code
from coordination.pupil.profile.decisions.contacts import contact_recorded
from coordination.pupil.profile.decisions.needs import needs_recorded
from coordination.pupil.profile.events import (
    AnyProfileEvent,
    LookedAfterRecorded,
    ProvisionRecorded,
    PupilRegistered,
    RegistrationAdded,
    RegistrationEnded,
    SchoolMoved,
)
from coordination.world import World

if TYPE_CHECKING:
    from coordination.pupil.casefile import CaseFile


def decide_register(
    case: CaseFile, command: RegisterPupil, header: Header, world: World
) -> list[AnyProfileEvent]:
    """Refuses a second registration at one school (`already_registered`), an unknown school or code, and a date of
    birth or registration in the future. A code past its end is accepted; the caller warns.

    A pupil who is on the record already is registered only by the last school, while on no roll, and by the operator;
    any other school asks for the file. Raises NotFound otherwise.
    """
    if acting_organisation(header) != command.school or header.role not in SCHOOL_ROLES:
        raise NotFound
    school = world.directory.organisation(command.school)
    if school is None or school.kind != "school":
        raise Refusal("unknown_school", "school_number")
    if not school.is_open(command.occurred_on):
        raise Refusal("school_closed", "school_number")
    if command.school in case.profile.schools():
        raise Refusal("already_registered", "upn")
    require_a_name(command.surname, command.forename)
    require_not_in_future(header, command.occurred_on)
    require_not_in_future(header, command.date_of_birth, "date_of_birth")
    require_known_code(world, "sex", command.sex, command.occurred_on, "sex")
    require_known_code(world, "language", command.language, command.occurred_on, "language")
    if case.profile.registered:
        _require_own_pupil(case, command, header)
        return [RegistrationAdded(header=header, school=command.school)]
    events: list[AnyProfileEvent] = [
        PupilRegistered(
            header=header,
            school=command.school,
            year=command.year
            if command.year is not None
            else year_group(command.date_of_birth, command.occurred_on),
            upn=command.upn,
            surname=command.surname,
            forename=command.forename,
            date_of_birth=command.date_of_birth,
            sex=command.sex,
            language=command.language,
            middle_names=strip_text(command.middle_names),
            preferred_surname=strip_text(command.preferred_surname),
            preferred_forename=strip_text(command.preferred_forename),
            former_surname=strip_text(command.former_surname),
        )
    ]
    if command.needs:
        events.append(needs_recorded(command.needs, command.occurred_on, header, world))
    if command.provision is not None:
        require_known_code(world, "provision", command.provision, command.occurred_on, "provision")
        events.append(ProvisionRecorded(header=header, provision=command.provision))
    if command.looked_after is not None:
        authority = command.care_authority if command.looked_after else None
        events.append(
            LookedAfterRecorded(header=header, looked_after=command.looked_after, care_authority=authority)
        )
    events.extend(contact_recorded(details, header) for details in command.contacts)
    return events


def _require_own_pupil(case: CaseFile, command: RegisterPupil, header: Header) -> None:
    """Raises NotFound for a pupil on the record who was not last on the school's own roll, or is on another."""
    returns = not case.profile.schools() and case.profile.last_school() == command.school
    if header.role != OPERATOR_ROLE and not returns:
        raise NotFound


def decide_move(case: CaseFile, command: MovePupil, header: Header, world: World) -> list[AnyProfileEvent]:
    """The service itself moves a pupil, on behalf of the receiving school (a reorganisation); a school asks for the
    file instead. Refuses `not_on_roll`, `unknown_school`."""
    if acting_organisation(header) != command.to_school or header.role != OPERATOR_ROLE:
        raise NotFound
    if command.from_school not in case.profile.schools():
        raise Refusal("not_on_roll", "from_school")
    school = world.directory.organisation(command.to_school)
    if school is None:
        raise Refusal("unknown_school", "school_number")
    if not school.is_open(command.occurred_on):
        raise Refusal("school_closed", "school_number")
    require_not_in_future(header, command.occurred_on)
    return [SchoolMoved(header=header, from_school=command.from_school, to_school=command.to_school)]


def decide_end_registration(
    case: CaseFile, command: EndRegistration, header: Header, world: World
) -> list[AnyProfileEvent]:
    """The pupil leaves the roll of the actor's school."""
    require_staff(header, case.profile.schools() & {command.school})
    require_not_in_future(header, command.occurred_on)
    return [registration_ended(case, command.school, header, world)]


def registration_ended(case: CaseFile, school: UUID, header: Header, world: World) -> RegistrationEnded:
    """The event by which a school takes the pupil off its roll: from the last roll the pupil passes to the school's
    authority, so that somebody always holds the file."""
    last = not case.profile.schools() - {school}
    return RegistrationEnded(
        header=header, school=school, held_by=world.directory.authority_of(school) if last else None
    )
