"""Who prepares a transition: the school that has the pupil on its roll, or the authority of a child on no roll. For
anyone else the pupil does not exist (NotFound)."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from coordination.authority import command_day, require_not_in_future
from coordination.decisions import Decision, decides
from coordination.errors import NotFound, Refusal
from coordination.event import Command, Header
from coordination.guards import require_words, strip_text
from coordination.pupil.casefile import PUPIL_STREAM
from coordination.pupil.holders import require_holder
from coordination.pupil.profile.decisions.checks import require_known_code
from coordination.pupil.transition.commands import (
    FollowUpDestination,
    PlanTransition,
    RecordDestination,
    RecordTransitionVisit,
    SendTransitionPack,
)
from coordination.pupil.transition.events import (
    AnyTransitionEvent,
    DestinationFollowedUp,
    DestinationRecorded,
    TransitionPackSent,
    TransitionPlanned,
    TransitionVisitRecorded,
)
from coordination.world import World, completed_years

if TYPE_CHECKING:
    from coordination.pupil.casefile import CaseFile

YOUNGEST = 15
"""Completed years from which a destination is recorded: the school year in which a pupil becomes 16."""


def decide_plan(
    case: CaseFile, command: PlanTransition, header: Header, world: World
) -> list[AnyTransitionEvent]:
    """Refuses `transition_already_planned` for an id in use, `unknown_school`, `move_to_own_school`,
    `move_in_the_past`, and an enhanced transition without its reason (`cannot_be_empty`)."""
    by = require_holder(case.profile, header)
    require_not_in_future(header, command.occurred_on)
    if command.transition in {*case.transitions.planned, *case.transitions.destinations}:
        raise Refusal("transition_already_planned", "transition")
    if command.moves_on < command_day(header):
        raise Refusal("move_in_the_past", "moves_on")
    if command.to_school is not None or command.kind == "next_school":
        school = world.directory.organisation(command.to_school)
        if school is None or school.kind != "school" or not school.is_open(command_day(header)):
            raise Refusal("unknown_school", "to_school")
        if command.kind == "next_school" and command.to_school in case.profile.schools():
            raise Refusal("move_to_own_school", "to_school")
    why = strip_text(command.why_enhanced)
    if command.enhanced and why is None:
        raise Refusal("cannot_be_empty", "why_enhanced")
    return [
        TransitionPlanned(
            header=header,
            transition=command.transition,
            by=by,
            kind=command.kind,
            moves_on=command.moves_on,
            enhanced=command.enhanced,
            to_school=command.to_school,
            why_enhanced=why if command.enhanced else None,
        )
    ]


def decide_visit(
    case: CaseFile, command: RecordTransitionVisit, header: Header, _world: World
) -> list[AnyTransitionEvent]:
    """Refuses `in_the_future`; NotFound for a transition that is not planned."""
    require_holder(case.profile, header)
    require_not_in_future(header, command.occurred_on)
    if command.transition not in case.transitions.planned:
        raise NotFound
    words = strip_text(command.words)
    return [
        TransitionVisitRecorded(
            header=header, transition=command.transition, visit=command.visit, words=words
        )
    ]


def decide_send(
    case: CaseFile, command: SendTransitionPack, header: Header, world: World
) -> list[AnyTransitionEvent]:
    """Refuses `no_next_school` where there is none to send it to, `cannot_be_empty`, `unknown_code`. Sent again, the
    newest is the one that is read."""
    require_holder(case.profile, header)
    require_not_in_future(header, command.occurred_on)
    planned = case.transitions.planned.get(command.transition)
    if planned is None:
        raise NotFound
    if planned.to_school is None:
        raise Refusal("no_next_school", "transition")
    require_known_code(world, "language", command.language, command.occurred_on, "language")
    for need in command.needs:
        require_known_code(world, "need", need, command.occurred_on, "needs")
    return [
        TransitionPackSent(
            header=header,
            transition=command.transition,
            to_school=planned.to_school,
            language=command.language,
            needs=command.needs,
            pupil_name=require_words(command.pupil_name, "pupil_name"),
            important=command.important.strip(),
            admired=command.admired.strip(),
            support=command.support.strip(),
            moving_school=require_words(command.moving_school, "moving_school"),
            key_contacts=require_words(command.key_contacts, "key_contacts"),
        )
    ]


def decide_destination(
    case: CaseFile, command: RecordDestination, header: Header, world: World
) -> list[AnyTransitionEvent]:
    """Refuses a pupil who is too young (`too_young_for_destination`), a risk without a day of following it up
    (`follow_up_missing`), `unknown_code`, `transition_already_planned` for an id in use."""
    by = require_holder(case.profile, header)
    require_not_in_future(header, command.occurred_on)
    if command.transition in {*case.transitions.planned, *case.transitions.destinations}:
        raise Refusal("transition_already_planned", "transition")
    age = completed_years(world.about().born, command.occurred_on)
    if age is not None and age < YOUNGEST:
        raise Refusal("too_young_for_destination", "at_age")
    require_known_code(world, "destination", command.destination, command.occurred_on, "destination")
    _require_follow_up(command.follow_up_on, command.occurred_on, needed=command.at_risk)
    return [
        DestinationRecorded(
            header=header,
            transition=command.transition,
            by=by,
            at_age=command.at_age,
            follow_up_on=command.follow_up_on,
            destination=command.destination,
            at_risk=command.at_risk,
        )
    ]


def decide_follow_up(
    case: CaseFile, command: FollowUpDestination, header: Header, world: World
) -> list[AnyTransitionEvent]:
    """Refuses `unknown_code`, `in_the_future`, and a next day that is not later (`next_review_not_later`)."""
    require_holder(case.profile, header)
    require_not_in_future(header, command.occurred_on)
    if command.transition not in case.transitions.destinations:
        raise NotFound
    require_known_code(world, "destination", command.destination, command.occurred_on, "destination")
    _require_follow_up(command.follow_up_on, command.occurred_on, needed=command.destination == "neet")
    return [
        DestinationFollowedUp(
            header=header,
            transition=command.transition,
            follow_up_on=command.follow_up_on,
            destination=command.destination,
            words=strip_text(command.words),
        )
    ]


def _require_follow_up(follow_up_on: date | None, on: date, *, needed: bool) -> None:
    if follow_up_on is None:
        if needed:
            raise Refusal("follow_up_missing", "follow_up_on")
    elif follow_up_on <= on:
        raise Refusal("next_review_not_later", "follow_up_on")


DECISIONS: dict[type[Command], Decision] = dict(
    [
        decides(PlanTransition, decide_plan, PUPIL_STREAM),
        decides(RecordTransitionVisit, decide_visit, PUPIL_STREAM),
        decides(SendTransitionPack, decide_send, PUPIL_STREAM),
        decides(RecordDestination, decide_destination, PUPIL_STREAM),
        decides(FollowUpDestination, decide_follow_up, PUPIL_STREAM),
    ]
)
