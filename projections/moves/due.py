"""The agreed moves whose day has come, for the service itself."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

import msgspec
from psycopg import Connection
from psycopg.rows import class_row


class DueMove(msgspec.Struct, frozen=True):
    """A move that both schools agreed to."""

    pupil: UUID
    move: UUID
    from_school: UUID


def moves_due(connection: Connection[Any], today: date) -> list[DueMove]:
    """The agreed moves expected by `today`; the connection is the owner's."""
    with connection.cursor(row_factory=class_row(DueMove)) as cursor:
        return cursor.execute(
            "select pupil, move, from_school from read.expected_move"
            " where state = 'agreed' and expected_on <= %s order by expected_on, move",
            (today,),
        ).fetchall()
