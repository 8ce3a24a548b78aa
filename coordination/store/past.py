"""What the record held at a position of the log, and which store it is."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import AbstractContextManager
from datetime import datetime
from typing import Any, LiteralString
from uuid import UUID

import msgspec
from psycopg import Connection, Cursor, sql
from psycopg.rows import tuple_row

from coordination.event import RecordedEvent
from coordination.store.ledger.heads import SignedHead, write_head
from coordination.store.ledger.making import all_heads, head_marks, latest_head
from coordination.store.ledger.proofs import event_proofs
from coordination.store.mapper import decode

EVENTS_UNTIL = """
select e.originator_id, e.originator_version, e.topic, e.state, e.notification_id
from ({streams}) wanted join log.event e on e.originator_id = wanted.stream
where e.notification_id <= %(position)s order by e.originator_id, e.originator_version
"""


class TopicCount(msgspec.Struct, frozen=True):
    """How often something was recorded on organisations' streams in a part of the log, and where first and last."""

    topic: str
    count: int
    first: int
    last: int


class Past:
    """Reads the log up to a position; the record has the connections."""

    _store: UUID | None = None

    def _cursor(self) -> AbstractContextManager[Cursor[Any]]:
        raise NotImplementedError

    def store_id(self) -> UUID:
        """The id of this store: a copy of its data has the same, no other store has it."""
        if self._store is None:
            with self._cursor() as cursor:
                [(self._store,)] = cursor.execute("select id from log.store").fetchall()
        return self._store

    def newest_entry(self) -> datetime | None:
        """When the newest event was recorded (UTC), None when the log is empty."""
        with self._cursor() as cursor:
            cursor.execute("select topic, state from log.event order by notification_id desc limit 1")
            row = cursor.fetchone()
            return decode(row[0], bytes(row[1])).header.recorded_at if row else None

    def last_position(self) -> int:
        """The position of the newest event, 0 when the log is empty."""
        with self._cursor() as cursor:
            cursor.execute("select coalesce(max(notification_id), 0) from log.event")
            row = cursor.fetchone()
            return row[0] if row else 0

    def chain_at(self, position: int) -> str:
        """The ledger's chain, in hexadecimal, of the last save that was complete at a position; "" before the first.
        Two stores with the same chain have the same log up to there."""
        with self._cursor() as cursor:
            cursor.execute(
                "select chain from log.ledger where position <= %s order by position desc limit 1",
                (position,),
                prepare=True,
            )
            row = cursor.fetchone()
        return bytes(row[0]).hex() if row else ""

    def ledger_head(self, before: int | None = None) -> SignedHead | None:
        """The last signed head of the ledger; with a position of the log, the last that ends before it: whenever a
        report at that position is made again, it is the same."""
        with self._cursor() as cursor:
            return latest_head(cursor.connection, before)

    def ledger_heads(self, limit: int) -> list[SignedHead]:
        """The last signed heads, the newest first."""
        with self._cursor() as cursor:
            return all_heads(cursor.connection)[: -limit - 1 : -1]

    def event_proofs(self, positions: Sequence[int]) -> dict[int, dict[str, Any]]:
        """Of each event, by its position in the log, the proof that it is under the last signed head, with its stored
        bytes. Raises NoSuchEvent: the head ends before one of them."""
        with self._cursor() as cursor:
            return event_proofs(cursor.connection, positions)

    def head_file(self, signed: SignedHead) -> bytes:
        """The file of a head, with its marks."""
        with self._cursor() as cursor:
            return write_head(signed, *head_marks(cursor.connection, signed.head.size))

    def organisations_until(self, position: int) -> dict[UUID, list[RecordedEvent]]:
        """The events of every organisation's stream up to a position, each stream in order."""
        return self._until("select stream from log.organisation", {}, position)

    def _until(
        self, streams: LiteralString, given: dict[str, Any], position: int
    ) -> dict[UUID, list[RecordedEvent]]:
        found: dict[UUID, list[RecordedEvent]] = {}
        statement = sql.SQL(EVENTS_UNTIL).format(streams=sql.SQL(streams))
        with self._cursor() as cursor:
            cursor.execute(statement, {**given, "position": position}, prepare=True, binary=True)
            for stream, version, topic, state, at in cursor:
                event = RecordedEvent(stream, version, decode(topic, bytes(state)), at)
                found.setdefault(stream, []).append(event)
        return found

    def streams_with(self, topic: str, position: int) -> list[UUID]:
        """The streams on which something of a topic was recorded up to a position, in order of their ids. It reads the
        whole log."""
        with self._cursor() as cursor:
            cursor.execute(
                "select distinct originator_id from log.event where topic = %s and notification_id <= %s order by 1",
                (topic, position),
            )
            return [stream for (stream,) in cursor]

    def load_until(self, streams: Sequence[UUID], position: int) -> dict[UUID, list[RecordedEvent]]:
        """The events of several streams up to a position, in one round trip, each stream in order."""
        return self._until(
            "select unnest(%(streams)s::uuid[]) as stream", {"streams": list(streams)}, position
        )

    def organisation_positions(self, after: int) -> list[int]:
        """The positions of what was recorded on organisations' streams after a position, in order."""
        with self._cursor() as cursor:
            cursor.execute(
                "select e.notification_id from log.organisation o join log.event e on e.originator_id = o.stream"
                " where e.notification_id > %s order by 1",
                (after,),
                prepare=True,
            )
            return [position for (position,) in cursor]

    def organisation_topics(self, after: int, until: int) -> list[TopicCount]:
        """What was recorded on organisations' streams after a position and up to another, by topic."""
        with self._cursor() as cursor:
            cursor.execute(
                "select e.topic, count(*), min(e.notification_id), max(e.notification_id)"
                " from log.organisation o join log.event e on e.originator_id = o.stream"
                " where e.notification_id > %s and e.notification_id <= %s group by 1 order by 1",
                (after, until),
                prepare=True,
            )
            return [TopicCount(*row) for row in cursor]


def log_page(connection: Connection, after: int, limit: int) -> list[tuple[UUID, int, str, bytes, int]]:
    """A page of the log in order: stream, version, topic, state and position of each event after a position."""
    with connection.cursor(row_factory=tuple_row, binary=True) as cursor:
        cursor.execute(
            "select originator_id, originator_version, topic, state, notification_id from log.event"
            " where notification_id > %s order by notification_id limit %s",
            (after, limit),
            prepare=True,
        )
        return cursor.fetchall()
