"""People of a file: appointed as one form would, each row by itself, with first passwords for those who sign in."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date
from uuid import UUID

import msgspec

from coordination.directory.commands import AppointPerson
from coordination.directory.organisation import Organisation
from coordination.directory.state import Directory
from coordination.errors import Refusal
from coordination.intake.people import PersonRow

HOMES = ("school", "agency", "authority")


class RowAppointment(msgspec.Struct, frozen=True):
    """A row as the command that it becomes, or why it cannot be taken."""

    row: PersonRow
    organisation: Organisation | None = None
    command: AppointPerson | None = None
    refused: Refusal | None = None


def appointments(
    rows: tuple[PersonRow, ...],
    directory: Directory,
    fitting: Callable[[Organisation], frozenset[str]],
    names: Callable[[UUID], dict[UUID, str]],
    new_id: Callable[[int], UUID],
    on: date,
) -> Iterator[RowAppointment]:
    """Each row as a command of that day. `fitting` gives the roles possible at an organisation, `names` the names of
    its people (from its id), `new_id` an id from a row's number. Refused with `unknown_organisation`, `role_elsewhere`,
    `unknown_service` or `same_name_and_role` (so that a file sent again does not appoint everybody twice)."""
    for row in rows:
        try:
            organisation = _organisation(row, directory, fitting)
            command = AppointPerson(
                occurred_on=on,
                organisation=organisation.id,
                person=new_id(row.row),
                role=row.role,
                effective_from=on,
                name=row.name,
                email=row.email,
                service=_service(row, directory, organisation),
            )
            _refuse_second(command, organisation, names(organisation.id))
        except Refusal as refused:
            yield RowAppointment(row, refused=refused)
        else:
            yield RowAppointment(row, organisation, command)


def _organisation(
    row: PersonRow, directory: Directory, fitting: Callable[[Organisation], frozenset[str]]
) -> Organisation:
    """One code may be a school's and an agency's: the one at which the role is possible is meant."""
    found = [o for kind in HOMES if (o := directory.by_code(kind, row.organisation)) is not None]
    if not found:
        raise Refusal("unknown_organisation", "organisation")
    fit = [o for o in found if row.role in fitting(o)]
    if not fit:
        kinds = [kind for kind in HOMES for o in directory.of_kind(kind)[:1] if row.role in fitting(o)]
        raise Refusal("role_elsewhere", "role", kinds=kinds)
    return fit[0]


def _service(row: PersonRow, directory: Directory, organisation: Organisation) -> UUID | None:
    if row.service is None:
        return None
    found = directory.service_by_code(row.service)
    if found is None or found.agency != organisation.id:
        raise Refusal("unknown_service", "service")
    return found.id


def _refuse_second(command: AppointPerson, organisation: Organisation, names: dict[UUID, str]) -> None:
    for person, held in organisation.people.items():
        same = person != command.person and names.get(person, "").casefold() == command.name.casefold()
        if same and any(a.role == command.role and a.effective_to is None for a in held):
            raise Refusal("same_name_and_role", "name")
