"""The tables of the waiting times, each with the struct of its rows."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

import msgspec

from projections.table import Table


class WaitTableRow(msgspec.Struct, frozen=True):
    """One wait of a referral; see tables.sql for its columns. `start_ordinal` and `end_ordinal` differ by the elapsed
    days in the unit of the standard; `unconfirmed` of its two milestones were only reported. The stretches say whose
    days they were, in order; the last is open when the wait is."""

    referral: UUID
    standard: str
    number: int
    pupil: UUID
    service: UUID
    agency: UUID
    school: UUID
    authority: UUID | None
    holder_kind: str
    version: date | None
    unit: str
    limit_days: int | None
    bands: list[int]
    legal_route: str | None
    priority: str
    start_on: date
    begins_on: date
    held_from: date | None
    due_on: date | None
    own_due_on: date | None
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
    stretch_cause: list[int]


class ReferralNeedTableRow(msgspec.Struct, frozen=True):
    """The pupil's needs when a referral was opened; empty once the pupil's stream is erased."""

    referral: UUID
    pupil: UUID
    needs: list[str]


class PupilLanguageTableRow(msgspec.Struct, frozen=True):
    """The pupil's language (a code), as far as it was known; None once the pupil's stream is erased."""

    pupil: UUID
    language: str | None


class WaitEntryTableRow(msgspec.Struct, frozen=True):
    """What was recorded of a referral. `version` is its place in the pupil's stream, `position` that in the log;
    `about` the version of an earlier entry; see tables.sql for the days."""

    referral: UUID
    version: int
    position: int
    kind: str
    occurred_on: date
    recorded_at: datetime
    organisation: UUID
    word: str | None
    about: int | None
    says_on: date | None
    until: date | None
    age_months: int | None


WAIT = Table("wait", WaitTableRow, key=3, bitemporal=True)
REFERRAL_NEED = Table("referral_need", ReferralNeedTableRow, key=1, coded=("needs", "'{}'"))
PUPIL_LANGUAGE = Table(
    "pupil_language", PupilLanguageTableRow, key=1, bitemporal=True, coded=("language", "null")
)
WAIT_ENTRY = Table("wait_entry", WaitEntryTableRow)
