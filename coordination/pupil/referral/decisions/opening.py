"""A referral begun; immediate risk; the time for which a family wants no appointment."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from coordination.authority import require_not_in_future, require_staff
from coordination.directory.organisation import Service
from coordination.errors import NotFound, Refusal
from coordination.event import Header
from coordination.pupil.casefile import AnyPupilEvent, CaseFile
from coordination.pupil.consent.disclosing import agreement_that_holds, disclose
from coordination.pupil.referral.commands import (
    REFERRAL_DATA,
    OpenReferral,
    RaiseImmediateRisk,
    RecordUnavailability,
)
from coordination.pupil.referral.decisions.checks import (
    FILES,
    held_referral,
    require_codes,
    require_intended,
    require_zone,
)
from coordination.pupil.referral.events import ImmediateRiskRaised, ReferralOpened, UnavailabilityRecorded
from coordination.world import World


def decide_open(case: CaseFile, command: OpenReferral, header: Header, world: World) -> list[AnyPupilEvent]:
    """Refuses a closed or unknown service, a referral id in use, a second open referral to the service that is not
    said to be intended, and an immediate risk that has not been passed on."""
    school = require_staff(header, case.profile.schools())
    if school != command.school:
        raise NotFound
    if command.referral in case.referrals:
        raise Refusal("referral_exists", "referral")
    if command.historical and header.source not in FILES:
        raise Refusal("disclosure_without_basis", "consent")
    service = world.directory.service(command.service)
    if service is None:
        raise Refusal("unknown_service", "service")
    if not command.historical and not service.is_open(command.occurred_on):
        raise Refusal("service_closed", "service", service=service.code, on=command.occurred_on.isoformat())
    require_not_in_future(header, command.occurred_on)
    require_codes(world, "legal_route", command.legal_route, command.occurred_on, "legal_route")
    require_codes(world, "priority", command.priority, command.occurred_on, "priority")
    if not command.second_referral and not command.historical:
        require_intended(case, command.referral, service.id, header, world.services)
    opened = ReferralOpened(
        header=header,
        referral=command.referral,
        school=school,
        service=service.id,
        agency=service.agency,
        legal_route=command.legal_route,
        basis="historical_record" if command.historical else "school_referral",
        priority=command.priority,
        immediate_risk=command.immediate_risk,
        informed_and_discussed=command.informed_and_discussed,
        year=case.profile.year_group(command.occurred_on),
        copied_from=command.copied_from,
        kept_from_parents=_of_the_child_alone(case, service, command.occurred_on),
        needs=world.about().needs,
        reference=command.reference,
        reason=command.reason,
    )
    events: list[AnyPupilEvent] = [opened]
    if command.historical:
        events.append(
            disclose(
                case,
                header,
                agency=service.agency,
                service=service.id,
                ground=command.referral,
                data_classes=REFERRAL_DATA,
                override="historical_record",
            )
        )
    if command.immediate_risk:
        events.append(_risk(command.referral, command.told, command.told_at, command.concern, header, world))
    return events


def _of_the_child_alone(case: CaseFile, service: Service, on: date) -> bool:
    """Whether a competent child agreed alone to sharing with the service, and it is kept from the parents."""
    agreed = agreement_that_holds(case, service.agency, service.id, on)
    return agreed is not None and agreed.kept_from_parents


def decide_risk(
    case: CaseFile, command: RaiseImmediateRisk, header: Header, world: World
) -> list[AnyPupilEvent]:
    held_referral(case, command.referral, header, command.seen, world)
    return [_risk(command.referral, command.told, command.told_at, command.concern, header, world)]


def _risk(
    referral: UUID,
    told: tuple[str, ...],
    told_at: datetime | None,
    concern: str | None,
    header: Header,
    world: World,
) -> ImmediateRiskRaised:
    if not told or told_at is None:
        raise Refusal("immediate_risk_untold", "told")
    require_codes(world, "told", told, header.occurred_on, "told")
    require_zone(told_at, "told_at")
    if told_at > header.recorded_at:
        raise Refusal("in_the_future", "told_at")
    return ImmediateRiskRaised(header=header, referral=referral, told=told, told_at=told_at, concern=concern)


def decide_unavailability(
    case: CaseFile, command: RecordUnavailability, header: Header, world: World
) -> list[AnyPupilEvent]:
    held = held_referral(case, command.referral, header, command.seen, world)
    if command.until < command.from_on:
        raise Refusal("ends_before_it_begins", "until")
    if command.reason:
        require_codes(world, "unavailability_reason", command.reason, command.occurred_on, "reason")
    return [
        UnavailabilityRecorded(
            header=header,
            referral=held.referral,
            from_on=command.from_on,
            until=command.until,
            reason=command.reason,
        )
    ]
