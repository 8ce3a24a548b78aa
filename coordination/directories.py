"""The directory as it is on the record now, and as it was at a position of the log."""

from __future__ import annotations

from threading import Lock
from uuid import UUID

from coordination.directory.evolve import ORGANISATION_STREAM
from coordination.directory.state import Directory, Organisation
from coordination.store.application import Record

KEPT = 8
"""So many earlier directories are kept."""


class Directories:
    """Reads organisations' streams; safe between threads."""

    def __init__(self, record: Record) -> None:
        self._record = record
        self._directory = Directory.of(())
        self._organisations: dict[UUID, Organisation] = {}
        self._mark = (0, 0)
        self._last_change = 0
        self._earlier: dict[int, tuple[Directory, int]] = {}
        self._reading = Lock()

    def now(self) -> Directory:
        """The directory as recorded now; only organisations that changed are read again."""
        mark = self._record.organisation_mark()
        with self._reading:
            if mark != self._mark:
                self._read_organisations()
                self._mark = mark
            return self._directory

    def at(self, position: int) -> tuple[Directory, int]:
        """The directory at a position, and the position of its last change by then (0: none). An earlier one is
        replayed from the streams; the last few are kept."""
        with self._reading:
            held = self._earlier.get(position)
        if held is not None:
            return held
        now = self.now()
        with self._reading:
            if now is self._directory and position >= self._last_change:
                return now, self._last_change
        streams = self._record.organisations_until(position)
        found = (
            Directory.of(ORGANISATION_STREAM.fold(events) for events in streams.values()),
            max((event.position for events in streams.values() for event in events), default=0),
        )
        with self._reading:
            if len(self._earlier) >= KEPT:
                self._earlier.clear()
            self._earlier[position] = found
        return found

    def _read_organisations(self) -> None:
        held = {s: o.version for s, o in self._organisations.items()}
        changed = [s for s, v in self._record.organisations().items() if held.get(s, 0) < v]
        for stream, events in self._record.load(changed, held).items():
            self._organisations[stream] = ORGANISATION_STREAM.fold(events, self._organisations.get(stream))
            self._last_change = max([self._last_change, *(event.position for event in events)])
        self._directory = Directory.of(self._organisations.values())
