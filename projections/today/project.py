"""Appointments that were missed: the school knows as soon as it is recorded."""

from __future__ import annotations

from coordination.event import Event
from coordination.pupil.casefile import CaseFile
from coordination.pupil.referral.events import EntryStruck
from coordination.pupil.referral.milestones import MILESTONES, MISSED
from coordination.pupil.referral.milestones.ending import RecordedInError
from coordination.pupil.referral.milestones.milestone import Milestone
from projections.projection import Change
from projections.rows import RowJournal, Table

MISSED_APPOINTMENT = Table(
    "missed",
    ("pupil", "version", "referral", "service", "agency", "milestone", "occurred_on", "recorded_at"),
    key=2,
)


class TodayProjection:
    """A missed appointment stands as long as its entry counts."""

    name = "today"
    tables: tuple[Table, ...] = (MISSED_APPOINTMENT,)
    topics: frozenset[type[Event]] = frozenset({*MILESTONES.values(), EntryStruck})
    wide: frozenset[type[Event]] = frozenset()

    def project(self, change: Change, rows: RowJournal) -> None:
        """Adds what was missed; takes away what was corrected, struck, or of a referral recorded in error."""
        event, pupil = change.event, change.stream
        if not isinstance(event, Milestone | EntryStruck):
            return
        if event.supersedes is not None:
            rows.remove(MISSED_APPOINTMENT, (pupil, event.supersedes))
        if isinstance(event, EntryStruck):
            return
        if isinstance(event, RecordedInError):
            case: CaseFile = change.after
            for step in case.referrals[event.referral].steps:
                if step.name in MISSED:
                    rows.remove(MISSED_APPOINTMENT, (pupil, step.version))
        elif event.name in MISSED:
            before: CaseFile = change.before
            held = before.referrals[event.referral]
            when = (event.header.occurred_on, event.header.recorded_at)
            whose = (event.referral, held.service, held.agency)
            rows.put(MISSED_APPOINTMENT, (pupil, change.version, *whose, event.name, *when))


PROJECTION = TodayProjection()
