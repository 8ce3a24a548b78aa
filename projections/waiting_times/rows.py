"""The tables of the waiting times, each with the struct of its rows."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

import msgspec

from projections.table import Table


class WaitTableRow(msgspec.Struct, frozen=True):
    """A referral against one standard. `start_ordinal` and `stop_ordinal` differ by the elapsed days in the unit of
    the standard; `unconfirmed` of its two milestones were only reported. The stretches say whose days they were, in
    order; the last is open when the wait is."""

    referral: UUID
    standard: str
    pupil: UUID
    service: UUID
    agency: UUID
    school: UUID
    authority: UUID | None
    start_on: date
    due_on: date
    stop_on: date | None
    ended_on: date | None
    start_ordinal: int
    stop_ordinal: int | None
    unconfirmed: int
    metric_version: str
    stretch_party: list[str]
    stretch_from: list[date]
    stretch_until: list[date | None]


class ReferralNeedTableRow(msgspec.Struct, frozen=True):
    """The pupil's needs when a referral was opened; empty once the pupil's stream is erased."""

    referral: UUID
    needs: list[str]


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


WAIT = Table("wait", WaitTableRow, key=2, bitemporal=True)
REFERRAL_NEED = Table("referral_need", ReferralNeedTableRow, key=1)
WAIT_ENTRY = Table("wait_entry", WaitEntryTableRow)
