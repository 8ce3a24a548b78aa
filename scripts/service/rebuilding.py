"""The worker's part of a rebuild that was requested on a page."""

from __future__ import annotations

import threading
import traceback
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID

import psycopg
import structlog
from psycopg import Connection

from coordination.desk.rebuilds import (
    begin_rebuild,
    fail_rebuild,
    finish_rebuild,
    note_rebuild_progress,
    rebuild_open,
    return_rebuild,
)
from coordination.store.keys import OuterKeys
from coordination.store.migrate import APPEND, as_role
from projections.engine import PAGE
from projections.rebuild import RebuildRunning, rebuild
from projections.schema import progress

LOST = (psycopg.OperationalError, psycopg.InterfaceError)

log = structlog.get_logger("cydlynu.worker")


class WorkerStopping(Exception):
    """The worker has to stop: the rebuild is left to the next one."""


def perform_rebuild(database: str, keys: OuterKeys, stop: threading.Event, *, page_size: int = PAGE) -> bool:
    """Carries out the requested rebuild; whether there was one. Only the leading worker calls this, one rebuild at a
    time. The outcome is on its row: done, failed, or, when the worker has to stop or another rebuild runs, requested
    again. After a kill it stays `running`, and the next leading worker resumes it. Raises the errors of a lost
    database."""
    with psycopg.connect(as_role(database, APPEND), autocommit=True) as desk:
        if not rebuild_open(desk):
            return False
        with psycopg.connect(database) as owner:
            goal = progress(owner).position
        asked = begin_rebuild(desk, _now(), goal)
        if asked is None:
            return False
        log.info("rebuild_begun", rebuild=str(asked.rebuild), attempt=asked.attempts)
        try:
            found = rebuild(database, keys, page_size=page_size, watch=_watching(desk, asked.rebuild, stop))
        except (RebuildRunning, WorkerStopping):
            return_rebuild(desk, asked.rebuild)
        except Exception as problem:
            # readers that do not let go of the old read models for too long are no loss of the database
            if isinstance(problem, LOST) and not isinstance(problem, psycopg.errors.LockNotAvailable):
                raise
            said = f"{type(problem).__name__} at {', '.join(code_location(problem))}"
            fail_rebuild(desk, asked.rebuild, _now(), said)
            log.error("rebuild_failed", rebuild=str(asked.rebuild), problem=said)
        else:
            finish_rebuild(desk, asked.rebuild, _now(), found.position, found.differing)
            log.info("rebuild_done", rebuild=str(asked.rebuild), differing=list(found.differing))
        return True


def _watching(desk: Connection, asked: UUID, stop: threading.Event) -> Callable[[int], None]:
    def watch(position: int) -> None:
        if stop.is_set():
            raise WorkerStopping
        note_rebuild_progress(desk, asked, position)

    return watch


def code_location(problem: BaseException) -> list[str]:
    """Where it broke; the error's text may hold personal data."""
    frames = traceback.extract_tb(problem.__traceback__)
    return [f"{Path(frame.filename).name}:{frame.lineno}" for frame in frames[-3:]]


def _now() -> datetime:
    return datetime.now(UTC)
