"""An agency that would pass a referral on asks the school for a basis to share with the next service."""

from __future__ import annotations

from uuid import UUID

from coordination.authority import acting_organisation, require_not_in_future
from coordination.decisions import Decision, decides
from coordination.errors import NotFound, Refusal
from coordination.event import Command, Header
from coordination.pupil.casefile import PUPIL_STREAM, CaseFile
from coordination.pupil.consent.decide import REFERRAL
from coordination.pupil.consent.events import AnyConsentEvent, BasisRequested
from coordination.pupil.referral.decisions.checks import held_referral
from coordination.world import World


class RequestBasis(Command, frozen=True, kw_only=True):
    """The holder of a referral asks for agreement to pass it on to `service`."""

    pupil: UUID
    referral: UUID
    service: UUID


def decide_request_basis(
    case: CaseFile, command: RequestBasis, header: Header, world: World
) -> list[AnyConsentEvent]:
    """Asks once for each service. Raises NotFound unless the actor's agency holds the referral; refuses
    `unknown_service`, `basis_in_force`, `already_asked`."""
    referral = held_referral(case, command.referral, header, command.seen, world)
    require_not_in_future(header, command.occurred_on)
    if acting_organisation(header) != referral.agency or not world.acts_for(referral.service):
        raise NotFound
    service = world.directory.service(command.service)
    if service is None or not service.is_open(command.occurred_on) or service.id == referral.service:
        raise Refusal("unknown_service", "service")
    if case.consents.agreement(service.agency, service.id, REFERRAL, command.occurred_on) is not None:
        raise Refusal("basis_in_force", "service")
    if (referral.referral, service.id) in case.consents.asked:
        raise Refusal("already_asked", "service")
    return [
        BasisRequested(header=header, referral=referral.referral, agency=referral.agency, service=service.id)
    ]


DECISIONS: dict[type[Command], Decision] = dict([decides(RequestBasis, decide_request_basis, PUPIL_STREAM)])
