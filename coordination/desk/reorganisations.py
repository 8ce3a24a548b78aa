"""How far the worker has come with a closed school or a reorganised service."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec
from psycopg import Connection
from psycopg.rows import dict_row


class ReorganisationProgress(msgspec.Struct, frozen=True):
    """Of one school or service (`subject`): events recorded so far, what remains to be done, and how much of that waits
    for an agreement to share with the service that takes it on."""

    subject: UUID
    done: int
    remaining: int
    without_basis: int
    updated_at: datetime


def note_progress(
    conn: Connection[Any], subject: UUID, *, done: int, remaining: int, without_basis: int, at: datetime
) -> None:
    """Adds `done` to what was done before, and writes down what remains."""
    conn.execute(
        "insert into desk.reorganisation (subject, done, remaining, without_basis, updated_at)"
        " values (%s, %s, %s, %s, %s) on conflict (subject) do update set"
        " done = reorganisation.done + excluded.done, remaining = excluded.remaining,"
        " without_basis = excluded.without_basis, updated_at = excluded.updated_at",
        (subject, done, remaining, without_basis, at),
    )


def progress_of(conn: Connection[Any], subjects: Iterable[UUID]) -> dict[UUID, ReorganisationProgress]:
    """What was noted of these schools and services."""
    with conn.cursor(row_factory=dict_row) as cursor:
        found = cursor.execute(
            "select subject, done, remaining, without_basis, updated_at from desk.reorganisation"
            " where subject = any(%s)",
            (list(subjects),),
        )
        return {row["subject"]: ReorganisationProgress(**row) for row in found}
