"""What many tests begin with is recorded once in each worker, and its rows are copied for the tests after the first."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Callable
from pathlib import Path

import msgspec
import psycopg
from psycopg import sql
from psycopg.conninfo import make_conninfo

from coordination.store import server
from coordination.store.keys import load_or_make

# Rows that are copied can only be read under the keys they were written with, so a worker has one file of keys.
_FOLDER = tempfile.TemporaryDirectory(prefix="cydlynu-keys-")
_EMPTY = 21  # bytes of a binary copy without a row: a signature, two numbers and the end

_recorded: dict[str, TableRows] = {}


class TableRows(msgspec.Struct, frozen=True):
    """Every table that has rows, as PostgreSQL's binary copy, and every sequence that was used."""

    tables: list[tuple[sql.Identifier, bytes]]
    sequences: list[tuple[str, int]]


def keys_in(folder: Path) -> Path:
    """The worker's keys as the file keys.json of this folder, unless it has one."""
    path = folder / "keys.json"
    if not path.exists():
        kept = Path(_FOLDER.name, "keys.json")
        load_or_make(kept)
        shutil.copy2(kept, path)
    return path


def begin_with(name: str, database: str, record: Callable[[], object]) -> None:
    """Puts the beginning of this name into a database. `record` does it the first time in this worker; it must leave
    nothing running. It also does it where the database is not as it was made."""
    address = make_conninfo(database, user=server.ADMINISTRATOR, options="")
    with psycopg.connect(address, autocommit=True) as link:
        used = link.execute(
            "select exists (select from log.event) or exists (select from desk.account)"
        ).fetchone()
        if used == (True,):
            record()
        elif name in _recorded:
            with link.transaction():
                put(link, _recorded[name])
        else:
            record()
            _recorded[name] = taken(link)


def taken(link: psycopg.Connection) -> TableRows:
    """The rows of every table of the database."""
    tables = []
    for schema, table in link.execute(
        "select n.nspname, c.relname from pg_class c join pg_namespace n on n.oid = c.relnamespace"
        " where c.relkind = 'r' and n.nspname !~ '^pg_' and n.nspname <> 'information_schema'"
    ).fetchall():
        name = sql.Identifier(schema, table)
        with link.cursor().copy(sql.SQL("copy {} to stdout (format binary)").format(name)) as copy:
            rows = b"".join(copy)
        if len(rows) > _EMPTY:
            tables.append((name, rows))
    used = "select quote_ident(schemaname) || '.' || quote_ident(sequencename), last_value from pg_sequences"
    return TableRows(tables, link.execute(f"{used} where last_value is not null").fetchall())


def put(link: psycopg.Connection, rows: TableRows) -> None:
    """These rows in place of those that the tables have; inside a transaction of an administrator."""
    # no trigger and no foreign key: the rows have passed them once
    link.execute("set local session_replication_role = replica")
    for name, data in rows.tables:
        link.execute(sql.SQL("delete from {}").format(name))
        with link.cursor().copy(sql.SQL("copy {} from stdin (format binary)").format(name)) as copy:
            copy.write(data)
    for sequence, last in rows.sequences:
        link.execute("select setval(%s, %s)", (sequence, last))
