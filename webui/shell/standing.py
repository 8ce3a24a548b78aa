"""How the service stands: are the read models this program's, how far behind are they, and does the worker live?"""

from __future__ import annotations

import msgspec
from psycopg.rows import tuple_row

from coordination.desk.heartbeat import last_sign_of_life
from projections.catalogue import definition
from webui.shell.runtime import Runtime

_STANDING = """
select p.position, p.definition, coalesce((select max(notification_id) from log.event), 0),
       (select count(*) from log.event where notification_id > p.position)
from read.position p
"""


class ServiceStanding(msgspec.Struct, frozen=True, kw_only=True):
    """`current`: the read models were made by this version of the program. `worker_seen_seconds`: since the leading
    worker was last heard of; None when none ever led."""

    current: bool
    log_position: int
    read_position: int
    events_behind: int
    worker_seen_seconds: float | None


def service_standing(world: Runtime) -> ServiceStanding:
    """Ask the database. Raises psycopg.Error when it does not answer or has no read models."""
    with world.desk(timeout=2.0) as conn:
        with conn.cursor(row_factory=tuple_row) as cursor:
            row = cursor.execute(_STANDING).fetchone()
        sign = last_sign_of_life(conn)
    read, made_by, log, behind = row or (0, "", 0, 0)
    return ServiceStanding(
        current=made_by == definition(),
        log_position=log,
        read_position=read,
        events_behind=behind,
        worker_seen_seconds=round((world.now() - sign.at).total_seconds(), 1) if sign else None,
    )
