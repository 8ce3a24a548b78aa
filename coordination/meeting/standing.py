"""What may still be done at a meeting, and by whom."""

from __future__ import annotations

from coordination.authority import not_in_the_future, staff_of, today
from coordination.errors import NotFound, Refused
from coordination.event import Header
from coordination.meeting.state import Meeting


def of_school(meeting: Meeting, header: Header) -> None:
    """Raises NotFound unless the actor is staff of the school whose meeting it is; Refused `in_the_future`
    for what is said to have happened on a day that has not come."""
    if not meeting.scheduled:
        raise NotFound
    staff_of(header, frozenset({meeting.school}))
    not_in_the_future(header, header.occurred_on)


def still_open(meeting: Meeting) -> None:
    """Refused `meeting_cancelled` or `meeting_finalised` when nothing more can be recorded (but
    corrections)."""
    if meeting.cancelled:
        raise Refused("meeting_cancelled", held_on=meeting.held_on.isoformat())
    if meeting.finalised:
        raise Refused("meeting_finalised", held_on=meeting.held_on.isoformat())


def under_way(meeting: Meeting, header: Header) -> None:
    """Refused `meeting_not_held` before its day: the register and the minutes begin on the day itself."""
    still_open(meeting)
    if today(header) < meeting.held_on:
        raise Refused("meeting_not_held", "occurred_on", held_on=meeting.held_on.isoformat())
