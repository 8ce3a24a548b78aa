"""What keeps a start from coming about, and a given database."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from coordination.store.server import PostgresServer
from scripts.service.settings import CannotStart, ServiceSettings
from tests.scripts.supervise.running import Run, alive, until

pytestmark = pytest.mark.slow


def test_two_starts_at_once_make_one_service(start: Callable[..., Run]) -> None:
    runs = [start(), start()]
    until(lambda: any(run.poll() is not None for run in runs))
    second, first = sorted(runs, key=lambda run: run.poll() is None)
    assert second.returncode == 0
    assert (
        second.said == f"Cydlynu is already running on this data folder, at http://127.0.0.1:{first.port}\n"
    )
    assert first.ready().rows() == 1
    third = start(LANG="cy_GB.UTF-8", LC_ALL="", LC_MESSAGES="")
    assert third.wait(30) == 0
    assert "Mae Cydlynu eisoes yn rhedeg" in third.said
    assert first.ask()["pid"]


def test_a_taken_port_is_said_clearly_and_nothing_is_started(start: Callable[..., Run], port: int) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", port))
        other.listen()
        run = start()
        assert run.wait(30) == 1
    assert (
        f"Port {port} cannot be used (Address already in use). Choose another with CYDLYNU_PORT." in run.said
    )
    assert not (run.data / "postgres").exists()


def test_a_stop_during_the_preparation_is_obeyed(start: Callable[..., Run]) -> None:
    run = start(
        "def forever(settings, database):\n"
        "    psycopg.connect(database).execute('select pg_sleep(600)')\n"
        "preparation.append(('forever', forever))\n"
        "preparation.insert(0, ('note', lambda settings, database: print('preparing', flush=True)))\n"
    )
    until(lambda: "preparing" in run.said)
    postmaster = run.postmaster()
    run.send_signal(signal.SIGINT)
    assert run.wait(30) == 0
    assert not alive(postmaster)


def test_a_database_killed_during_the_preparation_is_started_and_prepared_again(
    start: Callable[..., Run],
) -> None:
    run = start(
        "def killed(settings, database):\n"
        "    first = not (here / 'once').exists()\n"
        "    (here / 'once').touch()\n"
        "    if first:\n"
        "        pid = int((settings.data / 'postgres/cluster/postmaster.pid').read_text().split()[0])\n"
        "        os.kill(pid, signal.SIGKILL)\n"
        "        time.sleep(0.1)\n"
        "        psycopg.connect(database)\n"
        "preparation.insert(0, ('kill', killed))\n"
    ).ready()
    assert "The database stopped. Starting it again" in run.said
    assert run.rows() == 1


def test_a_mistake_in_the_preparation_is_not_hidden(start: Callable[..., Run]) -> None:
    run = start("preparation.append(('mistake', lambda settings, database: 1 / 0))")
    assert run.wait(30) == 1
    assert "ZeroDivisionError" in run.said
    assert "while preparing the mistake" in run.said
    assert PostgresServer(run.data).address() is None


def test_a_second_signal_ends_a_stubborn_child_at_once(start: Callable[..., Run]) -> None:
    run = start(
        "programs[1] = replace(worker, command=(*worker.command[:-1], 'stubborn'))\n"
        "patience = replace(patience, stop=600.0)"
    ).ready()
    stubborn = run.worker()
    run.terminate()
    until(lambda: "Stopping" in run.said)
    assert alive(stubborn)
    run.terminate()
    assert run.wait(30) == 0
    assert not alive(stubborn)


def test_a_given_database_is_used_and_none_is_started(start: Callable[..., Run], empty_database: str) -> None:
    run = start(url=empty_database).ready()
    assert run.ask()["CYDLYNU_DATABASE"] == empty_database
    assert run.rows() == 1
    assert not (run.data / "postgres").exists()
    run.terminate()
    assert run.wait(30) == 0


def test_a_given_database_that_does_not_answer_is_said_clearly(start: Callable[..., Run]) -> None:
    run = start(url="postgresql://nobody@127.0.0.1:1/none")
    assert run.wait(30) == 1
    assert "The database cannot be used:" in run.said


@pytest.mark.parametrize("system", ["linux", "any"])
def test_the_real_web_server_is_started_again_and_ends_with_the_supervisor(
    start: Callable[..., Run], tmp_path: Path, system: str
) -> None:
    (tmp_path / "tiny.py").write_text(
        "import json, os\n"
        "def application(environ, respond):\n"
        "    respond('200 OK', [])\n"
        "    return [json.dumps({'pid': os.getpid(), 'parent': os.getppid()}).encode()]\n"
    )
    change = (
        "real_web = real.programs({})[0]\n"
        "programs = [replace(real_web, command=(*real_web.command[:-1], 'tiny:application'))]\n"
        "os.environ['PYTHONPATH'] += os.pathsep + str(here)\n"
    )
    if system == "any":
        change += "child_processes.ending_with = lambda supervisor: None\n"
    run = start(change).ready()
    before = run.ask()
    os.kill(before["parent"], signal.SIGKILL)
    until(lambda: run.ask()["parent"] != before["parent"])
    until(lambda: not alive(before["pid"]))
    after = run.ask()
    run.kill()
    run.wait()
    until(lambda: not alive(after["parent"]) and not alive(after["pid"]))


def test_what_keeps_it_from_starting_is_one_line() -> None:
    environment = {**os.environ, "CYDLYNU_PORT": "http", "LC_ALL": "C"}
    command = [sys.executable, "-m", "scripts.supervise"]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False, timeout=60)
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr == "CYDLYNU_PORT must be a whole number from 1 to 65535.\n"


@pytest.mark.parametrize("port", ["0", "65536", "http", "-1", "٨٠"])
def test_a_port_that_is_none_is_refused(port: str) -> None:
    with pytest.raises(CannotStart, match="CYDLYNU_PORT must be a whole number"):
        ServiceSettings.from_environment({"CYDLYNU_PORT": port})


def test_the_settings_have_defaults(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert ServiceSettings.from_environment({}) == ServiceSettings(tmp_path / "data", 8000, None)
    given = {
        "CYDLYNU_DATA": "elsewhere",
        "CYDLYNU_PORT": "81",
        "CYDLYNU_KEYS": "k",
        "DATABASE_URL": "dbname=x",
    }
    settings = ServiceSettings.from_environment(given)
    assert settings == ServiceSettings(tmp_path / "elsewhere", 81, "dbname=x", tmp_path / "k")
    assert settings.address == "http://127.0.0.1:81"
    assert ServiceSettings(tmp_path).keys == tmp_path / "keys.json"
