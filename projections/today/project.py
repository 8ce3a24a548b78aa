"""Missed appointments, for the school to see as soon as they are recorded."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

import msgspec

from coordination.event import Event
from coordination.pupil.casefile import CaseFile
from coordination.pupil.referral.events import EntryStruck
from coordination.pupil.referral.milestones import MILESTONES, MISSED
from coordination.pupil.referral.milestones.ending import RecordedInError
from coordination.pupil.referral.milestones.milestone import Milestone
from projections.projection import Change
from projections.rows import AnyTable, RowJournal
from projections.table import Table


class MissedTableRow(msgspec.Struct, frozen=True):
    """An appointment that a pupil missed; `version` is its entry in the pupil's stream."""

    pupil: UUID
    version: int
    referral: UUID
    service: UUID
    agency: UUID
    milestone: str
    occurred_on: date
    recorded_at: datetime


MISSED_APPOINTMENT = Table("missed", MissedTableRow, key=2)


class TodayProjection:
    """A row for each missed appointment while its entry counts."""

    name = "today"
    tables: tuple[AnyTable, ...] = (MISSED_APPOINTMENT,)
    topics: frozenset[type[Event]] = frozenset({*MILESTONES.values(), EntryStruck})
    wide: frozenset[type[Event]] = frozenset()

    def project(self, change: Change, rows: RowJournal) -> None:
        """Adds missed appointments; removes those corrected, struck out, or of a referral recorded in error."""
        event, pupil = change.event, change.stream
        if not isinstance(event, Milestone | EntryStruck):
            return
        if event.supersedes is not None:
            rows.remove(MISSED_APPOINTMENT, (pupil, event.supersedes))
        if isinstance(event, EntryStruck):
            return
        before, after = change.states(CaseFile)
        if isinstance(event, RecordedInError):
            for step in after.referrals[event.referral].steps:
                if step.name in MISSED:
                    rows.remove(MISSED_APPOINTMENT, (pupil, step.version))
        elif event.name in MISSED:
            held = before.referrals[event.referral]
            missed = MissedTableRow(
                pupil=pupil,
                version=change.version,
                referral=event.referral,
                service=held.service,
                agency=held.agency,
                milestone=event.name,
                occurred_on=event.header.occurred_on,
                recorded_at=event.header.recorded_at,
            )
            rows.put(MISSED_APPOINTMENT, missed)


PROJECTION = TodayProjection()
