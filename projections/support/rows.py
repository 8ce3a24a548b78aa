"""The rows of the tables of support."""

from __future__ import annotations

from datetime import date
from uuid import UUID

import msgspec

from projections.table import Table


class SupportTableRow(msgspec.Struct, frozen=True):
    """Support that counts, as it stands."""

    support: UUID
    pupil: UUID
    given_by: UUID
    authority: UUID | None
    level: int
    phase: int
    started_on: date
    ends_by: date
    review_on: date
    measurable: bool
    programme: str | None
    programme_of: UUID | None
    reviews: int
    reviewed_on: date | None
    ended_on: date | None
    left_school: bool
    first_version: int
    last_version: int


class SupportNeedTableRow(msgspec.Struct, frozen=True):
    """For which need it is; empty: none was named, or the stream is erased."""

    support: UUID
    pupil: UUID
    need: str


class SupportAdviceTableRow(msgspec.Struct, frozen=True):
    """Since which referral, and which service advised it."""

    support: UUID
    pupil: UUID
    referral: UUID | None
    advised_by: UUID | None


class SupportReviewTableRow(msgspec.Struct, frozen=True):
    """A review; the outcome is empty once the stream is erased."""

    pupil: UUID
    version: int
    support: UUID
    reviewed_on: date
    next_step: str
    outcome: str


class SupportWordsTableRow(msgspec.Struct, frozen=True):
    """Where the words of an entry are sealed."""

    pupil: UUID
    version: int
    support: UUID
    kind: str
    person: UUID
    topic: str
    sealed: str


class SupportDaysTableRow(msgspec.Struct, frozen=True):
    """From when to when a pupil had support."""

    support: UUID
    pupil: UUID
    given_by: UUID
    authority: UUID | None
    from_on: date
    until: date | None


class OnePageProfileTableRow(msgspec.Struct, frozen=True):
    """A profile, and where its words are sealed."""

    profile: UUID
    pupil: UUID
    given_by: UUID
    occasion: str
    language: str
    with_child: bool
    written_on: date
    written_by: UUID
    role: str
    version: int
    topic: str
    sealed: str


SUPPORT = Table("support", SupportTableRow, key=1)
SUPPORT_NEED = Table("support_need", SupportNeedTableRow, key=1, coded=("need", "''"))
SUPPORT_ADVICE = Table("support_advice", SupportAdviceTableRow, key=1)
SUPPORT_REVIEW = Table("support_review", SupportReviewTableRow, key=2, coded=("outcome", "''"))
SUPPORT_WORDS = Table("support_words", SupportWordsTableRow, key=2)
SUPPORT_DAYS = Table("support_days", SupportDaysTableRow, key=1)
ONE_PAGE_PROFILE = Table("one_page_profile", OnePageProfileTableRow, key=1)
TABLES = (
    SUPPORT,
    SUPPORT_NEED,
    SUPPORT_ADVICE,
    SUPPORT_REVIEW,
    SUPPORT_WORDS,
    SUPPORT_DAYS,
    ONE_PAGE_PROFILE,
)
