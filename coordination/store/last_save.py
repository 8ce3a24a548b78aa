"""Up to which position of the log a copy of the database must have come before a person may be shown what it holds."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from psycopg import Connection, Cursor
from psycopg.rows import DictRow, tuple_row

SIGHT = UUID(int=0)
"""Stands for everybody: the last save that changed who may see whom."""

NOTE = """
insert into desk.last_save (person, position)
select person, currval('log.event_notification_id_seq') from unnest(%s::uuid[]) as saved(person)
on conflict (person) do update set position = excluded.position
"""


def note_last_save(cursor: Cursor[DictRow], people: Iterable[UUID], changes_sight: bool) -> None:
    """Note, in the transaction of a save and after its events, who saved, and that it changed who may see whom."""
    noted = sorted({*people, SIGHT} if changes_sight else people)
    cursor.execute(NOTE, (noted,), prepare=True)


def wanted_by(connection: Connection, person: UUID) -> tuple[int, str]:
    """The position up to which a copy must have come to be shown to a person (0: it does not matter), and where the
    primary's write-ahead log stands."""
    with connection.cursor(row_factory=tuple_row) as cursor:
        row = cursor.execute(
            "select coalesce(max(position), 0), pg_current_wal_lsn()::text from desk.last_save"
            " where person = any(%s)",
            ([person, SIGHT],),
            prepare=True,
        ).fetchone()
    return row or (0, "0/0")
