"""Marks that services contest without a challenge, with the words of both and the ruling."""

from __future__ import annotations

from datetime import date
from uuid import UUID

import msgspec

from coordination.sensitivity import Coordinates
from coordination.viewer import Viewer
from projections.reader import Reader, position

LISTED = "select * from read.mark_contest order by held_on desc, meeting, version"


class ContestSummary(msgspec.Struct, frozen=True, kw_only=True):
    """A contested mark as it stands. `why` and `reasons` are where the words are sealed."""

    meeting: UUID
    contest: UUID
    school: UUID
    authority: UUID | None
    agency: UUID
    service: UUID
    held_on: date
    mark: str
    claims: str | None
    contested_on: date
    why: Coordinates
    ruling: str | None = None
    reads: str | None = None
    ruled_on: date | None = None
    ruled_at: UUID | None = None
    reasons: Coordinates | None = None


class ContestList(msgspec.Struct, frozen=True):
    """The contested marks that the viewer may see: those without a ruling first, then the last meetings first."""

    rows: tuple[ContestSummary, ...]
    position: int


def contests(reader: Reader, viewer: Viewer) -> ContestList:
    """In two statements."""
    found: dict[tuple[UUID, UUID], ContestSummary] = {}
    with reader.viewing(viewer) as cursor:
        for row in cursor.execute(LISTED):
            key = (row["meeting"], row["contest"])
            words = Coordinates(row["meeting"], row["version"], row["topic"], row["sealed"])
            if row["ruling"] is None:
                named = (
                    "meeting",
                    "contest",
                    "school",
                    "authority",
                    "agency",
                    "service",
                    "held_on",
                    "mark",
                    "claims",
                )
                given = {name: row[name] for name in named}
                found[key] = ContestSummary(**given, contested_on=row["since"], why=words)
            elif key in found:
                found[key] = msgspec.structs.replace(
                    found[key],
                    ruling=row["ruling"],
                    reads=row["reads"],
                    ruled_on=row["since"],
                    ruled_at=row["organisation"],
                    reasons=words,
                )
        rows = tuple(sorted(found.values(), key=lambda one: one.ruling is not None))
        return ContestList(rows, position(cursor))
