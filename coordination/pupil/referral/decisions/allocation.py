"""Within the agency that holds a referral: who has taken it up."""

from __future__ import annotations

from coordination.authority import AGENCY_ROLES, acting_organisation, command_day, require_not_in_future
from coordination.directory.sight import sight_at
from coordination.errors import NotFound, Refusal
from coordination.event import Header
from coordination.guards import speaks_for_agency
from coordination.pupil.casefile import AnyPupilEvent, CaseFile
from coordination.pupil.referral.commands import AllocateReferral
from coordination.pupil.referral.decisions.checks import held_referral
from coordination.pupil.referral.events import ReferralAllocated
from coordination.pupil.referral.phase import phase
from coordination.world import World

# Who allocates within an agency.
ALLOCATING: frozenset[str] = AGENCY_ROLES - {"declo"}


def decide_allocate(
    case: CaseFile, command: AllocateReferral, header: Header, world: World
) -> list[AnyPupilEvent]:
    """Only by a person of the service that holds it, to one of its people in post (`not_of_the_agency`,
    `not_of_the_service`). Refuses `not_the_holder`, `referral_ended`, `allocated_meanwhile` and `nothing_changes`. To
    a school there is nothing here.
    """
    held = held_referral(case, command.referral, header, command.seen, world)
    if acting_organisation(header) not in held.agencies or header.role not in ALLOCATING:
        raise NotFound
    if not speaks_for_agency(header, held.agency) or not world.acts_for(held.service):
        raise Refusal("not_the_holder", "person")
    require_not_in_future(header, command.occurred_on)
    if phase(held.counting()).ended and command.person is not None:
        raise Refusal("referral_ended", "person")
    if command.person == held.allocated:
        raise Refusal("nothing_changes", "person")
    if command.instead_of != held.allocated:
        raise Refusal("allocated_meanwhile", "person")
    if command.person is not None:
        roles = world.directory.roles_of(command.person, held.agency, command_day(header))
        if not roles & AGENCY_ROLES:
            raise Refusal("not_of_the_agency", "person")
        if not sight_at(world.directory, command.person, held.agency, command_day(header)).sees(held.service):
            raise Refusal("not_of_the_service", "person")
    return [ReferralAllocated(header=header, referral=held.referral, person=command.person)]
