"""Reported milestones that wait for the agency's own word."""

from __future__ import annotations

from uuid import UUID

from coordination.event import Event
from coordination.pupil.casefile import CaseFile
from coordination.pupil.referral.events import EntryStruck, MilestoneConfirmed, MilestoneContested
from coordination.pupil.referral.milestones import MILESTONES
from coordination.pupil.referral.milestones.ending import RecordedInError
from coordination.pupil.referral.milestones.milestone import Milestone
from coordination.pupil.referral.milestones.opening import Redirected
from projections.projection import Change
from projections.rows import RowJournal, Table

REPORTED = Table(
    "reported",
    (
        "pupil",
        "version",
        "referral",
        "service",
        "agency",
        "milestone",
        "occurred_on",
        "reported_on",
        "reported_how",
        "recorded_at",
    ),
    key=2,
)


class InboxProjection:
    """A row from the report until the agency answers it, or it no longer counts."""

    name = "inbox"
    tables: tuple[Table, ...] = (REPORTED,)
    topics: frozenset[type[Event]] = frozenset(
        {*MILESTONES.values(), EntryStruck, MilestoneConfirmed, MilestoneContested}
    )
    wide: frozenset[type[Event]] = frozenset()

    def project(self, change: Change, rows: RowJournal) -> None:
        """Adds what was reported; takes away what was answered, corrected or struck."""
        event, pupil = change.event, change.stream
        match event:
            case RecordedInError(referral=key):
                case: CaseFile = change.after
                for step in case.referrals[key].steps:
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
            case MilestoneConfirmed(milestone=version) | MilestoneContested(milestone=version):
                rows.remove(REPORTED, (pupil, version))
            case _:
                pass

    def _report(self, change: Change, referral: UUID, rows: RowJournal) -> None:
        """What waits for a word, in the name of the agency that held the referral when it happened: a passing on that
        is recorded or struck later can make it another's."""
        case: CaseFile = change.after
        held = case.referrals[referral]
        if not held.path():  # the whole of it was recorded in error
            return
        for step in held.counting():
            if step.word != "reported" or step.standing != "said":
                continue
            rows.put(
                REPORTED,
                (
                    change.stream,
                    step.version,
                    referral,
                    *held.holder_at(step.version),
                    step.name,
                    step.on,
                    step.reported_on,
                    step.reported_how,
                    step.recorded_at,
                ),
            )


PROJECTION = InboxProjection()
