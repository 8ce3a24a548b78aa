"""When the worker last said that it goes on, for whoever watches the service from another machine."""

from __future__ import annotations

from datetime import datetime

import msgspec
from psycopg import Connection
from psycopg.rows import tuple_row

WORKER = "worker"


class SignOfLife(msgspec.Struct, frozen=True):
    """When the leading worker was last heard of (UTC), and when it had last read everything on the record."""

    at: datetime
    caught_up_at: datetime | None


def note_caught_up(conn: Connection, now: datetime) -> None:
    """Note that the leading worker goes on, and that it has read everything."""
    conn.execute(
        "insert into desk.heartbeat (program, at, caught_up_at) values (%s, %s, %s)"
        " on conflict (program) do update set at = excluded.at, caught_up_at = excluded.caught_up_at",
        (WORKER, now, now),
    )


def last_sign_of_life(conn: Connection) -> SignOfLife | None:
    """The last note of the leading worker; None when none ever led."""
    with conn.cursor(row_factory=tuple_row) as cursor:
        query = "select at, caught_up_at from desk.heartbeat where program = %s"
        row = cursor.execute(query, (WORKER,)).fetchone()
    return SignOfLife(*row) if row else None
