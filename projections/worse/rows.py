"""The table of new triages."""

from __future__ import annotations

from datetime import date
from uuid import UUID

import msgspec

from projections.table import Table


class WorseTableRow(msgspec.Struct, frozen=True):
    """One time that it got worse, as it stands."""

    worse: UUID
    pupil: UUID
    referral: UUID
    service: UUID
    voice: str
    told_on: date
    answer_by: date
    answered_on: date | None
    outcome: str | None
    version: int
    answer_version: int | None


WORSE = Table("worse", WorseTableRow, key=1)
