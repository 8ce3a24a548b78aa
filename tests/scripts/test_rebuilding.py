"""A rebuild that was asked for: by the worker's functions, and by a worker as a process of its own that is killed."""

from __future__ import annotations

import subprocess
import threading
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import UUID

import psycopg
import pytest

from coordination.desk.rebuilds import Rebuild, ask_rebuild, rebuilds
from coordination.service import Coordination
from coordination.store.migrate import APPEND, as_role
from projections.rebuild import REBUILD_LOCK
from scripts.service import rebuilding
from scripts.service.rebuilding import perform_rebuild
from tests.county import register
from tests.scripts.conftest import one, start, until

ASKED, WHO = UUID(int=1), UUID(int=0xA7)
NOW = datetime(2026, 3, 2, tzinfo=UTC)


@pytest.fixture
def behind(database: str, county: Coordination) -> Coordination:
    """A county whose read models were spoilt: rows that the log does not give."""
    register(county)
    with psycopg.connect(database) as link:
        link.execute(
            "insert into read.referral_need select gen_random_uuid(), gen_random_uuid(), array['ASD']"
            " from generate_series(1, 3)"
        )
    return county


def ask(database: str, rebuild: UUID = ASKED) -> None:
    with psycopg.connect(as_role(database, APPEND)) as desk:
        ask_rebuild(desk, rebuild, WHO, NOW)


def last(database: str) -> Rebuild:
    with psycopg.connect(as_role(database, APPEND)) as desk:
        return rebuilds(desk)[0]


def needs(database: str) -> Any:
    return one(database, "select count(*) from read.referral_need")


def test_nothing_to_do(database: str, behind: Coordination) -> None:
    assert not perform_rebuild(database, behind.record.outer, threading.Event())


def test_it_is_done_and_says_what_differed(database: str, behind: Coordination) -> None:
    ask(database)
    assert needs(database) == 3
    assert perform_rebuild(database, behind.record.outer, threading.Event(), page_size=5)
    done = last(database)
    assert (done.state, done.attempts, done.percent) == ("done", 1, 100)
    assert done.differing is not None and "referral_need" in done.differing
    assert done.position == one(database, "select position from read.position")
    assert needs(database) == 0
    assert not perform_rebuild(database, behind.record.outer, threading.Event())


def test_how_far_it_is_can_be_read_while_it_goes_on(
    database: str, behind: Coordination, monkeypatch: pytest.MonkeyPatch
) -> None:
    ask(database)
    with psycopg.connect(database) as link:
        link.execute("update read.position set position = (select max(notification_id) from log.event)")
    seen = []

    def reached(desk: Any, rebuild: UUID, position: int) -> None:
        reach(desk, rebuild, position)
        seen.append(last(database))

    reach = rebuilding.note_rebuild_progress
    monkeypatch.setattr(rebuilding, "note_rebuild_progress", reached)
    perform_rebuild(database, behind.record.outer, threading.Event(), page_size=3)
    percents = [one.percent for one in seen]
    assert len(seen) > 3
    assert percents == sorted(percents)
    assert {one.state for one in seen} == {"running"}


def test_another_rebuild_is_waited_for(database: str, behind: Coordination) -> None:
    ask(database)
    with psycopg.connect(database) as other:
        other.execute("select pg_advisory_lock(%s)", (REBUILD_LOCK,))
        assert perform_rebuild(database, behind.record.outer, threading.Event())
        assert (last(database).state, last(database).attempts) == ("asked", 0)
    assert perform_rebuild(database, behind.record.outer, threading.Event())
    assert last(database).state == "done"


def test_a_worker_told_to_end_leaves_it_to_the_next(database: str, behind: Coordination) -> None:
    ask(database)
    stop = threading.Event()
    stop.set()
    with psycopg.connect(database) as link:
        link.execute("update read.position set position = (select max(notification_id) from log.event)")
    assert perform_rebuild(database, behind.record.outer, stop)
    assert (last(database).state, last(database).attempts) == ("asked", 0)
    assert needs(database) == 3, "the old read models stand"


def test_what_goes_wrong_is_named_without_its_words(
    database: str, behind: Coordination, monkeypatch: pytest.MonkeyPatch
) -> None:
    def breaks(*_: object, **__: object) -> None:
        raise RuntimeError("Siân Gŵyn")

    monkeypatch.setattr(rebuilding, "rebuild", breaks)
    ask(database)
    assert perform_rebuild(database, behind.record.outer, threading.Event())
    failed = last(database)
    assert failed.state == "failed" and failed.problem is not None
    assert failed.problem.startswith("RuntimeError at ")
    assert "Siân" not in failed.problem


@pytest.fixture
def workers(database: str, tmp_path: Path) -> Iterator[list[subprocess.Popen[str]]]:
    begun: list[subprocess.Popen[str]] = []
    yield begun
    for process in begun:
        process.kill()
        process.communicate()


@pytest.mark.slow
def test_killed_in_the_middle_it_is_taken_up_by_the_next_worker(
    database: str, behind: Coordination, tmp_path: Path, workers: list[subprocess.Popen[str]]
) -> None:
    """The rebuild is held up by a lock on the log, so that the kill comes in the middle; no time is waited for."""
    with psycopg.connect(database) as link:
        link.execute("update read.position set position = (select max(notification_id) from log.event)")
    holding = psycopg.connect(database)
    try:
        # a schema of this name that somebody else is in the middle of making: the rebuild waits for it
        holding.execute("create schema read_next")
        ask(database)
        workers.append(start(["scripts.worker"], database, tmp_path))
        until(lambda: last(database).state == "running")
        workers[0].kill()
        workers[0].wait()
        assert last(database).state == "running", "nobody was left to say so"
    finally:
        holding.rollback()
        holding.close()
    workers.append(start(["scripts.worker"], database, tmp_path))
    until(lambda: last(database).state == "done")
    assert last(database).attempts == 2
    assert needs(database) == 0
    workers[1].terminate()
    assert workers[1].wait(60) == 0
