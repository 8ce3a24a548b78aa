"""One pass over the log for all projections.

The log is read in pages; each event is decoded once and handed to every projection that wants its type; each table is
written once a page; one position moves on in the same transaction, guarded, so that a page is taken once or not at
all. One leader holds an advisory lock; others stand by. What one projection cannot take parks the stream for that
projection and the rest goes on.
"""

from __future__ import annotations

import gc
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime
from types import MappingProxyType
from uuid import UUID

import psycopg
from psycopg import Connection

from coordination.event import Event
from coordination.store.keys import OuterKeys
from coordination.store.past import log_page
from projections.catalogue import projections
from projections.folds import KEPT, FoldedStates
from projections.page import ALL, LostLead, PageRun, Raw, is_of_the_data
from projections.projection import Projection
from projections.schema import LEADER_LOCK

PAGE = 2000
SELDOM = 100_000  # objects made between two looks for cycles


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
        self.folds = FoldedStates(kept)
        self.known: datetime | None = None
        self._table = 0
        self._by_type: dict[type[Event], tuple[Projection, ...]] = {}
        self.wide = frozenset[type[Event]]().union(*(p.wide for p in self.wanted))

    def close(self) -> None:
        self.connection.close()

    def lead(self) -> bool:
        """Takes the lead if no other engine has it; the lead lasts as long as this engine's connection."""
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
        self.known = known[0] if known else None
        self.folds = FoldedStates(self._kept)
        stopped = {stream: position for projection, stream, position in found if projection == ALL}
        self.folds.begin(self.connection, self.position, stopped)

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
                if not is_of_the_data(problem):
                    raise
                self._one_by_one(rows)
            return True
        except BaseException:
            self.position = -1
            raise

    def _take(self, rows: list[Raw], refused: Mapping[str, Exception] = MappingProxyType({})) -> None:
        """The page as a whole: all its rows in one transaction. `refused`: who cannot take its first event, and why."""
        run = PageRun(self, rows)
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
                if not is_of_the_data(problem):
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
            run = PageRun(self, [row], only=projection)
            try:
                with self.connection.transaction(force_rollback=True):
                    for part in run.parts():
                        part.write()
            except Exception as problem:
                if not is_of_the_data(problem):
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

    def _settle(self, run: PageRun, position: int) -> None:
        """What was learnt holds only once the page is committed."""
        self.position = position
        self.parked = run.parked
        self.known = run.known
        self.folds.trim()

    def wanting(self, of: type[Event]) -> tuple[Projection, ...]:
        """The projections that want an event type."""
        if of not in self._by_type:
            self._by_type[of] = tuple(p for p in self.wanted if of in p.topics)
        return self._by_type[of]


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


def _options(conninfo: str, more: str) -> str:
    held = psycopg.conninfo.conninfo_to_dict(conninfo).get("options") or ""
    return f"{held} {more}".strip()
