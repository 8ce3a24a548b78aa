"""What may be recorded of a referral, by whom, and in which order."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from typing import TYPE_CHECKING, Any
from uuid import UUID

import msgspec

from coordination.authority import (
    AGENCY_ROLES,
    LINK_ROLE,
    SCHOOL_ROLES,
    acting_for,
    not_in_the_future,
    staff_of,
    today,
)
from coordination.errors import NotFound, Overtaken, Refused
from coordination.event import Command, Event, Header
from coordination.guards import own_word_of, required_words
from coordination.pupil.consent.decide import disclose
from coordination.pupil.consent.events import ConsentEvent, DisclosureClosed, DisclosureMade
from coordination.pupil.referral.events import (
    EntryStruck,
    ImmediateRiskRaised,
    Milestone,
    MilestoneConfirmed,
    MilestoneContested,
    ReferralAllocated,
    ReferralEvent,
    ReferralOpened,
    Submitted,
    UnavailabilityRecorded,
)
from coordination.pupil.referral.milestones import BY_NAME, SAID_BY_AGENCY, SAID_BY_EITHER, SAID_BY_SCHOOL
from coordination.pupil.referral.phase import Step, check, in_order, phase, possible_next
from coordination.pupil.referral.state import Referral, evolve, step_of
from coordination.sensitivity import sealed_fields
from coordination.world import World, completed_months

if TYPE_CHECKING:
    from coordination.pupil.casefile import CaseFile

# By which ways history may come in: what rests on `historical_record` asks nobody's agreement.
FILES: frozenset[str] = frozenset({"import", "command_line", "demonstration"})

# Who allocates within an agency.
ALLOCATING: frozenset[str] = AGENCY_ROLES - {"declo"}

# What a referral tells an agency of the pupil, when nothing narrower is said.
REFERRAL_DATA = ("identity", "needs", "referral")


class OpenReferral(Command, frozen=True, kw_only=True):
    """Begin a referral. `immediate_risk` must be answered, and a yes says who was `told` and when (`told_at`).

    `historical` is for history files only: it opens a closed service and rests on `historical_record`.
    """

    pupil: UUID
    referral: UUID
    service: UUID
    school: UUID
    immediate_risk: bool
    told: tuple[str, ...] = ()
    told_at: datetime | None = None
    concern: str | None = None
    legal_route: str = "service_request"
    priority: str = "routine"
    informed_and_discussed: bool | None = None
    copied_from: UUID | None = None
    reference: str | None = None
    reason: str | None = None
    historical: bool = False


class Reported(msgspec.Struct, frozen=True, kw_only=True):
    """The school says what an agency said: who said it, how (letter, telephone, email, meeting, file), on which day."""

    by: str
    how: str
    on: date


class RecordMilestone(Command, frozen=True, kw_only=True):
    """Record that a referral reached a milestone on the day it occurred.

    `details` are the milestone's own fields (see its event type); `reported` is required when the school says what
    only the agency can say. `supersedes` names the entry that this one corrects, and `why`.
    """

    pupil: UUID
    referral: UUID
    milestone: str
    details: dict[str, Any] = msgspec.field(default_factory=dict)
    reported: Reported | None = None
    supersedes: int | None = None
    why: str | None = None
    note: str | None = None


class SubmitReferral(Command, frozen=True, kw_only=True):
    """Send the referral to the agency: the disclosure. `supplied` are the requirement codes that go with it;
    without agreement in force an `override` (a lawful basis) needs its reason."""

    pupil: UUID
    referral: UUID
    supplied: tuple[str, ...] = ()
    data_classes: tuple[str, ...] = REFERRAL_DATA
    override: str | None = None
    override_reason: str | None = None
    note: str | None = None


class StrikeEntry(Command, frozen=True, kw_only=True):
    """A milestone was entered in error; it stays visible and no longer counts."""

    pupil: UUID
    referral: UUID
    entry: int
    why: str


class ConfirmMilestone(Command, frozen=True, kw_only=True):
    """The agency confirms a milestone that the school reported. By a link: `link_of` is the school that made it,
    `answered_by` and `answered_as` who answers, in their own words."""

    pupil: UUID
    referral: UUID
    milestone: int
    link_of: UUID | None = None
    answered_by: str | None = None
    answered_as: str | None = None


class ContestMilestone(Command, frozen=True, kw_only=True):
    """The agency contests a milestone that the school reported, and says what was; by a link as one confirms."""

    pupil: UUID
    referral: UUID
    milestone: int
    why: str
    says_on: date | None = None
    link_of: UUID | None = None
    answered_by: str | None = None
    answered_as: str | None = None


class RaiseImmediateRisk(Command, frozen=True, kw_only=True):
    """Danger became known after the referral was begun."""

    pupil: UUID
    referral: UUID
    told: tuple[str, ...]
    told_at: datetime
    concern: str | None = None


class RecordUnavailability(Command, frozen=True, kw_only=True):
    """The family asks for no appointment from one day up to and including another."""

    pupil: UUID
    referral: UUID
    from_on: date
    until: date
    reason: str | None = None


class AllocateReferral(Command, frozen=True, kw_only=True):
    """Somebody of the agency takes the referral up (None: nobody has it any more). `instead_of` is who had it when the
    page was shown: to take it from somebody else is done knowingly."""

    pupil: UUID
    referral: UUID
    person: UUID | None = None
    instead_of: UUID | None = None


def decide_open(case: CaseFile, command: OpenReferral, header: Header, world: World) -> list[Event]:
    """Refuses a closed or unknown service, a referral id in use, and danger that nobody was told of."""
    school = staff_of(header, case.profile.schools())
    if school != command.school:
        raise NotFound
    if command.referral in case.referrals:
        raise Refused("referral_exists", "referral")
    if command.historical and header.source not in FILES:
        raise Refused("disclosure_without_basis", "consent")
    service = world.directory.service(command.service)
    if service is None:
        raise Refused("unknown_service", "service")
    if not command.historical and not service.is_open(command.occurred_on):
        raise Refused("service_closed", "service", service=service.code, on=command.occurred_on.isoformat())
    not_in_the_future(header, command.occurred_on)
    _known(world, "legal_route", command.legal_route, command.occurred_on, "legal_route")
    _known(world, "priority", command.priority, command.occurred_on, "priority")
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
        year=case.profile.year,
        copied_from=command.copied_from,
        needs=world.about().needs,
        reference=command.reference,
        reason=command.reason,
    )
    events: list[Event] = [opened]
    if command.historical:
        events.append(
            disclose(
                case,
                header,
                agency=service.agency,
                ground=command.referral,
                data_classes=REFERRAL_DATA,
                override="historical_record",
            )
        )
    if command.immediate_risk:
        events.append(_risk(command.referral, command.told, command.told_at, command.concern, header, world))
    return events


def decide_risk(case: CaseFile, command: RaiseImmediateRisk, header: Header, world: World) -> list[Event]:
    _held(case, command.referral, header, command.seen)
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
        raise Refused("immediate_risk_untold", "told")
    for code in told:
        _known(world, "told", code, header.occurred_on, "told")
    _zoned(told_at, "told_at")
    if told_at > header.recorded_at:
        raise Refused("in_the_future", "told_at")
    return ImmediateRiskRaised(header=header, referral=referral, told=told, told_at=told_at, concern=concern)


def decide_submit(case: CaseFile, command: SubmitReferral, header: Header, world: World) -> list[Event]:
    """Refuses when nothing permits the disclosure; says what the service asks for and is missing."""
    held = _held(case, command.referral, header, command.seen)
    staff_of(header, frozenset({held.school}))
    not_in_the_future(header, command.occurred_on)
    for code in command.supplied:
        _known(world, "requirement", code, command.occurred_on, "supplied")
    for code in command.data_classes:
        _known(world, "data_class", code, command.occurred_on, "data_classes")
    service = world.directory.service(held.service)
    asked = service.asks_for(command.occurred_on) if service else ()
    milestone = Submitted(
        header=header,
        referral=held.referral,
        supplied=command.supplied,
        missing=tuple(code for code in asked if code not in command.supplied),
        reported_by=None,
        why=None,
        note=command.note,
    )
    _checked(held, milestone, case.version + 1)
    disclosure = disclose(
        case,
        header,
        agency=held.agency,
        ground=held.referral,
        data_classes=command.data_classes,
        override=command.override,
        override_reason=command.override_reason,
    )
    return [milestone, disclosure]


def decide_milestone(case: CaseFile, command: RecordMilestone, header: Header, world: World) -> list[Event]:
    """Refuses what the actor may not say, what has not come yet, what its fields do not allow, and an order of
    milestones that cannot have happened."""
    held = _held(case, command.referral, header, command.seen)
    of = BY_NAME.get(command.milestone)
    if of is None:
        raise Refused("unknown_milestone", "milestone")
    if command.milestone == "submitted" and held.basis != "historical_record":
        raise Refused("submit_discloses", "milestone")
    not_in_the_future(header, command.occurred_on)
    word = _word(held, command, header)
    if command.supersedes is not None:
        _correctable(held, command.supersedes, header, command.why)
    if of is BY_NAME["recorded_in_error"] and not (command.note or "").strip():
        raise Refused("cannot_be_empty", "note")
    event = _built(of, held, command, word, header, world)
    _checked(held, event, case.version + 1)
    events: list[Event] = [event]
    if command.milestone == "redirected":
        events.extend(_redirected(case, held, event, header, world))
    events.extend(_closed(case, held, _after(case, held, event), header))
    return events


def _built(
    of: type[Milestone], held: Referral, command: RecordMilestone, word: str, header: Header, world: World
) -> Milestone:
    reported = command.reported if word == "reported" else None
    fields: dict[str, Any] = dict.fromkeys(sealed_fields(of))
    fields |= {
        "header": header,
        "referral": held.referral,
        "word": word,
        "reported_how": reported.how if reported else None,
        "reported_on": reported.on if reported else None,
        "reported_by": reported.by if reported else None,
        "supersedes": command.supersedes,
        "why": command.why,
        "note": command.note,
    }
    if of is BY_NAME["received"]:
        fields["age_months"] = completed_months(world.about().born, command.occurred_on)
    own = set(of.__struct_fields__) - set(Milestone.__struct_fields__)
    unknown = set(command.details) - own
    if unknown:
        raise Refused("unknown_detail", "details", names=sorted(unknown))
    try:
        event = msgspec.convert({**fields, **command.details}, of, strict=False)
    except msgspec.ValidationError as problem:
        raise Refused(
            "detail_not_valid", "details", where=str(problem).rpartition("`$.")[2].rstrip("`")
        ) from None
    _codes(event, command, world)
    return event


# The coded words of milestones by field, and the table that each comes from. What is stored in the clear is a code:
# words of one's own would stand there for ever.
TABLES = {
    "priority": "priority",
    "requirements": "requirement",
    "supplied": "requirement",
    "language": "language",
    "reported_how": "reported_how",
}
REASONS = {
    "was_not_brought": "missed_reason",
    "did_not_attend": "missed_reason",
    "could_not_attend": "missed_reason",
    "declined": "decline_reason",
    "discharged": "discharge_reason",
    "withdrawn": "withdrawal_reason",
    "reopened": "reopened_reason",
}


def _codes(event: Milestone, command: RecordMilestone, world: World) -> None:
    """Coded words come from dated tables, and a decline says why. Refuses an instant without a time zone, of which
    nobody could say the day."""
    reason = getattr(event, "reason", None)
    if event.name == "declined" and not reason and command.reported is None:
        raise Refused("cannot_be_empty", "reason")
    if event.name == "redirected" and getattr(event, "to_service", None) is None:
        raise Refused("cannot_be_empty", "to_service")
    tables = TABLES | ({"reason": REASONS[event.name]} if event.name in REASONS else {})
    for field, table in tables.items():
        said = getattr(event, field, None) or ()
        for code in (said,) if isinstance(said, str) else said:
            _known(world, table, code, command.occurred_on, field)
    for field in ("for_when", "chosen"):
        said = getattr(event, field, None) or ()
        for instant in (said,) if isinstance(said, datetime) else said:
            _zoned(instant, field)


def _zoned(instant: datetime, field: str) -> None:
    if instant.tzinfo is None:
        raise Refused("detail_not_valid", field, where=field)


def _redirected(
    case: CaseFile, held: Referral, event: Milestone, header: Header, world: World
) -> list[DisclosureMade]:
    """Passing on is a disclosure to the next agency under the same purpose."""
    service = world.directory.service(event.to_service)  # type: ignore[attr-defined]
    if service is None:
        raise Refused("unknown_service", "to_service")
    if service.agency != event.to_agency:  # type: ignore[attr-defined]
        raise Refused("service_not_of_agency", "to_agency")
    if case.consents.disclosed(held.referral, service.agency):
        return []
    override = "historical_record" if held.basis == "historical_record" else None
    agreed = case.consents.agreement(service.agency, "referral", header.occurred_on)
    if agreed is None and override is None:
        raise Refused("disclosure_without_basis", "to_service")
    return [
        disclose(
            case,
            header,
            agency=service.agency,
            ground=held.referral,
            data_classes=REFERRAL_DATA,
            override=override,
        )
    ]


def decide_strike(case: CaseFile, command: StrikeEntry, header: Header, world: World) -> list[Event]:
    """Refuses when the rest, without the entry, could not have happened either."""
    held = _held(case, command.referral, header, command.seen)
    _correctable(held, command.entry, header, command.why)
    check(in_order(s for s in held.counting() if s.version != command.entry))
    struck = EntryStruck(header=header, referral=held.referral, supersedes=command.entry, why=command.why)
    after = _after(case, held, struck)
    return [struck, *_closed(case, held, after, header), *_reopened(case, held, after, header)]


def _after(case: CaseFile, held: Referral, event: ReferralEvent) -> Referral:
    """The referral as the event leaves it."""
    return evolve({held.referral: held}, event, case.version + 1)[held.referral]


def _closed(case: CaseFile, before: Referral, after: Referral, header: Header) -> list[ConsentEvent]:
    """Who sees the referral only because of what no longer counts (a passing on that was struck or corrected, a
    referral recorded in error) sees it no longer."""
    in_error = any(s.name == "recorded_in_error" for s in after.counting())
    return [
        DisclosureClosed(
            header=header,
            agency=agency,
            ground=before.referral,
            because="recorded_in_error" if in_error else "not_passed_on",
        )
        for agency in sorted(before.path() - after.path())
        if case.consents.disclosed(before.referral, agency)
    ]


def _reopened(case: CaseFile, before: Referral, after: Referral, header: Header) -> list[ConsentEvent]:
    """That it was recorded in error, or never passed on, was itself an error: what was closed for it is open again, as
    far as what it rested on still holds."""
    found: list[ConsentEvent] = []
    for agency in sorted(after.path() - before.path()):
        gone = case.consents.closed_in_error(before.referral, agency)
        if gone is None or not case.consents.rests(gone, header.occurred_on):
            continue
        found.append(
            DisclosureMade(
                header=header,
                agency=agency,
                ground=before.referral,
                data_classes=gone.data_classes,
                lawful_basis=gone.lawful_basis,
                consent=gone.consent,
                override_reason=None,
            )
        )
    return found


def decide_confirm(case: CaseFile, command: ConfirmMilestone, header: Header, world: World) -> list[Event]:
    held = _reported_step(case, command.referral, command.milestone, header, command.seen)
    who = _who_answers(command, header)
    return [MilestoneConfirmed(header=header, referral=held.referral, milestone=command.milestone, **who)]


def decide_contest(case: CaseFile, command: ContestMilestone, header: Header, world: World) -> list[Event]:
    held = _reported_step(case, command.referral, command.milestone, header, command.seen)
    if not command.why.strip():
        raise Refused("cannot_be_empty", "why")
    if command.says_on is not None:
        not_in_the_future(header, command.says_on, "says_on")
    return [
        MilestoneContested(
            header=header,
            referral=held.referral,
            milestone=command.milestone,
            says_on=command.says_on,
            why=command.why,
            **_who_answers(command, header),
        )
    ]


def _who_answers(command: ConfirmMilestone | ContestMilestone, header: Header) -> dict[str, Any]:
    """By a link somebody answers whom the service does not know: they say who they are (`cannot_be_empty`)."""
    if header.role != LINK_ROLE:
        return {"link_of": None, "answered_by": None, "answered_as": None}
    return {
        "link_of": command.link_of,
        "answered_by": required_words(command.answered_by, "answered_by"),
        "answered_as": required_words(command.answered_as, "answered_as"),
    }


def decide_unavailability(
    case: CaseFile, command: RecordUnavailability, header: Header, world: World
) -> list[Event]:
    held = _held(case, command.referral, header, command.seen)
    if command.until < command.from_on:
        raise Refused("ends_before_it_begins", "until")
    if command.reason:
        _known(world, "unavailability_reason", command.reason, command.occurred_on, "reason")
    return [
        UnavailabilityRecorded(
            header=header,
            referral=held.referral,
            from_on=command.from_on,
            until=command.until,
            reason=command.reason,
        )
    ]


def decide_allocate(case: CaseFile, command: AllocateReferral, header: Header, world: World) -> list[Event]:
    """Only somebody of the agency that holds it, to one of its people in post (`not_of_the_agency`). Refuses
    `not_the_holder`, `referral_ended`, `allocated_meanwhile` and `nothing_changes`. To a school there is nothing here.
    """
    held = _held(case, command.referral, header, command.seen)
    if acting_for(header) not in held.agencies or header.role not in ALLOCATING:
        raise NotFound
    if not own_word_of(header, held.agency):
        raise Refused("not_the_holder", "person")
    not_in_the_future(header, command.occurred_on)
    if phase(held.counting()).ended and command.person is not None:
        raise Refused("referral_ended", "person")
    if command.person == held.allocated:
        raise Refused("nothing_changes", "person")
    if command.instead_of != held.allocated:
        raise Refused("allocated_meanwhile", "person")
    if command.person is not None:
        roles = world.directory.roles_of(command.person, held.agency, today(header))
        if not roles & AGENCY_ROLES:
            raise Refused("not_of_the_agency", "person")
    return [ReferralAllocated(header=header, referral=held.referral, person=command.person)]


def allowed_milestones(referral: Referral, header: Header) -> list[str]:
    """The milestones that this actor could record now, in their natural order; what a school can only report is
    among them for a school. An agency that passed it on has nothing more to say today but what anybody may."""
    organisation = acting_for(header)
    if organisation == referral.agency:
        names = [n for n in BY_NAME if n not in SAID_BY_SCHOOL]
    elif organisation in referral.agencies:
        names = [n for n in BY_NAME if n in SAID_BY_EITHER]
    else:
        names = [n for n in BY_NAME if n != "submitted"]
    return possible_next(referral.counting(), names, today(header))


def _held(case: CaseFile, referral: UUID, header: Header, seen: int | None) -> Referral:
    """The referral, for its school's staff or an agency that holds it and to which it was disclosed; NotFound for
    all others. Raises Overtaken."""
    held = case.referrals.get(referral)
    if held is None:
        raise NotFound
    organisation = acting_for(header)
    of_school = organisation in (case.profile.schools() | {held.school}) and header.role in SCHOOL_ROLES
    of_agency = (
        organisation in held.agencies
        and case.consents.disclosed(held.referral, organisation)
        and header.role in AGENCY_ROLES
    )
    if not (of_school or of_agency):
        raise NotFound
    if seen is not None and held.last_version > seen:
        raise Overtaken(seen, held.last_version)
    return held


def _word(held: Referral, command: RecordMilestone, header: Header) -> str:
    """Whose word it is. An agency speaks for itself; a school only reports what the agency alone can say."""
    organisation = acting_for(header)
    by_agency = organisation in held.agencies
    if by_agency:
        passed_on = max((s.on for s in held.counting() if s.name == "redirected"), default=None)
        in_its_time = passed_on is not None and command.occurred_on <= passed_on
        if organisation != held.agency and command.milestone not in SAID_BY_EITHER and not in_its_time:
            raise Refused("not_the_holder", "milestone")
        if command.milestone in SAID_BY_SCHOOL and command.milestone != "information_supplied":
            raise Refused("only_the_school_says", "milestone")
        return "own"
    if command.milestone in SAID_BY_AGENCY:
        if command.reported is None or not command.reported.by.strip():
            raise Refused("reported_by_whom", "reported_by")
        not_in_the_future(header, command.reported.on, "reported_on")
        if command.reported.on < command.occurred_on:
            raise Refused("reported_before_it_happened", "reported_on")
        return "reported"
    return "own"


def _correctable(held: Referral, version: int, header: Header, why: str | None) -> None:
    """The school corrects what a school entered, reports included; an agency what it entered itself."""
    step = held.step(version)
    if step is None:
        raise NotFound
    if not (why or "").strip():
        raise Refused("cannot_be_empty", "why")
    acting = acting_for(header)
    own = step.said_by == acting if acting in held.agencies else step.said_by not in held.agencies
    if not own:
        raise Refused("not_your_entry", "supersedes")


def _reported_step(
    case: CaseFile, referral: UUID, version: int, header: Header, seen: int | None
) -> Referral:
    """The referral, for the agency in whose name the step was reported: who held it then, and nobody else who held it
    before or after."""
    held = (
        _linked(case, referral, header) if header.role == LINK_ROLE else _held(case, referral, header, seen)
    )
    if acting_for(header) not in held.agencies:
        raise NotFound
    step = held.step(version)
    if step is None or step.word != "reported":
        raise Refused("nothing_reported", "milestone")
    if held.holder_at(version)[1] != acting_for(header):
        raise Refused("not_reported_of_you", "milestone")
    return held


def _linked(case: CaseFile, referral: UUID, header: Header) -> Referral:
    """The referral, for an answer by a link in the name of an agency to which it was disclosed."""
    held = case.referrals.get(referral)
    if held is None or header.source != "link" or not case.consents.disclosed(referral, header.organisation):
        raise NotFound
    return held


def _checked(held: Referral, event: Milestone, version: int) -> None:
    steps: list[Step] = [s for s in held.counting() if s.version != event.supersedes]
    check(in_order([*steps, step_of(event, version)]))


def _known(world: World, table: str, code: str, on: date, field: str) -> None:
    if world.directory.code(table, code, on) == "unknown":
        raise Refused("unknown_code", field, table=table)


DECISIONS: dict[type[Command], Callable[..., list[Event]]] = {
    OpenReferral: decide_open,
    SubmitReferral: decide_submit,
    RecordMilestone: decide_milestone,
    StrikeEntry: decide_strike,
    ConfirmMilestone: decide_confirm,
    ContestMilestone: decide_contest,
    RaiseImmediateRisk: decide_risk,
    RecordUnavailability: decide_unavailability,
    AllocateReferral: decide_allocate,
}
