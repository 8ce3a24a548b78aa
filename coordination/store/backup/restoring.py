"""A backup restored into an empty database, in one transaction: all of it, or nothing."""

from __future__ import annotations

from pathlib import Path

import psycopg
from psycopg import Connection, sql

from coordination.errors import Refusal
from coordination.store.backup.manifest import CopiedTable, Manifest, check_files, pieces, read_manifest
from coordination.store.backup.tables import SCHEMAS, identifier, tables
from coordination.store.grants import put_rights_right
from coordination.store.migrate import MIGRATIONS, migrate

MADE_BY_MIGRATIONS = frozenset({"log.leaf", "log.migration", "log.store"})
"""Tables with rows in a store in which nothing has been recorded."""


def restore_backup(conninfo: str, folder: Path) -> Manifest:
    """Restore a backup and bring it up to this program's version; its manifest.

    `conninfo` is the owner's address of a database that holds no record. What was erased after the backup was made
    must be erased again before anybody may look (`coordination.store.erasures.erase_again`). Raises Refusal
    `not_a_backup`, `newer_backup`, `backup_changed`, `store_not_empty`, `backup_of_newer_program`.
    """
    manifest = read_manifest(folder)
    check_files(folder, manifest)
    known = {path.stem for path in MIGRATIONS.glob("*.sql")}
    if set(manifest.migrations) - known:
        raise Refusal("backup_of_newer_program")
    with psycopg.connect(conninfo, autocommit=True) as connection:
        require_empty(connection)
        for schema in ("read", "read_next", *SCHEMAS):
            connection.execute(f"drop schema if exists {schema} cascade".encode())
        migrate(conninfo, only=frozenset(manifest.migrations))
        with connection.transaction():
            for table in manifest.tables:
                _copy(connection, folder, table)
            for name, last in manifest.sequences.items():
                connection.execute("select setval(%s::regclass, %s)", (name, last))
        migrate(conninfo)
        put_rights_right(connection)
        connection.execute("analyze")
    return manifest


def require_empty(connection: Connection) -> None:
    """Raises Refusal `store_not_empty` for a database in which anything was ever recorded."""
    for name, _ in tables(connection) if _has_log(connection) else []:
        if name in MADE_BY_MIGRATIONS:
            continue
        query = sql.SQL("select exists (select from {})").format(identifier(name))
        if connection.execute(query).fetchone() == (True,):
            raise Refusal("store_not_empty", table=name)


def _has_log(connection: Connection) -> bool:
    query = "select count(*) = 2 from pg_namespace where nspname = any(%s)"
    return connection.execute(query, (SCHEMAS,)).fetchone() == (True,)


def _copy(connection: Connection, folder: Path, table: CopiedTable) -> None:
    """The rows of one table, in place of those that its migration made."""
    name = identifier(table.name)
    connection.execute(sql.SQL("alter table {} disable trigger user").format(name))
    connection.execute(sql.SQL("delete from {}").format(name))
    columns = sql.SQL(", ").join(map(sql.Identifier, table.columns))
    query = sql.SQL("copy {} ({}) from stdin").format(name, columns)
    with connection.cursor() as cursor:
        with cursor.copy(query) as copy:
            for piece in pieces(folder / table.file):
                copy.write(piece)
        if cursor.rowcount != table.rows:
            raise Refusal("backup_changed", file=table.file)
    connection.execute(sql.SQL("alter table {} enable trigger user").format(name))
