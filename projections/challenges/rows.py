"""The tables of challenges, each with the struct of its rows; what a column means is said in tables.sql."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

import msgspec

from projections.table import Table


class ChallengeTableRow(msgspec.Struct, frozen=True):
    """A challenge as it stands; of what was counted against what, see `Measured` of the challenge's events."""

    challenge: UUID
    kind: str
    about: str
    school: UUID
    agency: UUID
    service: UUID
    authority: UUID | None
    phase: str
    since: date
    sent_on: date | None
    reply_due_on: date | None
    answered: bool
    level: str | None
    code: str | None
    counted: int
    threshold: int | None
    out_of: int | None
    unit: str | None
    rule_version: str | None
    waits: int
    disputes: int
    open_disputes: int
    still_met: bool
    rulers: list[UUID]
    promises: int
    promises_broken: int
    promise_due_on: date | None
    last_version: int


class ChallengeStepTableRow(msgspec.Struct, frozen=True):
    """A step of a challenge: who took it when, what some events say besides, and the ciphertext of its words."""

    challenge: UUID
    version: int
    topic: str
    occurred_on: date
    recorded_at: datetime
    position: int
    person: UUID
    organisation: UUID
    on_behalf_of: UUID | None
    role: str
    source: str
    way: str | None
    reply_due_on: date | None
    dispute: UUID | None
    meeting: UUID | None
    mark_version: int | None
    claims: str | None
    ruling: str | None
    reads: str | None
    level: str | None
    bypass: bool
    to_person: UUID | None
    outcome: str | None
    promise: UUID | None
    promised_by: date | None
    sealed: str


class ChallengeMarkTableRow(msgspec.Struct, frozen=True):
    """A line of a register that is evidence: as it was when the challenge was raised (`raised_...`), and as disputes
    and rulings leave it."""

    challenge: UUID
    meeting: UUID
    held_on: date
    mark: str
    mark_version: int
    expected: bool
    because: str | None
    terms: UUID | None
    meetings: str
    position: int
    raised_contested: bool
    raised_ruled: bool
    raised_reads: str | None
    contested: bool
    ruled: bool
    reads: str | None


class ChallengeWaitTableRow(msgspec.Struct, frozen=True):
    """A wait that is evidence of a delay challenge."""

    challenge: UUID
    referral: UUID
    pupil: UUID
    started_on: date
    stopped_on: date | None
    as_of: date
    due_on: date | None
    elapsed: int
    position: int


class ChallengeSuggestionTableRow(msgspec.Struct, frozen=True):
    """What was suggested to a school, and how it was decided."""

    suggestion: UUID
    school: UUID
    service: UUID | None
    agency: UUID | None
    code: str
    counted: int
    least: int
    days: int
    out_of: int | None
    things: list[UUID]
    as_of: date
    rule_from: date
    source: str
    position: int
    decided: str | None
    decided_on: date | None
    decided_by: UUID | None
    raised: UUID | None
    last_version: int


CHALLENGE = Table("challenge", ChallengeTableRow, key=1)
CHALLENGE_STEP = Table("challenge_step", ChallengeStepTableRow)
CHALLENGE_MARK = Table("challenge_mark", ChallengeMarkTableRow, key=2)
CHALLENGE_WAIT = Table("challenge_wait", ChallengeWaitTableRow, key=2)
CHALLENGE_SUGGESTION = Table("challenge_suggestion", ChallengeSuggestionTableRow, key=1)
