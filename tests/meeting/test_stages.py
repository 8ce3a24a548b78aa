"""How far a meeting is and what comes next, held against what the decisions allow."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from msgspec.structs import replace

from coordination.errors import Refusal
from coordination.meeting.commands import ApproveMinutes, CancelMeeting, CorrectMark
from coordination.meeting.stages import (
    MeetingProgress,
    Stage,
    Task,
    agenda_due_on,
    day_reached,
    minutes_due_on,
    next_task,
    stage,
    still_open,
    takes_answers,
)
from tests.meeting.hwb import (
    AS_CLINICIAN,
    CAMHS,
    HELD,
    INVITED,
    MEETING,
    STAFF,
    MeetingStory,
    answer,
    at_noon,
    finalise,
    invite,
    mark,
    schedule,
)

DAY = timedelta(days=1)
APPROVE = ApproveMinutes(occurred_on=HELD, meeting=MEETING, minutes_version=1)
LATE = CorrectMark(
    occurred_on=HELD, meeting=MEETING, party=STAFF.key, mark="late", supersedes=2, why="The bus was late"
)


def test_a_meeting_that_is_not_finalised_is_planned_held_today_or_to_finish() -> None:
    meeting = MeetingStory().does(schedule()).meeting
    assert stage(meeting, HELD - DAY) == "planned"
    assert stage(meeting, HELD) == "today"
    assert stage(meeting, HELD + DAY) == "to_finish"


def test_minutes_wait_for_approval_again_after_a_correction() -> None:
    story = MeetingStory().does(schedule(), mark(STAFF, "attended"), finalise())
    assert stage(story.meeting, HELD) == "to_approve"
    assert stage(story.does(APPROVE).meeting, HELD) == "approved"
    assert stage(story.does(LATE).meeting, HELD) == "to_approve"


def test_a_cancelled_meeting_stays_cancelled_whatever_the_day() -> None:
    meeting = MeetingStory().does(schedule(), CancelMeeting(occurred_on=INVITED, meeting=MEETING)).meeting
    assert {stage(meeting, on) for on in (HELD - DAY, HELD, HELD + DAY)} == {"cancelled"}


@pytest.mark.parametrize(
    ("more", "is_open"),
    [
        ((), True),
        ((CancelMeeting(occurred_on=INVITED, meeting=MEETING),), False),
        ((mark(STAFF, "attended"), finalise()), False),
    ],
)
def test_invitations_are_taken_while_the_meeting_is_open(more: Any, is_open: bool) -> None:
    story = MeetingStory().does(schedule(), *more)
    assert still_open(story.meeting) is is_open
    assert (story.tries(invite(CAMHS)) is None) is is_open


@pytest.mark.parametrize("on", [HELD - DAY, HELD, HELD + DAY])
def test_answers_are_taken_until_the_day_and_the_register_from_the_day_on(on: date) -> None:
    story = MeetingStory().does(schedule(), invite(CAMHS))
    late = {"recorded_at": at_noon(on)}
    answered = replace(answer(CAMHS, "attending"), occurred_on=on)
    assert takes_answers(story.meeting, on) is _allowed(story, answered, **AS_CLINICIAN, **late)
    marked = replace(mark(CAMHS, "attended"), occurred_on=on)
    assert day_reached(story.meeting, on) is _allowed(story, marked, **late)


def _allowed(story: MeetingStory, command: Any, **by: Any) -> bool:
    try:
        story.decided(command, **by)
    except Refusal:
        return False
    return True


def test_no_answer_is_taken_by_a_meeting_that_is_not_open() -> None:
    meeting = MeetingStory().does(schedule(), CancelMeeting(occurred_on=INVITED, meeting=MEETING)).meeting
    assert not takes_answers(meeting, INVITED)


NOTHING = MeetingProgress(
    invited=0,
    unanswered=0,
    items=0,
    agenda_sent=False,
    register_begun=False,
    unmarked=0,
    items_without_minute=0,
)


@pytest.mark.parametrize(
    ("at", "done", "expected"),
    [
        ("cancelled", {}, None),
        ("approved", {}, None),
        ("to_approve", {}, "approve"),
        ("planned", {}, "invite"),
        ("planned", {"invited": 1}, "add_pupil"),
        ("planned", {"invited": 1, "items": 1}, "send_agenda"),
        ("planned", {"invited": 1, "items": 1, "agenda_sent": True, "unanswered": 1}, "wait_for_answers"),
        ("planned", {"invited": 1, "items": 1, "agenda_sent": True}, "hold_meeting"),
        ("today", {}, "take_register"),
        ("to_finish", {"register_begun": True, "unmarked": 1}, "take_register"),
        ("to_finish", {"register_begun": True, "items_without_minute": 1}, "take_minute"),
        ("today", {"register_begun": True}, "finalise"),
    ],
)
def test_the_next_task(at: Stage, done: dict[str, Any], expected: Task | None) -> None:
    assert next_task(at, replace(NOTHING, **done)) == expected


def test_agenda_and_minutes_are_due_five_working_days_before_and_after() -> None:
    assert agenda_due_on(date(2026, 3, 2)) == date(2026, 2, 23)
    assert minutes_due_on(date(2026, 3, 2)) == date(2026, 3, 9)
    assert minutes_due_on(date(2026, 4, 1)) == date(2026, 4, 10), "Good Friday and Easter Monday do not count"
