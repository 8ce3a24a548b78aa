"""The tables of holds, proposals and requests, each with the struct of its rows."""

from __future__ import annotations

from datetime import date
from uuid import UUID

import msgspec

from projections.table import Table


class ErasureProposalTableRow(msgspec.Struct, frozen=True, kw_only=True):
    """A proposal that stands; see tables.sql."""

    pupil: UUID
    proposal: UUID
    ground: str
    approved: bool
    schools: list[UUID]
    authorities: list[UUID]
    proposed_on: date


class LegalHoldTableRow(msgspec.Struct, frozen=True, kw_only=True):
    """A legal hold in force; see tables.sql."""

    pupil: UUID
    hold: UUID
    schools: list[UUID]
    authorities: list[UUID]
    placed_on: date
    review_on: date


class RightsRequestTableRow(msgspec.Struct, frozen=True, kw_only=True):
    """A request to see or correct a record; see tables.sql."""

    request: UUID
    pupil: UUID
    controller: UUID
    kind: str
    received_on: date
    stopped: bool
    stopped_days: int
    acknowledged_on: date | None
    outcome: str | None
    answered_on: date | None


ERASURE_PROPOSAL = Table("erasure_proposal", ErasureProposalTableRow, key=1)
LEGAL_HOLD = Table("legal_hold", LegalHoldTableRow, key=2)
RIGHTS_REQUEST = Table("rights_request", RightsRequestTableRow, key=1)
