"""An engine that follows while others write: every event is taken, once, in order; and only one engine leads."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from threading import Thread

import msgspec
import psycopg
import pytest

from coordination.event import Event
from coordination.service import Coordination
from coordination.topics import registry
from projections.catalogue import projections
from projections.engine import Engine
from projections.page import LostLead
from projections.projection import Change
from projections.rows import RowJournal
from projections.table import Table
from tests.projections.replays import contents, engine_on, replay, same
from tests.store.histories import OPENING, Move, tell
from tests.store.writers import write


class TakenRow(msgspec.Struct, frozen=True):
    position: int


TAKEN = Table("taken", TakenRow)


class TakenProjection:
    """A row for each event that was taken, in the order of taking."""

    name = "taken"
    tables = (TAKEN,)
    topics = frozenset(registry().values())
    wide: frozenset[type[Event]] = frozenset()

    def project(self, change: Change, rows: RowJournal) -> None:
        rows.add(TAKEN, TakenRow(change.position))


def make_taken(address: str) -> None:
    with psycopg.connect(address) as connection:
        connection.execute("create table read.taken (position bigint, nth bigserial)")


def was_taken(address: str) -> list[int]:
    with psycopg.connect(address) as connection:
        return [p for (p,) in connection.execute("select position from read.taken order by nth")]


def was_logged(address: str) -> list[int]:
    with psycopg.connect(address) as connection:
        return [p for (p,) in connection.execute("select notification_id from log.event order by 1")]


PROCESSES, THREADS, SAVES = 2, 2, 130


def test_an_event_committed_late_is_never_skipped(
    database: str, county: Coordination, tmp_path: Path
) -> None:
    """Four writers in two processes and one more in this, thousands of events, an engine at their heels."""
    make_taken(database)
    command = [sys.executable, "-m", "tests.store.writers", database, str(tmp_path / "keys.json")]
    with engine_on(database, county, page_size=50, wanted=(TakenProjection(),)) as engine:
        writers = [
            subprocess.Popen([*command, str(10 + n * THREADS), str(THREADS), str(SAVES)])
            for n in range(PROCESSES)
        ]
        here = Thread(target=write, args=(county.record, 99, SAVES))
        here.start()
        seen = 0
        while here.is_alive() or any(w.poll() is None for w in writers):
            engine.take_page()
            seen += 1
        here.join()
        assert [w.wait() for w in writers] == [0] * PROCESSES
        engine.catch_up()
    logged = was_logged(database)
    assert len(logged) > 2000
    assert logged[-1] > len(logged), "nothing was rolled back: the sequence has no gaps to stumble over"
    assert seen > 20
    assert was_taken(database) == logged


def test_the_lead_is_one_engines_until_it_goes(database: str, county: Coordination) -> None:
    with engine_on(database, county) as first, engine_on(database, county) as second:
        assert first.lead()
        assert not second.lead()
        led = first.connection.info.backend_pid
        first.close()
        with psycopg.connect(database, autocommit=True) as connection:
            while connection.execute("select 1 from pg_stat_activity where pid = %s", [led]).fetchone():
                pass
        assert second.lead()


def test_engines_that_race_without_a_lead_take_every_page_once(database: str, county: Coordination) -> None:
    """The guard alone is enough: whoever comes second to a page writes nothing of it."""
    make_taken(database)
    tell(
        county, [*OPENING, *(Move("milestone", n % 3, n, n % 4, 1, 0) for n in range(60))], [30], lambda: None
    )
    failed: list[BaseException] = []
    lost = []

    def race() -> None:
        with engine_on(database, county, page_size=2, wanted=(*projections(), TakenProjection())) as engine:
            while True:
                try:
                    engine.catch_up()
                    return
                except LostLead:
                    lost.append(1)
                except BaseException as problem:
                    failed.append(problem)
                    raise

    racing = [Thread(target=race) for _ in range(3)]
    for thread in racing:
        thread.start()
    for thread in racing:
        thread.join()
    assert failed == []
    assert was_taken(database) == was_logged(database)
    replay(database, county, "again")
    found, again = contents(database), contents(database, "again")
    del found["taken"]
    same(found, again)


@pytest.mark.parametrize("page", [1, 3, 50])
def test_streams_that_are_not_kept_in_memory_make_no_difference(
    database: str, county: Coordination, page: int
) -> None:
    moves = [*OPENING, *(Move("milestone", n % 4, n, n % 5, 1, n % 3) for n in range(40))]
    moves += [Move("standard", n, n, n, 1, 0) for n in range(3)]
    moves += [Move("strike", n % 4, n, n, 1, 0) for n in range(6)]
    tell(county, moves, [100], lambda: None)
    engine = Engine(database, county.record.outer, page_size=page, kept=1)
    engine.catch_up()
    engine.close()
    replay(database, county, "again")
    same(contents(database), contents(database, "again"))
