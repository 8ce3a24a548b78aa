"""What is offered for an action is what the decisions allow, for each phase and each side."""

from __future__ import annotations

from datetime import date
from typing import Any, get_args
from uuid import UUID

import pytest
from msgspec.structs import replace

from coordination.errors import NotFound
from coordination.event import Command
from coordination.pupil.actions.changes import Change, open_changes
from coordination.pupil.actions.decide import (
    AgreeAction,
    AgreeActionAtMeeting,
    CancelAction,
    ChangeActionDue,
    CompleteAction,
    ReassignAction,
    ReopenAction,
)
from coordination.pupil.actions.events import Owner
from coordination.pupil.actions.state import Phase
from tests.meeting.hwb import (
    ACTION,
    AS_ALNCO,
    AS_CLINICIAN,
    BOARD,
    CAMHS,
    CLINICIAN,
    HELD,
    MANAGER,
    MEETING,
    NURSE,
    PUPIL,
    STAFF,
    MeetingStory,
    mark,
    schedule,
)

AGREED = date(2026, 2, 20)
OWNER = Owner(organisation=BOARD, service=CAMHS, person=CLINICIAN)
ABOUT: dict[str, Any] = {"occurred_on": HELD, "pupil": PUPIL, "action": ACTION}
CHANGES: dict[Change, Command] = {
    "done": CompleteAction(**ABOUT),
    "later": ChangeActionDue(**ABOUT, due_on=date(2026, 4, 20), why="Illness"),
    "handed_on": ReassignAction(**ABOUT, owner=Owner(organisation=BOARD, service=CAMHS, person=MANAGER)),
    "cancelled": CancelAction(**ABOUT, why="The pupil moved"),
    "reopened": ReopenAction(**ABOUT, why="It was not done"),
}


def agree(due_on: date) -> AgreeAction:
    return AgreeAction(
        occurred_on=AGREED, pupil=PUPIL, action=ACTION, what="Ring the school", owner=OWNER, due_on=due_on
    )


NOTED = AgreeActionAtMeeting(
    occurred_on=HELD, meeting=MEETING, pupil=PUPIL, action=ACTION, what="Ring the school", owner=OWNER
)
IN_PHASE: dict[Phase, tuple[Command, ...]] = {
    "incomplete": (NOTED,),
    "open": (agree(HELD),),
    "overdue": (agree(AGREED),),
    "completed": (agree(HELD), CHANGES["done"]),
    "cancelled": (agree(HELD), CHANGES["cancelled"]),
}


def test_every_phase_and_every_change_is_tried() -> None:
    assert set(IN_PHASE) == set(get_args(Phase))
    assert set(CHANGES) == set(get_args(Change))


@pytest.mark.parametrize("by_school", [True, False])
@pytest.mark.parametrize("change", CHANGES)
@pytest.mark.parametrize("phase", IN_PHASE)
def test_a_change_is_offered_exactly_when_it_would_be_recorded(
    phase: Phase, change: Change, by_school: bool
) -> None:
    story = MeetingStory().does(schedule(), mark(STAFF, "attended"), *IN_PHASE[phase])
    assert story.case.actions.actions[ACTION].phase(HELD) == phase
    recorded = story.tries(CHANGES[change], **(AS_ALNCO if by_school else AS_CLINICIAN)) is None
    assert (change in open_changes(phase, by_school=by_school)) is recorded


@pytest.mark.parametrize(
    ("owner", "services", "may"),
    [
        (Owner(organisation=BOARD, service=CAMHS), (CAMHS,), True),
        (Owner(organisation=BOARD, service=CAMHS), (NURSE,), False),
        (Owner(organisation=BOARD, service=CAMHS, person=CLINICIAN), (NURSE,), True),
        (Owner(organisation=BOARD, person=MANAGER), (CAMHS,), False),
        (Owner(organisation=BOARD, person=MANAGER), None, True),
        (Owner(organisation=BOARD), (NURSE,), True),
    ],
)
def test_an_action_is_done_by_its_owner_or_the_owner_s_service(
    owner: Owner, services: tuple[UUID, ...] | None, may: bool
) -> None:
    story = MeetingStory().does(replace(agree(HELD), owner=owner))
    story.world = replace(story.world, services=services)
    refused = story.tries(CHANGES["done"], **AS_CLINICIAN)
    assert refused is None if may else isinstance(refused, NotFound)
