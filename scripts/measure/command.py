"""(b) A command until its effect is visible, against the bare commit of one row on the same server.

The command is an ALNCo's record of what a child said, each time of another pupil: it loads the pupil's stream,
decides, seals, and appends one event with its inline rows and the ledger's. An engine in a process of its own listens
as the worker does and takes the event; it is visible once `read.position` has reached it, which is polled as a waiting
page does. The bare commit inserts one row of about the event's size with a prepared statement on
a held connection. Rounds of both alternate; the ratio is that of the medians.
"""

from __future__ import annotations

import multiprocessing
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, time, timedelta
from multiprocessing.synchronize import Event as Flag
from pathlib import Path
from statistics import median
from time import perf_counter, sleep
from uuid import UUID

import msgspec
import psycopg
from psycopg import Connection

from coordination.event import CommandContext
from coordination.pupil.profile.commands import RecordViews
from coordination.service import Coordination
from coordination.store.keys import load_or_make
from projections.engine import Engine
from scripts.demonstration.county import SCHOOLS, staff_member
from scripts.measure.database import UNTIL, BenchmarkDatabase

ROUNDS = 5
COMMANDS, COMMITS = 30, 150  # in each round
BODY = b"x" * 600
POLL = 0.0005  # seconds


class CommandTimes(msgspec.Struct, frozen=True):
    """Medians in milliseconds: of the bare commit, of a command until it is acknowledged, and until it is visible."""

    commit: float
    acknowledged: float
    visible: float

    @property
    def vs_commit(self) -> float:
        return self.visible / self.commit


def measure(ground: BenchmarkDatabase) -> CommandTimes:
    """Needs a read schema that is up to date."""
    commits: list[float] = []
    acknowledged: list[float] = []
    visible: list[float] = []
    with (
        ground.service() as service,
        _following(ground),
        psycopg.connect(ground.database, autocommit=True) as connection,
    ):
        connection.execute(
            "create schema bare create table row (id bigserial primary key, body bytea not null)"
        )
        pupils = _pupils(connection)
        _command(service, connection, *next(pupils))  # the first one reads the directory
        for _ in range(ROUNDS):
            commits.extend(_commit(connection) for _ in range(COMMITS))
            for _ in range(COMMANDS):
                one, other = _command(service, connection, *next(pupils))
                acknowledged.append(one)
                visible.append(other)
        connection.execute("drop schema bare cascade")
    return CommandTimes(median(commits) * 1e3, median(acknowledged) * 1e3, median(visible) * 1e3)


def _commit(connection: Connection) -> float:
    begun = perf_counter()
    connection.execute("insert into bare.row (body) values (%s)", (BODY,), prepare=True)
    return perf_counter() - begun


def _command(
    service: Coordination, connection: Connection, number: int, pupil: UUID, school: UUID, person: UUID
) -> tuple[float, float]:
    """Seconds until it is acknowledged, and until it is visible."""
    order = CommandContext(
        person=person,
        organisation=school,
        role="alnco",
        source="screen",
        command_id=f"measured-{number}",
        recorded_at=datetime.combine(UNTIL, time(23), UTC) + timedelta(seconds=number),
    )
    command = RecordViews(
        occurred_on=UNTIL, pupil=pupil, whose="child", words="I like it when we build things.", language="en"
    )
    begun = perf_counter()
    receipt = service.perform(command, order)
    acknowledged = perf_counter() - begun
    while _position(connection) < receipt.position:
        if perf_counter() - begun > 60:
            raise TimeoutError("the engine that follows does not come along")
        sleep(POLL)
    return acknowledged, perf_counter() - begun


def _position(connection: Connection) -> int:
    row = connection.execute("select position from read.position", prepare=True).fetchone()
    return int(row[0]) if row else 0


def _pupils(connection: Connection) -> Iterator[tuple[int, UUID, UUID, UUID]]:
    """A number, and the next pupil with their school and its ALNCo, again from the first after the last."""
    found = connection.execute(
        "select pupil, organisation from log.pupil_access where basis = 'registration' and closed_on is null"
        " order by pupil limit 1000"
    ).fetchall()
    alncos = {school.id: staff_member(school, "alnco") for school in SCHOOLS}
    number = 0
    while True:
        for pupil, school in found:
            number += 1
            yield number, pupil, school, alncos[school]


@contextmanager
def _following(ground: BenchmarkDatabase) -> Iterator[None]:
    """An engine in another process that processes new events."""
    fresh = multiprocessing.get_context("spawn")
    ready, stop = fresh.Event(), fresh.Event()
    process = fresh.Process(target=_follow, args=(ground.database, ground.key_file, ready, stop), daemon=True)
    process.start()
    try:
        if not ready.wait(60):
            raise TimeoutError("the engine that follows does not start")
        yield
    finally:
        stop.set()
        process.join()


def _follow(database: str, keys: Path, ready: Flag, stop: Flag) -> None:
    engine = Engine(database, load_or_make(keys))
    with psycopg.connect(database, autocommit=True) as listening:
        listening.execute("listen event")
        engine.catch_up()
        ready.set()
        while not stop.is_set():
            for _ in listening.notifies(timeout=0.5, stop_after=1):
                pass
            engine.catch_up()
    engine.close()
