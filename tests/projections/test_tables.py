"""Every table of the read schema is declared by the struct of its rows, as PostgreSQL has it; and no table is open."""

from __future__ import annotations

from datetime import date, datetime, time
from types import NoneType, UnionType
from typing import Annotated, Any, Literal, get_args, get_origin, get_type_hints
from uuid import UUID

import msgspec
import psycopg
import pytest

from projections.catalogue import policies, projections
from projections.page import KNOWN, PARKED, SERVICE_PUPIL
from projections.table import Table

TABLES: list[Table[Any]] = [KNOWN, PARKED, SERVICE_PUPIL, *(t for p in projections() for t in p.tables)]
NO_STRUCT = {"position"}
"""One row, which the engine writes by hand."""
OPEN = {"position", "parked", "known"}
"""Numbers and reasons, nothing of a case: for every desk."""

INTEGERS = {"smallint", "integer", "bigint"}
TYPES: dict[Any, set[str]] = {
    UUID: {"uuid"},
    str: {"text"},
    int: INTEGERS,
    bool: {"boolean"},
    date: {"date"},
    datetime: {"timestamp with time zone"},
    time: {"time without time zone"},
}

COLUMNS = """
select attname, format_type(atttypid, atttypmod), not attnotnull
from pg_attribute
where attrelid = format('read.%%I', %s::text)::regclass and attnum > 0 and not attisdropped
order by attnum
"""
KEY = """
select coalesce(array_agg(a.attname order by k.place) filter (where a.attname is not null), '{}')
from pg_index i cross join unnest(i.indkey) with ordinality as k(attnum, place)
join pg_attribute a on a.attrelid = i.indrelid and a.attnum = k.attnum
where i.indrelid = format('read.%%I', %s::text)::regclass and i.indisprimary
"""


def expected(of: Any) -> tuple[set[str], bool]:
    """The types that a column of this annotation may have, and whether it may be null."""
    parts = set(get_args(of)) if get_origin(of) is UnionType else {of}
    nullable = NoneType in parts
    [kind] = parts - {NoneType}
    if get_origin(kind) is Annotated:
        return {get_args(kind)[1]}, nullable
    if get_origin(kind) is Literal:
        return {"text"}, nullable
    if get_origin(kind) is list:
        types, _ = expected(get_args(kind)[0])
        return {f"{name}[]" for name in types}, nullable
    return TYPES[kind], nullable


def declared(table: Table[Any]) -> list[tuple[str, set[str], bool]]:
    """The columns as the struct has them."""
    hints = get_type_hints(table.row, include_extras=True) | {"known_from": int, "known_to": int | None}
    return [(name, *expected(hints[name])) for name in table.columns]


@pytest.fixture
def connection(database: str) -> Any:
    with psycopg.connect(database) as connection:
        yield connection


def test_every_struct_is_its_table(connection: psycopg.Connection[Any]) -> None:
    for table in TABLES:
        found = connection.execute(COLUMNS, (table.name,)).fetchall()
        columns = declared(table)
        assert [(name, nullable) for name, _, nullable in found] == [
            (name, nullable) for name, _, nullable in columns
        ], table
        for (name, kind, _), (_, allowed, _) in zip(found, columns, strict=True):
            assert kind in allowed, (table, name)


def test_a_key_is_the_primary_key(connection: psycopg.Connection[Any]) -> None:
    for table in TABLES:
        row = connection.execute(KEY, (table.name,)).fetchone()
        key = table.columns[: table.key + table.bitemporal]
        if key:
            assert row == (list(key),), table


def test_no_table_is_without_a_struct(connection: psycopg.Connection[Any]) -> None:
    found = connection.execute("select tablename from pg_tables where schemaname = 'read'").fetchall()
    assert {name for (name,) in found} == {table.name for table in TABLES} | NO_STRUCT


def test_every_table_with_a_case_in_it_has_row_level_security(connection: psycopg.Connection[Any]) -> None:
    found = connection.execute(
        "select relname from pg_class where relnamespace = 'read'::regnamespace and relkind = 'r'"
        " and not relrowsecurity"
    ).fetchall()
    assert {name for (name,) in found} == OPEN


def test_the_policies_are_those_of_the_rooms(connection: psycopg.Connection[Any]) -> None:
    found = connection.execute(
        "select tablename, policyname, cmd, roles::text[] from pg_policies where schemaname = 'read'"
    ).fetchall()
    wanted = {
        (policy.table, f"{policy.table}_{policy.name}", "SELECT", ("cydlynu_read",)) for policy in policies()
    }
    assert {(table, name, command, tuple(roles)) for table, name, command, roles in found} == wanted


class TestTheCheckItself:
    """A struct that differs from its table is found."""

    class RightRow(msgspec.Struct):
        recorded_at: datetime
        position: int

    class WrongTypeRow(msgspec.Struct):
        recorded_at: date
        position: int

    class NullableRow(msgspec.Struct):
        recorded_at: datetime
        position: int | None

    class OtherOrderRow(msgspec.Struct):
        position: int
        recorded_at: datetime

    @pytest.mark.parametrize(
        ("row", "agrees"),
        [(RightRow, True), (WrongTypeRow, False), (NullableRow, False), (OtherOrderRow, False)],
    )
    def test_it(
        self,
        connection: psycopg.Connection[Any],
        monkeypatch: pytest.MonkeyPatch,
        row: type[msgspec.Struct],
        agrees: bool,
    ) -> None:
        monkeypatch.setattr("tests.projections.test_tables.TABLES", [Table("known", row)])
        if agrees:
            test_every_struct_is_its_table(connection)
        else:
            with pytest.raises(AssertionError):
                test_every_struct_is_its_table(connection)
