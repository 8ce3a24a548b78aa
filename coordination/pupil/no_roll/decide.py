"""An authority's caseworker takes on a child whom no school has on its roll."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from coordination.authority import CASEWORKER_ROLES, acting_organisation, require_not_in_future
from coordination.decisions import Decision, decides
from coordination.directory.permission import OPERATORS
from coordination.errors import NotFound, Refusal
from coordination.event import Command, Header
from coordination.pupil.casefile import PUPIL_STREAM, CaseFile
from coordination.pupil.no_roll.events import ChildTakenOn
from coordination.pupil.profile.commands import ContactDetails
from coordination.pupil.profile.decisions.checks import require_a_name, require_known_code
from coordination.pupil.profile.decisions.contacts import contact_recorded
from coordination.pupil.profile.events import ContactRecorded, IdentityChanged
from coordination.world import World


class TakeOnChild(Command, frozen=True, kw_only=True):
    """`pupil` is a new random id. The child has no number here: a number is given by a school, and whether one is known
    is not told to others."""

    pupil: UUID
    authority: UUID
    surname: str
    forename: str
    date_of_birth: date
    sex: str | None = None
    language: str | None = None
    contacts: tuple[ContactDetails, ...] = ()


def decide_take_on(
    case: CaseFile, command: TakeOnChild, header: Header, world: World
) -> list[ChildTakenOn | IdentityChanged | ContactRecorded]:
    """By a caseworker of the authority only. Refuses a stream in use (`already_registered`), a child without a name, a
    day in the future and an unknown code."""
    authority = world.directory.organisation(command.authority)
    if authority is None or authority.kind != "authority" or header.role not in CASEWORKER_ROLES:
        raise NotFound
    if acting_organisation(header) != command.authority:
        raise NotFound
    if case.version:
        raise Refusal("already_registered", "surname")
    require_a_name(command.surname, command.forename)
    require_not_in_future(header, command.occurred_on)
    require_not_in_future(header, command.date_of_birth, "date_of_birth")
    require_known_code(world, "sex", command.sex, command.occurred_on, "sex")
    require_known_code(world, "language", command.language, command.occurred_on, "language")
    return [
        ChildTakenOn(header=header, held_by=command.authority),
        IdentityChanged(
            header=header,
            upn="",
            surname=command.surname.strip(),
            forename=command.forename.strip(),
            date_of_birth=command.date_of_birth,
            sex=command.sex,
            language=command.language,
            why=None,
            middle_names=None,
            preferred_surname=None,
            preferred_forename=None,
            former_surname=None,
        ),
        *(contact_recorded(details, header) for details in command.contacts),
    ]


class PlaceChild(Command, frozen=True, kw_only=True):
    """A child who left the last roll before the record said who holds the file then: the authority of the last school
    does, from the day of leaving."""

    pupil: UUID


def decide_place(case: CaseFile, command: PlaceChild, header: Header, world: World) -> list[ChildTakenOn]:
    """By the operator's command line only. Nothing happens where somebody holds the file already, or no school ever
    had the child."""
    if header.role != "operator" or header.source not in OPERATORS:
        raise NotFound
    last = case.profile.last_school()
    authority = world.directory.authority_of(last) if last is not None else None
    if case.profile.holders() or authority is None:
        return []
    return [ChildTakenOn(header=header, held_by=authority)]


DECISIONS: dict[type[Command], Decision] = dict(
    [
        decides(TakeOnChild, decide_take_on, PUPIL_STREAM),
        decides(PlaceChild, decide_place, PUPIL_STREAM),
    ]
)
