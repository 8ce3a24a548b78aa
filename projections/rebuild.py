"""A read schema built anew beside the live one, compared with it, and put in its place in one transaction."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import msgspec
import psycopg
from psycopg import Connection, sql

from coordination.store.keys import OuterKeys
from projections.catalogue import definition
from projections.engine import PAGE, Engine
from projections.schema import analyse, fill

NEXT = "read_next"
REBUILD_LOCK = 0x43_59_44_52  # "CYDR"
# How long the swap waits for readers before it lets them pass and tries again: shorter than PostgreSQL's
# deadlock_timeout (a second), so that it is never a page or a report that has to give way.
PATIENCE = "400ms"
ATTEMPTS = 50


class RebuildRunning(Exception):
    """Another rebuild is under way."""


class SchemaComparison(msgspec.Struct, frozen=True):
    """`position` is where both schemas stood; `differing` names the tables that were not the same, row for row."""

    position: int
    differing: tuple[str, ...]


def rebuild(
    conninfo: str,
    outer: OuterKeys,
    *,
    page_size: int = PAGE,
    watch: Callable[[int], None] | None = None,
) -> SchemaComparison:
    """Fills `read_next` as far as `read` is, compares the two at one moment, and swaps them.

    The live schema is read and written until the last moment; only the few events that came meanwhile are taken
    while the live position is held. Raises RebuildRunning when another rebuild runs, and psycopg's LockNotAvailable
    when readers hold the live schema for too long; the live schema is then as it was.
    """
    with psycopg.connect(conninfo, autocommit=True) as connection, _alone(connection):
        with connection.transaction():
            connection.execute("drop schema if exists read_next cascade")
            fill(connection, NEXT)
        engine = Engine(conninfo, outer, schema=NEXT, page_size=page_size)
        try:
            engine.catch_up(until=_live(connection), watch=watch)
            analyse(connection, NEXT)
            found = _compared(conninfo, connection, engine)
            _swap(connection, engine)
            return found
        finally:
            engine.close()


@contextmanager
def _alone(connection: Connection) -> Iterator[None]:
    held = connection.execute("select pg_try_advisory_lock(%s)", (REBUILD_LOCK,)).fetchone()
    if not (held and held[0]):
        raise RebuildRunning
    try:
        yield
    finally:
        if not connection.broken:
            connection.execute("select pg_advisory_unlock(%s)", (REBUILD_LOCK,))


def _live(connection: Connection) -> int:
    row = connection.execute("select position from read.position").fetchone()
    return int(row[0]) if row else 0


def _level(connection: Connection, engine: Engine) -> int:
    """Holds the live position for the rest of the transaction and brings the new schema there. The live engine waits
    with its next page; readers do not."""
    connection.execute("lock table read.position in share row exclusive mode")
    live = _live(connection)
    engine.catch_up(until=live)
    return live


def _compared(conninfo: str, connection: Connection, engine: Engine) -> SchemaComparison:
    """Both schemas as they were at one moment at which both stood at one position."""
    with psycopg.connect(conninfo, autocommit=True) as looking, looking.transaction():
        looking.execute("set transaction isolation level repeatable read, read only")
        with connection.transaction():
            live = _level(connection, engine)
            _live(looking)  # the first question fixes the moment; then the live engine may go on
        if engine.position != live:  # the live schema was made anew meanwhile
            return SchemaComparison(live, ("position",))
        return SchemaComparison(live, tuple(compare(looking)))


def _swap(connection: Connection, engine: Engine) -> None:
    for left in reversed(range(ATTEMPTS)):
        try:
            with connection.transaction():
                _level(connection, engine)
                connection.execute(f"set local lock_timeout = '{PATIENCE}'")
                connection.execute("drop schema read cascade")
                connection.execute("alter schema read_next rename to read")
                return
        except psycopg.errors.LockNotAvailable:
            if left == 0:
                raise


def compare(connection: Connection, one: str = "read", other: str = NEXT) -> list[str]:
    """The tables whose rows are not the same in two read schemas, whatever the order of the rows."""
    left, right = sums(connection, one), sums(connection, other)
    return sorted(name for name in left.keys() | right.keys() if left.get(name) != right.get(name))


def sums(connection: Connection, schema: str = "read") -> dict[str, tuple[Any, ...]]:
    """Of each table of a read schema the number of its rows and a sum over them, whatever their order: equal for equal
    tables, in another database as well."""
    names = connection.execute(
        "select tablename from pg_tables where schemaname = %s order by 1", (schema,)
    ).fetchall()
    return {name: _sum(connection, schema, name) for (name,) in names}


def _sum(connection: Connection, schema: str, table: str) -> tuple[Any, ...]:
    query = sql.SQL("select count(*), sum(hashtextextended(t::text, 0)::numeric) from {}.{} t")
    found = connection.execute(query.format(sql.Identifier(schema), sql.Identifier(table))).fetchone()
    return found or (0, None)


def outdated(conninfo: str) -> bool:
    """Whether the live read schema was made by another version of the tables or of the code that fills them."""
    with psycopg.connect(conninfo) as connection:
        row = connection.execute("select definition from read.position").fetchone()
        return row is None or row[0] != definition()
