"""Blanking of the coded columns once a pupil's key is gone, so that the live tables are what a rebuild would make.

The engine does it when it reads the event of an erasure. `blank_unkeyed` does it for any stream without a key, also one
whose key row was deleted by hand.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from uuid import UUID

from psycopg import Connection, sql

from projections.catalogue import projections
from projections.rows import AnyTable


@cache
def coded_tables() -> tuple[AnyTable, ...]:
    """The tables with a column of opened codes."""
    return tuple(table for one in projections() for table in one.tables if table.coded is not None)


def blank(connection: Connection, pupils: Sequence[UUID]) -> None:
    """Blanks the codes of erased pupils. The connection's search_path says in which schema."""
    for table in coded_tables():
        statement = _blanking(table) + sql.SQL(" and t.pupil = any(%s)")
        connection.execute(statement, (list(pupils),))


def blank_unkeyed(connection: Connection) -> int:
    """Blanks the codes of every pupil whose key is gone, in the schema of the search_path; how many rows it changed."""
    gone = sql.SQL(" and not exists (select from log.stream_key k where k.stream = t.pupil)")
    return sum(connection.execute(_blanking(table) + gone).rowcount for table in coded_tables())


def _blanking(table: AnyTable) -> sql.Composed:
    column, blank_value = table.coded or ("", "")
    return sql.SQL("update {} t set {} = {} where t.{} is distinct from {}").format(
        sql.Identifier(table.name),
        sql.Identifier(column),
        sql.SQL(blank_value),
        sql.Identifier(column),
        sql.SQL(blank_value),
    )
