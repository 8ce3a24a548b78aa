"""At the first start on an empty store: the demonstration county, with a progress bar.

A loading that was interrupted (a power cut, a killed process) is removed and started again: before it
has finished no person can have signed in, so everything in the store is fictional. A store that holds anything
else is never touched. CYDLYNU_DEMONSTRATION=no leaves an empty store empty.
"""

from __future__ import annotations

import os
import sys
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import psycopg
from psycopg import Connection
from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn

from coordination.calendars import local_date
from coordination.service import Coordination
from coordination.store.application import Record
from coordination.store.keys import load_or_make
from coordination.store.migrate import APPEND, as_role, migrate
from projections.engine import Engine
from projections.schema import analyse, create
from scripts.demonstration.load import load, open_accounts


def prepare(database: str, keys: Path) -> None:
    """Loads the county when the store is empty, or when its loading was cut short."""
    if os.environ.get("CYDLYNU_DEMONSTRATION", "yes").lower() in ("no", "0", "off"):
        return
    now = datetime.now(UTC)
    with psycopg.connect(database) as connection:
        standing = connection.execute("select finished_at from desk.demonstration").fetchone()
        if standing is not None and standing[0] is not None:
            return
        if standing is None and not _empty(connection):
            return
    if standing is not None:
        _clear(database)
    with psycopg.connect(database) as connection:
        # yesterday: what is recorded on a simulated day must not lie ahead of the clock
        until = local_date(now) - timedelta(days=1)
        connection.execute("insert into desk.demonstration (until, begun_at) values (%s, %s)", (until, now))
    _fill(database, keys, until, now)
    with psycopg.connect(database) as connection:
        connection.execute("update desk.demonstration set finished_at = %s", (datetime.now(UTC),))


def _fill(database: str, keys: Path, until: date, now: datetime) -> None:
    record = Record(as_role(database, APPEND), load_or_make(keys))
    shown = Progress(
        TextColumn("{task.description}"), BarColumn(), TimeRemainingColumn(), console=Console(stderr=True)
    )
    try:
        with shown:
            task = shown.add_task("Loading the demonstration county", total=None)
            last = load(
                Coordination(record),
                until,
                lambda day, days: shown.update(task, completed=day, total=days),
            )
            task = shown.add_task("Building the read models", total=last)
            engine = Engine(database, record.outer)
            try:
                engine.catch_up(watch=lambda position: shown.update(task, completed=position))
                analyse(engine.connection, "read")
            finally:
                engine.close()
        open_accounts(database, now)
    finally:
        record.close()


def _empty(connection: Connection[tuple[object, ...]]) -> bool:
    row = connection.execute("select exists (select from log.event)").fetchone()
    return row is not None and not row[0]


def _clear(database: str) -> None:
    """Removes the unfinished county: drops our schemas, which the migrations then create again."""
    print("The demonstration county was not fully loaded. Loading it again", file=sys.stderr)
    with psycopg.connect(database) as connection:
        connection.execute("drop schema if exists read, read_next, desk, log cascade")
    migrate(database)
    create(database)
