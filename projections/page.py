"""One attempt at a page of the log: each event through every projection that wants its type, its rows gathered.

What one projection cannot take parks the stream for that projection, and the rest goes on.
"""

from __future__ import annotations

import traceback
from collections.abc import Iterator, Sequence
from datetime import datetime
from functools import partial
from typing import Protocol
from uuid import UUID

import msgspec
import psycopg
from psycopg import Connection
from psycopg.rows import tuple_row

from coordination.domain import stream_kind
from coordination.event import Event, RecordedEvent
from coordination.pupil.aln.events import AlnEvent
from coordination.pupil.casefile import CaseFile
from coordination.pupil.referral.events import ReferralOpened
from coordination.pupil.referral.milestones.opening import Redirected
from coordination.pupil.rights.events import PupilErased
from coordination.sensitivity import Opened
from coordination.store.keys import Keyring, OuterKeys, WrongKeys, keyring
from coordination.store.mapper import decode
from projections.erasure import blank
from projections.folds import FoldedStates
from projections.projection import WITH_CONCERNS, Change, Projection
from projections.rows import RowJournal
from projections.table import Table

ALL = "*"

Raw = tuple[UUID, int, str, bytes, int]
"""A row of the log: stream, version, topic, state, position."""


class KnownTableRow(msgspec.Struct, frozen=True):
    """The first position at which the running maximum of recorded_at reached an instant."""

    recorded_at: datetime
    position: int


class ParkedTableRow(msgspec.Struct, frozen=True):
    """A stream that one projection (ALL: every one) takes no further than before a position, and why."""

    projection: str
    stream: UUID
    position: int
    topic: str
    reason: str


class ServicePupilTableRow(msgspec.Struct, frozen=True):
    """A pupil who ever had a referral to a service."""

    service: UUID
    pupil: UUID


KNOWN = Table("known", KnownTableRow)
PARKED = Table("parked", ParkedTableRow)
SERVICE_PUPIL = Table("service_pupil", ServicePupilTableRow, key=2)


class LostLead(Exception):
    """Another engine moved the position on, or the read schema was swapped: begin again from what is there."""


class Follower(Protocol):
    """What an attempt at a page needs of the engine that makes it."""

    connection: Connection
    outer: OuterKeys
    folds: FoldedStates
    position: int
    parked: set[tuple[str, UUID]]
    known: datetime | None
    wide: frozenset[type[Event]]

    def wanting(self, of: type[Event]) -> tuple[Projection, ...]:
        """The projections that want an event type."""
        ...


class PageRun:
    """One attempt at a page: its events through all projections, in parts that end before a wide event."""

    def __init__(self, engine: Follower, raw: list[Raw], only: Projection | None = None) -> None:
        self.engine = engine
        self.raw = raw
        self.only = only
        self.parked = set(engine.parked)
        self.known = engine.known
        self.rows: dict[str, RowJournal] = {}
        self.shared = RowJournal()
        self.erased: list[UUID] = []
        self.connection = engine.connection
        self._ring: Keyring | None = None

    def parts(self) -> Iterator[PageRun]:
        """Yields whenever what has been gathered must be written; the caller writes at once."""
        page = [(row, _decoded(row)) for row in self.raw if (ALL, row[0]) not in self.parked]
        readable = [found for _, found in page if isinstance(found, RecordedEvent)]
        self.engine.folds.prepare(self.connection, readable, self.engine.position)
        for row, found in page:
            if (ALL, row[0]) in self.parked:
                continue
            if not isinstance(found, RecordedEvent):
                self.park(ALL, row, found)
                continue
            if type(found.event) in self.engine.wide:
                yield self
            self._event(row, found)
        yield self

    def write(self) -> None:
        """Writes and forgets what has been gathered."""
        for gathered in (self.shared, *self.rows.values()):
            if gathered:
                gathered.write(self.connection)
        if self.erased:
            blank(self.connection, self.erased)
        self.rows, self.shared, self.erased = {}, RowJournal(), []

    def _event(self, row: Raw, recorded: RecordedEvent) -> None:
        event, stream = recorded.event, recorded.stream
        kind = stream_kind(event)
        try:
            before, after = self.engine.folds.step(stream, kind, event)
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
            self.engine.folds.directory,
            partial(self._coded, recorded),
            no_others,
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
                isinstance(problem, psycopg.Error) and not is_of_the_data(problem)
            ):
                raise
            self.park(projection.name, row, problem)

    def _share(self, recorded: RecordedEvent) -> None:
        """The rows that belong to no projection: as-known instants, and which pupils a service has had."""
        header = recorded.event.header
        if self.known is None or header.recorded_at > self.known:
            self.known = header.recorded_at
            self.shared.add(KNOWN, KnownTableRow(header.recorded_at, recorded.position))
        match recorded.event:
            case ReferralOpened(service=service):
                self.shared.put(SERVICE_PUPIL, ServicePupilTableRow(service, recorded.stream))
            case PupilErased():
                self.erased.append(recorded.stream)
            case AlnEvent():
                self.shared.put(SERVICE_PUPIL, ServicePupilTableRow(WITH_CONCERNS, recorded.stream))
            case Redirected(to_service=UUID() as service):
                self.shared.put(SERVICE_PUPIL, ServicePupilTableRow(service, recorded.stream))
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

    def _others(self, name: str, rows: RowJournal, service: UUID) -> Iterator[tuple[UUID, CaseFile]]:
        """Every pupil who ever had a referral to a service, with the state of their stream here; those parked for the
        projection are left as they were."""
        found = self.connection.execute(
            "select pupil from service_pupil where service = %s order by pupil", (service,)
        ).fetchall()
        pupils = [p for (p,) in found if (name, p) not in self.parked and (ALL, p) not in self.parked]
        for some in _chunks(pupils):
            yield from self.engine.folds.pupils(self.connection, some, self.engine.position)
            rows.write(self.connection)
            rows.undo(0)

    def park(self, name: str, row: Raw, problem: BaseException) -> None:
        """Leaves a stream out for one projection (or ALL) from this event on, and says so."""
        self.parked.add((name, row[0]))
        self.shared.add(PARKED, ParkedTableRow(name, row[0], row[4], row[2], parking_reason(problem)))


def no_others(_: UUID) -> Iterator[tuple[UUID, CaseFile]]:
    """The other streams that an event changes which is not wide: none."""
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


def is_of_the_data(problem: Exception) -> bool:
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
