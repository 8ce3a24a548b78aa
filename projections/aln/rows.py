"""The tables of concerns and statutory waits, each with the struct of its rows."""

from __future__ import annotations

from datetime import date
from uuid import UUID

import msgspec

from projections.table import Json, Table


class AlnConcernTableRow(msgspec.Struct, frozen=True, kw_only=True):
    """A concern as it stands; see tables.sql."""

    concern: UUID
    pupil: UUID
    school: UUID | None
    authority: UUID | None
    decides: str
    phase: str
    since: date
    young_person: bool
    last_version: int
    steps: Json


class StatutoryWaitTableRow(msgspec.Struct, frozen=True, kw_only=True):
    """One statutory wait; its columns mean what those of a wait of a referral mean."""

    concern: UUID
    standard: str
    number: int
    pupil: UUID
    service: UUID | None
    agency: UUID | None
    school: UUID | None
    authority: UUID | None
    holder: UUID
    holder_kind: str
    version: date | None
    unit: str
    limit_days: int | None
    bands: list[int]
    legal_route: str | None
    priority: str
    start_on: date
    begins_on: date
    due_on: date | None
    end_on: date | None
    ending: str | None
    age_years: int | None
    inherited_days: int
    inherited_from: UUID | None
    uncountable: str | None
    start_ordinal: int | None
    end_ordinal: int | None
    unconfirmed: int
    metric_version: str
    gap_from: list[date]
    gap_until: list[date]
    gap_ending: list[str]
    stretch_party: list[str]
    stretch_service: list[UUID | None]
    stretch_from: list[date]
    stretch_until: list[date | None]


class ToldConcernTableRow(msgspec.Struct, frozen=True):
    """What a teacher told the ALNCo, and where the words are sealed."""

    concern: UUID
    pupil: UUID
    school: UUID
    person: UUID
    told_on: date
    version: int
    topic: str
    sealed: str


class ConcernAnswerTableRow(msgspec.Struct, frozen=True):
    """The answer to it, as last given."""

    concern: UUID
    pupil: UUID
    answered_on: date
    starts_decision: bool
    outcome: str
    version: int
    topic: str
    sealed: str


TOLD_CONCERN = Table("told_concern", ToldConcernTableRow, key=1)
CONCERN_ANSWER = Table("concern_answer", ConcernAnswerTableRow, key=1, coded=("outcome", "''"))
ALN_CONCERN = Table("aln_concern", AlnConcernTableRow, key=1)
STATUTORY_WAIT = Table("statutory_wait", StatutoryWaitTableRow, key=3, bitemporal=True)
