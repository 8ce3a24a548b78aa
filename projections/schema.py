"""A read schema: made empty, filled with statistics, and asked how far it is."""

from __future__ import annotations

import msgspec
import psycopg
from psycopg import Connection, sql

from coordination.store.grants import grant_reading
from projections.catalogue import definition, tables_sql

LEADER_LOCK = 0x43_59_44_4C  # "CYDL"


def create(conninfo: str, schema: str = "read") -> bool:
    """Makes the tables of the read schema when they are not there; whether they were made now."""
    with psycopg.connect(conninfo) as connection:
        connection.execute("select pg_advisory_xact_lock(%s)", (LEADER_LOCK + 1,))
        found = connection.execute("select to_regclass(%s)", (f"{schema}.position",)).fetchone()
        if found and found[0] is not None:
            return False
        fill(connection, schema)
        return True


def fill(connection: Connection, schema: str) -> None:
    """The tables of a read schema, empty, at position 0, readable by the read role as its policies say."""
    name = sql.Identifier(schema)
    connection.execute(sql.SQL("create schema if not exists {}").format(name))
    connection.execute(sql.SQL("set local search_path to {}, log").format(name))
    connection.execute(tables_sql().encode())
    connection.execute("insert into position (position, definition) values (0, %s)", (definition(),))
    grant_reading(connection, schema)


def analyse(connection: Connection, schema: str) -> None:
    """Takes the statistics of a read schema and of the access rows that its policies ask, once many rows came at once:
    a plan made before PostgreSQL knows of them is kept, and is a bad one."""
    tables = connection.execute(
        "select format('%%I.%%I', schemaname, tablename) from pg_tables where schemaname = %s order by 1",
        (schema,),
    ).fetchall()
    named = [name for (name,) in tables] + ["log.pupil_access"]
    connection.execute(f"analyze {', '.join(named)}".encode())


class SchemaProgress(msgspec.Struct, frozen=True):
    """Where a read schema stands: its position, the log's, and the streams parked."""

    position: int
    log: int
    parked: int

    @property
    def lag(self) -> int:
        return self.log - self.position


def progress(connection: Connection) -> SchemaProgress:
    """Where the live read schema stands, for the operator's eyes."""
    row = connection.execute(
        "select (select position from read.position),"
        " (select coalesce(max(notification_id), 0) from log.event), (select count(*) from read.parked)"
    ).fetchone()
    return SchemaProgress(*(row or (0, 0, 0)))
