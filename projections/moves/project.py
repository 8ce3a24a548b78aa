"""The state of requests, moves, records and emergency accesses, as rows."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

from coordination.event import Event
from coordination.pupil.casefile import CaseFile
from coordination.pupil.moves.events import (
    EmergencyAccessOpened,
    EmergencyAccessReviewed,
    EmergencyFileOpened,
    EmergencyFileReviewed,
    FileRequestAnswered,
    FileRequested,
    FileRequestEscalated,
    MoveAgreed,
    MoveExpected,
    MoveFellThrough,
    RecordSent,
    RecordTakenOn,
)
from coordination.pupil.moves.state import Departure, EmergencyAccess, ExpectedMove, FileRequest, Moves
from coordination.pupil.moves.time_limits import EMERGENCY, answer_due
from coordination.pupil.profile.events import RegistrationAdded, RegistrationEnded, SchoolMoved
from projections.moves.rows import (
    EMERGENCY_ACCESS,
    EXPECTED_MOVE,
    FILE_REQUEST,
    RECORD_TRANSFER,
    EmergencyAccessRow,
    ExpectedMoveRow,
    FileRequestRow,
    MoveState,
    RecordTransferRow,
)
from projections.projection import Change
from projections.rows import RowJournal
from projections.table import Table


class MovesProjection:
    """A row for each request, emergency access and expected move; two for each record that follows a pupil."""

    name = "moves"
    tables: tuple[Table[Any], ...] = (FILE_REQUEST, EMERGENCY_ACCESS, EXPECTED_MOVE, RECORD_TRANSFER)
    topics: frozenset[type[Event]] = frozenset(
        {
            FileRequested,
            FileRequestEscalated,
            FileRequestAnswered,
            EmergencyAccessOpened,
            EmergencyAccessReviewed,
            EmergencyFileOpened,
            EmergencyFileReviewed,
            MoveExpected,
            MoveAgreed,
            MoveFellThrough,
            RecordSent,
            RecordTakenOn,
            SchoolMoved,
            RegistrationAdded,
            RegistrationEnded,
        }
    )
    wide: frozenset[type[Event]] = frozenset()

    def project(self, change: Change, rows: RowJournal) -> None:
        """Writes the rows that the event changed."""
        event, pupil = change.event, change.stream
        before, after = change.states(CaseFile)
        moves = after.moves
        match event:
            case FileRequested() | FileRequestEscalated() | FileRequestAnswered():
                rows.put(FILE_REQUEST, _request(pupil, moves.requests[event.request]))
            case EmergencyAccessOpened(access=key) | EmergencyFileOpened(access=key):
                rows.put(EMERGENCY_ACCESS, _emergency(pupil, moves.emergencies[key], None))
            case EmergencyAccessReviewed(access=key) | EmergencyFileReviewed(access=key):
                row = _emergency(pupil, moves.emergencies[key], event.header.occurred_on)
                rows.put(EMERGENCY_ACCESS, row)
            case _:
                _put_changed(pupil, before.moves, moves, rows)


PROJECTION = MovesProjection()


def _request(pupil: UUID, request: FileRequest) -> FileRequestRow:
    return FileRequestRow(
        request=request.request,
        pupil=pupil,
        version=request.version,
        school=request.school,
        joined_on=request.joined_on,
        asked_on=request.asked_on,
        due_on=answer_due(request.asked_on),
        confidential=request.confidential,
        authority=request.authority,
        ground=request.ground,
        answer=request.answer,
        answered_on=request.answered_on,
    )


def _emergency(pupil: UUID, access: EmergencyAccess, reviewed_on: date | None) -> EmergencyAccessRow:
    return EmergencyAccessRow(
        access=access.access,
        pupil=pupil,
        version=access.version,
        request=access.request,
        organisation=access.organisation,
        person=access.person,
        opened_at=access.closes_at - EMERGENCY,
        closes_at=access.closes_at,
        authority=access.authority,
        confidential=access.hidden,
        finding=access.finding,
        reviewed_on=reviewed_on,
    )


def _put_changed(pupil: UUID, before: Moves, after: Moves, rows: RowJournal) -> None:
    """The expected moves and departures that are not as they were."""
    for key, move in after.expected.items():
        if before.expected.get(key) != move:
            rows.put(EXPECTED_MOVE, _move(pupil, move))
    for school in {**before.departures, **after.departures}:
        left = after.departures.get(school)
        if left is None:
            rows.remove(RECORD_TRANSFER, (pupil, school, "former"))
            rows.remove(RECORD_TRANSFER, (pupil, school, "next"))
        elif before.departures.get(school) != left:
            _put_departure(pupil, left, rows)


def _move(pupil: UUID, move: ExpectedMove) -> ExpectedMoveRow:
    return ExpectedMoveRow(
        move=move.move,
        pupil=pupil,
        from_school=move.from_school,
        to_school=move.to_school,
        expected_on=move.expected_on,
        transfer=move.transfer,
        state=_state(move),
    )


def _state(move: ExpectedMove) -> MoveState:
    if move.open:
        return "agreed" if move.agreed else "proposed"
    return "done" if move.done else "fell_through"


def _put_departure(pupil: UUID, left: Departure, rows: RowJournal) -> None:
    former = RecordTransferRow(
        pupil=pupil,
        from_school=left.from_school,
        side="former",
        school=left.from_school,
        other=None if left.confidential else left.to_school,
        left_on=left.left_on,
        sent_on=left.sent_on,
        taken_on=left.taken_on,
    )
    rows.put(RECORD_TRANSFER, former)
    if left.to_school is None:
        rows.remove(RECORD_TRANSFER, (pupil, left.from_school, "next"))
        return
    arrived = RecordTransferRow(
        pupil=pupil,
        from_school=left.from_school,
        side="next",
        school=left.to_school,
        other=left.from_school,
        left_on=left.left_on,
        sent_on=left.sent_on,
        taken_on=left.taken_on,
    )
    rows.put(RECORD_TRANSFER, arrived)
