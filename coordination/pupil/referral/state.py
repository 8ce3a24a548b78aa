"""A referral as decisions, projections and clocks need it: its parties and its milestones as steps."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from uuid import UUID

import msgspec

from coordination.event import Header
from coordination.pupil.referral.events import (
    EntryStruck,
    ImmediateRiskRaised,
    MilestoneConfirmed,
    MilestoneContested,
    PlaceReviewed,
    ReferralAllocated,
    ReferralEvent,
    ReferralOpened,
    ReferralServiceMoved,
    ServiceNoteRecorded,
    ShortNoticeAgreed,
    UnavailabilityRecorded,
)
from coordination.pupil.referral.milestones.appointments import AppointmentOffered
from coordination.pupil.referral.milestones.ending import Declined, Discharged, Reopened, Withdrawn
from coordination.pupil.referral.milestones.milestone import Milestone
from coordination.pupil.referral.milestones.opening import (
    InformationRequested,
    Redirected,
    Submitted,
    Triaged,
)
from coordination.pupil.referral.milestones.placing import PanelDecided, PlaceOffered, PlaceTaken
from coordination.pupil.referral.phase import DatedMilestone, in_order


class Interval(msgspec.Struct, frozen=True):
    """Days from one up to and including another."""

    from_on: date
    until: date


class ServiceMove(msgspec.Struct, frozen=True):
    """The service that has the referral went from one agency to another; see `ReferralServiceMoved`."""

    on: date
    service: UUID
    from_agency: UUID
    to_agency: UUID
    inherited_by: UUID | None = None


class PlaceReview(msgspec.Struct, frozen=True):
    """A review of a place in a base; see `PlaceReviewed`."""

    on: date
    version: int
    next_review_on: date
    exit_due_on: date | None


class Referral(msgspec.Struct, frozen=True):
    """`steps` are in the order of recording, superseded ones included (`superseded` holds their versions).

    `service` and `agency` hold it now; `services` and `agencies` are all that have held it, the first one first;
    `last_version` is the place in the pupil's stream of the last event about it. Who holds it, its `priority` and what
    is `missing` follow from the counting steps, whatever the order in which they were recorded. `allocated` is the
    person of the agency who has it, since `allocated_on`, until it is passed on. An allocation does not change
    `last_version`: it contradicts nothing that others record. `short_notice`: the family agreed to be offered an hour
    at short notice.
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
    first_priority: str
    year: int | None = None
    agencies: tuple[UUID, ...] = ()
    services: tuple[UUID, ...] = ()
    steps: tuple[DatedMilestone, ...] = ()
    superseded: frozenset[int] = frozenset()
    unavailable: tuple[Interval, ...] = ()
    told: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()
    allocated: UUID | None = None
    allocated_on: date | None = None
    moves: tuple[ServiceMove, ...] = ()
    place_reviews: tuple[PlaceReview, ...] = ()
    short_notice: bool = False

    def counting(self) -> Iterator[DatedMilestone]:
        """The steps that have not been superseded."""
        return (s for s in self.steps if s.version not in self.superseded)

    def path(self) -> frozenset[tuple[UUID, UUID]]:
        """The agencies and services to which it went, by what counts: the first, and those to which it was passed on;
        none where the whole of it was recorded in error."""
        steps = list(self.counting())
        if any(s.name == "recorded_in_error" for s in steps):
            return frozenset()
        passed_to = {
            (s.to_agency, s.to_service) for s in steps if s.to_service is not None and s.to_agency is not None
        }
        found = {(self.agencies[0], self.services[0]), *passed_to}
        for move in self.moves:
            if (move.from_agency, move.service) in found:
                found.add((move.to_agency, move.service))
        return frozenset(found)

    def service_at(self, agency: UUID) -> UUID:
        """The service of one of its agencies that has it, or had it last."""
        if agency == self.agency:
            return self.service
        for step in reversed(list(in_order(self.counting()))):
            if step.to_service is not None and step.to_agency == agency:
                return step.to_service
        moved = (move.service for move in reversed(self.moves) if move.to_agency == agency)
        return next(moved, self.services[0])

    def agency_now(self, service: UUID, agency: UUID) -> UUID:
        """The agency that has a service's part in the referral now: the one given, or the one to which the service
        moved from there."""
        for move in self.moves:
            if (move.service, move.from_agency) == (service, agency):
                agency = move.to_agency
        return agency

    def agencies_of_word(self, agency: UUID) -> frozenset[UUID]:
        """The agency and those whose part in the referral came to it with a service: their entries are the service's
        own, which it corrects."""
        found = {agency}
        for move in reversed(self.moves):
            if move.to_agency in found:
                found.add(move.from_agency)
        return frozenset(found)

    @property
    def inherited_by(self) -> UUID | None:
        """The service that took the referral on from its closed service, if one of another agency has."""
        last = self.moves[-1] if self.moves else None
        return last.inherited_by if last is not None and last.service == self.service else None

    def holder_at(self, version: int) -> tuple[UUID, UUID]:
        """The service that held it when the step of this version happened, as days run, and the agency that has the
        service's part now. A step that was reported is reported in their name: passing on is still the word of who
        passes on."""
        service, agency = self.services[0], self.agencies[0]
        for step in in_order(self.counting()):
            if step.version == version:
                break
            if step.to_service is not None and step.to_agency is not None:
                service, agency = step.to_service, step.to_agency
        return service, self.agency_now(service, agency)

    def step(self, version: int) -> DatedMilestone | None:
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
    if isinstance(event, ReferralAllocated):
        on = event.header.occurred_on if event.person is not None else None
        return {**referrals, key: msgspec.structs.replace(held, allocated=event.person, allocated_on=on)}
    if isinstance(event, ServiceNoteRecorded):
        return referrals  # the others are not to learn of it from the version
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
        first_priority=event.priority,
        year=event.year,
        agencies=(event.agency,),
        services=(event.service,),
    )


def _after(held: Referral, event: ReferralEvent, version: int) -> Referral:
    match event:
        case Milestone():
            return _reached(held, event, version)
        case EntryStruck(supersedes=gone):
            return _following(msgspec.structs.replace(held, superseded=held.superseded | {gone}))
        case MilestoneConfirmed(milestone=of):
            return _standing(held, of, "confirmed")
        case MilestoneContested(milestone=of):
            return _standing(held, of, "contested")
        case UnavailabilityRecorded(from_on=first, until=last):
            return msgspec.structs.replace(held, unavailable=(*held.unavailable, Interval(first, last)))
        case ReferralServiceMoved():
            return _moved(held, event)
        case PlaceReviewed():
            review = PlaceReview(event.header.occurred_on, version, event.next_review_on, event.exit_due_on)
            reviews = sorted([*held.place_reviews, review], key=lambda one: (one.on, one.version))
            return msgspec.structs.replace(held, place_reviews=tuple(reviews))
        case ShortNoticeAgreed(agreed=agreed):
            return msgspec.structs.replace(held, short_notice=agreed)
        case ImmediateRiskRaised(told=told):
            return msgspec.structs.replace(held, immediate_risk=True, told=(*held.told, *told))
        case _:
            return held


def _moved(held: Referral, event: ReferralServiceMoved) -> Referral:
    move = ServiceMove(
        event.header.occurred_on, event.service, event.from_agency, event.to_agency, event.inherited_by
    )
    moved = msgspec.structs.replace(
        held, moves=(*held.moves, move), agencies=(*held.agencies, event.to_agency)
    )
    return _following(moved)


def _reached(held: Referral, event: Milestone, version: int) -> Referral:
    reached = msgspec.structs.replace(held, steps=(*held.steps, step_of(event, version)))
    match event:
        case Redirected(to_service=UUID() as service, to_agency=UUID() as agency):
            agencies, services = (*held.agencies, agency), (*held.services, service)
            reached = msgspec.structs.replace(reached, agencies=agencies, services=services)
        case Triaged() | Submitted():
            pass
        case _ if event.supersedes is None:
            return reached
    if event.supersedes is not None:
        reached = msgspec.structs.replace(reached, superseded=held.superseded | {event.supersedes})
    return _following(reached)


def _following(held: Referral) -> Referral:
    """The referral with what follows from its counting steps in their order."""
    service, agency, priority = held.services[0], held.agencies[0], held.first_priority
    missing: tuple[str, ...] = ()
    for step in in_order(held.counting()):
        if step.to_service is not None and step.to_agency is not None:
            service, agency = step.to_service, step.to_agency
        priority = step.priority or priority
        missing = step.missing if step.name == "submitted" else missing
    agency = held.agency_now(service, agency)
    passed = {} if service == held.service else {"allocated": None, "allocated_on": None}
    return msgspec.structs.replace(
        held, service=service, agency=agency, priority=priority, missing=missing, **passed
    )


def step_of(event: Milestone, version: int) -> DatedMilestone:
    """The step that a milestone is, at its place in the pupil's stream."""
    header: Header = event.header
    appointment = getattr(event, "appointment", None)
    return DatedMilestone(
        name=event.name,
        on=header.occurred_on,
        version=version,
        recorded_at=header.recorded_at,
        word=event.word,
        for_when=event.for_when if isinstance(event, AppointmentOffered) else (),
        appointment=appointment,
        asked_of=event.asked_of if isinstance(event, InformationRequested) else None,
        said_by=header.on_behalf_of or header.organisation,
        to_service=event.to_service if isinstance(event, Redirected) else None,
        to_agency=event.to_agency if isinstance(event, Redirected) else None,
        priority=event.priority if isinstance(event, Triaged) else None,
        missing=event.missing if isinstance(event, Submitted) else (),
        reported_on=event.reported_on,
        reported_how=event.reported_how,
        no_appointment_on_record=getattr(event, "no_appointment_on_record", False),
        new_episode=isinstance(event, Reopened) and event.new_episode is True,
        ending=event.ending if isinstance(event, Declined | Discharged | Withdrawn) else None,
        age_years=event.age_years,
        decision=event.decision if isinstance(event, PanelDecided) else None,
        meeting=event.meeting if isinstance(event, PanelDecided) else None,
        starts_on=event.starts_on if isinstance(event, PlaceOffered) else None,
        exit_due_on=event.exit_due_on if isinstance(event, PlaceTaken) else None,
        beyond=isinstance(event, PlaceOffered | PlaceTaken) and event.beyond,
    )


def _standing(held: Referral, version: int, standing: str) -> Referral:
    steps = tuple(
        msgspec.structs.replace(s, standing=standing) if s.version == version else s for s in held.steps
    )
    return msgspec.structs.replace(held, steps=steps)
