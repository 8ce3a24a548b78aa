"""Planning a meeting: its date, its chair, the next one."""

from __future__ import annotations

from coordination.authority import require_not_in_future, require_staff
from coordination.errors import Refusal
from coordination.event import Header
from coordination.guards import strip_text
from coordination.meeting.commands import (
    CancelMeeting,
    NameChair,
    RescheduleMeeting,
    ScheduleMeeting,
    SetNextMeeting,
)
from coordination.meeting.decisions.checks import require_changeable
from coordination.meeting.events import (
    AnyMeetingEvent,
    ChairNamed,
    MeetingCancelled,
    MeetingRescheduled,
    MeetingScheduled,
    NextMeetingSet,
)
from coordination.meeting.expectation import changed_expectations
from coordination.meeting.state import Meeting, evolve
from coordination.world import World


def decide_schedule(
    meeting: Meeting, command: ScheduleMeeting, header: Header, world: World
) -> list[AnyMeetingEvent]:
    """Schedules a meeting of a school. Refuses `already_scheduled`, `unknown_school`, `school_closed` on that day,
    `out_of_range` (quorum)."""
    require_staff(header, frozenset({command.school}))
    require_not_in_future(header, command.occurred_on)
    if meeting.scheduled:
        raise Refusal("already_scheduled", "meeting")
    school = world.directory.organisation(command.school)
    if school is None or school.kind != "school":
        raise Refusal("unknown_school", "school")
    if not school.is_open(command.held_on):
        raise Refusal("school_closed", "held_on")
    if command.quorum is not None and command.quorum < 1:
        raise Refusal("out_of_range", "quorum", at_least=1)
    return [
        MeetingScheduled(
            header=header,
            kind=command.kind,
            school=command.school,
            held_on=command.held_on,
            starts_at=command.starts_at,
            series=command.series,
            chair=command.chair,
            quorum=command.quorum,
            name=strip_text(command.name),
            place=strip_text(command.place),
        )
    ]


def decide_reschedule(
    meeting: Meeting, command: RescheduleMeeting, header: Header, world: World
) -> list[AnyMeetingEvent]:
    """Changes the date, time or place. Decides again who is expected: notice runs from the day of this change. Refuses
    `register_begun`, `school_closed` on that day."""
    require_changeable(meeting, command, header)
    school = world.directory.organisation(meeting.school)
    if school is not None and not school.is_open(command.held_on):
        raise Refusal("school_closed", "held_on")
    if meeting.register:
        raise Refusal("register_begun", "held_on")
    moved = MeetingRescheduled(
        header=header,
        held_on=command.held_on,
        starts_at=command.starts_at,
        place=strip_text(command.place),
        why=strip_text(command.why),
    )
    after = evolve(meeting, moved)
    return [moved, *changed_expectations(meeting, after, header, world.directory, anew=True)]


def decide_name_chair(
    meeting: Meeting, command: NameChair, header: Header, world: World
) -> list[AnyMeetingEvent]:
    """Names the chair, who can be anyone in the directory. Refuses `unknown_person`."""
    require_changeable(meeting, command, header)
    if world.directory.person(command.chair) is None:
        raise Refusal("unknown_person", "chair")
    return [ChairNamed(header=header, chair=command.chair)]


def decide_cancel(
    meeting: Meeting, command: CancelMeeting, header: Header, world: World
) -> list[AnyMeetingEvent]:
    """Cancels the meeting. Refuses `meeting_was_held` when a party is marked present or a minute or an action is
    recorded."""
    require_changeable(meeting, command, header)
    if meeting.present() or meeting.minutes or meeting.actions:
        raise Refusal("meeting_was_held", "meeting")
    return [MeetingCancelled(header=header, why=strip_text(command.why))]


def decide_next(
    meeting: Meeting, command: SetNextMeeting, header: Header, world: World
) -> list[AnyMeetingEvent]:
    """Sets the date of the next meeting. Refuses `not_after_this_meeting`."""
    require_changeable(meeting, command, header)
    if command.next_on <= meeting.held_on:
        raise Refusal("not_after_this_meeting", "next_on", held_on=meeting.held_on.isoformat())
    return [
        NextMeetingSet(
            header=header,
            next_on=command.next_on,
            starts_at=command.starts_at,
            meeting=command.next_meeting,
        )
    ]
