"""Commands a second with several writers at once, each a process that saves as fast as it can."""

from __future__ import annotations

import multiprocessing
from datetime import UTC, datetime
from multiprocessing.synchronize import Barrier
from pathlib import Path
from time import perf_counter
from uuid import UUID, uuid4

import psycopg

from coordination.event import CommandContext
from coordination.pupil.profile.commands import RecordViews
from coordination.service import Coordination
from coordination.store.application import Record
from coordination.store.keys import load_or_make
from coordination.store.migrate import APPEND, as_role
from scripts.demonstration.county import SCHOOLS, staff_member
from scripts.measure.database import UNTIL, BenchmarkDatabase

WRITERS = (1, 4, 8, 16)
SECONDS = 5.0


def measure(ground: BenchmarkDatabase, seconds: float = SECONDS) -> dict[int, float]:
    """By the number of writers, commands acknowledged a second."""
    return {writers: _together(ground, writers, seconds) for writers in WRITERS}


def _together(ground: BenchmarkDatabase, writers: int, seconds: float) -> float:
    fresh = multiprocessing.get_context("spawn")
    begin, done = fresh.Barrier(writers), fresh.Queue()
    given = (ground.database, ground.key_file, seconds, begin, done)
    processes = [fresh.Process(target=_write, args=(number, *given)) for number in range(writers)]
    for process in processes:
        process.start()
    found = [done.get(timeout=300) for _ in processes]
    for process in processes:
        process.join()
    return float(sum(found)) / seconds


def _write(
    number: int, database: str, keys: Path, seconds: float, begin: Barrier, done: multiprocessing.Queue[int]
) -> None:
    """Each writer has pupils of its own: none waits for another's stream, only for the log."""
    with psycopg.connect(database) as connection:
        pupils: list[tuple[UUID, UUID]] = connection.execute(
            "select pupil, organisation from log.pupil_access where basis = 'registration' and closed_on is null"
            " and abs(hashtext(pupil::text)) %% 16 = %s order by pupil limit 200",
            (number,),
        ).fetchall()
    record = Record(as_role(database, APPEND), load_or_make(keys), pool_size=1)
    service = Coordination(record)
    _save(service, *pupils[0])  # the first one reads the directory
    begin.wait()
    until, saved = perf_counter() + seconds, 0
    while perf_counter() < until:
        _save(service, *pupils[saved % len(pupils)])
        saved += 1
    done.put(saved)
    record.close()


def _save(service: Coordination, pupil: UUID, school: UUID) -> None:
    context = CommandContext(
        person=next(staff_member(one, "alnco") for one in SCHOOLS if one.id == school),
        organisation=school,
        role="alnco",
        source="screen",
        command_id=f"throughput-{uuid4()}",
        recorded_at=datetime.now(UTC),
    )
    said = RecordViews(occurred_on=UNTIL, pupil=pupil, whose="child", words="I like to read.", language="en")
    service.perform(said, context)
