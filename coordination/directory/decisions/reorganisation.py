"""Services that move to another agency, and services that close with referrals still open."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import msgspec

from coordination.authority import require_not_in_future
from coordination.directory import events as happened
from coordination.directory.carried import CarriedRequirements, CarriedStandard, CarriedTriages
from coordination.directory.commands import CloseService, MoveService, ReceiveService
from coordination.directory.decisions.checks import own_service, require_kind, require_order
from coordination.directory.events import AnyOrganisationEvent
from coordination.directory.organisation import SERVICE_PROVIDERS, Organisation, Service, Standard
from coordination.directory.permission import require_administrator
from coordination.directory.state import Directory
from coordination.errors import Refusal
from coordination.event import Header
from coordination.world import World


def decide_move_service(
    organisation: Organisation, command: MoveService, header: Header, world: World
) -> list[AnyOrganisationEvent]:
    """The service leaves this agency. A move is recorded on its first day with the other agency or later, so that
    nobody is given sight of a pupil before then. Refuses `unknown_service`, `unknown_agency`, `in_the_future`,
    `end_before_start` where it began, or came to this agency, later than that day."""
    require_administrator(header, world)
    require_kind(organisation, "agency")
    service = own_service(organisation, command.service)
    require_not_in_future(header, command.occurred_on)
    to_agency = world.directory.organisation(command.to_agency)
    if to_agency is None or to_agency.kind != "agency" or to_agency.id == organisation.id:
        raise Refusal("unknown_agency", "to_agency")
    if not to_agency.is_open(command.occurred_on):
        raise Refusal("agency_closed", "to_agency")
    require_order(service.agency_since or service.open_from, command.occurred_on, "occurred_on")
    return [
        happened.ServiceMoved(
            header=header,
            service=service.id,
            from_agency=organisation.id,
            to_agency=to_agency.id,
            effective_from=command.occurred_on,
        )
    ]


def decide_receive_service(
    organisation: Organisation, command: ReceiveService, header: Header, world: World
) -> list[AnyOrganisationEvent]:
    """The service is this agency's, with its code, standards and requirements as they were. Refuses `unknown_service`
    for one that has not left its agency for this one."""
    require_administrator(header, world)
    require_kind(organisation, "agency")
    left = world.directory.organisation(command.from_agency)
    service = left.services.get(command.service) if left else None
    if left is None or service is None or service.moved_to != organisation.id:
        raise Refusal("unknown_service", "service")
    known = organisation.services.get(service.id)
    if known is not None and known.moved_to is None:
        return []
    return [
        happened.ServiceReceived(
            header=header,
            service=service.id,
            from_agency=left.id,
            to_agency=organisation.id,
            effective_from=command.occurred_on,
            code=service.code,
            profession=service.profession,
            open_from=service.open_from,
            open_to=service.open_to,
            inherited_by=service.inherited_by,
            name=service.name,
            name_cy=service.name_cy,
            triages=tuple(
                CarriedTriages(
                    effective_from=t.effective_from, effective_to=t.effective_to, services=t.services
                )
                for t in service.triage_versions
            ),
            requirements=tuple(
                CarriedRequirements(effective_from=r.effective_from, codes=r.codes)
                for r in service.requirement_versions
            ),
            standards=_carried(left, service.id),
        )
    ]


def _carried(left: Organisation, service: UUID) -> tuple[CarriedStandard, ...]:
    versions = (v for (of, _), held in left.standards.items() if of == service for v in held)
    return tuple(CarriedStandard(**_without_service(version)) for version in versions)


def _without_service(version: Standard) -> dict[str, Any]:
    return {name: value for name, value in msgspec.structs.asdict(version).items() if name != "service"}


def decide_close_service(
    organisation: Organisation, command: CloseService, header: Header, world: World
) -> list[AnyOrganisationEvent]:
    """The service takes no referrals after its last day. Refuses `end_before_start`, and as `inherited_by` an unknown
    service, itself, one that is closed on the day after, or one whose own referrals come back to this one
    (`inherits_in_a_circle`)."""
    require_administrator(header, world)
    require_kind(organisation, *SERVICE_PROVIDERS)
    service = own_service(organisation, command.service)
    require_order(service.open_from, command.open_to, "open_to")
    if command.inherited_by is not None:
        _check_inheritor(service, command, world.directory)
    if (service.open_to, service.inherited_by) == (command.open_to, command.inherited_by):
        return []
    return [
        happened.ServiceClosed(
            header=header,
            service=service.id,
            open_to=command.open_to,
            inherited_by=command.inherited_by,
        )
    ]


def _check_inheritor(service: Service, command: CloseService, directory: Directory) -> None:
    found = directory.service(command.inherited_by)
    if found is None:
        raise Refusal("unknown_service", "inherited_by")
    if found.id == service.id:
        raise Refusal("inherits_in_a_circle", "inherited_by")
    if found.closed_by(max(command.open_to, command.occurred_on)):
        raise Refusal("service_closed", "inherited_by", service=found.code, on=command.open_to.isoformat())
    after: Service | None = found
    seen: set[UUID] = set()
    while after is not None and after.id not in seen:
        seen.add(after.id)
        after = directory.service(after.inherited_by)
        if after is not None and after.id == service.id:
            raise Refusal("inherits_in_a_circle", "inherited_by")
