"""A referral as decisions, projections and clocks need it: its parties and its milestones as steps."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from uuid import UUID

import msgspec

from coordination.event import Header
from coordination.pupil.referral.events import (
    AppointmentOffered,
    EntryStruck,
    ImmediateRiskRaised,
    InformationRequested,
    Milestone,
    MilestoneConfirmed,
    MilestoneContested,
    Redirected,
    ReferralEvent,
    ReferralOpened,
    Submitted,
    Triaged,
    UnavailabilityRecorded,
)
from coordination.pupil.referral.phase import Step


class Interval(msgspec.Struct, frozen=True):
    """Days from one up to and including another."""

    from_on: date
    until: date


class Referral(msgspec.Struct, frozen=True):
    """`steps` are in the order of recording, superseded ones included (`superseded` holds their versions).

    `service` and `agency` hold it now; `agencies` are all that have held it; `last_version` is the place in the
    pupil's stream of the last event about it.
    """

    referral: UUID
    school: UUID
    service: UUID
    agency: UUID
    legal_route: str
    basis: str
    priority: str
    immediate_risk: bool
    opened_on: date
    last_version: int
    year: int | None = None
    agencies: tuple[UUID, ...] = ()
    services: tuple[UUID, ...] = ()
    steps: tuple[Step, ...] = ()
    superseded: frozenset[int] = frozenset()
    unavailable: tuple[Interval, ...] = ()
    told: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()

    def counting(self) -> Iterator[Step]:
        """The steps that have not been superseded."""
        return (s for s in self.steps if s.version not in self.superseded)

    def step(self, version: int) -> Step | None:
        """The step recorded at a version of the pupil's stream, unless superseded."""
        return next((s for s in self.counting() if s.version == version), None)


Referrals = dict[UUID, Referral]


def evolve(referrals: Referrals, event: ReferralEvent, version: int) -> Referrals:
    """All referrals after the event; `version` is its place in the pupil's stream."""
    key = event.referral
    if isinstance(event, ReferralOpened):
        return {**referrals, key: _opened(event, version)}
    held = referrals.get(key)
    if held is None:
        return referrals
    return {**referrals, key: msgspec.structs.replace(_after(held, event, version), last_version=version)}


def _opened(event: ReferralOpened, version: int) -> Referral:
    return Referral(
        referral=event.referral,
        school=event.school,
        service=event.service,
        agency=event.agency,
        legal_route=event.legal_route,
        basis=event.basis,
        priority=event.priority,
        immediate_risk=event.immediate_risk,
        opened_on=event.header.occurred_on,
        last_version=version,
        year=event.year,
        agencies=(event.agency,),
        services=(event.service,),
    )


def _after(held: Referral, event: ReferralEvent, version: int) -> Referral:
    match event:
        case Milestone():
            return _reached(held, event, version)
        case EntryStruck(supersedes=gone):
            return msgspec.structs.replace(held, superseded=held.superseded | {gone})
        case MilestoneConfirmed(milestone=of):
            return _standing(held, of, "confirmed")
        case MilestoneContested(milestone=of):
            return _standing(held, of, "contested")
        case UnavailabilityRecorded(from_on=first, until=last):
            return msgspec.structs.replace(held, unavailable=(*held.unavailable, Interval(first, last)))
        case ImmediateRiskRaised(told=told):
            return msgspec.structs.replace(held, immediate_risk=True, told=(*held.told, *told))
        case _:
            return held


def _reached(held: Referral, event: Milestone, version: int) -> Referral:
    changes: dict[str, object] = {"steps": (*held.steps, step_of(event, version))}
    if event.supersedes is not None:
        changes["superseded"] = held.superseded | {event.supersedes}
    match event:
        case Redirected(to_service=UUID() as service, to_agency=UUID() as agency):
            changes |= {
                "service": service,
                "agency": agency,
                "agencies": (*held.agencies, agency),
                "services": (*held.services, service),
            }
        case Triaged(priority=str() as priority):
            changes["priority"] = priority
        case Submitted(missing=missing):
            changes["missing"] = missing
        case _:
            pass
    return msgspec.structs.replace(held, **changes)


def step_of(event: Milestone, version: int) -> Step:
    """The step that a milestone is, at its place in the pupil's stream."""
    header: Header = event.header
    appointment = getattr(event, "appointment", None)
    return Step(
        name=event.name,
        on=header.occurred_on,
        version=version,
        recorded_at=header.recorded_at,
        word=event.word,
        for_when=event.for_when if isinstance(event, AppointmentOffered) else (),
        appointment=appointment,
        asked_of=event.asked_of if isinstance(event, InformationRequested) else None,
    )


def _standing(held: Referral, version: int, standing: str) -> Referral:
    steps = tuple(
        msgspec.structs.replace(s, standing=standing) if s.version == version else s for s in held.steps
    )
    return msgspec.structs.replace(held, steps=steps)
