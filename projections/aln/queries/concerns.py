"""The concerns about a pupil with what is due when, and what an authority has to decide."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

import msgspec
from psycopg import Cursor
from psycopg.rows import DictRow

from coordination.errors import NotFound
from coordination.sensitivity import Coordinates
from coordination.viewer import Viewer
from projections.aln.queries.results import CONCERNS, ConcernSummary, concern_of
from projections.case_file.queries.children import ALL_FILES, identities
from projections.reader import Reader

OF_A_CHILD = f"{CONCERNS} where c.pupil = any({ALL_FILES}) order by c.since desc, c.concern"
FILE = "select cardinality(schools) as rolls from read.pupil where pupil = %(pupil)s"
ONE = f"{CONCERNS} where c.concern = %(concern)s"
TO_DECIDE = f"""
select found.*, count(*) over () as total from ({CONCERNS}) found
join lateral (
    select min(w.due_on) as due_on, count(*) as running from read.statutory_wait w
    where w.concern = found.concern and w.known_to is null and w.end_on is null and w.holder = %(organisation)s
      and w.holder_kind = 'authority'
) own on own.running > 0
order by own.due_on nulls last, found.since, found.concern
limit %(limit)s
"""


class ConcernToDecide(msgspec.Struct, frozen=True):
    """A concern about which the viewer's authority has something to do, and where the pupil's identity is sealed."""

    concern: ConcernSummary
    identity: Coordinates | None


class ConcernsToDecide(msgspec.Struct, frozen=True):
    """The first rows, by due date, and how many there are."""

    rows: tuple[ConcernToDecide, ...]
    total: int


class ConcernsOfPupil(msgspec.Struct, frozen=True):
    """The concerns about a pupil and where the identity is sealed. `held`: the viewer may see the file; `rolls`: on
    how many schools' rolls the pupil is, as far as the viewer may see it."""

    concerns: tuple[ConcernSummary, ...]
    identity: Coordinates | None
    held: bool
    rolls: int


def concerns_of_pupil(reader: Reader, viewer: Viewer, pupil: UUID) -> ConcernsOfPupil:
    """What the page of a pupil's concerns shows. Raises NotFound for who neither may see the file nor has part in a
    concern: a wrong or foreign id, which look the same."""
    with reader.viewing(viewer) as cursor:
        found = tuple(concern_of(row) for row in cursor.execute(OF_A_CHILD.encode(), {"pupil": pupil}))
        file = cursor.execute(FILE, {"pupil": pupil}).fetchone()
        if not found and file is None:
            raise NotFound
        place = identities(cursor, [pupil]).get(pupil)
        return ConcernsOfPupil(found, place, file is not None, file["rolls"] if file else 0)


def concern(reader: Reader, viewer: Viewer, concern: UUID) -> tuple[ConcernSummary, Coordinates | None]:
    """One concern, and where the pupil's identity is sealed. Raises NotFound: a wrong or foreign id."""
    with reader.viewing(viewer) as cursor:
        row = cursor.execute(ONE.encode(), {"concern": concern}).fetchone()
        if row is None:
            raise NotFound
        found = concern_of(row)
        return found, identities(cursor, [found.pupil]).get(found.pupil)


def concerns_to_decide(reader: Reader, viewer: Viewer, size: int) -> ConcernsToDecide:
    """At most `size` concerns of which a clock of the viewer's authority runs, in two statements."""
    given = {"organisation": viewer.organisation, "limit": size}
    with reader.viewing(viewer) as cursor:
        rows = cursor.execute(TO_DECIDE.encode(), given).fetchall()
        found = [concern_of(row) for row in rows]
        places = _identities(cursor, found)
    return ConcernsToDecide(
        tuple(ConcernToDecide(one, places.get(one.pupil)) for one in found),
        rows[0]["total"] if rows else 0,
    )


def _identities(cursor: Cursor[DictRow], found: Sequence[ConcernSummary]) -> dict[UUID, Coordinates]:
    return identities(cursor, {one.pupil for one in found}) if found else {}
