"""The log of reading: who was shown what, stored beside the record of who wrote what."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from psycopg import Connection

from coordination.viewer import Viewer

Cited = tuple[UUID, int]
"""A disclosure: the stream and the version of its event."""

INSERT = """
insert into desk.read_log
    (person, organisation, role, kind, ids, at, purpose, services, cited_pupils, cited_versions)
select %s, %s, %s, %s, %s, %s, %s, %s, %s, %s from set_config('synchronous_commit', 'off', true)
"""
"""The setting is for this transaction: behind a pooler a connection has none of its own."""


def note_reading(
    conn: Connection,
    viewer: Viewer,
    *,
    kind: str,
    ids: Sequence[UUID],
    at: datetime,
    purpose: str,
    cites: Sequence[Cited] = (),
) -> None:
    """Record that `viewer` was shown these things.

    `kind` is what was read (`case_file`, `pupil_search`, `waiting_times`), `purpose` why, as a code (`own_pupil`,
    `audit`); both lower_snake. `ids` are the streams shown, `cites` the disclosures on which the reading rests. Names
    and search terms are not stored.
    """
    values = (
        viewer.person,
        viewer.organisation,
        viewer.role,
        kind,
        list(ids),
        at,
        purpose,
        list(viewer.services),
        [stream for stream, _ in cites],
        [version for _, version in cites],
    )
    conn.execute(INSERT, values, prepare=True)
