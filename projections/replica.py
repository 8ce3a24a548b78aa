"""Reading from a streaming replica: only what is recent enough for this person, and with how far it is behind."""

from __future__ import annotations

import threading
import time
from typing import Any, NamedTuple

from psycopg import OperationalError
from psycopg_pool import ConnectionPool

from coordination.viewer import Viewer
from projections.reader import SnapshotReader

AVOIDED = 5.0
"""Seconds for which a replica that did not answer is not asked again."""

# When it has replayed all that the primary had written when it was asked, nothing is missing, however long ago the last
# transaction was. pg_last_xact_replay_timestamp is null until the first transaction is replayed.
BEHIND = """
select case when not pg_is_in_recovery() or pg_last_wal_replay_lsn() >= %s::pg_lsn then 0
       else greatest(0, extract(epoch from clock_timestamp() - pg_last_xact_replay_timestamp())) end
"""


class ReplicaNeed(NamedTuple):
    """What the replica must hold: the log up to `position`, and be at most `seconds` behind the primary, whose
    write-ahead log stood at `wal`."""

    position: int
    wal: str
    seconds: float


class Replica:
    """The connections to a streaming replica, for lists and reports. Safe between threads."""

    def __init__(self, pool: ConnectionPool[Any]) -> None:
        self._pool = pool
        self._opening = threading.Lock()
        self._opened = False
        self._avoided_until = 0.0

    @property
    def avoided(self) -> bool:
        """Whether it did not answer a moment ago."""
        return time.monotonic() < self._avoided_until

    def moment(self, viewer: Viewer, need: ReplicaNeed) -> tuple[SnapshotReader, float] | None:
        """A reader of one moment of the replica, and how many seconds it is behind; None when it does not hold what is
        needed or does not answer: read from the primary then. The reader must be closed."""
        try:
            self._open()
            with self._pool.connection() as connection:
                row = connection.execute(BEHIND, (need.wal,), prepare=True).fetchone()
            behind = float(row[0]) if row and row[0] is not None else None
            if behind is None or behind > need.seconds:
                return None
            reader = SnapshotReader(self._pool)
            with reader.viewing(viewer) as cursor:
                reached = getattr(cursor, "log_position", -1)
        except OperationalError:
            self._avoided_until = time.monotonic() + AVOIDED
            return None
        if reached < need.position:
            reader.close()
            return None
        return reader, behind

    def close(self) -> None:
        """Close the connections."""
        with self._opening:
            if self._opened:
                self._pool.close()

    def _open(self) -> None:
        # at first use: a pool opened before the server forks is dead in its children
        with self._opening:
            if not self._opened:
                self._pool.open()
                self._opened = True
