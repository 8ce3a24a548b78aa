"""The holds, proposals and requests of a pupil as they stand, as rows."""

from __future__ import annotations

from uuid import UUID

from coordination.event import Event
from coordination.pupil.casefile import CaseFile
from coordination.pupil.profile.events import RegistrationAdded, RegistrationEnded, SchoolMoved
from coordination.pupil.rights.due import stopped_days
from coordination.pupil.rights.events import (
    ErasureApproved,
    ErasureDeclined,
    ErasureProposed,
    HealthOpinionRecorded,
    LegalHoldLifted,
    LegalHoldPlaced,
    ParentsRequestWeighed,
    PupilErased,
    RequestAcknowledged,
    RequestAnswered,
    RequestClockStarted,
    RequestClockStopped,
    RequestPassedOn,
    RightsRequestReceived,
)
from coordination.pupil.rights.parties import authorities_of, schools_ever
from coordination.pupil.rights.request_state import RightsRequest
from projections.projection import Change
from projections.rights.rows import (
    ERASURE_PROPOSAL,
    LEGAL_HOLD,
    RIGHTS_REQUEST,
    ErasureProposalTableRow,
    LegalHoldTableRow,
    RightsRequestTableRow,
)
from projections.rows import AnyTable, RowJournal


class RightsProjection:
    """One row for each hold and proposal in force and for each request."""

    name = "rights"
    tables: tuple[AnyTable, ...] = (ERASURE_PROPOSAL, LEGAL_HOLD, RIGHTS_REQUEST)
    topics: frozenset[type[Event]] = frozenset(
        {
            LegalHoldPlaced,
            LegalHoldLifted,
            ErasureProposed,
            ErasureApproved,
            ErasureDeclined,
            PupilErased,
            RightsRequestReceived,
            RequestClockStopped,
            RequestClockStarted,
            RequestAcknowledged,
            ParentsRequestWeighed,
            HealthOpinionRecorded,
            RequestPassedOn,
            RequestAnswered,
            RegistrationAdded,
            RegistrationEnded,
            SchoolMoved,
        }
    )
    wide: frozenset[type[Event]] = frozenset()

    def project(self, change: Change, rows: RowJournal) -> None:
        """Writes what stands after the event."""
        before, after = change.states(CaseFile)
        _put_proposal(change, before, after, rows)
        for hold in before.rights.holds.keys() - after.rights.holds.keys():
            rows.remove(LEGAL_HOLD, (change.stream, hold))
        _put_holds(change, after, rows)
        for key, held in after.rights.requests.items():
            if before.rights.requests.get(key) != held:
                rows.put(RIGHTS_REQUEST, _request(change.stream, held))


PROJECTION = RightsProjection()


def _put_proposal(change: Change, before: CaseFile, after: CaseFile, rows: RowJournal) -> None:
    proposal = after.rights.proposal
    if proposal is None:
        if before.rights.proposal is not None:
            rows.remove(ERASURE_PROPOSAL, (change.stream,))
        return
    row = ErasureProposalTableRow(
        pupil=change.stream,
        proposal=proposal.proposal,
        ground=proposal.ground,
        approved=proposal.approved_by is not None,
        schools=sorted(schools_ever(after)),
        authorities=sorted(authorities_of(after, change.directory)),
        proposed_on=proposal.proposed_on,
    )
    rows.put(ERASURE_PROPOSAL, row)


def _put_holds(change: Change, after: CaseFile, rows: RowJournal) -> None:
    for hold, held in after.rights.holds.items():
        row = LegalHoldTableRow(
            pupil=change.stream,
            hold=hold,
            schools=sorted(schools_ever(after)),
            authorities=sorted(authorities_of(after, change.directory)),
            placed_on=held.placed_on,
            review_on=held.review_on,
        )
        rows.put(LEGAL_HOLD, row)


def _request(pupil: UUID, held: RightsRequest) -> RightsRequestTableRow:
    return RightsRequestTableRow(
        request=held.request,
        pupil=pupil,
        controller=held.controller,
        kind=held.kind,
        received_on=held.received_on,
        stopped=held.stopped,
        stopped_days=stopped_days(held),
        acknowledged_on=held.acknowledged_on,
        outcome=held.outcome,
        answered_on=held.answered_on,
    )
