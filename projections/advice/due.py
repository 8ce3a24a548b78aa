"""The conversations without a name whose words have been kept for long enough, for the service itself."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

import msgspec
from psycopg import Connection
from psycopg.rows import class_row


class OldAdvice(msgspec.Struct, frozen=True):
    """A conversation whose words can still be read."""

    advice: UUID
    school: UUID
    asked_on: date


def old_advice(connection: Connection[Any], before: date) -> list[OldAdvice]:
    """Those asked before a day that name no pupil and whose key is there, the oldest first; the connection is the
    owner's."""
    with connection.cursor(row_factory=class_row(OldAdvice)) as cursor:
        return cursor.execute(
            "select a.advice, a.school, a.asked_on from read.advice a join log.stream_key k on k.stream = a.advice"
            " where not a.named and a.asked_on < %s order by a.asked_on, a.advice",
            (before,),
        ).fetchall()
