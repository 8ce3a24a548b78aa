"""When services would be expected, and to how many meetings at once they can send somebody, as rows."""

from __future__ import annotations

from uuid import UUID

from coordination.directory.events import ServiceCapacitySet
from coordination.directory.state import Organisation
from coordination.meeting.state import Meeting
from projections.attendance.rows import CAPACITY, ENGAGEMENT, CapacityTableRow, EngagementTableRow
from projections.projection import Change
from projections.rows import RowJournal


def engagements(change: Change, rows: RowJournal) -> None:
    """Ends and begins the rows of the services for whom the event changed something."""
    before, after = (_by_service(change.stream, state) for state in change.states(Meeting))
    for service, row in before.items():
        if after.get(service) != row:
            rows.end(ENGAGEMENT, (change.stream, service), change.position)
    for service, row in after.items():
        if before.get(service) != row:
            rows.begin(ENGAGEMENT, row, change.position)


def _by_service(stream: UUID, meeting: Meeting) -> dict[UUID, EngagementTableRow]:
    if meeting.cancelled or meeting.starts_at is None:
        return {}
    return {
        one.party.service: EngagementTableRow(
            stream,
            one.party.service,
            meeting.held_on,
            meeting.starts_at,
            meeting.ends_at,
            one.expectation.notice_from,
            one.invited_on,
        )
        for one in meeting.invitations.values()
        if one.expectation.expected and one.party.service is not None
    }


def capacity(change: Change, event: ServiceCapacitySet, rows: RowJournal) -> None:
    """Ends and begins the rows of what the service said."""
    before, after = (_said(state, event.service) for state in change.states(Organisation))
    for key, row in before.items():
        if after.get(key) != row:
            rows.end(CAPACITY, key, change.position)
    for key, row in after.items():
        if before.get(key) != row:
            rows.begin(CAPACITY, row, change.position)


def _said(agency: Organisation, service: UUID) -> dict[tuple[UUID, object], CapacityTableRow]:
    return {
        (service, said.effective_from): CapacityTableRow(
            service, said.effective_from, said.effective_to, said.people
        )
        for said in agency.capacities.get(service, ())
    }
