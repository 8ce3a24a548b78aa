"""The floor of catching up: decode every event, and COPY the final rows of every table into tables without an index."""

from __future__ import annotations

from time import perf_counter

import psycopg
from psycopg import sql

from scripts.measure.database import BenchmarkDatabase


def copying(ground: BenchmarkDatabase) -> float:
    """Microseconds an event to COPY the rows of the live read schema, in one transaction; decoding is not in it."""
    with psycopg.connect(ground.database, autocommit=True) as connection:
        names = connection.execute(
            "select tablename from pg_tables where schemaname = 'read' order by 1"
        ).fetchall()
        seconds = 0.0
        connection.execute("create schema floor")
        for (name,) in names:
            table = sql.Identifier(name)
            with connection.cursor().copy(
                sql.SQL("copy read.{} to stdout (format binary)").format(table)
            ) as out:
                rows = b"".join(out)
            connection.execute(sql.SQL("create table floor.{} (like read.{})").format(table, table))
            begun = perf_counter()
            with connection.cursor().copy(
                sql.SQL("copy floor.{} from stdin (format binary)").format(table)
            ) as into:
                into.write(rows)
            seconds += perf_counter() - begun
        connection.execute("drop schema floor cascade")
    return seconds / ground.events * 1e6
