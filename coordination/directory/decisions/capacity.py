"""To how many meetings at the same time a service can send somebody."""

from __future__ import annotations

from coordination.directory import events as happened
from coordination.directory.commands import SetServiceCapacity
from coordination.directory.decisions.checks import own_service, require_kind, require_order
from coordination.directory.events import AnyOrganisationEvent
from coordination.directory.organisation import SERVICE_PROVIDERS, Organisation
from coordination.directory.permission import require_agency_authority
from coordination.errors import Refusal
from coordination.event import Header
from coordination.world import World

MOST = 99


def decide_set_capacity(
    organisation: Organisation, command: SetServiceCapacity, header: Header, world: World
) -> list[AnyOrganisationEvent]:
    """Sets it, as the service's own agency says. Refuses `out_of_range` and `unknown_service`."""
    require_kind(organisation, *SERVICE_PROVIDERS)
    require_agency_authority(header, world, organisation.id)
    service = own_service(organisation, command.service)
    require_order(command.effective_from, command.effective_to, "effective_to")
    if not 1 <= command.people <= MOST:
        raise Refusal("out_of_range", "people", at_least=1, at_most=MOST)
    wanted = (command.effective_from, command.effective_to, command.people)
    held = organisation.capacities.get(service.id, ())
    if wanted in [(v.effective_from, v.effective_to, v.people) for v in held]:
        return []
    return [
        happened.ServiceCapacitySet(
            header=header,
            service=service.id,
            people=command.people,
            effective_from=command.effective_from,
            effective_to=command.effective_to,
        )
    ]
