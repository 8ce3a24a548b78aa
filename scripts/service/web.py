"""Gunicorn's configuration: the settings that its command line does not have."""

from __future__ import annotations

import os
from typing import Any

from prometheus_client import multiprocess

from scripts.service import parent_watch
from scripts.service.settings import METRICS_FOLDER


def post_worker_init(worker: Any) -> None:
    """A worker that finds the supervisor gone ends the whole web server, itself included."""
    parent_watch.watch_parent(worker.ppid)


def child_exit(_server: Any, worker: Any) -> None:
    """What a process that has ended was doing at this moment no longer counts; what it counted stays."""
    if os.environ.get(METRICS_FOLDER):
        multiprocess.mark_process_dead(worker.pid)  # type: ignore[no-untyped-call]
