"""The files of one child, as far as the viewer may see them, and the identity that is shown of each."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from psycopg import Cursor
from psycopg.rows import DictRow

from coordination.sensitivity import Coordinates
from coordination.viewer import Viewer
from projections.case_file.queries.results import coordinates
from projections.reader import Reader

ALL_FILES = """
array(
    select %(pupil)s::uuid
    union select j.child from read.joined j where j.pupil = %(pupil)s and j.known_to is null
    union select other.pupil from read.joined other
          where other.known_to is null and other.child = coalesce(
              (select j.child from read.joined j where j.pupil = %(pupil)s and j.known_to is null), %(pupil)s)
)
"""
"""The files of the child of a file (SQL); what of them is seen is decided by the policies of what is asked."""

FILES = f"""
select p.pupil from read.pupil p
left join read.joined j on j.pupil = p.pupil and j.known_to is null
where p.pupil = any({ALL_FILES})
order by j.child is not null, p.pupil
"""

NAMED_COLUMNS = """
coalesce(led.version, own.version) as version, coalesce(led.topic, own.topic) as topic,
coalesce(led.sealed, own.sealed) as sealed, coalesce(led.pupil, own.pupil) as named
"""
"""Where the identity is sealed that is shown of a pupil, with the stream of it (`named`); see `named_joins`."""


def named_joins(alias: str) -> str:
    """The joins behind NAMED_COLUMNS for the pupil of a row: the identity of the file that leads where the viewer may
    open it, else the file's own."""
    return f"""
left join read.joined joined on joined.pupil = {alias}.pupil and joined.known_to is null
left join read.identity led on led.pupil = joined.child and led.kind = 'identity'
left join read.identity own on own.pupil = {alias}.pupil and own.kind = 'identity'
"""


IDENTITIES = f"""
select s.pupil, {NAMED_COLUMNS}
from unnest(%(pupils)s::uuid[]) as s(pupil)
{named_joins("s")}
"""


def identities(cursor: Cursor[DictRow], pupils: Iterable[UUID]) -> dict[UUID, Coordinates]:
    """Where the identities of some pupils are sealed, of those that the viewer may open."""
    found = cursor.execute(IDENTITIES.encode(), {"pupils": list(pupils)}).fetchall()
    return {row["pupil"]: place for row in found if (place := coordinates(row)) is not None}


def files_of(cursor: Cursor[DictRow], pupil: UUID) -> list[UUID]:
    """The files of the child of a file that the viewer may see, the one that leads first, in one statement; empty for
    who may see none."""
    return [row["pupil"] for row in cursor.execute(FILES.encode(), {"pupil": pupil})]


def shown_file(reader: Reader, viewer: Viewer, pupil: UUID) -> UUID:
    """The file by which the child of a file is shown to the viewer: the one that leads where they may see it."""
    with reader.viewing(viewer) as cursor:
        return next(iter(files_of(cursor, pupil)), pupil)
