"""The rows of the tables about moves."""

from __future__ import annotations

from datetime import date, datetime
from typing import Literal
from uuid import UUID

import msgspec

from projections.table import Table

MoveState = Literal["proposed", "agreed", "fell_through", "done"]


class FileRequestRow(msgspec.Struct, frozen=True):
    """A request for the file; `version` is its place in the pupil's stream, `due_on` the last day for the school's
    answer."""

    request: UUID
    pupil: UUID
    version: int
    school: UUID
    joined_on: date
    asked_on: date
    due_on: date
    confidential: bool
    authority: UUID | None
    ground: str | None
    answer: str | None
    answered_on: date | None


class EmergencyAccessRow(msgspec.Struct, frozen=True):
    """An emergency access of an organisation, or of one `person` there; `version` is the place, in the pupil's stream,
    of the event that seals its reason. The school that holds the file sees no `confidential` one."""

    access: UUID
    pupil: UUID
    version: int
    request: UUID | None
    organisation: UUID
    person: UUID | None
    opened_at: datetime
    closes_at: datetime
    authority: UUID | None
    confidential: bool
    finding: str | None
    reviewed_on: date | None


class ExpectedMoveRow(msgspec.Struct, frozen=True):
    """A move that is expected, or was."""

    move: UUID
    pupil: UUID
    from_school: UUID
    to_school: UUID
    expected_on: date
    transfer: UUID | None
    state: MoveState


class RecordTransferRow(msgspec.Struct, frozen=True):
    """The record of a pupil who left `from_school`, as one of the two schools (`school`) sees it."""

    pupil: UUID
    from_school: UUID
    side: Literal["former", "next"]
    school: UUID
    other: UUID | None
    left_on: date
    sent_on: date | None
    taken_on: date | None


FILE_REQUEST = Table("file_request", FileRequestRow, key=1)
EMERGENCY_ACCESS = Table("emergency_access", EmergencyAccessRow, key=1)
EXPECTED_MOVE = Table("expected_move", ExpectedMoveRow, key=1)
RECORD_TRANSFER = Table("record_transfer", RecordTransferRow, key=3)
