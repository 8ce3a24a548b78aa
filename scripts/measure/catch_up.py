"""(a) Catching up with the whole log, against the library's ProjectionRunner and against reading alone.

Every projection of the catalogue is driven, into a fresh read schema. The bound is a pass over the same log that
selects and decodes the same pages and does nothing with them; it is taken before and after, and the mean counts.

Against the library's runner the last part of the log counts, where the tables are full: in each of three rounds the
runner takes some hundreds of events and the engine the next few thousand, both with every stream folded already, and
the ratio is that of their seconds for an event. The median of the rounds counts. A rebuild afterwards (see
`memory`) compares the tables row for row, so what the runner wrote is proved to be the same.
"""

from __future__ import annotations

from statistics import mean, median
from time import perf_counter

import msgspec
import psycopg

from coordination.store.mapper import decode
from coordination.store.past import log_page
from projections.engine import PAGE, Engine
from projections.schema import create
from scripts.measure import library_runner
from scripts.measure.database import BenchmarkDatabase

ROUNDS = 3
BY_RUNNER = 700  # events in each round, fewer in a short log


class CatchUpCost(msgspec.Struct, frozen=True):
    """Microseconds an event: by the engine over the log, by reading alone, and in the rounds by the runner and by
    the engine; `parked` is how many streams were."""

    events: int
    engine: float
    decode: float
    rounds: tuple[tuple[float, float], ...]
    parked: int

    @property
    def vs_decode(self) -> float:
        return self.engine / self.decode

    @property
    def vs_stock(self) -> float:
        return median(runner / engine for runner, engine in self.rounds)


def measure(ground: BenchmarkDatabase) -> CatchUpCost:
    """Makes the schema `read` and fills it."""
    create(ground.database)
    by_runner = min(BY_RUNNER, ground.events // 60)
    by_engine = 8 * by_runner
    before = _reading(ground)
    engine = Engine(ground.database, ground.outer)
    try:
        most = ground.events - ROUNDS * (by_runner + by_engine)
        seconds = _engine(engine, most)
        rounds = []
        for _ in range(ROUNDS):
            taken = library_runner.run(ground, engine, by_runner)
            took = _engine(engine, engine.position + by_engine)
            seconds += took
            rounds.append((taken.seconds / taken.events * 1e6, took / by_engine * 1e6))
        parked = len(engine.parked)
    finally:
        engine.close()
    return CatchUpCost(
        events=ground.events,
        engine=seconds / (ground.events - ROUNDS * by_runner) * 1e6,
        decode=mean((before, _reading(ground))) / ground.events * 1e6,
        rounds=tuple(rounds),
        parked=parked,
    )


def _engine(engine: Engine, until: int) -> float:
    begun = perf_counter()
    engine.catch_up(until)
    return perf_counter() - begun


def _reading(ground: BenchmarkDatabase) -> float:
    """Seconds to select and decode the log, in pages of the engine's size."""
    with psycopg.connect(ground.database, autocommit=True) as connection:
        begun, position = perf_counter(), 0
        while rows := log_page(connection, position, PAGE):
            for _, _, topic, state, _ in rows:
                decode(topic, bytes(state))
            position = rows[-1][4]
        return perf_counter() - begun
