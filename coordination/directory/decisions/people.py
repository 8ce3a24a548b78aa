"""People: their roles, names and leaving."""

from __future__ import annotations

from datetime import date

from coordination.directory import events as happened
from coordination.directory.commands import AppointPerson, ChangePersonName, RecordPersonLeft
from coordination.directory.dated import overlap
from coordination.directory.decisions.checks import (
    own_service,
    require_code,
    require_kind,
    require_order,
    require_text,
)
from coordination.directory.events import AnyOrganisationEvent
from coordination.directory.organisation import KINDS, Appointment, Organisation
from coordination.directory.permission import require_administrator
from coordination.errors import Refusal
from coordination.event import Header
from coordination.world import World


def decide_appoint(
    organisation: Organisation, command: AppointPerson, header: Header, world: World
) -> list[AnyOrganisationEvent]:
    """Gives a person a role. The same appointment again changes nothing: a name has its own command."""
    require_administrator(header, world)
    require_kind(organisation, *KINDS)
    require_text(command.name, "name")
    require_code(world.directory, "role", command.role, "role")
    if command.service is not None:
        own_service(organisation, command.service)
    if command.whole_agency and command.service is not None:
        raise Refusal("service_or_whole_agency", "service")
    if command.whole_agency and organisation.kind != "agency":
        raise Refusal("wrong_kind", "whole_agency")
    require_order(command.effective_from, command.effective_to, "effective_to")
    for held in organisation.people.get(command.person, ()):
        if (held.role, held.service) != (command.role, command.service):
            continue
        same = (command.effective_from, command.effective_to, command.whole_agency)
        if (held.effective_from, held.effective_to, held.whole_agency) == same:
            return []
        if overlap(held, command):
            raise Refusal("already_appointed", "role", since=held.effective_from)
    return [
        happened.PersonAppointed(
            header=header,
            person=command.person,
            role=command.role,
            service=command.service,
            effective_from=command.effective_from,
            effective_to=command.effective_to,
            whole_agency=command.whole_agency,
            name=command.name,
            email=command.email,
        )
    ]


def decide_change_name(
    organisation: Organisation, command: ChangePersonName, header: Header, world: World
) -> list[AnyOrganisationEvent]:
    """Records a name and address. Names are sealed, so the decision cannot tell whether they differ."""
    require_administrator(header, world)
    require_kind(organisation, *KINDS)
    require_text(command.name, "name")
    if command.person not in organisation.people:
        raise Refusal("unknown_person", "person")
    return [
        happened.PersonNameChanged(
            header=header, person=command.person, name=command.name, email=command.email
        )
    ]


def decide_left(
    organisation: Organisation, command: RecordPersonLeft, header: Header, world: World
) -> list[AnyOrganisationEvent]:
    """Ends a person's roles that continue past a day; roles that begin later stay."""
    require_administrator(header, world)
    require_kind(organisation, *KINDS)
    held = [
        a
        for a in organisation.people.get(command.person, ())
        if command.role in (None, a.role) and command.service in (None, a.service)
    ]
    if not held:
        raise Refusal("unknown_person", "person")
    begun = [a for a in held if a.effective_from <= command.effective_to]
    if not begun:
        raise Refusal("end_before_start", "effective_to", start=held[0].effective_from)
    return [
        _left(a, command.effective_to, header)
        for a in begun
        if a.effective_to is None or a.effective_to > command.effective_to
    ]


def _left(appointment: Appointment, effective_to: date, header: Header) -> happened.PersonLeft:
    return happened.PersonLeft(
        header=header,
        person=appointment.person,
        role=appointment.role,
        service=appointment.service,
        effective_from=appointment.effective_from,
        effective_to=effective_to,
    )
