"""Gunicorn's configuration: the settings that its command line does not have."""

from __future__ import annotations

from typing import Any

from scripts.service import parent_watch


def post_worker_init(worker: Any) -> None:
    """A worker that finds the supervisor gone ends the whole web server, itself included."""
    parent_watch.watch_parent(worker.ppid)
