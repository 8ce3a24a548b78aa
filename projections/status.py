"""How the read models stand, for the operator: how far, kept by whom, and what could not be taken."""

from __future__ import annotations

from uuid import UUID

import msgspec
from psycopg import Connection

from projections.catalogue import definition
from projections.schema import LEADER_LOCK


class ParkedStream(msgspec.Struct, frozen=True):
    """A stream that one projection (`*`: all of them) takes no further than before a position, and why: the kind of
    problem and its place in the program."""

    projection: str
    stream: UUID
    position: int
    topic: str
    reason: str


class ReadModelStatus(msgspec.Struct, frozen=True):
    """`log_position` of the newest event, `read_position` of the last one taken, `lag` the events between them; `led`
    whether an engine keeps up with the log now; `current` whether the tables are those of this program."""

    events: int
    log_position: int
    read_position: int
    lag: int
    led: bool
    current: bool
    parked: tuple[ParkedStream, ...]


NUMBERS = """
select (select count(*) from log.event), (select coalesce(max(notification_id), 0) from log.event), p.position,
       (select count(*) from log.event where notification_id > p.position), p.definition,
       exists (select from pg_locks l join pg_database d on d.oid = l.database
               where d.datname = current_database() and l.locktype = 'advisory' and l.granted
                 and l.classid = 0 and l.objid = %s)
from read.position p
"""
PARKED = "select projection, stream, position, topic, reason from read.parked order by position, projection"


def read_model_status(connection: Connection) -> ReadModelStatus:
    """Read on a connection of the owner's."""
    with connection.transaction():
        row = connection.execute(NUMBERS, (LEADER_LOCK,)).fetchone()
        parked = connection.execute(PARKED).fetchall()
    events, log, read, lag, made_by, led = row or (0, 0, 0, 0, "", False)
    return ReadModelStatus(
        events, log, read, lag, led, made_by == definition(), tuple(ParkedStream(*p) for p in parked)
    )
