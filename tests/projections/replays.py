"""Read schemas filled from the same log in different ways, and whether they came to the same."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg
from psycopg import sql

from coordination.event import Event
from coordination.service import Coordination
from coordination.store.application import Record
from coordination.store.keys import load_or_make
from coordination.store.migrate import as_role
from coordination.topics import registry
from projections.catalogue import projections
from projections.engine import Engine
from projections.projection import Change, Projection
from projections.rows import RowJournal
from projections.schema import fill
from projections.table import Table
from tests.conftest import database_of_a_module
from tests.county import build


@contextmanager
def fresh_county(postgres: str, template: str, keys: Path) -> Iterator[tuple[str, Coordination]]:
    """A database of its own for each example of a property, with the small county on its record."""
    with database_of_a_module(postgres, template) as address:
        record = Record(as_role(address, "cydlynu_append"), load_or_make(keys))
        try:
            yield address, build(Coordination(record))
        finally:
            record.close()


@contextmanager
def engine_on(address: str, service: Coordination, **how: Any) -> Iterator[Engine]:
    engine = Engine(address, service.record.outer, **how)
    try:
        yield engine
    finally:
        engine.close()


def make_schema(address: str, schema: str) -> None:
    """Another read schema, empty."""
    with psycopg.connect(address) as connection:
        fill(connection, schema)


def replay(address: str, service: Coordination, schema: str, **how: Any) -> int:
    """Fills a new schema from the whole log."""
    make_schema(address, schema)
    with engine_on(address, service, schema=schema, **how) as engine:
        return engine.catch_up()


class Listener:
    """A projection that is told of every event and writes nothing."""

    name = "listener"
    tables: tuple[Table[Any], ...] = ()
    topics = frozenset(registry().values())
    wide: frozenset[type[Event]] = frozenset()

    def __init__(self, heard: Callable[[Change], object]) -> None:
        self.heard = heard

    def project(self, change: Change, rows: RowJournal) -> None:
        self.heard(change)


def listening(heard: Callable[[Change], object]) -> tuple[Projection, ...]:
    """All projections, and one that passes every event on."""
    return (*projections(), Listener(heard))


Contents = dict[str, list[tuple[Any, ...]]]


def contents(address: str, schema: str = "read") -> Contents:
    """Every row of every table, in an order of their own."""
    with psycopg.connect(address) as connection:
        names = connection.execute(
            "select table_name from information_schema.tables where table_schema = %s and table_type = 'BASE TABLE'"
            " order by 1",
            (schema,),
        ).fetchall()
        found: Contents = {}
        for (name,) in names:
            query = sql.SQL('select * from {}.{} t order by t::text collate "C"')
            found[name] = connection.execute(
                query.format(sql.Identifier(schema), sql.Identifier(name))
            ).fetchall()
        return found


def same(one: Contents, other: Contents) -> None:
    """Fails with the first rows that are not in both."""
    assert one.keys() == other.keys()
    for name, rows in one.items():
        if rows != other[name]:
            only_one = [r for r in rows if r not in other[name]]
            only_other = [r for r in other[name] if r not in rows]
            raise AssertionError(
                f"{name}: only in the one {only_one[:3]}, only in the other {only_other[:3]}"
            )
