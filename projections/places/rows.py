"""The rows of bases and places."""

from __future__ import annotations

from datetime import date
from uuid import UUID

import msgspec

from projections.table import Table


class BaseEntryTableRow(msgspec.Struct, frozen=True):
    """What an authority said of its base."""

    service: UUID
    version: int
    kind: str
    recorded_on: date
    effective_from: date
    effective_to: date | None
    number: int | None
    school: UUID | None
    needs: list[str]
    words: str | None
    more_words: str | None
    source: str


class PlacementTableRow(msgspec.Struct, frozen=True):
    """A referral for a place, as it stands."""

    referral: UUID
    pupil: UUID
    service: UUID
    authority: UUID
    school: UUID
    placing_authority: UUID | None
    state: str
    asked_on: date | None
    decided_on: date | None
    offered_on: date | None
    starts_on: date | None
    placed_on: date | None
    exit_due_on: date | None
    ended_on: date | None
    beyond: bool
    beyond_at: int | None
    reviewed_on: date | None
    next_review_on: date | None
    last_version: int


class PlacementWordsTableRow(msgspec.Struct, frozen=True):
    """Where the words of a review, or the reason of a place beyond the number, are sealed."""

    pupil: UUID
    version: int
    referral: UUID
    kind: str
    outcome: str
    occurred_on: date
    organisation: UUID
    topic: str
    sealed: str


class ShortNoticeTableRow(msgspec.Struct, frozen=True):
    """A referral whose family agreed to an hour at short notice."""

    referral: UUID
    pupil: UUID
    service: UUID
    agency: UUID
    agreed_on: date
    away_from: list[date]
    away_until: list[date]


BASE_ENTRY = Table("base_entry", BaseEntryTableRow, key=2)
PLACEMENT = Table("placement", PlacementTableRow, key=1)
PLACEMENT_WORDS = Table("placement_words", PlacementWordsTableRow, key=2)
SHORT_NOTICE = Table("short_notice", ShortNoticeTableRow, key=1)
TABLES = (BASE_ENTRY, PLACEMENT, PLACEMENT_WORDS, SHORT_NOTICE)
