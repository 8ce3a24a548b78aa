"""The log of reading: who was shown what, stored beside the record of who wrote what."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from psycopg import Connection

from coordination.viewer import Viewer


def note_reading(
    conn: Connection, viewer: Viewer, *, kind: str, ids: Sequence[UUID], at: datetime, purpose: str
) -> None:
    """Record that `viewer` was shown these things.

    `kind` is what was read (`case_file`, `pupil_search`, `waiting_times`), `purpose` why, as a code (`own_pupil`,
    `audit`); both lower_snake. `ids` are the streams shown. Names and search terms are not stored.
    """
    sql = """insert into desk.read_log (person, organisation, role, kind, ids, at, purpose)
             values (%s, %s, %s, %s, %s, %s, %s)"""
    conn.execute(sql, (viewer.person, viewer.organisation, viewer.role, kind, list(ids), at, purpose))
