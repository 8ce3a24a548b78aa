"""A rebuild beside the living: compared at one moment, put in place in one moment, and life goes on."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import Event as Signal
from threading import Thread
from time import monotonic
from uuid import UUID

import psycopg
import pytest

from coordination.service import Coordination
from coordination.viewer import Viewer
from projections import rebuild as rebuilding
from projections.page import LostLead, PageRun
from projections.projection import Change
from projections.reader import Reader, position
from projections.rebuild import RebuildRunning, outdated, rebuild
from projections.rows import RowJournal
from projections.waiting_times.project import PROJECTION as WAITING_TIMES
from tests.county import ALNCO, SCHOOL
from tests.projections.replays import contents, engine_on, replay, same
from tests.store.histories import FIRST_DAY, OPENING, Move, RandomHistory, pupil_id, tell

MOVES = [*OPENING, *(Move("milestone", n % 3, n, n % 4, 1, 0) for n in range(20))]
SOMEBODY = Viewer(person=ALNCO, organisation=SCHOOL, role="alnco", today=FIRST_DAY)


class Running(Thread):
    """A thread whose result or exception is had by `done`."""

    def __init__(self, work: Callable[[], object]) -> None:
        super().__init__(daemon=True)
        self.work = work
        self.result: object = None
        self.problem: BaseException | None = None
        self.start()

    def run(self) -> None:
        try:
            self.result = self.work()
        except BaseException as problem:
            self.problem = problem

    def done(self) -> object:
        self.join(30)
        assert not self.is_alive()
        if self.problem is not None:
            raise self.problem
        return self.result


def until(address: str, condition: str) -> None:
    """Waits for something to be so in the database, half a minute at the most."""
    latest = monotonic() + 30
    with psycopg.connect(address, autocommit=True) as connection:
        while connection.execute(f"select {condition}").fetchone() != (True,):
            assert monotonic() < latest, condition


SWAP_WAITS = (
    "exists (select from pg_locks l join pg_class c on c.oid = l.relation where not l.granted"
    " and l.mode in ('AccessExclusiveLock', 'ShareRowExclusiveLock'))"
)


@contextmanager
def following(address: str, county: Coordination) -> Iterator[list[int]]:
    """A live engine that goes on whatever is swapped under it; how often it lost its schema."""
    stop, lost = Signal(), [0]

    def follow() -> None:
        with engine_on(address, county, page_size=3) as engine:
            while not stop.is_set():
                try:
                    engine.take_page()
                except LostLead:
                    lost[0] += 1

    running = Running(follow)
    try:
        yield lost
    finally:
        stop.set()
        running.done()


def test_a_rebuild_is_the_same_and_the_living_goes_on(database: str, county: Coordination) -> None:
    """While it runs, commands are given and an engine follows them."""
    tell(county, MOVES, [100], lambda: None)
    stop = Signal()

    def go_on() -> None:
        story = RandomHistory(county.batch(), prefix="meanwhile")
        story.day = FIRST_DAY.replace(year=2026)
        n = 0
        while not stop.is_set():
            story.play([Move("views", n, 0, 0, 0, 0), Move("milestone", n % 3, n, n % 4, 0, 0)])
            story.batch.commit()
            n += 1

    with following(database, county) as lost:
        writing = Running(go_on)
        for _ in range(3):
            seen = rebuild(database, county.record.outer, page_size=20)
            assert seen.differing == ()
            assert seen.position > 0
        stop.set()
        writing.done()
    with engine_on(database, county) as engine:
        assert engine.catch_up() == county.record.last_position()
    assert lost[0] >= 1
    assert not outdated(database)
    replay(database, county, "again")
    same(contents(database), contents(database, "again"))


@pytest.mark.parametrize("behind", [False, True])
def test_a_difference_is_found_and_named_also_when_the_live_schema_is_behind(
    database: str, county: Coordination, behind: bool
) -> None:
    tell(county, MOVES, [20], lambda: None)
    with engine_on(database, county) as engine:
        engine.catch_up()
    with psycopg.connect(database) as connection:
        changed = connection.execute("update read.wait set school = %s", [UUID(int=1)])
        assert changed.rowcount > 0
    if behind:
        story = RandomHistory(county.batch(), prefix="later")
        assert story.play([Move("views", 0, 0, 0, 0, 0)]).taken == 1
        story.batch.commit()
    seen = rebuild(database, county.record.outer)
    assert seen.differing == ("wait",)
    with engine_on(database, county) as engine:
        engine.catch_up()
    replay(database, county, "again")
    same(contents(database), contents(database, "again"))


def test_a_stream_that_was_parked_lives_again_in_the_new_schema_for_a_running_engine_too(
    database: str, county: Coordination, monkeypatch: pytest.MonkeyPatch
) -> None:
    tell(county, MOVES, [100], lambda: None)
    project = type(WAITING_TIMES).project

    def broken(self: object, change: Change, rows: RowJournal) -> None:
        if change.stream == pupil_id(0):
            raise ValueError
        project(WAITING_TIMES, change, rows)

    with engine_on(database, county) as engine:
        with monkeypatch.context() as patched:
            patched.setattr(type(WAITING_TIMES), "project", broken)
            engine.catch_up()
            assert engine.parked == {("waiting_times", pupil_id(0))}
        assert "wait" in rebuild(database, county.record.outer).differing
        story = RandomHistory(county.batch(), prefix="later")
        story.day = FIRST_DAY.replace(month=6)
        assert story.play([Move("milestone", 0, n, 0, 1, 0) for n in range(4)]).taken > 1
        story.batch.commit()
        with pytest.raises(LostLead):
            engine.catch_up()
        engine.catch_up()
        assert engine.parked == set()
    replay(database, county, "again")
    same(contents(database), contents(database, "again"))


def test_one_rebuild_at_a_time(database: str, county: Coordination) -> None:
    with psycopg.connect(database) as other:
        other.execute("select pg_advisory_lock(%s)", (rebuilding.REBUILD_LOCK,))
        with pytest.raises(RebuildRunning):
            rebuild(database, county.record.outer)
    rebuild(database, county.record.outer)


def test_the_swap_waits_for_a_page_that_is_being_written(
    database: str, county: Coordination, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Neither the engine nor the rebuild is the victim of a deadlock."""
    tell(county, MOVES, [100], lambda: None)
    written, go_on = Signal(), Signal()
    with engine_on(database, county, page_size=10) as engine:
        for _ in range(8):
            engine.take_page()
        rest = PageRun.write

        def slowly(run: PageRun) -> None:
            rest(run)
            if run.engine is engine and run.raw:
                written.set()
                assert go_on.wait(30)

        monkeypatch.setattr(PageRun, "write", slowly)
        page = Running(engine.take_page)
        assert written.wait(30)
        monkeypatch.undo()
        swapping = Running(lambda: rebuild(database, county.record.outer))
        until(database, SWAP_WAITS)
        go_on.set()
        assert page.done() is True
        assert getattr(swapping.done(), "differing", None) == ()
        with pytest.raises(LostLead):
            engine.take_page()
        assert engine.catch_up() == county.record.last_position()
    replay(database, county, "again")
    same(contents(database), contents(database, "again"))


def test_a_reader_sees_one_moment_of_one_schema_whatever_is_swapped(
    database: str, county: Coordination, reader: Reader
) -> None:
    """The swap waits for somebody who has begun to read, so that nobody reads a half-filled schema."""
    tell(county, MOVES, [100], lambda: None)
    with engine_on(database, county) as engine:
        last = engine.catch_up()
    with reader.viewing(SOMEBODY) as cursor:
        swapping = Running(lambda: rebuild(database, county.record.outer))
        until(database, SWAP_WAITS)
        assert position(cursor) == last
        cursor.execute("select count(*) from read.wait")
    assert getattr(swapping.done(), "differing", None) == ()


def test_a_long_reader_is_never_the_victim_of_the_swap(database: str, county: Coordination) -> None:
    """The swap gives way and tries again; a report that has read one table still gets to the others."""
    tell(county, MOVES, [100], lambda: None)
    with engine_on(database, county) as engine:
        engine.catch_up()
    with psycopg.connect(database) as report:
        report.execute("select count(*) from read.wait")
        swapping = Running(lambda: rebuild(database, county.record.outer))
        until(database, SWAP_WAITS)
        for table in ("known", "position", "parked", "service_pupil", "wait"):
            report.execute(f"select count(*) from read.{table}")
            until(database, SWAP_WAITS)
    assert getattr(swapping.done(), "differing", None) == ()
