"""Reported milestones that wait for the agency's own word."""

from __future__ import annotations

from coordination.event import Event
from coordination.pupil.casefile import CaseFile
from coordination.pupil.referral.events import (
    EntryStruck,
    Milestone,
    MilestoneConfirmed,
    MilestoneContested,
    RecordedInError,
)
from coordination.pupil.referral.milestones import BY_NAME
from projections.projection import Change
from projections.rows import Rows, Table

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


class Inbox:
    """A row from the report until the agency answers it, or it no longer counts."""

    name = "inbox"
    tables: tuple[Table, ...] = (REPORTED,)
    topics: frozenset[type[Event]] = frozenset(
        {*BY_NAME.values(), EntryStruck, MilestoneConfirmed, MilestoneContested}
    )
    wide: frozenset[type[Event]] = frozenset()

    def project(self, change: Change, rows: Rows) -> None:
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
                if event.word == "reported":
                    self._report(change, event, rows)
            case EntryStruck(supersedes=version):
                rows.remove(REPORTED, (pupil, version))
            case MilestoneConfirmed(milestone=version) | MilestoneContested(milestone=version):
                rows.remove(REPORTED, (pupil, version))
            case _:
                pass

    def _report(self, change: Change, event: Milestone, rows: Rows) -> None:
        """In the name of the agency that held the referral when it was said."""
        before: CaseFile = change.before
        held = before.referrals[event.referral]
        header = event.header
        rows.put(
            REPORTED,
            (
                change.stream,
                change.version,
                event.referral,
                held.service,
                held.agency,
                event.name,
                header.occurred_on,
                event.reported_on,
                event.reported_how,
                header.recorded_at,
            ),
        )


PROJECTION = Inbox()
