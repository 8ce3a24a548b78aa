"""The rows of transitions and destinations."""

from __future__ import annotations

from datetime import date
from uuid import UUID

import msgspec

from projections.table import Table


class TransitionTableRow(msgspec.Struct, frozen=True):
    """A transition as it stands."""

    transition: UUID
    pupil: UUID
    planned_by: UUID
    kind: str
    moves_on: date
    enhanced: bool
    to_school: UUID | None
    visits: int
    pack_sent_on: date | None


class TransitionPackTableRow(msgspec.Struct, frozen=True):
    """A pack that was sent, and where its words are sealed."""

    transition: UUID
    pupil: UUID
    sent_by: UUID
    to_school: UUID
    moves_on: date
    sent_on: date
    version: int
    topic: str
    sealed: str


class DestinationTableRow(msgspec.Struct, frozen=True):
    """Where a young person went, and when the school looks again."""

    transition: UUID
    pupil: UUID
    recorded_by: UUID
    at_age: int
    recorded_on: date
    follow_up_on: date | None
    destination: str


TRANSITION = Table("transition", TransitionTableRow, key=1)
TRANSITION_PACK = Table("transition_pack", TransitionPackTableRow, key=1)
DESTINATION = Table("destination", DestinationTableRow, key=1, coded=("destination", "''"))
