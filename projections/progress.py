"""How far the read models follow the log, for the pages of an administrator: numbers and reasons, nothing of a case."""

from __future__ import annotations

from datetime import datetime

import msgspec

from coordination.viewer import Viewer
from projections.reader import Reader, position
from projections.schema import LEADER_LOCK


class ParkedFile(msgspec.Struct, frozen=True):
    """A stream that one projection (`*`: all of them) takes no further than before a position: the kind of event there,
    and why, as a kind of problem with its place in the program. Whose stream it is is not said."""

    projection: str
    position: int
    topic: str
    reason: str


class ReadModelProgress(msgspec.Struct, frozen=True, kw_only=True):
    """`position` of the last event taken, recorded at `recorded_at` at the latest (None: nothing is recorded yet);
    `led`: whether an engine follows the log now."""

    position: int
    recorded_at: datetime | None
    led: bool
    parked: tuple[ParkedFile, ...]


LED = """
select (select max(recorded_at) from read.known) as recorded_at,
       exists (select from pg_locks l join pg_database d on d.oid = l.database
               where d.datname = current_database() and l.locktype = 'advisory' and l.granted
                 and l.classid = 0 and l.objid = %s) as led
"""
PARKED = "select projection, position, topic, reason from read.parked order by position, projection limit 200"


def read_model_progress(reader: Reader, viewer: Viewer) -> ReadModelProgress:
    """Where the read models stand, in three statements; at most 200 parked streams."""
    with reader.viewing(viewer) as cursor:
        row = cursor.execute(LED, (LEADER_LOCK,)).fetchone() or {}
        return ReadModelProgress(
            position=position(cursor),
            recorded_at=row["recorded_at"],
            led=row["led"],
            parked=tuple(ParkedFile(**found) for found in cursor.execute(PARKED)),
        )
