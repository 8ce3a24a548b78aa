"""The supervisor against real PostgreSQL, real children and real kills."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable
from pathlib import Path

import psycopg

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
import os, signal, sys, time
from pathlib import Path
from scripts.service.heartbeat import Heartbeat
if sys.argv[1] == "stubborn":
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
note = Path(os.environ["CYDLYNU_DATA"], "worker.pid")
note.with_suffix(".new").write_text(str(os.getpid()))
note.with_suffix(".new").rename(note)
if sys.argv[1] == "broken":
    sys.exit(3)
while sys.argv[1] == "beating":
    Heartbeat.from_environment(os.environ).beat(0.5)
    time.sleep(0.05)
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
welcome = ["Sign in as (role, username, password):", "alnco ann pass-word", "auditor aud other-word"]
patience = SupervisorTimeouts(first_pause=0.1, stop=5.0, look=0.1, heartbeat=0.1)
"""


END = """
supervisor.supervise(settings, preparation, programs, lambda database: welcome, patience)
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


class Run(subprocess.Popen):
    """A supervisor in a process of its own, with its output in a file."""

    def __init__(self, home: Path, port: int, change: str = "", url: str = "", **environment: str) -> None:
        self.home, self.port, self.data = home, port, home / "a data folder"
        self.count = len(list(home.glob("run*.py")))
        program = home / f"run{self.count}.py"
        program.write_text(RUN + change + END)
        self.output = program.with_suffix(".txt")
        project = str(Path(__file__).parents[3])
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
