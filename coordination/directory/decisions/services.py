"""Services of an agency or of an authority, and what they require with a referral."""

from __future__ import annotations

from datetime import date
from typing import Any

from coordination.directory import events as happened
from coordination.directory.commands import ChangeService, OpenService, SetRequirements, SetServiceTriages
from coordination.directory.decisions.checks import (
    own_service,
    require_code,
    require_kind,
    require_order,
    require_text,
)
from coordination.directory.events import AnyOrganisationEvent
from coordination.directory.organisation import (
    SERVICE_PARTICULARS,
    SERVICE_PROVIDERS,
    Organisation,
    Service,
    set_fields,
)
from coordination.directory.permission import require_administrator
from coordination.directory.state import Directory
from coordination.errors import Refusal
from coordination.event import Header
from coordination.world import World


def decide_open_service(
    organisation: Organisation, command: OpenService, header: Header, world: World
) -> list[AnyOrganisationEvent]:
    """Opens a service, or changes what differs."""
    require_administrator(header, world)
    require_kind(organisation, *SERVICE_PROVIDERS)
    require_text(command.code, "code")
    particulars = {name: getattr(command, name) for name in SERVICE_PARTICULARS}
    _check_service(particulars, world.directory)
    known = organisation.services.get(command.service)
    elsewhere = world.directory.service(command.service)
    if known is None and elsewhere is not None and elsewhere.agency != organisation.id:
        raise Refusal("service_elsewhere", "service")
    if known is not None and known.code != command.code:
        raise Refusal("code_fixed", "code")
    taken = world.directory.service_by_code(command.code)
    if taken is not None and taken.id != command.service:
        raise Refusal("code_taken", "code", value=command.code)
    if known is not None:
        return _change_service(known, particulars, command.occurred_on, header)
    return [happened.ServiceOpened(header=header, service=command.service, code=command.code, **particulars)]


def _check_service(particulars: dict[str, Any], directory: Directory) -> None:
    require_code(directory, "profession", particulars["profession"], "profession")
    require_order(particulars["open_from"], particulars["open_to"], "open_to")


def _change_service(
    service: Service, particulars: dict[str, Any], effective_from: date, header: Header
) -> list[AnyOrganisationEvent]:
    changed = {name: value for name, value in particulars.items() if value != getattr(service, name)}
    if not changed:
        return []
    return [
        happened.ServiceChanged(header=header, service=service.id, effective_from=effective_from, **changed)
    ]


def decide_change_service(
    organisation: Organisation, command: ChangeService, header: Header, world: World
) -> list[AnyOrganisationEvent]:
    """Changes particulars of a service."""
    require_administrator(header, world)
    require_kind(organisation, *SERVICE_PROVIDERS)
    service = own_service(organisation, command.service)
    asked = set_fields(command, SERVICE_PARTICULARS)
    _check_service({n: asked.get(n, getattr(service, n)) for n in SERVICE_PARTICULARS}, world.directory)
    return _change_service(service, asked, command.effective_from, header)


def decide_set_requirements(
    organisation: Organisation, command: SetRequirements, header: Header, world: World
) -> list[AnyOrganisationEvent]:
    """Sets what a service requires with each referral from a day on."""
    require_administrator(header, world)
    require_kind(organisation, *SERVICE_PROVIDERS)
    service = own_service(organisation, command.service)
    if len(set(command.requirements)) != len(command.requirements):
        raise Refusal("repeated", "requirements")
    for code in command.requirements:
        require_code(world.directory, "requirement", code, "requirements")
    if service.asks_for(command.effective_from) == command.requirements:
        return []
    return [
        happened.ServiceRequirementsSet(
            header=header,
            service=service.id,
            effective_from=command.effective_from,
            requirements=command.requirements,
        )
    ]


def decide_set_triages(
    organisation: Organisation, command: SetServiceTriages, header: Header, world: World
) -> list[AnyOrganisationEvent]:
    """Sets for which services, of any agency, a service sorts referrals from a day on. Refuses `unknown_service`,
    `repeated` and `triages_for_itself`."""
    require_administrator(header, world)
    require_kind(organisation, *SERVICE_PROVIDERS)
    service = own_service(organisation, command.service)
    require_order(command.effective_from, command.effective_to, "effective_to")
    if len(set(command.services)) != len(command.services):
        raise Refusal("repeated", "services")
    for other in command.services:
        if world.directory.service(other) is None:
            raise Refusal("unknown_service", "services")
        if other == service.id:
            raise Refusal("triages_for_itself", "services")
    wanted = (command.effective_from, command.effective_to, command.services)
    held = [(v.effective_from, v.effective_to, v.services) for v in service.triage_versions]
    if wanted in held or (not held and not command.services):
        return []
    return [
        happened.ServiceTriagesSet(
            header=header,
            service=service.id,
            services=command.services,
            effective_from=command.effective_from,
            effective_to=command.effective_to,
        )
    ]
