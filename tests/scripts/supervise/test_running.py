"""The supervisor starts, watches and ends its children."""

from __future__ import annotations

import contextlib
import os
import re
import signal
from collections.abc import Callable

import psycopg
import pytest

from coordination.store.server import PostgresServer
from tests.scripts.supervise.running import Run, alive, until

pytestmark = pytest.mark.slow


def answers(database: str) -> bool:
    with contextlib.suppress(psycopg.OperationalError), psycopg.connect(database):
        return True
    return False


def test_it_starts_tells_and_stops(start: Callable[..., Run]) -> None:
    run = start(DATABASE_URL="postgresql://never/used").ready()
    until(lambda: "auditor" in run.said)
    assert run.said.splitlines() == [
        "Starting the database",
        f"Cydlynu is ready at http://127.0.0.1:{run.port}",
        "Sign in as (role, username, password):",
        "alnco ann pass-word",
        "auditor aud other-word",
    ]
    told = run.ask()
    assert told["CYDLYNU_DATA"] == str(run.data)
    assert told["CYDLYNU_DATABASE"] == PostgresServer(run.data).address()
    assert told["DATABASE_URL"] is None
    assert run.rows() == 1
    processes = [told["pid"], run.worker(), run.postmaster()]
    assert all(map(alive, processes))
    run.terminate()
    assert run.wait(30) == 0
    assert not any(map(alive, processes))
    assert run.said.splitlines()[-2:] == ["Stopping", "Stopped"]


def test_a_killed_child_is_started_again_and_no_connection_is_refused(start: Callable[..., Run]) -> None:
    run = start().ready()
    web, worker = run.ask()["pid"], run.worker()
    os.kill(web, signal.SIGKILL)
    os.kill(worker, signal.SIGKILL)
    until(lambda: run.ask()["pid"] != web)  # `ask` raises at the first refused connection
    until(lambda: run.worker() != worker)
    assert "The web server process stopped (-9). Starting it again in 0.1 s" in run.said
    assert run.said.count("is ready at") == 1


def test_a_child_that_keeps_ending_is_started_after_longer_and_longer_pauses(
    start: Callable[..., Run],
) -> None:
    run = start("programs[1] = replace(worker, command=(*worker.command[:-1], 'broken'))").ready()
    until(lambda: run.said.count("The worker process stopped (3)") >= 4)
    said = r"worker process stopped \(3\)\. Starting it again in (\S+) s"
    pauses = [float(pause) for pause in re.findall(said, run.said)]
    assert pauses[:4] == [0.1, 0.2, 0.4, 0.8]
    assert run.ask()["pid"]


def test_a_child_that_hangs_is_killed_and_started_again(start: Callable[..., Run]) -> None:
    """Stopped by a signal it is there and does nothing, as one that waits for ever for an answer."""
    beating = "programs[1] = replace(worker, command=(*worker.command[:-1], 'beating'), heartbeat=True)"
    run = start(beating).ready()
    worker = run.worker()
    os.kill(worker, signal.SIGSTOP)
    until(lambda: run.worker() != worker)
    assert "The worker process does not answer any more. Stopping it" in run.said
    assert not alive(worker)
    assert alive(run.worker())


def test_a_killed_database_is_started_again_with_all_it_knew(start: Callable[..., Run]) -> None:
    run = start().ready()
    postmaster, worker = run.postmaster(), run.worker()
    os.kill(postmaster, signal.SIGKILL)
    until(lambda: "The database stopped. Starting it again" in run.said)
    until(lambda: answers(run.ask()["CYDLYNU_DATABASE"]))
    assert run.rows() == 1
    assert run.postmaster() != postmaster
    assert alive(worker)


@pytest.mark.parametrize("system", ["linux", "any"])
def test_a_killed_supervisor_takes_all_with_it_and_the_next_start_recovers(
    start: Callable[..., Run], system: str
) -> None:
    if system == "any":  # without the kernel's help: the tiny worker watches the pipe as the real one does
        watching = "import sys; from scripts.service import parent_watch; parent_watch.watch_parent(); "
        change = (
            "child_processes.ending_with = lambda supervisor: None\n"
            f"start = {watching!r} + 'exec(open(sys.argv[1]).read())'\n"
            "programs = [replace(one, command=(sys.executable, '-c', "
            "start.replace('sys.argv[1]', repr(one.command[1])), *one.command[2:])) for one in programs]\n"
        )
    else:
        change = ""
    run = start(change).ready()
    processes = [run.ask()["pid"], run.worker(), run.postmaster()]
    run.kill()
    run.wait()
    until(lambda: not any(map(alive, processes)))
    again = start().ready()
    assert again.rows() == 2
    assert again.worker() not in processes


def test_a_child_left_behind_is_ended_by_the_next_start(start: Callable[..., Run]) -> None:
    run = start("programs[1] = replace(worker, command=(*worker.command[:-1], 'stubborn'))").ready()
    stubborn = run.worker()
    run.kill()
    run.wait()
    until(lambda: PostgresServer(run.data).address() is None)
    assert alive(stubborn)
    again = start("patience = replace(patience, stop=0.3)").ready()
    assert not alive(stubborn)
    assert "Stopping processes left by the previous run" in again.said
