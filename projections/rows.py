"""What a page of the log makes of the tables, gathered in memory and written once a table."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date
from functools import cache
from typing import Any
from uuid import UUID
from weakref import WeakKeyDictionary

from msgspec.structs import astuple
from psycopg import Connection, sql
from psycopg.abc import Buffer
from psycopg.adapt import Dumper
from psycopg.postgres import types
from psycopg.pq import Format
from psycopg.rows import tuple_row

from projections.table import RowT, Table

Values = tuple[object, ...]
"""A row, column by column."""
Key = tuple[object, ...]
AnyTable = Table[Any]


class RowJournal:
    """The rows of one page for one projection, kept as a journal so that one event's can be taken back."""

    def __init__(self) -> None:
        self._journal: list[tuple[str, AnyTable, Any, Any]] = []

    def add(self, table: Table[RowT], row: RowT) -> None:
        """One more row of a table without a key."""
        self._journal.append(("add", table, astuple(row), None))

    def put(self, table: Table[RowT], row: RowT) -> None:
        """The row under its key, in place of one that is there already."""
        values = astuple(row)
        self._journal.append(("put", table, values[: table.key], values))

    def remove(self, table: AnyTable, key: Key) -> None:
        """No row has this key any more."""
        self._journal.append(("put", table, key, None))

    def begin(self, table: Table[RowT], row: RowT, position: int) -> None:
        """A row of a bitemporal table is known from a log position on, until `end`."""
        values = astuple(row)
        self._journal.append(("begin", table, (*values[: table.key], position), values[table.key :]))

    def end(self, table: AnyTable, key: Key, position: int) -> None:
        """The current row of this key is known no longer from a log position on. One that was begun at this very
        position was never known and leaves no trace."""
        self._journal.append(("end", table, key, position))

    def mark(self) -> int:
        """A point to which `undo` goes back."""
        return len(self._journal)

    def undo(self, mark: int) -> None:
        del self._journal[mark:]

    def __bool__(self) -> bool:
        return bool(self._journal)

    def write(self, connection: Connection) -> None:
        """Writes each table once. The connection's search_path says into which schema."""
        net = _NetRows()
        steps: dict[str, Any] = {"add": net.add, "put": net.put, "begin": net.begin, "end": net.end}
        for step, table, key, value in self._journal:
            steps[step](table, key, value)
        net.write(connection)


class _NetRows:
    """What a journal comes to in the end."""

    def __init__(self) -> None:
        self.added: defaultdict[AnyTable, list[Values]] = defaultdict(list)
        self.kept: defaultdict[AnyTable, dict[Key, Values | None]] = defaultdict(dict)
        self.opened: defaultdict[AnyTable, dict[Key, Values]] = defaultdict(dict)
        self.standing: defaultdict[AnyTable, dict[Key, Key]] = defaultdict(dict)
        self.closed: defaultdict[AnyTable, list[Key]] = defaultdict(list)

    def add(self, table: AnyTable, row: Values, _: Any) -> None:
        self.added[table].append(row)

    def put(self, table: AnyTable, key: Key, row: Values | None) -> None:
        self.kept[table][key] = row

    def begin(self, table: AnyTable, full: Key, rest: Values) -> None:
        self.opened[table][full] = (*full, *rest, None)
        self.standing[table][full[:-1]] = full

    def end(self, table: AnyTable, key: Key, position: int) -> None:
        full = self.standing[table].pop(key, None)
        if full is None:
            self.closed[table].append((*key, position))
        elif full[-1] == position:
            del self.opened[table][full]
        else:
            self.opened[table][full] = (*self.opened[table][full][:-1], position)

    def write(self, connection: Connection) -> None:
        for table, closed in self.closed.items():
            _close(connection, table, closed)
        for table, kept in self.kept.items():
            _delete(connection, table, list(kept))
            _copy(connection, table, [row for row in kept.values() if row is not None])
        for table, added in self.added.items():
            _copy(connection, table, added)
        for table, opened in self.opened.items():
            _copy(connection, table, list(opened.values()))


def _copy(connection: Connection, table: AnyTable, rows: Sequence[Values]) -> None:
    if not rows:
        return
    columns = _types_of(connection, table)
    with connection.cursor() as cursor, cursor.copy(_copying(table)) as copy:
        copy.set_types(columns)
        for row in rows:
            copy.write_row(row)


def _delete(connection: Connection, table: AnyTable, keys: Sequence[Key]) -> None:
    connection.execute(_deleting(table, _kinds(keys)), _columns(keys))


def _close(connection: Connection, table: AnyTable, closed: Sequence[Key]) -> None:
    connection.execute(_closing(table, _kinds(closed)), _columns(closed))


# Composing a statement takes longer than sending it; each is composed once.


@cache
def _copying(table: AnyTable) -> bytes:
    statement = sql.SQL("copy {} ({}) from stdin (format binary)").format(
        sql.Identifier(table.name), _names(table.columns)
    )
    return statement.as_bytes()


@cache
def _deleting(table: AnyTable, kinds: tuple[type, ...]) -> bytes:
    names = table.columns[: table.key]
    statement = sql.SQL("delete from {} t using unnest({}) as gone({}) where {}").format(
        sql.Identifier(table.name), _arrays(kinds), _names(names), _same(names)
    )
    return statement.as_bytes()


@cache
def _closing(table: AnyTable, kinds: tuple[type, ...]) -> bytes:
    names = table.columns[: table.key]
    statement = sql.SQL(
        "update {} t set known_to = gone.known_to from unnest({}) as gone({}, known_to)"
        " where {} and t.known_to is null"
    ).format(sql.Identifier(table.name), _arrays(kinds), _names(names), _same(names))
    return statement.as_bytes()


_TYPES: dict[type, str] = {UUID: "uuid[]", int: "bigint[]", str: "text[]", date: "date[]"}


def _kinds(keys: Sequence[Key]) -> tuple[type, ...]:
    return tuple(map(type, keys[0]))


def _arrays(kinds: Iterable[type]) -> sql.Composable:
    return sql.SQL(", ").join(sql.SQL("%b::" + _TYPES[kind]) for kind in kinds)


def _names(names: Iterable[str]) -> sql.Composable:
    return sql.SQL(", ").join(map(sql.Identifier, names))


def _same(names: Iterable[str]) -> sql.Composable:
    return sql.SQL(" and ").join(sql.SQL("t.{0} = gone.{0}").format(sql.Identifier(n)) for n in names)


def _columns(keys: Sequence[Key]) -> list[list[object]]:
    return [list(column) for column in zip(*keys, strict=True)]


class _JsonText(Dumper):
    """JSON that was put into words already, for a column of type jsonb."""

    format = Format.BINARY
    oid = types["jsonb"].oid

    def dump(self, obj: str) -> Buffer:
        return b"\x01" + obj.encode()


_types: WeakKeyDictionary[Connection, dict[AnyTable, list[int]]] = WeakKeyDictionary()


def _types_of(connection: Connection, table: AnyTable) -> list[int]:
    """The types of a table's columns, which a binary copy must be told exactly; asked for once a connection."""
    known = _types.get(connection)
    if known is None:
        connection.adapters.register_dumper(None, _JsonText)
        known = _types[connection] = {}
    if table not in known:
        found: dict[str, int] = dict(
            connection.cursor(row_factory=tuple_row)
            .execute(
                "select attname, atttypid::int8 from pg_attribute where attrelid = %s::regclass and attnum > 0",
                (table.name,),
            )
            .fetchall()
        )
        known[table] = [found[name] for name in table.columns]
    return known[table]
