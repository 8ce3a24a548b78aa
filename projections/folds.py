"""The folded states that one pass over the log goes by: the streams lately seen, and the whole directory."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from uuid import UUID

from psycopg import Connection
from psycopg.rows import tuple_row

from coordination.decisions import AnyStream
from coordination.directory.evolve import ORGANISATION_STREAM
from coordination.directory.state import Directory, Organisation
from coordination.domain import stream_kind
from coordination.event import Event, RecordedEvent
from coordination.pupil.casefile import CaseFile
from coordination.store.mapper import decode
from projections.projection import State

# How many events the streams kept folded in memory may come to (about 350 bytes each); the least lately seen streams
# are folded again from the log when they come back, so many of them in one round trip.
KEPT = 500_000
TOGETHER = 200


class FoldedStates:
    """States as they are at one position of the log. After a failure they are thrown away, never repaired."""

    def __init__(self, kept: int = KEPT) -> None:
        self._kept = kept
        self._events = 0
        self._states: OrderedDict[UUID, State] = OrderedDict()
        self._organisations: dict[UUID, Organisation] = {}
        self.directory = Directory.of(())

    def begin(self, connection: Connection, position: int, stopped: Mapping[UUID, int]) -> None:
        """Folds the directory as it was at a position; `stopped` streams go only up to before theirs."""
        rows = _select(
            connection,
            "select e.originator_id, e.originator_version, e.topic, e.state, e.notification_id"
            " from log.organisation o join log.event e on e.originator_id = o.stream"
            " where e.notification_id <= %s order by e.originator_id, e.originator_version",
            (position,),
        )
        for recorded in rows:
            if recorded.position >= stopped.get(recorded.stream, position + 1):
                continue
            held = self._organisations.get(recorded.stream)
            self._organisations[recorded.stream] = ORGANISATION_STREAM.fold([recorded], held)
        self.directory = Directory.of(self._organisations.values())

    def prepare(self, connection: Connection, page: Iterable[RecordedEvent], position: int) -> None:
        """Folds from the log, up to a position, the streams of a page that are not held."""
        missing = list(
            dict.fromkeys(
                r.stream
                for r in page
                if r.version > 1 and r.stream not in self._states and r.stream not in self._organisations
            )
        )
        folded = self._folded(connection, missing, position)
        self._states |= folded
        self._events += sum(state.version for state in folded.values())

    def pupils(
        self, connection: Connection, streams: Sequence[UUID], position: int
    ) -> Iterator[tuple[UUID, CaseFile]]:
        """The states of some pupils as they are now; those that are not held are folded, and forgotten again."""
        folded = self._folded(connection, [s for s in streams if s not in self._states], position)
        for stream in streams:
            state = self._states.get(stream) or folded.get(stream)
            if isinstance(state, CaseFile):
                yield stream, state

    def _folded(self, connection: Connection, streams: list[UUID], position: int) -> dict[UUID, State]:
        found: dict[UUID, State] = {}
        for start in range(0, len(streams), TOGETHER):
            rows = _select(
                connection,
                "select originator_id, originator_version, topic, state, notification_id from log.event"
                " where originator_id = any(%s) and notification_id <= %s"
                " order by originator_id, originator_version",
                (streams[start : start + TOGETHER], position),
            )
            for recorded in rows:
                held = found.get(recorded.stream)
                found[recorded.stream] = stream_kind(recorded.event).fold([recorded], held)
        return found

    def step(self, stream: UUID, kind: AnyStream, event: Event) -> tuple[State, State]:
        """Moves a stream on by one event; its state before and after."""
        if kind is ORGANISATION_STREAM:
            organisation = self._organisations.get(stream, ORGANISATION_STREAM.initial)
            changed = ORGANISATION_STREAM.step(organisation, event)
            self._organisations[stream] = changed
            self.directory = self.directory.with_organisation(changed)
            return organisation, changed
        held = self._states.get(stream)
        before: State = kind.initial if held is None else held
        after = kind.step(before, event)
        self._states[stream] = after
        self._states.move_to_end(stream)
        self._events += 1
        return before, after

    def trim(self) -> None:
        """Forgets the least lately seen streams beyond what is kept."""
        while self._events > self._kept and self._states:
            _, state = self._states.popitem(last=False)
            self._events -= state.version


def _select(connection: Connection, query: str, parameters: tuple[object, ...]) -> list[RecordedEvent]:
    with connection.cursor(row_factory=tuple_row, binary=True) as cursor:
        cursor.execute(query.encode(), parameters, prepare=True)
        found: list[RecordedEvent] = []
        for stream, version, topic, state, position in cursor:
            try:
                found.append(RecordedEvent(stream, version, decode(topic, bytes(state)), position))
            except ValueError:
                continue  # unreadable: its stream was parked when the page with it was read
        return found
