"""Missed appointments, and what an agency asks for before it passes a referral on, for the school to see at once."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

import msgspec

from coordination.event import Event
from coordination.pupil.casefile import CaseFile
from coordination.pupil.consent.events import BasisRequested, ConsentGiven
from coordination.pupil.referral.events import EntryStruck
from coordination.pupil.referral.milestones import MILESTONES, MISSED
from coordination.pupil.referral.milestones.ending import RecordedInError
from coordination.pupil.referral.milestones.milestone import Milestone
from coordination.pupil.referral.phase import phase
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


class BasisRequestTableRow(msgspec.Struct, frozen=True):
    """An agency asked for a basis to pass a referral on to a service."""

    referral: UUID
    service: UUID
    pupil: UUID
    agency: UUID
    to_agency: UUID
    since: date
    last_version: int


BASIS_REQUEST = Table("basis_request", BasisRequestTableRow, key=2)
MISSED_APPOINTMENT = Table("missed", MissedTableRow, key=2)


class TodayProjection:
    """A row for each missed appointment while its entry counts, and for each basis asked for until it is given or the
    referral goes elsewhere or ends."""

    name = "today"
    tables: tuple[AnyTable, ...] = (MISSED_APPOINTMENT, BASIS_REQUEST)
    topics: frozenset[type[Event]] = frozenset(
        {*MILESTONES.values(), EntryStruck, BasisRequested, ConsentGiven}
    )
    wide: frozenset[type[Event]] = frozenset()

    def project(self, change: Change, rows: RowJournal) -> None:
        """Adds missed appointments; removes those corrected, struck out, or of a referral recorded in error."""
        event, pupil = change.event, change.stream
        self._basis_requests(change, rows)
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

    def _basis_requests(self, change: Change, rows: RowJournal) -> None:
        """What is still asked for. It goes with any answer that gives a basis."""
        event = change.event
        _, case = change.states(CaseFile)
        if isinstance(event, BasisRequested):
            service = change.directory.service(event.service)
            assert service is not None  # the decision has looked it up
            asked = BasisRequestTableRow(
                referral=event.referral,
                service=event.service,
                pupil=change.stream,
                agency=event.agency,
                to_agency=service.agency,
                since=event.header.occurred_on,
                last_version=change.version,
            )
            rows.put(BASIS_REQUEST, asked)
            return
        for referral, service_id in case.consents.asked:
            if self._answered(change, case, referral, service_id):
                rows.remove(BASIS_REQUEST, (referral, service_id))

    def _answered(self, change: Change, case: CaseFile, referral: UUID, service: UUID) -> bool:
        held, of = case.referrals.get(referral), change.directory.service(service)
        if held is None or of is None or held.service == service or phase(held.counting()).ended:
            return True
        on = change.event.header.occurred_on
        return case.consents.agreement(of.agency, of.id, "referral", on) is not None


PROJECTION = TodayProjection()
