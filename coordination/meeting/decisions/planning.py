"""Planning a meeting: its date, its chair, the next one."""

from __future__ import annotations

from coordination.authority import not_in_the_future, staff_of
from coordination.errors import Refused
from coordination.event import Header
from coordination.guards import words
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
from coordination.meeting.expectation import reconsidered
from coordination.meeting.state import Meeting, evolve
from coordination.world import World


def decide_schedule(
    meeting: Meeting, command: ScheduleMeeting, header: Header, world: World
) -> list[AnyMeetingEvent]:
    """Schedules a meeting of a school. Refuses `already_scheduled`, `unknown_school`, `out_of_range` (quorum)."""
    staff_of(header, frozenset({command.school}))
    not_in_the_future(header, command.occurred_on)
    if meeting.scheduled:
        raise Refused("already_scheduled", "meeting")
    school = world.directory.organisation(command.school)
    if school is None or school.kind != "school":
        raise Refused("unknown_school", "school")
    if command.quorum is not None and command.quorum < 1:
        raise Refused("out_of_range", "quorum", at_least=1)
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
            name=words(command.name),
            place=words(command.place),
        )
    ]


def decide_reschedule(
    meeting: Meeting, command: RescheduleMeeting, header: Header, world: World
) -> list[AnyMeetingEvent]:
    """Changes the date, time or place. Decides again who is expected: notice runs from the day of this change. Refuses
    `register_begun`."""
    require_changeable(meeting, command, header)
    if meeting.register:
        raise Refused("register_begun", "held_on")
    moved = MeetingRescheduled(
        header=header,
        held_on=command.held_on,
        starts_at=command.starts_at,
        place=words(command.place),
        why=words(command.why),
    )
    after = evolve(meeting, moved)
    return [moved, *reconsidered(meeting, after, header, world.directory, anew=True)]


def decide_name_chair(
    meeting: Meeting, command: NameChair, header: Header, world: World
) -> list[AnyMeetingEvent]:
    """Names the chair, who can be anyone in the directory. Refuses `unknown_person`."""
    require_changeable(meeting, command, header)
    if world.directory.person(command.chair) is None:
        raise Refused("unknown_person", "chair")
    return [ChairNamed(header=header, chair=command.chair)]


def decide_cancel(
    meeting: Meeting, command: CancelMeeting, header: Header, world: World
) -> list[AnyMeetingEvent]:
    """Cancels the meeting. Refuses `meeting_was_held` when a party is marked present or a minute or an action is
    recorded."""
    require_changeable(meeting, command, header)
    if meeting.present() or meeting.minutes or meeting.actions:
        raise Refused("meeting_was_held", "meeting")
    return [MeetingCancelled(header=header, why=words(command.why))]


def decide_next(
    meeting: Meeting, command: SetNextMeeting, header: Header, world: World
) -> list[AnyMeetingEvent]:
    """Sets the date of the next meeting. Refuses `not_after_this_meeting`."""
    require_changeable(meeting, command, header)
    if command.next_on <= meeting.held_on:
        raise Refused("not_after_this_meeting", "next_on", held_on=meeting.held_on.isoformat())
    return [
        NextMeetingSet(
            header=header,
            next_on=command.next_on,
            starts_at=command.starts_at,
            meeting=command.next_meeting,
        )
    ]
