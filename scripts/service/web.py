"""Gunicorn's configuration: the settings that its command line does not have."""

from __future__ import annotations

import os
import signal
import threading
from pathlib import Path
from typing import Any

from prometheus_client import multiprocess

from scripts.service import parent_watch
from scripts.service.settings import METRICS_FOLDER
from webui.shell.health import DRAINING

DRAINED_IN = 3.0
"""Seconds for which a web server that is told to stop goes on, having said so: the proxy looks every second."""


def on_starting(server: Any) -> None:
    """A web host of its own says on /readyz that it is about to stop, so that the proxy sends it nothing more, and
    stops then; told a second time, at once."""
    place = os.environ.get(DRAINING)
    if not place:
        return
    stop = server.handle_term

    def drain() -> None:
        if Path(place).exists():
            stop()
        Path(place).touch()
        threading.Timer(DRAINED_IN, os.kill, (os.getpid(), signal.SIGTERM)).start()

    server.handle_term = drain


def post_worker_init(worker: Any) -> None:
    """A worker that finds the supervisor gone ends the whole web server, itself included."""
    parent_watch.watch_parent(worker.ppid)


def child_exit(_server: Any, worker: Any) -> None:
    """What a process that has ended was doing at this moment no longer counts; what it counted stays."""
    if os.environ.get(METRICS_FOLDER):
        multiprocess.mark_process_dead(worker.pid)  # type: ignore[no-untyped-call]
