"""(f) Verifying the ledger, against reading every event and hashing it once.

The yardstick is a small program that takes the stored events from the server in pages and hashes each as the ledger
does. The verification also reads and compares every other row, every leaf and every save. Rounds of both alternate; the
ratio is that of the medians.
"""

from __future__ import annotations

from hashlib import sha256
from statistics import median
from time import perf_counter

import msgspec
import psycopg
from psycopg import Connection
from psycopg.rows import tuple_row

from coordination.store.ledger.verification import verify
from scripts.measure.database import BenchmarkDatabase

ROUNDS = 3
PAGE = 2000
EVENTS = "select originator_id, originator_version, topic, state from log.event order by notification_id"


class LedgerTimes(msgspec.Struct, frozen=True):
    """Medians in seconds, and how much was verified; `problem` is None for a sound ledger."""

    events: int
    leaves: int
    read: float
    verify: float
    problem: str | None

    @property
    def vs_read(self) -> float:
        return self.verify / self.read


def measure(ground: BenchmarkDatabase) -> LedgerTimes:
    """Verifies the whole record; nothing else may write meanwhile."""
    reading: list[float] = []
    verifying: list[float] = []
    with psycopg.connect(ground.database, autocommit=True) as connection:
        for _ in range(ROUNDS):
            begun = perf_counter()
            _read_and_hash(connection)
            read = perf_counter()
            found = verify(connection)
            reading.append(read - begun)
            verifying.append(perf_counter() - read)
    return LedgerTimes(found.events, found.leaves, median(reading), median(verifying), found.problem)


def _read_and_hash(connection: Connection) -> None:
    with (
        connection.transaction(),
        connection.cursor("measured_events", row_factory=tuple_row, binary=True) as cursor,
    ):
        cursor.itersize = PAGE
        cursor.execute(EVENTS)
        for stream, version, topic, state in cursor:
            head = f"{stream}:{version}:{topic}:{len(state)}:"
            sha256(head.encode() + state).digest()
