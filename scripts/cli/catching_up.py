"""Catching up the read models before a report, here when no worker does it."""

from __future__ import annotations

import time
from collections.abc import Callable

from coordination.errors import Refusal
from projections.engine import Engine
from projections.page import LostLead
from projections.rebuild import RebuildRunning, outdated, rebuild
from projections.schema import progress
from scripts.cli.database import OpenedDatabase

LOOK = 0.02  # seconds between two looks at a worker's progress


def catch_up(home: OpenedDatabase, patience: float = 60, watch: Callable[[int], None] | None = None) -> int:
    """Bring the read models to what is on the record now; their position then.

    Where a worker leads it is waited for, `patience` seconds at most; else the pages are taken here, and the tables
    made anew first if this program has others. Raises Refusal `read_models_behind`.
    """
    engine = Engine(home.database, home.keys)
    deadline = time.monotonic() + patience
    try:
        with home.owner() as connection:
            wanted = progress(connection).log
            while True:
                if engine.lead():
                    return _take(home, engine, watch)
                position = progress(connection).position
                if position >= wanted:
                    return position
                if time.monotonic() > deadline:
                    raise Refusal("read_models_behind")
                time.sleep(LOOK)
    finally:
        engine.close()


def _take(home: OpenedDatabase, engine: Engine, watch: Callable[[int], None] | None) -> int:
    """Catch up as the leader. A rebuild may swap the schema meanwhile; then continue from its position."""
    while True:
        try:
            if outdated(home.database):
                rebuild(home.database, home.keys, watch=watch)
            return engine.catch_up(watch=watch)
        except LostLead:
            continue
        except RebuildRunning:
            time.sleep(LOOK)
