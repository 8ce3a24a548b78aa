"""Meetings, their registers and what is disputed of them, to rows."""

from __future__ import annotations

from coordination.challenge.events import DisputeRuled, MarkDisputed
from coordination.directory.events import ServiceCapacitySet
from coordination.event import Event, MeetingEvent
from coordination.meeting.contests import ContestRuled, MarkContested
from coordination.meeting.events import (
    ActionDropped,
    ActionMinuted,
    MarkCorrected,
    MinuteTaken,
    PresenceMarked,
)
from coordination.pupil.minutes.events import MinuteCorrected, MinuteEvent, MinuteRecorded
from projections.attendance.engagements import capacity, engagements
from projections.attendance.meetings import AGENDA, STEPS, agenda, heard, meeting, step
from projections.attendance.registers import ATTENDANCE_CHANGES, attendance, contest, dispute, register_line
from projections.attendance.rows import (
    AGENDA_ITEM,
    ATTENDANCE,
    CAPACITY,
    ENGAGEMENT,
    ITEM_HEARD,
    MARK_CONTEST,
    MARK_DISPUTE,
    MEETING,
    MEETING_STEP,
    MEETING_TEXT,
    REGISTER_LINE,
)
from projections.projection import Change
from projections.rows import AnyTable, RowJournal


class AttendanceProjection:
    """An attendance row is known from the event that made it so until the event that changed it."""

    name = "attendance"
    tables: tuple[AnyTable, ...] = (
        MEETING,
        MEETING_STEP,
        MEETING_TEXT,
        ATTENDANCE,
        ENGAGEMENT,
        CAPACITY,
        REGISTER_LINE,
        ITEM_HEARD,
        AGENDA_ITEM,
        MARK_DISPUTE,
        MARK_CONTEST,
    )
    topics: frozenset[type[Event]] = frozenset(
        {
            *STEPS,
            *AGENDA,
            *ATTENDANCE_CHANGES,
            *(MinuteTaken, ActionMinuted, ActionDropped),
            *(MinuteRecorded, MinuteCorrected),
            *(MarkDisputed, DisputeRuled, MarkContested, ContestRuled),
            ServiceCapacitySet,
        }
    )
    wide: frozenset[type[Event]] = frozenset()

    def project(self, change: Change, rows: RowJournal) -> None:
        """What differs between before and after ends and begins at the event's position."""
        event = change.event
        match event:
            case MarkDisputed(dispute=disputed) | DisputeRuled(dispute=disputed):
                dispute(change, disputed, rows)
            case ServiceCapacitySet():
                capacity(change, event, rows)
            case MinuteEvent(minute=minute):
                heard(change, minute, rows)
            case MarkContested() | ContestRuled():
                contest(change, event, rows)
                meeting(change, rows)
            case MeetingEvent():
                step(change, event, rows)
                if isinstance(event, AGENDA):
                    agenda(change, rows)
                if isinstance(event, PresenceMarked | MarkCorrected):
                    register_line(change, event, rows)
                if isinstance(event, ATTENDANCE_CHANGES):
                    attendance(change, rows)
                    engagements(change, rows)
                meeting(change, rows)
            case _:
                pass


PROJECTION = AttendanceProjection()
