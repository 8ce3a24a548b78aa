"""One pass over the log for all projections.

The log is read in pages; each event is decoded once and handed to every projection that wants its type; each table is
written once a page; one position moves on in the same transaction, guarded, so that a page is taken once or not at
all. One leader holds an advisory lock; others stand by. What one projection cannot take parks the stream for that
projection and the rest goes on.
"""

from __future__ import annotations

import gc
import traceback
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime
from functools import partial
from types import MappingProxyType
from typing import Any
from uuid import UUID

import msgspec
import psycopg
from psycopg import Connection, sql
from psycopg.rows import tuple_row

from coordination.domain import stream_kind
from coordination.event import Event, RecordedEvent
from coordination.pupil.referral.events import ReferralOpened
from coordination.pupil.referral.milestones.opening import Redirected
from coordination.sensitivity import Opened
from coordination.store.application import log_page
from coordination.store.keys import Keyring, OuterKeys, WrongKeys, keyring
from coordination.store.mapper import decode
from projections.catalogue import definition, projections, tables_sql
from projections.folds import KEPT, FoldedStates
from projections.projection import Change, Projection
from projections.rows import RowJournal, Table

LEADER_LOCK = 0x43_59_44_4C  # "CYDL"
PAGE = 2000
SELDOM = 100_000  # objects made between two looks for cycles
ALL = "*"

Raw = tuple[UUID, int, str, bytes, int]
"""A row of the log: stream, version, topic, state, position."""

KNOWN = Table("known", ("recorded_at", "position"))
PARKED = Table("parked", ("projection", "stream", "position", "topic", "reason"))
SERVICE_PUPIL = Table("service_pupil", ("service", "pupil"), key=2)


class LostLead(Exception):
    """Another engine moved the position on, or the read schema was swapped: begin again from what is there."""


class Engine:
    """Moves one read schema along the log. Not shared between threads."""

    def __init__(
        self,
        conninfo: str,
        outer: OuterKeys,
        *,
        schema: str = "read",
        page_size: int = PAGE,
        wanted: Sequence[Projection] | None = None,
        kept: int = KEPT,
    ) -> None:
        self.outer = outer
        self.schema = schema
        self.page_size = page_size
        self.wanted = tuple(projections() if wanted is None else wanted)
        # a page lost in a crash of the database is lost together with its position, and taken again
        options = f"-c search_path={schema},log -c jit=off -c synchronous_commit=off"
        self.connection: Connection = psycopg.connect(
            conninfo, autocommit=True, options=_options(conninfo, options)
        )
        self.position = -1
        self.parked: set[tuple[str, UUID]] = set()
        self._kept = kept
        self._folds = FoldedStates(kept)
        self._known: datetime | None = None
        self._table = 0
        self._by_type: dict[type[Event], tuple[Projection, ...]] = {}
        self._wide = frozenset[type[Event]]().union(*(p.wide for p in self.wanted))

    def close(self) -> None:
        self.connection.close()

    def lead(self) -> bool:
        """Takes the lead when nobody has it; it lasts as long as this engine's connection."""
        row = self.connection.execute("select pg_try_advisory_lock(%s)", (LEADER_LOCK,)).fetchone()
        return bool(row and row[0])

    def begin(self) -> None:
        """Reads where the schema stands. Called by itself before the first page and after a failure."""
        row = self.connection.execute("select position, tableoid from position").fetchone()
        if row is None:
            raise LostLead
        self.position, self._table = row
        found = self.connection.execute("select projection, stream, position from parked").fetchall()
        self.parked = {(projection, stream) for projection, stream, _ in found}
        known = self.connection.execute("select max(recorded_at) from known").fetchone()
        self._known = known[0] if known else None
        self._folds = FoldedStates(self._kept)
        stopped = {stream: position for projection, stream, position in found if projection == ALL}
        self._folds.begin(self.connection, self.position, stopped)

    def catch_up(self, until: int | None = None, watch: Callable[[int], None] | None = None) -> int:
        """Takes pages until the log (or a position) is reached; the position then. `watch` is told of each page."""
        with _seldom_collecting():
            while self.take_page(until):
                if watch is not None:
                    watch(self.position)
        return self.position

    def take_page(self, until: int | None = None) -> bool:
        """Takes one page in one transaction. False when there was nothing to take.

        Raises LostLead when another engine was first. After any exception the next call begins afresh from the
        committed position.
        """
        if self.position < 0:
            self.begin()
        try:
            rows = log_page(self.connection, self.position, self.page_size)
            if until is not None:
                rows = [row for row in rows if row[4] <= until]
            if not rows:
                return False
            try:
                self._take(rows)
            except Exception as problem:
                if not _of_the_data(problem):
                    raise
                self._one_by_one(rows)
            return True
        except BaseException:
            self.position = -1
            raise

    def _take(self, rows: list[Raw], refused: Mapping[str, Exception] = MappingProxyType({})) -> None:
        """The page as a whole: all its rows in one transaction. `refused`: who cannot take its first event, and why."""
        run = _Run(self, rows)
        for name, problem in refused.items():
            run.park(name, rows[0], problem)
        with self.connection.transaction():
            # first of all: a rival with the same page, or a swap of the schema, waits here and has written nothing
            self._move(rows[-1][4])
            for part in run.parts():
                part.write()
        self._settle(run, rows[-1][4])

    def _one_by_one(self, rows: list[Raw]) -> None:
        """A row of the page was refused: each event by itself, and what is refused parks its stream."""
        self._begin_again()
        for row in rows:
            try:
                self._take([row])
            except Exception as problem:
                if not _of_the_data(problem):
                    raise
                self._begin_again()
                refused = self._refusing(row)
                if not refused:
                    raise
                self._take([row], refused)

    def _refusing(self, row: Raw) -> dict[str, Exception]:
        """Tries each projection alone on one event, so that only the one whose rows are refused is parked."""
        found: dict[str, Exception] = {}
        for projection in self.wanted:
            run = _Run(self, [row], only=projection)
            try:
                with self.connection.transaction(force_rollback=True):
                    for part in run.parts():
                        part.write()
            except Exception as problem:
                if not _of_the_data(problem):
                    raise
                found[projection.name] = problem
            self._begin_again()
        return found

    def _begin_again(self) -> None:
        """Throws away what an attempt left behind. Raises LostLead when another engine went on meanwhile."""
        stood = self.position, self._table
        self.begin()
        if (self.position, self._table) != stood:
            raise LostLead

    def _move(self, position: int) -> None:
        """The guard: only from where this engine stands, and only in the schema that it knows."""
        moved = self.connection.execute(
            "update position set position = %s where position = %s returning tableoid",
            (position, self.position),
        ).fetchone()
        if moved is None or moved[0] != self._table:
            raise LostLead

    def _settle(self, run: _Run, position: int) -> None:
        """What was learnt holds only once the page is committed."""
        self.position = position
        self.parked = run.parked
        self._known = run.known
        self._folds.trim()

    def wanting(self, of: type[Event]) -> tuple[Projection, ...]:
        """The projections that want an event type."""
        if of not in self._by_type:
            self._by_type[of] = tuple(p for p in self.wanted if of in p.topics)
        return self._by_type[of]


class _Run:
    """One attempt at a page: its events through all projections, in parts that end before a wide event."""

    def __init__(self, engine: Engine, raw: list[Raw], only: Projection | None = None) -> None:
        self.engine = engine
        self.raw = raw
        self.only = only
        self.parked = set(engine.parked)
        self.known = engine._known
        self.rows: dict[str, RowJournal] = {}
        self.shared = RowJournal()
        self.connection = engine.connection
        self._ring: Keyring | None = None

    def parts(self) -> Iterator[_Run]:
        """Yields whenever what has been gathered must be written; the caller writes at once."""
        page = [(row, _decoded(row)) for row in self.raw if (ALL, row[0]) not in self.parked]
        readable = [found for _, found in page if isinstance(found, RecordedEvent)]
        self.engine._folds.prepare(self.connection, readable, self.engine.position)
        for row, found in page:
            if (ALL, row[0]) in self.parked:
                continue
            if not isinstance(found, RecordedEvent):
                self.park(ALL, row, found)
                continue
            if type(found.event) in self.engine._wide:
                yield self
            self._event(row, found)
        yield self

    def write(self) -> None:
        """Writes and forgets what has been gathered."""
        for gathered in (self.shared, *self.rows.values()):
            if gathered:
                gathered.write(self.connection)
        self.rows, self.shared = {}, RowJournal()

    def _event(self, row: Raw, recorded: RecordedEvent) -> None:
        event, stream = recorded.event, recorded.stream
        kind = stream_kind(event)
        try:
            before, after = self.engine._folds.step(stream, kind, event)
        except Exception as problem:
            self.park(ALL, row, problem)
            return
        self._share(recorded)
        change = Change(
            stream,
            recorded.version,
            recorded.position,
            event,
            kind.name,
            before,
            after,
            self.engine._folds.directory,
            partial(self._coded, recorded),
            _nobody,
        )
        for projection in self.engine.wanting(type(event)):
            if (projection.name, stream) in self.parked or (
                self.only is not None and projection is not self.only
            ):
                continue
            if type(event) in projection.wide:
                self._wide(projection, change, row)
            else:
                self._narrow(projection, change, row)

    def _narrow(self, projection: Projection, change: Change, row: Raw) -> None:
        rows = self.rows.setdefault(projection.name, RowJournal())
        mark = rows.mark()
        try:
            projection.project(change, rows)
        except WrongKeys:
            raise
        except Exception as problem:
            rows.undo(mark)
            self.park(projection.name, row, problem)

    def _wide(self, projection: Projection, change: Change, row: Raw) -> None:
        """What touches many streams is written as it comes, so that memory does not grow with their number; a
        savepoint takes it back when the projection cannot go on."""
        rows = RowJournal()
        change.others = partial(self._others, projection.name, rows)
        try:
            with self.connection.transaction():
                projection.project(change, rows)
                rows.write(self.connection)
        except Exception as problem:
            if isinstance(problem, WrongKeys) or (
                isinstance(problem, psycopg.Error) and not _of_the_data(problem)
            ):
                raise
            self.park(projection.name, row, problem)

    def _share(self, recorded: RecordedEvent) -> None:
        """The rows that belong to no projection: as-known instants, and which pupils a service has had."""
        header = recorded.event.header
        if self.known is None or header.recorded_at > self.known:
            self.known = header.recorded_at
            self.shared.add(KNOWN, (header.recorded_at, recorded.position))
        match recorded.event:
            case ReferralOpened(service=service):
                self.shared.put(SERVICE_PUPIL, (service, recorded.stream))
            case Redirected(to_service=UUID() as service):
                self.shared.put(SERVICE_PUPIL, (service, recorded.stream))
            case _:
                pass

    def _coded(self, recorded: RecordedEvent) -> Opened:
        if self._ring is None:
            streams = list({row[0] for row in self.raw})
            with self.connection.cursor(row_factory=tuple_row, binary=True) as cursor:
                cursor.execute(
                    "select stream, wrapped, wrapping_key from log.stream_key where stream = any(%s)",
                    (streams,),
                )
                self._ring = keyring(self.engine.outer, cursor.fetchall())
        return self._ring.open_coded(recorded.stream, recorded.version, recorded.event)

    def _others(self, name: str, rows: RowJournal, service: UUID) -> Iterator[tuple[UUID, Any]]:
        """Every pupil who ever had a referral to a service, with the state of their stream here; those parked for the
        projection are left as they were."""
        found = self.connection.execute(
            "select pupil from service_pupil where service = %s order by pupil", (service,)
        ).fetchall()
        pupils = [p for (p,) in found if (name, p) not in self.parked and (ALL, p) not in self.parked]
        for some in _chunks(pupils):
            yield from self.engine._folds.look(self.connection, some, self.engine.position)
            rows.write(self.connection)
            rows.undo(0)

    def park(self, name: str, row: Raw, problem: BaseException) -> None:
        """Leaves a stream out for one projection (or ALL) from this event on, and says so."""
        self.parked.add((name, row[0]))
        self.shared.add(PARKED, (name, row[0], row[4], row[2], parking_reason(problem)))


def _nobody(_: UUID) -> Iterator[tuple[UUID, Any]]:
    """What an event that is not wide is told of other streams."""
    return iter(())


def _chunks(streams: Sequence[UUID], size: int = 500) -> Iterator[Sequence[UUID]]:
    return (streams[at : at + size] for at in range(0, len(streams), size))


def _decoded(row: Raw) -> RecordedEvent | ValueError:
    """The event of a row of the log, or why it cannot be read."""
    stream, version, topic, state, position = row
    try:
        return RecordedEvent(stream, version, decode(topic, bytes(state)), position)
    except ValueError as problem:
        return problem


# SQLSTATE classes that speak of a value: data exception, integrity constraint, program limit (a row too long).
_OF_THE_DATA = frozenset({"22", "23", "54"})


@contextmanager
def _seldom_collecting() -> Iterator[None]:
    """What a page makes holds no cycles; looking for them as often as usual takes a quarter of the time."""
    usual = gc.get_threshold()
    if usual[0] >= SELDOM:
        yield
        return
    gc.set_threshold(SELDOM, *usual[1:])
    try:
        yield
    finally:
        gc.set_threshold(*usual)


def _of_the_data(problem: Exception) -> bool:
    """Whether it is an event's rows that were refused, and not the database, its definition or the lead that failed."""
    if isinstance(problem, LostLead | WrongKeys):
        return False
    if not isinstance(problem, psycopg.Error):
        return True
    if problem.sqlstate is None:  # psycopg itself could not put a value into words
        return isinstance(problem, psycopg.DataError | psycopg.ProgrammingError)
    return problem.sqlstate[:2] in _OF_THE_DATA


def parking_reason(problem: BaseException) -> str:
    """Why a stream was parked: the kind of problem and the place in the code; never a value."""
    frames = traceback.extract_tb(problem.__traceback__)
    own = [f for f in frames if "projections" in f.filename or "coordination" in f.filename]
    where = f" at {own[-1].name}:{own[-1].lineno}" if own else ""
    return f"{type(problem).__name__}{where}"


def create(conninfo: str, schema: str = "read") -> bool:
    """Makes the tables of the read schema when they are not there; whether they were made now."""
    with psycopg.connect(conninfo) as connection:
        connection.execute("select pg_advisory_xact_lock(%s)", (LEADER_LOCK + 1,))
        found = connection.execute("select to_regclass(%s)", (f"{schema}.position",)).fetchone()
        if found and found[0] is not None:
            return False
        fill(connection, schema)
        return True


def fill(connection: Connection, schema: str) -> None:
    """The tables of a read schema, empty, at position 0, readable by the read role as its policies say."""
    name = sql.Identifier(schema)
    connection.execute(sql.SQL("create schema if not exists {}").format(name))
    connection.execute(sql.SQL("set local search_path to {}, log").format(name))
    connection.execute(tables_sql().encode())
    connection.execute("insert into position (position, definition) values (0, %s)", (definition(),))
    connection.execute(sql.SQL("grant usage on schema {} to cydlynu_read, cydlynu_append").format(name))
    connection.execute(sql.SQL("grant select on all tables in schema {} to cydlynu_read").format(name))
    connection.execute(sql.SQL("grant select on position to cydlynu_append"))


def analyse(connection: Connection, schema: str) -> None:
    """Takes the statistics of a read schema and of the access rows that its policies ask, once many rows came at once:
    a plan made before PostgreSQL knows of them is kept, and is a bad one."""
    tables = connection.execute(
        "select format('%%I.%%I', schemaname, tablename) from pg_tables where schemaname = %s order by 1",
        (schema,),
    ).fetchall()
    named = [name for (name,) in tables] + ["log.pupil_access"]
    connection.execute(f"analyze {', '.join(named)}".encode())


def _options(conninfo: str, more: str) -> str:
    held = psycopg.conninfo.conninfo_to_dict(conninfo).get("options") or ""
    return f"{held} {more}".strip()


class SchemaProgress(msgspec.Struct, frozen=True):
    """Where a read schema stands: its position, the log's, and the streams parked."""

    position: int
    log: int
    parked: int

    @property
    def lag(self) -> int:
        return self.log - self.position


def progress(connection: Connection) -> SchemaProgress:
    """Where the live read schema stands, for the operator's eyes."""
    row = connection.execute(
        "select (select position from read.position),"
        " (select coalesce(max(notification_id), 0) from log.event), (select count(*) from read.parked)"
    ).fetchone()
    return SchemaProgress(*(row or (0, 0, 0)))
