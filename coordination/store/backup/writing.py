"""A backup written: every table of the record and the desk, as they were at one moment, while the service goes on."""

from __future__ import annotations

import gzip
import os
import shutil
from datetime import datetime
from pathlib import Path

import psycopg
from psycopg import Connection, sql

from coordination.errors import Refusal
from coordination.store.backup.manifest import FORMAT, CopiedTable, Manifest, digest_of, write_manifest
from coordination.store.backup.tables import identifier, sequences, tables
from coordination.store.processes import sync_folder

_COMPRESSION = 1  # ciphertext hardly shrinks: more would cost time and save nothing


def write_backup(conninfo: str, folder: Path, *, keys: str, now: datetime) -> Manifest:
    """Write a backup into a new folder (mode 0700) and return its manifest.

    `conninfo` is the owner's address, `keys` the fingerprint of the outer keys. The folder appears complete or not at
    all. Raises Refusal `folder_exists`.
    """
    if folder.exists():
        raise Refusal("folder_exists", place=str(folder))
    folder.parent.mkdir(parents=True, exist_ok=True)
    unfinished = folder.with_name(f".{folder.name}.unfinished")
    shutil.rmtree(unfinished, ignore_errors=True)
    unfinished.mkdir(mode=0o700)
    try:
        with psycopg.connect(conninfo, autocommit=True) as connection, connection.transaction():
            connection.execute("set transaction isolation level repeatable read, read only")
            manifest = _written(connection, unfinished, keys, now)
        write_manifest(unfinished, manifest)
        _sync(unfinished)
        unfinished.rename(folder)
    except BaseException:
        shutil.rmtree(unfinished, ignore_errors=True)
        raise
    sync_folder(folder.parent)
    return manifest


def _written(connection: Connection, folder: Path, keys: str, now: datetime) -> Manifest:
    copied = tuple(_copy(connection, folder, name, columns) for name, columns in tables(connection))
    row = connection.execute(
        "select (select id::text from log.store), coalesce(max(notification_id), 0), count(*) from log.event"
    ).fetchone()
    assert row is not None
    migrations = connection.execute("select name from log.migration order by name").fetchall()
    return Manifest(
        format=FORMAT,
        made_at=now,
        store=row[0],
        position=int(row[1]),
        events=int(row[2]),
        migrations=tuple(name for (name,) in migrations),
        tables=copied,
        sequences=sequences(connection),
        keys=keys,
    )


def _copy(connection: Connection, folder: Path, name: str, columns: tuple[str, ...]) -> CopiedTable:
    file = f"{name}.copy.gz"
    query = sql.SQL("copy {} ({}) to stdout").format(
        identifier(name), sql.SQL(", ").join(map(sql.Identifier, columns))
    )
    descriptor = os.open(folder / file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with (
        os.fdopen(descriptor, "wb") as out,
        # no name and no time inside: the same rows give the same file
        gzip.GzipFile(filename="", mode="wb", compresslevel=_COMPRESSION, fileobj=out, mtime=0) as packed,
        connection.cursor() as cursor,
    ):
        with cursor.copy(query) as copy:
            for piece in copy:
                packed.write(piece)
        rows = cursor.rowcount
    return CopiedTable(name, columns, file, rows, digest_of(folder / file))


def _sync(folder: Path) -> None:
    for path in folder.iterdir():
        descriptor = os.open(path, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
    sync_folder(folder)
