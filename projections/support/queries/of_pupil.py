"""The support of one pupil with its reviews, and the one-page profiles."""

from __future__ import annotations

from collections import defaultdict
from datetime import date
from typing import Any
from uuid import UUID

import msgspec
from psycopg import Cursor
from psycopg.rows import DictRow

from coordination.errors import NotFound
from coordination.sensitivity import Coordinates
from coordination.viewer import Viewer
from projections.case_file.queries.children import ALL_FILES, identities
from projections.reader import Reader, position

COLUMNS = """
s.support, s.pupil, s.given_by, s.level, s.phase, s.started_on, s.ends_by, s.review_on, s.measurable, s.programme,
s.programme_of, s.ended_on, s.left_school, s.last_version, coalesce(n.need, '') as need, a.referral, a.advised_by
"""
JOINS = """
from read.support s
left join read.support_need n on n.support = s.support
left join read.support_advice a on a.support = s.support
"""
OF_A_CHILD = f"""
select {COLUMNS} {JOINS} where s.pupil = any({ALL_FILES})
order by s.ended_on is not null, s.started_on desc, s.support
"""
ON_RECORD = f"""
select exists (select from read.support s where s.pupil = any({ALL_FILES})) as support,
    exists (select from read.one_page_profile p where p.pupil = any({ALL_FILES})) as profile
"""
REVIEWS = """
select support, version, reviewed_on, next_step, outcome from read.support_review
where support = any(%(supports)s) order by reviewed_on, version
"""
WORDS = """
select support, kind, person, pupil, version, topic, sealed from read.support_words
where support = any(%(supports)s) order by version
"""
PROFILES = f"""
select profile, pupil, given_by, occasion, language, with_child, written_on, written_by, role, version, topic, sealed
from read.one_page_profile where pupil = any({ALL_FILES})
order by occasion, written_on desc, version desc
"""
FILE = "select 1 as held from read.pupil where pupil = %(pupil)s"


class SupportReviewSummary(msgspec.Struct, frozen=True):
    """A review; `outcome` is empty once the file is erased."""

    version: int
    reviewed_on: date
    next_step: str
    outcome: str


class SupportWords(msgspec.Struct, frozen=True):
    """Where the words of an entry are sealed: `kind` started, reviewed or ended; `person` recorded it."""

    kind: str
    version: int
    person: UUID
    at: Coordinates


class SupportSummary(msgspec.Struct, frozen=True, kw_only=True):
    """Support as it stands, with its reviews in order. `referral` and `advised_by` are empty for who may not know."""

    support: UUID
    pupil: UUID
    given_by: UUID
    level: int
    phase: int
    started_on: date
    ends_by: date
    review_on: date
    measurable: bool
    programme: str | None
    programme_of: UUID | None
    ended_on: date | None
    left_school: bool
    last_version: int
    need: str
    referral: UUID | None
    advised_by: UUID | None
    reviews: tuple[SupportReviewSummary, ...]
    words: tuple[SupportWords, ...]

    @property
    def runs(self) -> bool:
        return self.ended_on is None

    @property
    def outcome(self) -> str:
        """That of the last review; empty where there was none."""
        return self.reviews[-1].outcome if self.reviews else ""

    def overdue(self, today: date) -> bool:
        """Whether a review, or the end of the phase, has passed."""
        return self.runs and min(self.review_on, self.ends_by) < today


class WrittenOnePageProfile(msgspec.Struct, frozen=True, kw_only=True):
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
    at: Coordinates


class SupportOfPupil(msgspec.Struct, frozen=True):
    """The support of a pupil, the running first, the one-page profiles, and where the identity is sealed, as of a log
    position."""

    support: tuple[SupportSummary, ...]
    profiles: tuple[WrittenOnePageProfile, ...]
    identity: Coordinates | None
    position: int

    @property
    def current_profiles(self) -> tuple[WrittenOnePageProfile, ...]:
        """The newest of each occasion."""
        newest: dict[str, WrittenOnePageProfile] = {}
        for one in self.profiles:
            newest.setdefault(one.occasion, one)
        return tuple(newest.values())


def is_on_record(reader: Reader, viewer: Viewer, pupil: UUID) -> tuple[bool, bool]:
    """Whether support, and whether a one-page profile, of the pupil is on record for the viewer; in one statement."""
    with reader.viewing(viewer) as cursor:
        row = cursor.execute(ON_RECORD.encode(), {"pupil": pupil}).fetchone()
        assert row is not None
        return row["support"], row["profile"]


def support_of_pupil(reader: Reader, viewer: Viewer, pupil: UUID) -> SupportOfPupil:
    """What the pages of one pupil show. Raises NotFound for who may not see the pupil: a wrong or foreign id."""
    with reader.viewing(viewer) as cursor:
        place = identities(cursor, [pupil]).get(pupil)
        if place is None and cursor.execute(FILE, {"pupil": pupil}).fetchone() is None:
            raise NotFound
        rows = cursor.execute(OF_A_CHILD.encode(), {"pupil": pupil}).fetchall()
        profiles = tuple(_profile(row) for row in cursor.execute(PROFILES.encode(), {"pupil": pupil}))
        return SupportOfPupil(summaries(cursor, rows), profiles, place, position(cursor))


def summaries(cursor: Cursor[DictRow], rows: list[DictRow]) -> tuple[SupportSummary, ...]:
    """Rows of COLUMNS with their reviews and words, in two more statements."""
    asked = {"supports": [row["support"] for row in rows]}
    reviews: dict[UUID, list[SupportReviewSummary]] = defaultdict(list)
    words: dict[UUID, list[SupportWords]] = defaultdict(list)
    if rows:
        for row in cursor.execute(REVIEWS, asked):
            reviews[row.pop("support")].append(SupportReviewSummary(**row))
        for row in cursor.execute(WORDS, asked):
            words[row["support"]].append(SupportWords(row["kind"], row["version"], row["person"], _at(row)))
    return tuple(
        SupportSummary(**row, reviews=tuple(reviews[row["support"]]), words=tuple(words[row["support"]]))
        for row in rows
    )


def _profile(row: dict[str, Any]) -> WrittenOnePageProfile:
    shown = {name: row[name] for name in WrittenOnePageProfile.__struct_fields__ if name != "at"}
    return WrittenOnePageProfile(**shown, at=_at(row))


def _at(row: dict[str, Any]) -> Coordinates:
    return Coordinates(row["pupil"], row["version"], row["topic"], row["sealed"])
