"""What the record held at a position of the log, and which store it is."""

from __future__ import annotations

from contextlib import AbstractContextManager
from typing import Any
from uuid import UUID

import msgspec
from psycopg import Cursor

from coordination.event import RecordedEvent
from coordination.store.mapper import decode


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

    def organisations_until(self, position: int) -> dict[UUID, list[RecordedEvent]]:
        """The events of every organisation's stream up to a position, each stream in order."""
        found: dict[UUID, list[RecordedEvent]] = {}
        with self._cursor() as cursor:
            cursor.execute(
                "select e.originator_id, e.originator_version, e.topic, e.state, e.notification_id"
                " from log.organisation o join log.event e on e.originator_id = o.stream"
                " where e.notification_id <= %s order by e.originator_id, e.originator_version",
                (position,),
                prepare=True,
                binary=True,
            )
            for stream, version, topic, state, at in cursor:
                event = RecordedEvent(stream, version, decode(topic, bytes(state)), at)
                found.setdefault(stream, []).append(event)
        return found

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
