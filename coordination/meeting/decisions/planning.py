"""Planning a meeting: its date, its chair, the next one."""

from __future__ import annotations

from uuid import UUID

from coordination.authority import require_not_in_future
from coordination.directory.decisions.checks import require_code
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
from coordination.meeting.decisions.checks import require_arranger, require_changeable
from coordination.meeting.events import (
    AnyMeetingEvent,
    ChairNamed,
    FirstKind,
    MeetingCancelled,
    MeetingRescheduled,
    MeetingScheduled,
    NextMeetingSet,
)
from coordination.meeting.expectation import changed_expectations
from coordination.meeting.rhythm import meets_on
from coordination.meeting.state import Meeting, evolve
from coordination.world import World

FIRST_KINDS: dict[str, FirstKind] = {"hwb": "hwb", "idp_review": "idp_review", "other": "other"}


def decide_schedule(
    meeting: Meeting, command: ScheduleMeeting, header: Header, world: World
) -> list[AnyMeetingEvent]:
    """Schedules a meeting of a school, or of an authority. Refuses `already_scheduled`, `unknown_school`,
    `unknown_organisation` (host), `school_closed` on that day, `unknown_code` (kind), `ends_before_it_starts`,
    `out_of_range` (quorum); of a series that was set up also `series_elsewhere` (another host or kind) and
    `in_the_holidays`."""
    host = command.host or command.school
    if host is None:
        raise Refusal("missing", "school")
    require_arranger(host, header, world)
    require_not_in_future(header, command.occurred_on)
    if meeting.scheduled:
        raise Refusal("already_scheduled", "meeting")
    _require_holders(command, host, world)
    require_code(world.directory, "meeting_kind", command.kind, "kind")
    _require_hours(command)
    _require_series(command, host, world)
    if command.quorum is not None and command.quorum < 1:
        raise Refusal("out_of_range", "quorum", at_least=1)
    first = FIRST_KINDS.get(command.kind)
    return [
        MeetingScheduled(
            header=header,
            kind=first or "other",
            of_kind=None if first else command.kind,
            school=command.school,
            held_on=command.held_on,
            starts_at=command.starts_at,
            ends_at=command.ends_at,
            host=command.host if command.host != command.school else None,
            series=command.series,
            chair=command.chair,
            quorum=command.quorum,
            name=strip_text(command.name),
            place=strip_text(command.place),
        )
    ]


def _require_holders(command: ScheduleMeeting, host: UUID, world: World) -> None:
    """The school, where there is one, and the host: in the directory, and open on the day."""
    school = world.directory.organisation(command.school)
    if command.school is not None and (school is None or school.kind != "school"):
        raise Refusal("unknown_school", "school")
    if school is not None and not school.is_open(command.held_on):
        raise Refusal("school_closed", "held_on")
    hosting = world.directory.organisation(host)
    if hosting is None or hosting.kind not in ("school", "authority"):
        raise Refusal("unknown_organisation", "host")


def _require_series(command: ScheduleMeeting, host: UUID, world: World) -> None:
    """Meetings that merely follow one another have a series that nobody set up; nothing is asked of those."""
    found = world.directory.series(command.series)
    if found is None:
        return
    holder, versions = found
    if holder.id != host or all(version.kind != command.kind for version in versions):
        raise Refusal("series_elsewhere", "series")
    if not meets_on(world.directory, command.school or host, command.held_on):
        raise Refusal("in_the_holidays", "held_on", held_on=command.held_on.isoformat())


def _require_hours(command: ScheduleMeeting | RescheduleMeeting) -> None:
    if command.ends_at is not None and (command.starts_at is None or command.ends_at <= command.starts_at):
        raise Refusal("ends_before_it_starts", "ends_at")


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
    _require_hours(command)
    moved = MeetingRescheduled(
        header=header,
        held_on=command.held_on,
        starts_at=command.starts_at,
        ends_at=command.ends_at,
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
