"""The library's own way to run a projection: `ProjectionRunner`, one event a transaction, with its tracking.

The adapter drives the very same projections over the very same tables: `process_event` folds the event's stream,
gives the change to every projection that wants it, and writes their rows and the library's tracking row in one
transaction, on a connection with the engine's settings (no wait for the disk among them). It is spared what the engine
has to do: streams are folded already when the clock starts (the engine's own folded states are handed over, and back),
nothing is parked, and the clock starts only when the library has filled its queue of read-ahead notifications, on the
first event of the sample.
"""

from __future__ import annotations

from datetime import datetime
from threading import Event as Flag
from time import perf_counter, sleep
from typing import Any
from uuid import UUID

import msgspec
from eventsourcing.persistence import Tracking
from eventsourcing.postgres import PostgresFactory, PostgresTrackingRecorder
from eventsourcing.projection import Projection as StockProjection
from eventsourcing.projection import ProjectionRunner
from eventsourcing.utils import Environment
from psycopg.conninfo import conninfo_to_dict

from coordination.domain import stream_kind
from coordination.event import RecordedEvent
from coordination.pupil.referral.events import ReferralOpened
from coordination.pupil.referral.milestones.opening import Redirected
from coordination.sensitivity import Opened
from coordination.store.application import _Log as Log
from coordination.store.keys import OuterKeys, keyring
from projections.engine import Engine
from projections.page import KNOWN, SERVICE_PUPIL, KnownTableRow, ServicePupilTableRow
from projections.projection import Change
from projections.rows import RowJournal
from scripts.measure.database import BenchmarkDatabase

LOG = "log"  # the application's name in the tracking
PATIENCE = 120.0  # seconds


class RunnerResult(msgspec.Struct, frozen=True):
    """What a runner did: events after a position, and the seconds from the first to the last one's commit."""

    events: int
    seconds: float


def run(ground: BenchmarkDatabase, engine: Engine, events: int) -> RunnerResult:
    """Lets a ProjectionRunner take the next events in the engine's place, and leaves the engine after them."""
    begin, end = engine.position, engine.position + events
    ready, done = Flag(), Flag()
    times: list[float] = []

    states = EngineStates(engine, ground.outer)

    class Bridge(StockProjection["RowRecorder"]):
        name = "stock"

        def process_event(self, domain_event: Any, tracking: Tracking) -> None:
            if tracking.notification_id == begin + 1:
                ready.wait(PATIENCE)
                times.append(perf_counter())
            if tracking.notification_id > end:
                return
            recorded = RecordedEvent(
                domain_event.stream, domain_event.version, domain_event.event, tracking.notification_id
            )
            self.view.write(states, recorded, tracking)
            if tracking.notification_id == end:
                times.append(perf_counter())
                done.set()

    environment = _environment(ground.database)
    engine.connection.execute("create schema if not exists stock")
    _track_from(environment, begin)
    log = _log(ground.database)
    with ProjectionRunner(
        application_class=log, projection_class=Bridge, view_class=RowRecorder, env=environment
    ) as runner:
        _until_read_ahead(runner, ground.events)
        ready.set()
        while not done.wait(0.1):
            if runner.is_interrupted.is_set():
                runner.run_forever(0)  # raises what stopped it
    states.hand_back(end)
    return RunnerResult(events, times[1] - times[0])


class EngineStates:
    """The engine's folded states, lent to the runner: the changes are computed from them."""

    def __init__(self, engine: Engine, outer: OuterKeys) -> None:
        self.engine = engine
        self.outer = outer
        self.folds = engine.folds
        self.known: datetime | None = engine.known

    def rows(self, recorded: RecordedEvent, cursor: Any) -> list[RowJournal]:
        """What one event makes of the tables, by projection, and of those that all share."""
        event, kind = recorded.event, stream_kind(recorded.event)
        before, after = self.folds.step(recorded.stream, kind, event)

        def coded() -> Opened:
            found = cursor.execute(
                "select stream, wrapped, wrapping_key from log.stream_key where stream = %s",
                (recorded.stream,),
                prepare=True,
            ).fetchall()
            ring = keyring(self.outer, [tuple(row.values()) for row in found])
            return ring.open_coded(recorded.stream, recorded.version, event)

        change = Change(
            recorded.stream,
            recorded.version,
            recorded.position,
            event,
            kind.name,
            before,
            after,
            self.folds.directory,
            coded,
            _nobody,
        )
        made = [self._shared(recorded)]
        for projection in self.engine.wanting(type(event)):
            rows = RowJournal()
            projection.project(change, rows)
            made.append(rows)
        return made

    def _shared(self, recorded: RecordedEvent) -> RowJournal:
        rows = RowJournal()
        at = recorded.event.header.recorded_at
        if self.known is None or at > self.known:
            self.known = at
            rows.add(KNOWN, KnownTableRow(at, recorded.position))
        match recorded.event:
            case ReferralOpened(service=service):
                rows.put(SERVICE_PUPIL, ServicePupilTableRow(service, recorded.stream))
            case Redirected(to_service=UUID() as service):
                rows.put(SERVICE_PUPIL, ServicePupilTableRow(service, recorded.stream))
            case _:
                pass
        return rows

    def hand_back(self, position: int) -> None:
        """Lets the engine continue after the events that the runner processed."""
        self.engine.connection.execute("update position set position = %s", (position,))
        self.engine.position = position
        self.engine.known = self.known


def _nobody(_service: UUID) -> Any:
    raise RuntimeError("a wide event: the sample must lie after the directory was made")


class RowRecorder(PostgresTrackingRecorder):
    """Writes rows and tracking in one transaction."""

    def write(self, states: EngineStates, recorded: RecordedEvent, tracking: Tracking) -> None:
        with self.datastore.transaction(commit=True) as cursor:
            for rows in states.rows(recorded, cursor):
                rows.write(cursor.connection)
            self._insert_tracking(cursor, tracking)


def _environment(database: str) -> dict[str, str]:
    given = {k: str(v) for k, v in conninfo_to_dict(database).items() if v is not None}
    return {
        "PERSISTENCE_MODULE": f"{__name__}:Factory",
        "POSTGRES_DBNAME": given["dbname"],
        "POSTGRES_HOST": given["host"],
        "POSTGRES_PORT": given.get("port", "5432"),
        "POSTGRES_USER": given["user"],
        "POSTGRES_PASSWORD": given.get("password", ""),
        "POSTGRES_SCHEMA": "stock",
    }


class Factory(PostgresFactory):
    """The library's factory, its connections working in the read schema."""

    def __init__(self, env: Environment) -> None:
        super().__init__(env)
        connection: Any = self.datastore.pool.kwargs
        connection["options"] = "-c search_path=read,log -c jit=off -c synchronous_commit=off"


def _track_from(environment: dict[str, str], position: int) -> None:
    """Sets the tracking as if the runner had processed the events before."""
    factory = Factory(Environment("stock", environment))
    try:
        view = factory.tracking_recorder(RowRecorder)
        held = view.max_tracking_id(LOG)
        if held is None or held < position:
            view.insert_tracking(Tracking(LOG, position))
    finally:
        factory.close()


def _log(database: str) -> type[Log]:
    class OfThisDatabase(Log):
        name = LOG

        def __init__(self, env: Any = None) -> None:  # noqa: ARG002 - what it is called with
            super().__init__(database, 5)

    return OfThisDatabase


def _until_read_ahead(runner: Any, last: int) -> None:
    """The library reads ahead in a thread; that it has done so beforehand is to its advantage."""
    subscription = runner._subscription.subscription
    deadline = perf_counter() + PATIENCE
    while not subscription._notifications_queue.full() and subscription._last_notification_id < last:
        if perf_counter() > deadline:
            raise TimeoutError("the runner does not read ahead")
        sleep(0.01)
