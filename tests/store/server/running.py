"""The private PostgreSQL starts anywhere, is shared, and survives the death of any of its processes."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import psycopg
import pytest

needs_proc = pytest.mark.skipif(not Path("/proc/self/cwd").exists(), reason="looks into /proc")


PROGRAM = """
import sys
from pathlib import Path
from coordination.store import server
with server.database(Path(sys.argv[1]), None) as address:
    print(address, flush=True)
    sys.stdin.read()
"""


def until(true: Callable[[], object], seconds: float = 30) -> None:
    deadline = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < deadline, "waited in vain"
        time.sleep(0.005)


def alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
        return "\nState:\tZ" not in Path(f"/proc/{pid}/status").read_text()
    except OSError:
        return False


def postmaster(data: Path) -> int:
    return int((data / "postgres/cluster/postmaster.pid").read_text().split()[0])


def watchdogs(data: Path) -> list[int]:
    found = subprocess.run(["ps", "-wweo", "pid=,args="], capture_output=True, text=True, check=True).stdout
    return [int(line.split()[0]) for line in found.splitlines() if f"watchdog.py {data} " in line]


def kill(pid: int) -> None:
    os.kill(pid, signal.SIGKILL)
    until(lambda: not alive(pid))


def remember(address: str, number: int) -> None:
    with psycopg.connect(address) as link:
        link.execute("create table if not exists remembered (number int)")
        link.execute("insert into remembered values (%s)", [number])


def remembered(address: str) -> list[int]:
    with psycopg.connect(address) as link:
        return [number for (number,) in link.execute("select number from remembered order by 1")]


class User(subprocess.Popen):
    """Another process that uses the server of a folder until it is told to leave."""

    def __init__(self, data: Path, python: str = sys.executable, **options: object) -> None:
        pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "text": True}
        super().__init__([python, "-c", PROGRAM, str(data)], **pipes, **options)

    def address(self) -> str:
        line = self.stdout.readline().strip()
        assert line, self.stderr.read()
        return line

    def leave(self) -> None:
        self.communicate(timeout=30)
        assert self.returncode == 0
