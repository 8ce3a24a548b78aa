"""The record: streams of events in PostgreSQL, through eventsourcing's application and recorder."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any
from uuid import UUID

import psycopg
from eventsourcing.application import Application
from eventsourcing.persistence import (
    IntegrityError,
    InterfaceError,
    OperationalError,
    StoredEvent,
    Transcoder,
)
from eventsourcing.postgres import PostgresApplicationRecorder, PostgresFactory
from eventsourcing.utils import retry
from psycopg import Connection, Cursor
from psycopg.abc import PQGen
from psycopg.conninfo import conninfo_to_dict
from psycopg.rows import DictRow, tuple_row
from psycopg.waiting import Ready, Wait

from coordination.errors import Refusal
from coordination.event import RecordedEvent
from coordination.outbox.message import QueuedMessage
from coordination.sensitivity import ERASED, Coordinates, Opened
from coordination.store.clock_guard import ClockGuard
from coordination.store.documents import DocumentContents, DocumentSeals
from coordination.store.inline import InlineRows
from coordination.store.keys import Keyring, OuterKeys, keyring
from coordination.store.last_save import note_last_save
from coordination.store.ledger import saves
from coordination.store.lookups import Lookups
from coordination.store.mapper import RecordMapper, decode
from coordination.store.past import Past
from coordination.store.places_taken import PlaceChanges

# A value of psycopg's prepare_threshold: no statement is prepared automatically.
NEVER = 2**31

# The server rolled the whole save back because of another one: its commands are decided again.
ROLLED_BACK = (
    psycopg.errors.DeadlockDetected,
    psycopg.errors.SerializationFailure,
)


class SaveConflict(Exception):
    """Another save came first; `constraint` names what both needed."""

    def __init__(self, constraint: str) -> None:
        super().__init__(constraint)
        self.constraint = constraint


class _Recorder(PostgresApplicationRecorder):
    """The library's recorder, with our inline rows and the ledger in the same transaction."""

    @retry((InterfaceError, OperationalError), max_attempts=10, wait=0.2)
    def insert_events(self, stored_events: Sequence[StoredEvent], **kwargs: Any) -> Sequence[int] | None:
        """Appends the events and their inline rows in one transaction; the positions in the log.

        The library's own method catches what the database refused only after the pipeline has ended. When the refusal
        arrives before the answers to later statements, the end of the pipeline raises PipelineAborted, an
        OperationalError, instead: the constraint's name is lost, and a lost race looks like a lost database. Raises
        IntegrityError with psycopg's error as its cause.
        """
        with (
            self.datastore.get_connection() as connection,
            connection.pipeline() as pipeline,
            connection.transaction(),
        ):
            with connection.cursor() as cursor:
                self._insert_events(cursor, stored_events, **kwargs)
            with connection.cursor() as cursor:
                self._insert_stored_events(cursor, stored_events, **kwargs)
                pipeline.sync()
                return self._fetch_ids_after_insert_events(cursor, stored_events, **kwargs)

    def _insert_events(
        self, curs: Cursor[DictRow], stored_events: Sequence[StoredEvent], **kwargs: Any
    ) -> None:
        rows: InlineRows | None = kwargs.get("inline")
        if rows is not None:
            rows.write(curs)

    def _insert_stored_events(
        self, curs: Cursor[DictRow], stored_events: Sequence[StoredEvent], **kwargs: Any
    ) -> None:
        super()._insert_stored_events(curs, stored_events, **kwargs)
        _send(curs.connection)
        inline: InlineRows | None = kwargs.get("inline")
        if inline is not None:
            inline.write_erasures(curs.connection.cursor())
            note_last_save(curs.connection.cursor(), inline.people_of_save, inline.changes_sight)
        # the table lock puts saves in sequence, so the chain has no forks
        row = {"events": len(stored_events), "digest": saves.digest(stored_events)}
        curs.connection.cursor().execute(saves.APPEND, row, prepare=True)


def _send(connection: Connection) -> None:
    """Sends all that libpq still holds of a pipeline.

    psycopg's Pipeline.sync() flushes once and then only reads (its issue 685, fixed for leaving a pipeline but not for
    sync): a save of more than the socket's buffer would block for ever, and with it every other writer.
    """

    def sending() -> PQGen[None]:
        while connection.pgconn.flush():
            if (yield Wait.RW) & Ready.R:
                connection.pgconn.consume_input()

    connection.wait(sending())


class _Log(Application[UUID]):
    """eventsourcing's application over log.event; its tables are created by the migrations, never by the library."""

    name = "log"

    def __init__(self, conninfo: str, pool_size: int, *, pooled: bool = False) -> None:
        self._connection = {k: v for k, v in conninfo_to_dict(conninfo).items() if v is not None}
        self._pool_size = pool_size
        self._pooled = pooled
        super().__init__()

    def construct_factory(self, env: Any) -> Any:
        given = self._connection
        settings: dict[str, Any] = {
            "POSTGRES_DBNAME": given.get("dbname", "postgres"),
            "POSTGRES_HOST": given.get("host", ""),
            "POSTGRES_PORT": given.get("port", "5432"),
            "POSTGRES_USER": given.get("user", ""),
            "POSTGRES_PASSWORD": given.get("password", ""),
            "POSTGRES_SCHEMA": "log",
            "POSTGRES_POOL_SIZE": "1",
            "POSTGRES_MAX_OVERFLOW": str(self._pool_size),
            "CREATE_TABLE": "n",
            # a connection that the database dropped (a restart) is replaced before it is used for a page
            "POSTGRES_PRE_PING": "y",
        }
        factory = PostgresFactory(settings)
        # sslmode, options and all other settings of the address
        connection: Any = factory.datastore.pool.kwargs
        connection.update({k: v for k, v in given.items() if k not in connection or v})
        # Statements are prepared only on request: one that psycopg prepares automatically inside a pipeline that is
        # then refused counts as prepared for good, and every later save on that connection fails. Behind a pooler
        # none is: the next transaction may be on another connection of the server.
        connection["prepare_threshold"] = None if self._pooled else NEVER
        return factory

    def construct_transcoder(self) -> Transcoder:
        return self.factory.transcoder()

    def construct_mapper(self) -> RecordMapper:
        return RecordMapper(self.construct_transcoder())

    def construct_recorder(self) -> _Recorder:
        return _Recorder(self.factory.datastore, events_table_name="event")  # type: ignore[attr-defined]


@contextmanager
def _away() -> Iterator[None]:
    """Raises a lost connection as psycopg's error, whichever layer noticed it."""
    try:
        yield
    except (OperationalError, InterfaceError) as away:
        raise psycopg.OperationalError(str(away)) from away


def _causes(problem: BaseException) -> Iterator[BaseException]:
    """A problem and its chain of causes."""
    cause: BaseException | None = problem
    while cause is not None:
        yield cause
        cause = cause.__cause__


class Record(Lookups, Past, DocumentContents):
    """The event log: load, append, look up and open. One instance per process; safe between threads. `pooled`: the
    address is that of PgBouncer in transaction mode."""

    def __init__(
        self,
        conninfo: str,
        outer: OuterKeys,
        *,
        pool_size: int = 10,
        clock: ClockGuard | None = None,
        pooled: bool = False,
    ) -> None:
        self.outer = outer
        self._clock = clock
        self._log = _Log(conninfo, pool_size, pooled=pooled)

    def close(self) -> None:
        self._log.close()

    @contextmanager
    def _connection(self) -> Iterator[Connection]:
        datastore = self._log.factory.datastore  # type: ignore[attr-defined]
        with _away(), datastore.get_connection() as connection:
            yield connection

    @contextmanager
    def _cursor(self) -> Iterator[Cursor]:
        with self._connection() as connection, connection.cursor(row_factory=tuple_row) as cursor:
            yield cursor

    @contextmanager
    def desk(self) -> Iterator[Connection]:
        """One transaction on the desk tables, on a connection of the log's own role."""
        with self._connection() as connection, connection.transaction():
            yield connection

    def load(
        self, streams: Sequence[UUID], after: dict[UUID, int] | None = None
    ) -> dict[UUID, list[RecordedEvent]]:
        """The events of several streams in one round trip, each stream in order; `after` leaves out versions already
        held."""
        found: dict[UUID, list[RecordedEvent]] = {stream: [] for stream in streams}
        held = [(after or {}).get(stream, 0) for stream in streams]
        with self._cursor() as cursor:
            cursor.execute(
                "select e.originator_id, e.originator_version, e.topic, e.state, e.notification_id"
                " from unnest(%s::uuid[], %s::bigint[]) as wanted(stream, after)"
                " join log.event e on e.originator_id = wanted.stream and e.originator_version > wanted.after"
                " order by e.originator_id, e.originator_version",
                (list(streams), held),
                prepare=True,
                binary=True,
            )
            for stream, version, topic, state, position in cursor:
                found[stream].append(RecordedEvent(stream, version, decode(topic, bytes(state)), position))
        return found

    def append(
        self,
        writes: Sequence[RecordedEvent],
        commands: Sequence[tuple[UUID, str, bytes, UUID, int]],
        messages: Sequence[QueuedMessage] = (),
        documents: DocumentSeals | None = None,
        places: PlaceChanges | None = None,
    ) -> int:
        """Seals and appends events with their inline rows in one transaction; the last position in the log.
        `documents` are those that the events attach, sealed before; `places` how places of bases are taken after them.

        Raises SaveConflict when a stream has moved on, a command id was used, or a natural key is taken; nothing is
        written in that case. Raises Refusal `record_erased` for an erased stream, whatever the event, and `clock_ahead`
        when the record was opened with a guard.
        """
        at = max(w.event.header.recorded_at for w in writes)
        if self._clock is not None:
            self._clock.check(at, self.newest_entry)
        rows = InlineRows(self.outer)
        rows.gather(writes)
        rows.commands.extend(commands)
        rows.messages.extend(messages)
        rows.places = places or {}
        rows.sealed = documents or DocumentSeals()
        ring = self._ring_for(writes, rows.sealed)
        rows.keys = ring.new
        sealed = [
            RecordedEvent(w.stream, w.version, ring.seal(w.stream, w.version, w.event), w.position)
            for w in writes
        ]
        try:
            with _away():
                recordings = self._log.save(*sealed, inline=rows)
        except IntegrityError as refused:
            cause = refused.__cause__
            name = cause.diag.constraint_name if isinstance(cause, psycopg.Error) else None
            raise SaveConflict(name or "unknown") from refused
        except psycopg.OperationalError as lost:
            if any(isinstance(cause, ROLLED_BACK) for cause in _causes(lost)):
                raise SaveConflict("unknown") from lost
            raise
        if self._clock is not None:
            self._clock.recorded(at)
        return recordings[-1].notification.id

    def _ring_for(self, writes: Sequence[RecordedEvent], documents: DocumentSeals) -> Keyring:
        begun = {w.stream for w in writes if w.version == 1}
        going_on = {w.stream for w in writes} - begun
        ring = self.keyring(going_on)
        if any(stream not in ring for stream in going_on):
            raise Refusal("record_erased")
        for stream in begun:
            ring.make(stream, documents[stream].key if stream in documents else None)
        return ring

    def keyring(self, streams: Iterable[UUID]) -> Keyring:
        """The keys of some streams, for one request or one page; a stream without a key was erased or never existed."""
        wanted = list(streams)
        if not wanted:
            return Keyring({})
        with self._cursor() as cursor:
            cursor.execute(
                "select k.stream, k.wrapped, k.wrapping_key, w.version from log.stream_key k"
                " left join log.withheld_before w on w.stream = k.stream where k.stream = any(%s)",
                (wanted,),
                prepare=True,
                binary=True,
            )
            rows = cursor.fetchall()
        withheld = {stream: version for stream, _, _, version in rows if version is not None}
        return keyring(self.outer, [row[:3] for row in rows], withheld)

    def check_keys(self) -> None:
        """Raises WrongKeys when the record was written with another file of outer keys. Call it at the start, before
        anything is written under keys that do not fit."""
        with self._cursor() as cursor:
            cursor.execute(
                "select distinct on (wrapping_key) stream, wrapped, wrapping_key from log.stream_key"
            )
            keyring(self.outer, cursor.fetchall())

    def open(self, places: Sequence[Coordinates], ring: Keyring | None = None) -> list[Opened]:
        """The sealed fields at each place, ERASED where the key is gone; one round trip for the keys, none with a
        `ring` that was looked up for all of them. After an adoption what was sealed before opens to its codes only."""
        ring = self.keyring({place.stream for place in places}) if ring is None else ring
        return [ring.open(place) if place.stream in ring else ERASED for place in places]

    def latest(self, stream: UUID, topics: Sequence[str]) -> dict[str, Any]:
        """The opened fields of the newest event of some topics on a stream; {} when there is none or it is erased."""
        return next(iter(self._opened(stream, topics, 1)), {})

    def newest_fields(self, stream: UUID, topics: Sequence[str]) -> dict[str, Any]:
        """Of each sealed field of the events of some topics the newest value that is not empty: for topics of which a
        stream has few events."""
        found: dict[str, Any] = {}
        for fields in self._opened(stream, topics, None):
            found = {name: value for name, value in fields.items() if value} | found
        return found

    def _opened(self, stream: UUID, topics: Sequence[str], most: int | None) -> list[dict[str, Any]]:
        """The sealed fields of the events of some topics, the newest first; {} where the key is gone."""
        with self._cursor() as cursor:
            cursor.execute(
                "select originator_version, topic, state from log.event"
                " where originator_id = %s and topic = any(%s) order by originator_version desc limit %s",
                (stream, list(topics), most),
                prepare=True,
                binary=True,
            )
            rows = cursor.fetchall()
        places = [Coordinates(stream, v, t, decode(t, bytes(state)).sealed) for v, t, state in rows]
        return [one if isinstance(one, dict) else {} for one in (self.open(places) if places else ())]

    def opened_at(self, places: Sequence[tuple[UUID, int]], ring: Keyring | None = None) -> list[Opened]:
        """The sealed fields of the events at (stream, version), in two round trips, one with a `ring` that was looked
        up for all of them; {} where there is none, ERASED where the key is gone."""
        wanted = list(dict.fromkeys(places))
        with self._cursor() as cursor:
            cursor.execute(
                "select e.originator_id, e.originator_version, e.topic, e.state"
                " from unnest(%s::uuid[], %s::bigint[]) as wanted(stream, version)"
                " join log.event e"
                " on e.originator_id = wanted.stream and e.originator_version = wanted.version",
                ([stream for stream, _ in wanted], [version for _, version in wanted]),
                prepare=True,
                binary=True,
            )
            there = [Coordinates(s, v, t, decode(t, bytes(state)).sealed) for s, v, t, state in cursor]
        opened = {(p.stream, p.version): o for p, o in zip(there, self.open(there, ring), strict=True)}
        return [opened.get(place, {}) for place in places]

    def commands(self, organisation: UUID, ids: Sequence[str]) -> dict[str, tuple[bytes, UUID, int, int]]:
        """Which of an organisation's command ids were carried out: digest, stream, version, and the last position of
        the save, as in the first receipt."""
        with self._cursor() as cursor:
            cursor.execute(
                "select c.command_id, c.digest, c.stream, c.version, coalesce((select min(l.position)"
                " from log.ledger l where l.position >= e.notification_id), 0)"
                " from log.command c left join log.event e"
                " on e.originator_id = c.stream and e.originator_version = c.version"
                " where c.organisation = %s and c.command_id = any(%s)",
                (organisation, list(ids)),
                prepare=True,
            )
            return {row[0]: (bytes(row[1]), row[2], row[3], row[4]) for row in cursor}

    def organisations(self) -> dict[UUID, int]:
        """Every organisation's stream and its last version."""
        with self._cursor() as cursor:
            cursor.execute("select stream, version from log.organisation", prepare=True)
            return dict(cursor.fetchall())

    def organisation_mark(self) -> tuple[int, int]:
        """A pair that changes whenever the stream of any organisation changes."""
        with self._cursor() as cursor:
            cursor.execute(
                "select count(*), coalesce(sum(version), 0)::bigint from log.organisation", prepare=True
            )
            count, total = cursor.fetchone() or (0, 0)
            return count, total
