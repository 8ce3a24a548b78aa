"""Reported milestones that the agency has not yet confirmed or contested."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

import msgspec

from coordination.event import Event
from coordination.pupil.casefile import CaseFile
from coordination.pupil.referral.events import (
    EntryStruck,
    MilestoneConfirmed,
    MilestoneContested,
    ReferralServiceMoved,
)
from coordination.pupil.referral.milestones import MILESTONES
from coordination.pupil.referral.milestones.ending import RecordedInError
from coordination.pupil.referral.milestones.milestone import Milestone
from coordination.pupil.referral.milestones.opening import Redirected
from projections.projection import Change
from projections.rows import AnyTable, RowJournal
from projections.table import Table


class ReportedTableRow(msgspec.Struct, frozen=True):
    """A milestone that the school reported in the agency's name; `version` is its entry in the pupil's stream."""

    pupil: UUID
    version: int
    referral: UUID
    service: UUID
    agency: UUID
    milestone: str
    occurred_on: date
    reported_on: date | None
    reported_how: str | None
    recorded_at: datetime


REPORTED = Table("reported", ReportedTableRow, key=2)


class InboxProjection:
    """A row from the report until the agency answers it, or it no longer counts."""

    name = "inbox"
    tables: tuple[AnyTable, ...] = (REPORTED,)
    topics: frozenset[type[Event]] = frozenset(
        {*MILESTONES.values(), EntryStruck, MilestoneConfirmed, MilestoneContested, ReferralServiceMoved}
    )
    wide: frozenset[type[Event]] = frozenset()

    def project(self, change: Change, rows: RowJournal) -> None:
        """Adds what was reported; removes what was answered, corrected or struck out."""
        event, pupil = change.event, change.stream
        match event:
            case RecordedInError(referral=key):
                _, after = change.states(CaseFile)
                for step in after.referrals[key].steps:
                    if step.word == "reported":
                        rows.remove(REPORTED, (pupil, step.version))
            case Milestone():
                if event.supersedes is not None:
                    rows.remove(REPORTED, (pupil, event.supersedes))
                if event.word == "reported" or event.supersedes is not None or isinstance(event, Redirected):
                    self._report(change, event.referral, rows)
            case EntryStruck(supersedes=version):
                rows.remove(REPORTED, (pupil, version))
                self._report(change, event.referral, rows)
            case ReferralServiceMoved():
                self._report(change, event.referral, rows)
            case MilestoneConfirmed(milestone=version) | MilestoneContested(milestone=version):
                rows.remove(REPORTED, (pupil, version))
            case _:
                pass

    def _report(self, change: Change, referral: UUID, rows: RowJournal) -> None:
        """What waits for the agency's answer, in the name of the agency that held the referral when it happened: a
        passing on that is recorded or struck later can make it another's."""
        _, after = change.states(CaseFile)
        held = after.referrals[referral]
        if not held.path():  # the whole referral was recorded in error
            return
        for step in held.counting():
            if step.word != "reported" or step.standing != "said":
                continue
            assert step.recorded_at is not None  # every step of a state was recorded
            service, agency = held.holder_at(step.version)
            row = ReportedTableRow(
                pupil=change.stream,
                version=step.version,
                referral=referral,
                service=service,
                agency=agency,
                milestone=step.name,
                occurred_on=step.on,
                reported_on=step.reported_on,
                reported_how=step.reported_how,
                recorded_at=step.recorded_at,
            )
            rows.put(REPORTED, row)


PROJECTION = InboxProjection()
