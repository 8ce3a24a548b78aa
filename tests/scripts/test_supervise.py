"""The supervisor against real PostgreSQL, real children and real kills."""

from __future__ import annotations

import contextlib
import json
import os
import re
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path

import psycopg
import pytest

from coordination.store.server import PostgresServer, running_address
from scripts.service.child_processes import ChildProcesses
from scripts.service.settings import CannotStart, ServiceSettings

pytestmark = pytest.mark.slow

WEB = """
import json, os, socket, sys
from http.server import BaseHTTPRequestHandler, HTTPServer

class Handler(BaseHTTPRequestHandler):
    def do_GET(self):
        names = ("CYDLYNU_DATABASE", "CYDLYNU_DATA", "DATABASE_URL")
        body = json.dumps({"pid": os.getpid(), **{name: os.environ.get(name) for name in names}})
        self.send_response(200)
        self.end_headers()
        self.wfile.write(body.encode())
    def log_message(self, *_):
        pass

server = HTTPServer(("127.0.0.1", 0), Handler, bind_and_activate=False)
server.socket = socket.socket(fileno=int(sys.argv[1]))
server.serve_forever()
"""

WORKER = """
import os, signal, sys
from pathlib import Path
if sys.argv[1] == "stubborn":
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
note = Path(os.environ["CYDLYNU_DATA"], "worker.pid")
note.with_suffix(".new").write_text(str(os.getpid()))
note.with_suffix(".new").rename(note)
if sys.argv[1] == "broken":
    sys.exit(3)
while True:
    signal.pause()
"""

# The names in it can be changed by what is run first.
RUN = """
import os, signal, sys, time
from dataclasses import replace
from pathlib import Path
import psycopg
from scripts import supervise as real
from scripts.service import child_processes, supervisor
from scripts.service.child_processes import Program, SupervisorTimeouts
from scripts.service.settings import ServiceSettings

def table(settings, database):
    with psycopg.connect(database) as link:
        link.execute("create table if not exists kept (number int)")
        link.execute("insert into kept values (1)")

settings = ServiceSettings(Path(sys.argv[1]), int(sys.argv[2]), sys.argv[3] or None)
here = Path(__file__).parent
preparation = [("table", table)]
worker = Program("worker", (sys.executable, str(here / "worker.py"), "meek"))
programs = [Program("web server", (sys.executable, str(here / "web.py"), "{socket}"), serves=True), worker]
sign_ins = [("alnco", "ann", "pass-word"), ("auditor", "aud", "other-word")]
patience = SupervisorTimeouts(first_pause=0.1, stop=5.0, look=0.1)
"""
END = """
supervisor.supervise(settings, preparation, programs, lambda database: sign_ins, patience)
"""


def until(true: Callable[[], object], seconds: float = 30) -> None:
    deadline = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < deadline, "waited in vain"
        time.sleep(0.01)


def alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
        return "\nState:\tZ" not in Path(f"/proc/{pid}/status").read_text()
    except OSError:
        return False


def answers(database: str) -> bool:
    with contextlib.suppress(psycopg.OperationalError), psycopg.connect(database):
        return True
    return False


class Run(subprocess.Popen):
    """A supervisor in a process of its own, with its output in a file."""

    def __init__(self, home: Path, port: int, change: str = "", url: str = "", **environment: str) -> None:
        self.home, self.port, self.data = home, port, home / "a data folder"
        self.count = len(list(home.glob("run*.py")))
        program = home / f"run{self.count}.py"
        program.write_text(RUN + change + END)
        self.output = program.with_suffix(".txt")
        project = str(Path(__file__).parents[2])
        with self.output.open("wb") as output:
            super().__init__(
                [sys.executable, str(program), str(self.data), str(port), url],
                stdout=output,
                stderr=subprocess.STDOUT,
                env={**os.environ, "PYTHONPATH": project, **environment},
            )

    @property
    def said(self) -> str:
        return self.output.read_text()

    def ready(self) -> Run:
        until(lambda: "is ready at" in self.said or self.poll() is not None)
        assert self.poll() is None, self.said
        return self

    def ask(self) -> dict[str, str]:
        with urllib.request.urlopen(f"http://127.0.0.1:{self.port}/healthz", timeout=20) as answer:
            return json.load(answer)

    def worker(self) -> int:
        note = self.data / "worker.pid"
        until(note.exists)
        return int(note.read_text())

    def postmaster(self) -> int:
        return int((self.data / "postgres/cluster/postmaster.pid").read_text().split()[0])

    def rows(self) -> int:
        with psycopg.connect(self.ask()["CYDLYNU_DATABASE"]) as link:
            return link.execute("select count(*) from kept").fetchone()[0]


@pytest.fixture
def port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return free.getsockname()[1]


@pytest.fixture
def start(tmp_path: Path, port: int) -> Iterator[Callable[..., Run]]:
    (tmp_path / "web.py").write_text(WEB)
    (tmp_path / "worker.py").write_text(WORKER)
    runs: list[Run] = []

    def begin(change: str = "", url: str = "", **environment: str) -> Run:
        runs.append(Run(tmp_path, port, change, url, **environment))
        return runs[-1]

    yield begin
    for run in runs:
        run.terminate()
    for run in runs:
        run.wait(30)
    if runs and runs[0].data.exists():  # a test that failed leaves nothing running either
        family = ChildProcesses(runs[0].data / "children")
        if not family.gone(0):
            family.end(30)
        family.close()
        PostgresServer(runs[0].data).stop()


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
    assert told["CYDLYNU_DATABASE"] == running_address(run.data)
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
    pauses = [
        float(pause) for pause in re.findall(r"worker ended \(3\): starting it again in (\S+) s", run.said)
    ]
    assert pauses[:4] == [0.1, 0.2, 0.4, 0.8]
    assert run.ask()["pid"]


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
    until(lambda: running_address(run.data) is None)
    assert alive(stubborn)
    again = start("patience = replace(patience, stop=0.3)").ready()
    assert not alive(stubborn)
    assert "Stopping processes left by the previous run" in again.said


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
    assert running_address(run.data) is None


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
        "real_web = real.PROGRAMS[0]\n"
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
