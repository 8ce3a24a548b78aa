"""A milestone recorded: who may say it, in which order, with which fields."""

from __future__ import annotations

from datetime import datetime
from typing import Any, assert_never
from uuid import UUID

import msgspec

from coordination.authority import acting_organisation, command_day, require_not_in_future
from coordination.errors import Refusal
from coordination.event import Header
from coordination.guards import require_words
from coordination.permissions import Right, Thing, right
from coordination.pupil.casefile import AnyPupilEvent, CaseFile
from coordination.pupil.consent.disclosing import disclose
from coordination.pupil.consent.events import DisclosureMade
from coordination.pupil.referral.commands import REFERRAL_DATA, RecordMilestone
from coordination.pupil.referral.decisions.appointments import with_appointment
from coordination.pupil.referral.decisions.checks import (
    held_referral,
    require_codes,
    require_correctable,
    require_possible,
    require_zone,
)
from coordination.pupil.referral.decisions.corrections import (
    after_event,
    disclosures_closed,
    sharing_passed_on,
)
from coordination.pupil.referral.decisions.notes import require_shared, service_note, without_note
from coordination.pupil.referral.decisions.placing import with_place
from coordination.pupil.referral.milestones import MILESTONES, OF_PLACES, SAID_BY_EITHER, SAID_BY_SCHOOL
from coordination.pupil.referral.milestones.ending import Declined
from coordination.pupil.referral.milestones.milestone import (
    ENDINGS_OF_REASONS,
    Milestone,
    MilestoneRules,
    Word,
)
from coordination.pupil.referral.milestones.opening import Received, Redirected
from coordination.pupil.referral.phase import possible_next
from coordination.pupil.referral.state import Referral
from coordination.sensitivity import sealed_fields
from coordination.struct_types import prepared
from coordination.world import World, completed_months, completed_years


def decide_milestone(
    case: CaseFile, command: RecordMilestone, header: Header, world: World
) -> list[AnyPupilEvent]:
    """Refuses what the actor may not say, what has not come yet, what its fields do not allow, and an order of
    milestones that cannot have happened."""
    held = held_referral(case, command.referral, header, command.seen, world)
    of = MILESTONES.get(command.milestone)
    if of is None:
        raise Refusal("unknown_milestone", "milestone")
    if of.rules.only_by_sending and held.basis != "historical_record":
        raise Refusal("submit_discloses", "milestone")
    require_not_in_future(header, command.occurred_on)
    word = _word(held, of.rules, command, header, world)
    if command.supersedes is not None:
        require_correctable(held, command.supersedes, header, command.why, world)
    if of.rules.effect == "voids":
        require_words(command.note, "note")
        require_shared(command)
    version = case.version + 1
    notes: list[AnyPupilEvent] = []
    if command.note_for == "service" and command.note:
        version += 1  # the note comes first, so that the milestone is the last that others see
        notes.append(service_note(held, command.note, version, header, world))
        command = without_note(command)
    event = _built(of, held, command, word, header, world)
    event = with_appointment(held, event, version)
    event = with_place(case, held, event, version, header, world)
    require_possible(held, event, version)
    events: list[AnyPupilEvent] = [*notes, event]
    if isinstance(event, Redirected):
        events.extend(_disclosed_to_next(case, held, event, header, world))
    after = after_event(case, held, event)
    return [
        *events,
        *disclosures_closed(case, held, after, header),
        *sharing_passed_on(case, held, after, header),
    ]


def allowed_milestones(
    referral: Referral, header: Header, services: tuple[UUID, ...] | None = None, *, of_places: bool = False
) -> list[str]:
    """The milestones that this actor (for these services; None: not limited) could record today, in their natural
    order; what a school can only report is among them for a school. A service that passed it on is offered only what
    either side may say. `of_places`: the service is of an authority, which alone says what concerns a place."""
    organisation = acting_organisation(header)
    if organisation == referral.agency and (services is None or referral.service in services):
        names = [n for n in MILESTONES if n not in SAID_BY_SCHOOL]
    elif organisation in referral.agencies:
        names = [n for n in MILESTONES if n in SAID_BY_EITHER]
    else:
        names = [n for n, of in MILESTONES.items() if not of.rules.only_by_sending]
    if not of_places or organisation != referral.agency:
        names = [n for n in names if n not in OF_PLACES]
    return possible_next(referral.counting(), names, command_day(header))


def _word(
    held: Referral, rules: MilestoneRules, command: RecordMilestone, header: Header, world: World
) -> Word:
    """Whose word it is. A service speaks for itself; a school only reports what the agency alone can say."""
    organisation = acting_organisation(header)
    if organisation in held.agencies:
        redirected = [s.on for s in held.counting() if s.name == "redirected"]
        passed_on = max([*redirected, *(m.on for m in held.moves)], default=None)
        in_its_time = passed_on is not None and command.occurred_on <= passed_on
        holds = organisation == held.agency and world.acts_for(held.service)
        if not holds and rules.said_by != "either" and not in_its_time:
            raise Refusal("not_the_holder", "milestone")
        if rules.said_by == "school":
            raise Refusal("only_the_school_says", "milestone")
        return "own"
    match rules.said_by:
        case "school" | "school_first" | "either":
            return "own"
        case "agency":
            if right(header.role, Thing.MILESTONE) is Right.IMMEDIATE_RISK and not held.immediate_risk:
                raise Refusal("not_permitted")
            _require_report(command, header)
            return "reported"
        case never:
            assert_never(never)


def _require_report(command: RecordMilestone, header: Header) -> None:
    """Raises Refusal `reported_by_whom`, and for the day of the report `in_the_future` or
    `reported_before_it_happened`."""
    if command.reported is None or not command.reported.by.strip():
        raise Refusal("reported_by_whom", "reported_by")
    require_not_in_future(header, command.reported.on, "reported_on")
    if command.reported.on < command.occurred_on:
        raise Refusal("reported_before_it_happened", "reported_on")


def _built(
    of: type[Milestone], held: Referral, command: RecordMilestone, word: Word, header: Header, world: World
) -> Milestone:
    """The event, with its own fields from the command. Raises Refusal `unknown_detail`, `detail_not_valid`,
    `cannot_be_empty`, `unknown_code`, `ending_differs_from_reason`."""
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
        "note_for": command.note_for if command.note else "shared",
        "age_years": completed_years(world.about().born, command.occurred_on),
    }
    if issubclass(of, Received):
        fields["age_months"] = completed_months(world.about().born, command.occurred_on)
    own = set(of.__struct_fields__) - set(Milestone.__struct_fields__)
    unknown = set(command.details) - own
    if unknown:
        raise Refusal("unknown_detail", "details", names=sorted(unknown))
    try:
        event = msgspec.convert({**fields, **_with_ending(of, command.details)}, prepared(of), strict=False)
    except msgspec.ValidationError as problem:
        raise Refusal(
            "detail_not_valid", "details", where=str(problem).rpartition("`$.")[2].rstrip("`")
        ) from None
    _check_fields(event, command, world)
    return event


def _with_ending(of: type[Milestone], details: dict[str, Any]) -> dict[str, Any]:
    """The details with the ending that the reason tells. Raises Refusal `ending_differs_from_reason`."""
    reason, ending = details.get("reason"), details.get("ending")
    if "ending" not in of.__struct_fields__ or reason not in ENDINGS_OF_REASONS:
        return details
    if ending not in (None, reason):
        raise Refusal("ending_differs_from_reason", "ending")
    return {**details, "ending": reason}


def _check_fields(event: Milestone, command: RecordMilestone, world: World) -> None:
    """Coded words come from dated tables; an agency's own decline says why, in words where the code is `other`."""
    match event:
        case Declined(reason=None | "") if command.reported is None:
            raise Refusal("cannot_be_empty", "reason")
        case Declined(reason="other") if not (command.note or "").strip():
            raise Refusal("other_needs_words", "note")
        case Redirected(to_service=None):
            raise Refusal("cannot_be_empty", "to_service")
        case _:
            pass
    for field, table in {**event.rules.codes, "reported_how": "reported_how"}.items():
        require_codes(world, table, getattr(event, field) or (), command.occurred_on, field)
    for field in ("for_when", "chosen"):
        said = getattr(event, field, None) or ()
        for instant in (said,) if isinstance(said, datetime) else said:
            require_zone(instant, field)


def _disclosed_to_next(
    case: CaseFile, held: Referral, event: Redirected, header: Header, world: World
) -> list[DisclosureMade]:
    """Passing on is a disclosure to the next agency for the same purpose, of the data that the agreement names (one
    that names none: what a referral tells)."""
    service = world.directory.service(event.to_service)
    if service is None:
        raise Refusal("unknown_service", "to_service")
    if service.agency != event.to_agency:
        raise Refusal("service_not_of_agency", "to_agency")
    if case.consents.receives(held.referral, service.agency, service.id):
        return []
    override = "historical_record" if held.basis == "historical_record" else None
    agreed = case.consents.agreement(service.agency, service.id, "referral", header.occurred_on)
    if agreed is None and override is None:
        raise Refusal("disclosure_without_basis", "to_service")
    return [
        disclose(
            case,
            header,
            agency=service.agency,
            service=service.id,
            ground=held.referral,
            data_classes=agreed.data_classes if agreed and agreed.data_classes else REFERRAL_DATA,
            override=override,
        )
    ]
