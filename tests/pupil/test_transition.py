"""A transition: planned, visits, the pack for the next school; destinations that are followed up."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

import msgspec
import pytest

from coordination.pupil.transition.commands import (
    FollowUpDestination,
    PlanTransition,
    RecordDestination,
    RecordTransitionVisit,
    SendTransitionPack,
    TransitionCommand,
)
from coordination.pupil.transition.events import TransitionPackSent
from coordination.world import ProfileFacts
from tests.given import SCHOOL
from tests.meeting.hwb import AS_CLINICIAN, AS_STRANGER, OTHER_SCHOOL, PUPIL
from tests.pupil.case import LATER, PupilCase, day, registered

TRANSITION, WENT = UUID(int=0x7A45), UUID(int=0x7A46)
SUMMER = date(2027, 9, 1)


def plan(**changed: Any) -> PlanTransition:
    usual: dict[str, Any] = {"kind": "next_school", "moves_on": SUMMER, "to_school": OTHER_SCHOOL}
    return PlanTransition(occurred_on=day(3), pupil=PUPIL, transition=TRANSITION, **{**usual, **changed})


def pack(**changed: Any) -> SendTransitionPack:
    usual: dict[str, Any] = {
        "language": "cy",
        "pupil_name": "Siân Gŵyn",
        "needs": ("ASD",),
        "moving_school": "Dw i eisiau gwybod ble mae’r neuadd.",
        "key_contacts": "Mair, mam; Nia, CADY",
    }
    return SendTransitionPack(occurred_on=day(5), pupil=PUPIL, transition=TRANSITION, **{**usual, **changed})


def went(**changed: Any) -> RecordDestination:
    usual: dict[str, Any] = {"at_age": 16, "destination": "college", "at_risk": False}
    return RecordDestination(occurred_on=day(3), pupil=PUPIL, transition=WENT, **{**usual, **changed})


def aged(born: date) -> PupilCase:
    case = registered()
    case.world = msgspec.structs.replace(case.world, about=lambda: ProfileFacts(born=born))
    return case


def test_a_pack_goes_to_the_next_school_after_visits() -> None:
    case = registered().does(plan(enhanced=True, why_enhanced="New places are hard."))
    for visit in ("pupil_visit", "staff_visit"):
        case.does(
            RecordTransitionVisit(occurred_on=day(4), pupil=PUPIL, transition=TRANSITION, visit=visit)  # type: ignore[arg-type]
        )
    (event,) = case.happened(pack(), TransitionPackSent)
    assert isinstance(event, TransitionPackSent)
    assert event.to_school == OTHER_SCHOOL
    planned = case.state.transitions.planned[TRANSITION]
    assert (planned.visits, planned.pack_sent_on, planned.pack_at) == (2, day(5), case.last)
    assert planned.enhanced


@pytest.mark.parametrize(
    ("changed", "code", "field"),
    [
        ({"to_school": None}, "unknown_school", "to_school"),
        ({"to_school": SCHOOL}, "move_to_own_school", "to_school"),
        ({"moves_on": LATER.replace(day=LATER.day) - date.resolution}, "move_in_the_past", "moves_on"),
        ({"enhanced": True}, "cannot_be_empty", "why_enhanced"),
    ],
)
def test_a_plan_that_cannot_be_is_refused(changed: dict[str, Any], code: str, field: str) -> None:
    registered().refuses(plan(**changed), code, field)


def test_a_transition_on_its_day_can_still_be_planned() -> None:
    assert registered().does(plan(moves_on=LATER)).state.transitions.planned


def test_there_is_no_pack_without_a_next_school_or_the_child_s_words() -> None:
    case = registered().does(plan(kind="post_16", to_school=None))
    case.refuses(pack(), "no_next_school", "transition")
    registered().does(plan()).refuses(pack(moving_school=" "), "cannot_be_empty", "moving_school")


def test_a_risk_is_followed_up_until_it_is_settled() -> None:
    case = aged(date(2010, 1, 20))
    case.refuses(went(at_risk=True), "follow_up_missing", "follow_up_on")
    case.refuses(went(at_risk=True, follow_up_on=day(3)), "next_review_not_later", "follow_up_on")
    case.does(went(at_risk=True, follow_up_on=day(60)))
    assert case.state.transitions.destinations[WENT].follow_up_on == day(60)
    again = FollowUpDestination(occurred_on=day(60), pupil=PUPIL, transition=WENT, destination="neet")
    case.refuses(again, "follow_up_missing", "follow_up_on")
    case.does(msgspec.structs.replace(again, destination="apprenticeship"))
    assert case.state.transitions.destinations[WENT].follow_up_on is None


@pytest.mark.parametrize(("born", "refused"), [(date(2011, 3, 6), True), (date(2011, 3, 5), False)])
def test_a_destination_is_recorded_from_fifteen_years_on(born: date, refused: bool) -> None:
    case = aged(born)
    if refused:
        case.refuses(went(), "too_young_for_destination", "at_age")
    else:
        case.does(went())


@pytest.mark.parametrize(
    "command",
    [
        plan(),
        pack(),
        went(),
        RecordTransitionVisit(occurred_on=day(4), pupil=PUPIL, transition=TRANSITION, visit="meeting"),
        FollowUpDestination(occurred_on=day(4), pupil=PUPIL, transition=WENT, destination="college"),
    ],
    ids=lambda c: type(c).__name__,
)
def test_for_others_and_for_an_unknown_transition_there_is_nothing(command: TransitionCommand) -> None:
    case = aged(date(2010, 1, 20))
    for stranger in (AS_STRANGER, AS_CLINICIAN):
        assert case.tries(command, **stranger).code == "not_found"
    if not isinstance(command, PlanTransition | RecordDestination):
        assert case.tries(command).code == "not_found"
    elif isinstance(command, RecordDestination):
        case.does(command)
        case.refuses(command, "transition_already_planned", "transition")
