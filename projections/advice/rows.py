"""The rows of advice conversations."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

import msgspec

from projections.table import Table


class AdviceTableRow(msgspec.Struct, frozen=True):
    """A conversation, without a pupil."""

    advice: UUID
    school: UUID
    agency: UUID
    service: UUID
    channel: str
    asked_on: date
    by_service: bool
    named: bool
    answered_on: date | None
    answer: str | None
    other_service: UUID | None
    reported: bool
    last_version: int
    position: int


class AdvicePupilTableRow(msgspec.Struct, frozen=True):
    """Which pupil a conversation was about, and to which referral it was linked."""

    advice: UUID
    pupil: UUID
    school: UUID
    agency: UUID
    service: UUID
    referral: UUID | None


class AdviceFollowTableRow(msgspec.Struct, frozen=True):
    """Whether a referral by the school that asked to the service that was asked was open already, or followed."""

    advice: UUID
    school: UUID
    agency: UUID
    service: UUID
    open_before: bool
    referred_on: date | None


class AdviceWordsTableRow(msgspec.Struct, frozen=True):
    """The ciphertext of what was said in an entry of a conversation."""

    advice: UUID
    version: int
    topic: str
    occurred_on: date
    recorded_at: datetime
    person: UUID
    organisation: UUID
    sealed: str


ADVICE = Table("advice", AdviceTableRow, key=1)
ADVICE_PUPIL = Table("advice_pupil", AdvicePupilTableRow, key=1)
ADVICE_FOLLOW = Table("advice_follow", AdviceFollowTableRow, key=1)
ADVICE_WORDS = Table("advice_words", AdviceWordsTableRow, key=2)
