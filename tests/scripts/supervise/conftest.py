"""The fixtures that these tests share."""

from __future__ import annotations

import socket
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from coordination.store.server import PostgresServer
from scripts.service.child_processes import ChildProcesses
from tests.scripts.supervise.running import WEB, WORKER, Run


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
