"""How far a meeting is, what comes next, and by when its agenda and minutes are due."""

from __future__ import annotations

from datetime import date
from typing import Literal, Protocol, assert_never

import msgspec

from coordination.calendars import wales

Stage = Literal["planned", "today", "to_finish", "to_approve", "approved", "cancelled"]
Task = Literal[
    "invite",
    "add_pupil",
    "send_agenda",
    "wait_for_answers",
    "hold_meeting",
    "take_register",
    "take_minute",
    "finalise",
    "approve",
]

# Domain facts, section 6: the defaults for a Hwb, after the statement-review rules (SI 2002/152)
AGENDA_WORKING_DAYS = 5
MINUTES_WORKING_DAYS = 5


class MeetingView(Protocol):
    """What the rules below need to know of a meeting: its state or a row of the read model."""

    @property
    def held_on(self) -> date: ...
    @property
    def cancelled(self) -> bool: ...
    @property
    def finalised(self) -> bool: ...
    @property
    def minutes_version(self) -> int: ...
    @property
    def approved_version(self) -> int: ...


class MeetingProgress(msgspec.Struct, frozen=True, kw_only=True):
    """How much of the work on a meeting is done: counts of parties invited and not answered, of pupils on the agenda
    and without a minute, and of expected parties without a mark. `register_begun`: a party is marked."""

    invited: int
    unanswered: int
    items: int
    agenda_sent: bool
    register_begun: bool
    unmarked: int
    items_without_minute: int


def stage(meeting: MeetingView, on: date) -> Stage:
    """The stage of a meeting on a day."""
    if meeting.cancelled:
        return "cancelled"
    if meeting.finalised:
        return "approved" if meeting.approved_version == meeting.minutes_version else "to_approve"
    if meeting.held_on == on:
        return "today"
    return "planned" if meeting.held_on > on else "to_finish"


def still_open(meeting: MeetingView) -> bool:
    """Whether more than corrections can be recorded."""
    return not meeting.cancelled and not meeting.finalised


def day_reached(meeting: MeetingView, on: date) -> bool:
    """Whether the register and the minutes can be taken."""
    return meeting.held_on <= on


def takes_answers(meeting: MeetingView, on: date) -> bool:
    """Whether an invited party can still answer: until the date of the meeting, that day included."""
    return still_open(meeting) and on <= meeting.held_on


def next_task(at: Stage, progress: MeetingProgress) -> Task | None:
    """The one thing to do next, for the school; None when nothing is left."""
    match at:
        case "cancelled" | "approved":
            return None
        case "to_approve":
            return "approve"
        case "planned":
            return _before(progress)
        case "today" | "to_finish":
            return _after(progress)
        case _:
            assert_never(at)


def agenda_due_on(held_on: date) -> date:
    """The day by which the agenda should be sent."""
    return wales().add(held_on, -AGENDA_WORKING_DAYS)


def minutes_due_on(held_on: date) -> date:
    """The day by which the minutes should be finalised."""
    return wales().add(held_on, MINUTES_WORKING_DAYS)


def _before(progress: MeetingProgress) -> Task:
    if not progress.invited:
        return "invite"
    if not progress.items:
        return "add_pupil"
    if not progress.agenda_sent:
        return "send_agenda"
    return "wait_for_answers" if progress.unanswered else "hold_meeting"


def _after(progress: MeetingProgress) -> Task:
    if not progress.register_begun or progress.unmarked:
        return "take_register"
    return "take_minute" if progress.items_without_minute else "finalise"
