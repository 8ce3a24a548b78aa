"""A read schema built anew beside the live one, compared with it, and put in its place in one transaction."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import msgspec
import psycopg
from psycopg import Connection, sql

from coordination.store.keys import OuterKeys
from projections.catalogue import definition
from projections.engine import PAGE, Engine, fill

NEXT = "read_next"
REBUILD_LOCK = 0x43_59_44_52  # "CYDR"


class Busy(Exception):
    """Another rebuild is under way."""


class Comparison(msgspec.Struct, frozen=True):
    """`position` is where both schemas stood; `differing` names the tables that were not the same, row for row."""

    position: int
    differing: tuple[str, ...]


def rebuild(
    conninfo: str,
    outer: OuterKeys,
    *,
    page_size: int = PAGE,
    watch: Callable[[int], None] | None = None,
) -> Comparison:
    """Fills `read_next` from the whole log, compares it with `read`, and swaps the two.

    The live schema is read and written until the last moment; only the few events that came meanwhile are taken
    while the live position is held. Raises Busy when another rebuild runs.
    """
    with psycopg.connect(conninfo, autocommit=True) as connection:
        held = connection.execute("select pg_try_advisory_lock(%s)", (REBUILD_LOCK,)).fetchone()
        if not (held and held[0]):
            raise Busy
        with connection.transaction():
            connection.execute("drop schema if exists read_next cascade")
            fill(connection, NEXT)
        engine = Engine(conninfo, outer, schema=NEXT, page_size=page_size)
        try:
            engine.catch_up(watch=watch)
            return _swap(connection, engine)
        finally:
            engine.close()


def _swap(connection: Connection[Any], engine: Engine) -> Comparison:
    with connection.transaction():
        # the live engine waits here with its next page, and then finds that the schema is another
        connection.execute("lock table read.position in access exclusive mode")
        row = connection.execute("select position from read.position").fetchone()
        live = int(row[0]) if row else 0
        engine.catch_up(until=live)
        differing = compare(connection) if engine.position == live else ()
        connection.execute("drop schema read cascade")
        connection.execute("alter schema read_next rename to read")
    return Comparison(live, tuple(differing))


def compare(connection: Connection[Any], one: str = "read", other: str = NEXT) -> list[str]:
    """The tables whose rows are not the same in two read schemas, whatever the order of the rows."""
    names = connection.execute(
        "select table_name from information_schema.tables where table_schema = any(%s)"
        " and table_type = 'BASE TABLE' group by 1 order by 1",
        ([one, other],),
    ).fetchall()
    return [name for (name,) in names if _sum(connection, one, name) != _sum(connection, other, name)]


def _sum(connection: Connection[Any], schema: str, table: str) -> tuple[Any, ...] | None:
    found = connection.execute("select to_regclass(%s)", (f"{schema}.{table}",)).fetchone()
    if found is None or found[0] is None:
        return None
    query = sql.SQL("select count(*), sum(hashtextextended(t::text, 0)::numeric) from {}.{} t")
    return connection.execute(query.format(sql.Identifier(schema), sql.Identifier(table))).fetchone()


def outdated(conninfo: str) -> bool:
    """Whether the live read schema was made by another version of the tables or of the code that fills them."""
    with psycopg.connect(conninfo) as connection:
        row = connection.execute("select definition from read.position").fetchone()
        return row is None or row[0] != definition()
