"""Who read what: kept beside the record of who wrote what."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from psycopg import Connection

from coordination.viewer import Viewer


def note_reading(
    conn: Connection, viewer: Viewer, *, kind: str, ids: Sequence[UUID], at: datetime, purpose: str
) -> None:
    """Note that `viewer` was shown these things.

    `kind` says what was read (`case_file`, `pupil_search`, `waiting_times`), `purpose` why, as a code
    (`own_pupil`, `audit`); both lower_snake. `ids` are the streams shown. No names, no search's words.
    """
    sql = """insert into desk.read_log (person, organisation, role, kind, ids, at, purpose)
             values (%s, %s, %s, %s, %s, %s, %s)"""
    conn.execute(sql, (viewer.person, viewer.organisation, viewer.role, kind, list(ids), at, purpose))
