"""One pass over the log for all projections.

The log is read in pages; each event is decoded once and handed to every projection that wants its type; each table is
written once a page; one position moves on in the same transaction, guarded, so that a page is taken once or not at
all. One leader holds an advisory lock; others stand by. What one projection cannot take parks the stream for that
projection and the rest goes on.
"""

from __future__ import annotations

import traceback
from collections.abc import Callable, Sequence
from datetime import datetime
from functools import partial
from typing import Any
from uuid import UUID

import msgspec
import psycopg
from psycopg import Connection, sql
from psycopg.rows import tuple_row

from coordination.event import Event, Recorded
from coordination.pupil.referral.events import Redirected, ReferralOpened
from coordination.sensitivity import Opened
from coordination.service import home
from coordination.store.application import page as log_page
from coordination.store.keys import Keyring, OuterKeys, keyring
from coordination.store.mapper import decode
from projections.catalogue import definition, projections, tables_sql
from projections.folds import Folds
from projections.projection import Change, Projection
from projections.rows import Rows, Table

LEADER_LOCK = 0x43_59_44_4C  # "CYDL"
PAGE = 1000
ALL = "*"

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
    ) -> None:
        self.outer = outer
        self.schema = schema
        self.page_size = page_size
        self.wanted = tuple(projections() if wanted is None else wanted)
        options = f"-c search_path={schema},log -c jit=off"
        self.connection: Connection[Any] = psycopg.connect(
            conninfo, autocommit=True, options=_options(conninfo, options)
        )
        self.position = -1
        self.parked: set[tuple[str, UUID]] = set()
        self._folds = Folds()
        self._known: datetime | None = None
        self._by_type: dict[type[Event], tuple[Projection, ...]] = {}

    def close(self) -> None:
        self.connection.close()

    def lead(self) -> bool:
        """Takes the lead when nobody has it; it lasts as long as this engine's connection."""
        row = self.connection.execute("select pg_try_advisory_lock(%s)", (LEADER_LOCK,)).fetchone()
        return bool(row and row[0])

    def begin(self) -> None:
        """Reads where the schema stands. Called by itself before the first page and after a failure."""
        row = self.connection.execute("select position from position").fetchone()
        if row is None:
            raise LostLead
        self.position = row[0]
        found = self.connection.execute("select projection, stream from parked").fetchall()
        self.parked = {(projection, stream) for projection, stream in found}
        known = self.connection.execute("select max(recorded_at) from known").fetchone()
        self._known = known[0] if known else None
        self._folds = Folds()
        self._folds.begin(self.connection, self.position)

    def catch_up(self, until: int | None = None, watch: Callable[[int], None] | None = None) -> int:
        """Takes pages until the log (or a position) is reached; the position then. `watch` is told of each page."""
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
            except psycopg.Error as refused:
                if isinstance(refused, psycopg.OperationalError):
                    raise
                self._one_by_one(rows)
            return True
        except BaseException:
            self.position = -1
            raise

    def _take(self, rows: list[tuple[UUID, int, str, bytes, int]]) -> None:
        """The page as a whole: all its rows in one transaction."""
        run = _Run(self, rows)
        with self.connection.transaction():
            for part in run.parts():
                part.write()
            self._move(rows[-1][4])
        self._settle(run, rows[-1][4])

    def _one_by_one(self, rows: list[tuple[UUID, int, str, bytes, int]]) -> None:
        """The database refused a row of the page: each event by itself, and what is refused parks its stream."""
        self.begin()
        for row in rows:
            before = self.position
            try:
                self._take([row])
            except psycopg.OperationalError:
                raise
            except psycopg.Error as refused:
                self.begin()
                self._park_alone(row, before, refused)

    def _park_alone(
        self, row: tuple[UUID, int, str, bytes, int], before: int, refused: psycopg.Error
    ) -> None:
        """Tries each projection alone on one event, so that only the one whose rows are refused is parked."""
        for projection in self.wanted:
            run = _Run(self, [row], only=projection)
            try:
                with self.connection.transaction(force_rollback=True):
                    for part in run.parts():
                        part.write()
            except psycopg.OperationalError:
                raise
            except psycopg.Error as own:
                self._write_parked(projection.name, row, own)
            self.begin()
        self._take([row])

    def _write_parked(
        self, name: str, row: tuple[UUID, int, str, bytes, int], problem: BaseException
    ) -> None:
        self.connection.execute(
            "insert into parked (projection, stream, position, topic, reason) values (%s, %s, %s, %s, %s)"
            " on conflict do nothing",
            (name, row[0], row[4], row[2], reason(problem)),
        )

    def _move(self, position: int) -> None:
        moved = self.connection.execute(
            "update position set position = %s where position = %s", (position, self.position)
        )
        if moved.rowcount != 1:
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

    def __init__(
        self, engine: Engine, raw: list[tuple[UUID, int, str, bytes, int]], only: Projection | None = None
    ) -> None:
        self.engine = engine
        self.raw = raw
        self.only = only
        self.parked = set(engine.parked)
        self.known = engine._known
        self.rows: dict[str, Rows] = {}
        self.shared = Rows()
        self.connection = engine.connection
        self._ring: Keyring | None = None

    def parts(self) -> Any:
        """Yields whenever what has been gathered must be written; the caller writes at once."""
        folds = self.engine._folds
        page = [r for r in (self._decoded(row) for row in self.raw) if r is not None]
        folds.prepare(self.connection, page, self.engine.position)
        for recorded in page:
            if any(type(recorded.event) in p.wide for p in self.engine.wanted):
                yield self
            self._event(recorded)
        yield self

    def write(self) -> None:
        """Writes and forgets what has been gathered."""
        for gathered in (self.shared, *self.rows.values()):
            if gathered:
                gathered.write(self.connection)
        self.rows, self.shared = {}, Rows()

    def _decoded(self, row: tuple[UUID, int, str, bytes, int]) -> Recorded | None:
        stream, version, topic, state, position = row
        if (ALL, stream) in self.parked:
            return None
        try:
            return Recorded(stream, version, decode(topic, bytes(state)), position)
        except ValueError as problem:
            self._park(ALL, row, problem)
            return None

    def _event(self, recorded: Recorded) -> None:
        event, stream, position = recorded.event, recorded.stream, recorded.position
        if (ALL, stream) in self.parked:
            return
        row = (stream, recorded.version, event.topic, b"", position)
        kind = home(event)
        try:
            before, after = self.engine._folds.step(stream, kind, event)
        except Exception as problem:
            self._park(ALL, row, problem)
            return
        self._share(recorded)
        change = Change(
            stream,
            recorded.version,
            position,
            event,
            kind,
            before,
            after,
            self.engine._folds.directory,
            partial(self._coded, recorded),
            self._others,
        )
        for projection in self.engine.wanting(type(event)):
            if (projection.name, stream) in self.parked or (
                self.only is not None and projection is not self.only
            ):
                continue
            rows = self.rows.setdefault(projection.name, Rows())
            mark = rows.mark()
            try:
                projection.project(change, rows)
            except Exception as problem:
                rows.undo(mark)
                self._park(projection.name, row, problem)

    def _share(self, recorded: Recorded) -> None:
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

    def _coded(self, recorded: Recorded) -> Opened:
        if self._ring is None:
            streams = list({row[0] for row in self.raw})
            with self.connection.cursor(row_factory=tuple_row, binary=True) as cursor:
                cursor.execute(
                    "select stream, wrapped, wrapping_key from log.stream_key where stream = any(%s)",
                    (streams,),
                )
                self._ring = keyring(self.engine.outer, cursor.fetchall())
        return self._ring.open_coded(recorded.stream, recorded.version, recorded.event)

    def _others(self, service: UUID) -> list[tuple[UUID, Any]]:
        """Every pupil who ever had a referral to a service, with the state of their stream here."""
        found = self.connection.execute(
            "select pupil from service_pupil where service = %s order by pupil", (service,)
        ).fetchall()
        pupils = [pupil for (pupil,) in found]
        folds = self.engine._folds
        position = self.engine.position
        wanted = [Recorded(p, 2, _NOTHING, position) for p in pupils]
        folds.prepare(self.connection, wanted, position)
        return [(p, state) for p in pupils if (state := folds.state(p)) is not None]

    def _park(self, name: str, row: tuple[UUID, int, str, bytes, int], problem: BaseException) -> None:
        self.parked.add((name, row[0]))
        self.shared.add(PARKED, (name, row[0], row[4], row[2], reason(problem)))


_NOTHING: Any = None


def reason(problem: BaseException) -> str:
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


def fill(connection: Connection[Any], schema: str) -> None:
    """The tables of a read schema, empty, at position 0, readable by the read role as its policies say."""
    name = sql.Identifier(schema)
    connection.execute(sql.SQL("create schema if not exists {}").format(name))
    connection.execute(sql.SQL("set local search_path to {}, log").format(name))
    connection.execute(tables_sql().encode())
    connection.execute("insert into position (position, definition) values (0, %s)", (definition(),))
    connection.execute(sql.SQL("grant usage on schema {} to cydlynu_read, cydlynu_append").format(name))
    connection.execute(sql.SQL("grant select on all tables in schema {} to cydlynu_read").format(name))
    connection.execute(sql.SQL("grant select on position to cydlynu_append"))


def _options(conninfo: str, more: str) -> str:
    held = psycopg.conninfo.conninfo_to_dict(conninfo).get("options") or ""
    return f"{held} {more}".strip()


class Progress(msgspec.Struct, frozen=True):
    """Where a read schema stands: its position, the log's, and the streams parked."""

    position: int
    log: int
    parked: int

    @property
    def lag(self) -> int:
        return self.log - self.position


def progress(connection: Connection[Any]) -> Progress:
    """Where the live read schema stands, for the operator's eyes."""
    row = connection.execute(
        "select (select position from read.position),"
        " (select coalesce(max(notification_id), 0) from log.event), (select count(*) from read.parked)"
    ).fetchone()
    return Progress(*(row or (0, 0, 0)))
