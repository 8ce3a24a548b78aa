"""Rebuilds of the read models: requested on a page, carried out by the leading worker, shown to the person who asked.

A rebuild is requested, then running, then done, failed (an error in it) or broken_off (its worker ended repeatedly).
Only one is requested or running at a time, which the database enforces.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Literal
from uuid import UUID

import msgspec
from psycopg import Connection
from psycopg.errors import UniqueViolation
from psycopg.rows import DictRow, tuple_row

from coordination.errors import Refusal

State = Literal["asked", "running", "done", "failed", "broken_off"]
OPEN = ("asked", "running")
MOST_ATTEMPTS = 3
"""After so many beginnings without an end it is given up."""


class Rebuild(msgspec.Struct, frozen=True, kw_only=True):
    """A rebuild. It has reached log `position` on the way to `goal` (None: not begun). `differing`: the tables that
    were not the same before and after. `problem`: its kind and its place in the program."""

    rebuild: UUID
    asked_by: UUID
    asked_at: datetime
    state: State
    attempts: int
    begun_at: datetime | None
    ended_at: datetime | None
    position: int
    goal: int | None
    differing: tuple[str, ...] | None
    problem: str | None

    @property
    def open(self) -> bool:
        return self.state in OPEN

    @property
    def percent(self) -> int:
        """How much of the log was processed, in whole per cent; 100 only when the rebuild is done."""
        if self.state == "done":
            return 100
        return min(99, 100 * self.position // self.goal) if self.goal else 0


def ask_rebuild(conn: Connection, rebuild: UUID, asked_by: UUID, now: datetime) -> None:
    """Requests a rebuild; repeating an id changes nothing. Raises Refusal `rebuild_under_way` when another is open."""
    try:
        with conn.transaction():
            conn.execute(
                """insert into desk.rebuild (rebuild, asked_by, asked_at) values (%s, %s, %s)
                   on conflict (rebuild) do nothing""",
                (rebuild, asked_by, now),
            )
            # the worker looks once a second, and at once when it is called
            conn.execute("select pg_notify('event', '')")
    except UniqueViolation:
        raise Refusal("rebuild_under_way") from None


def rebuild_open(conn: Connection) -> bool:
    """Whether a rebuild is requested or running."""
    found = conn.execute("select from desk.rebuild where state in ('asked', 'running')").fetchone()
    return found is not None


def rebuilds(conn: Connection, most: int = 10) -> list[Rebuild]:
    """The most recent rebuilds, the newest first."""
    return _read(conn, "order by asked_at desc, rebuild limit %s", (most,))


def begin_rebuild(conn: Connection, now: datetime, goal: int) -> Rebuild | None:
    """Begins the open rebuild, or resumes it when the worker that ran it has ended; None when there is none. One that
    was begun MOST_ATTEMPTS times is marked as broken off instead. Only for the leading worker."""
    given = {"now": now, "goal": goal, "most": MOST_ATTEMPTS}
    conn.execute(
        "update desk.rebuild set state = 'broken_off', ended_at = %(now)s"
        " where state = 'running' and attempts >= %(most)s",
        given,
    )
    row = conn.execute(
        """update desk.rebuild set state = 'running', attempts = attempts + 1, begun_at = %(now)s, position = 0,
               goal = %(goal)s
           where state in ('asked', 'running') returning rebuild""",
        given,
    ).fetchone()
    return _read(conn, "where rebuild = %s", (row[0],))[0] if row else None


def return_rebuild(conn: Connection, rebuild: UUID) -> None:
    """Puts the rebuild back for the next worker, without counting an attempt: it could not begin or the worker was
    stopped."""
    conn.execute(
        "update desk.rebuild set state = 'asked', attempts = attempts - 1, position = 0"
        " where rebuild = %s and state = 'running'",
        (rebuild,),
    )


def note_rebuild_progress(conn: Connection, rebuild: UUID, position: int) -> None:
    """Stores the position reached."""
    conn.execute(
        "update desk.rebuild set position = %s where rebuild = %s and state = 'running'", (position, rebuild)
    )


def finish_rebuild(
    conn: Connection, rebuild: UUID, now: datetime, position: int, differing: Sequence[str]
) -> None:
    """Marks the rebuild as done: the new read models are in place."""
    conn.execute(
        """update desk.rebuild set state = 'done', ended_at = %s, position = %s, differing = %s
           where rebuild = %s and state = 'running'""",
        (now, position, list(differing), rebuild),
    )


def fail_rebuild(conn: Connection, rebuild: UUID, now: datetime, problem: str) -> None:
    """Marks the rebuild as failed; the old read models remain. `problem` names a kind and a place, nothing of a
    case."""
    conn.execute(
        """update desk.rebuild set state = 'failed', ended_at = %s, problem = %s
           where rebuild = %s and state = 'running'""",
        (now, problem[:400], rebuild),
    )


_COLUMNS = (
    "rebuild, asked_by, asked_at, state, attempts, begun_at, ended_at, position, goal, differing, problem"
)


def _read(conn: Connection, which: str, given: tuple[object, ...]) -> list[Rebuild]:
    sql = f"select {_COLUMNS} from desk.rebuild {which}"  # noqa: S608 - columns and words of this module
    with conn.cursor(row_factory=tuple_row) as cursor:
        found = cursor.execute(sql.encode(), given).fetchall()
    names = _COLUMNS.split(", ")
    return [_of(dict(zip(names, row, strict=True))) for row in found]


def _of(row: DictRow) -> Rebuild:
    differing = row["differing"]
    return Rebuild(**row | {"differing": None if differing is None else tuple(differing)})
