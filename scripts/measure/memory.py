"""(d) Memory and time of a rebuild, each in a process of its own.

The rebuild is the operator's: it fills `read_next` from the whole log, compares it with the live schema row for row,
and swaps the two. An engine in another process also fills a schema from the first quarter of the log: what it
needs less is what grows with the log. That is the states it keeps folded, and these only up to `projections.folds.KEPT`
events (about 175 MB). The peak is the largest resident memory of the process, the interpreter and all imports included.

The rebuild is also timed from inside, for the share of each part: the functions are wrapped from here, and the engine
knows nothing of it.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import msgspec
import psycopg

from coordination.store.keys import load_or_make
from projections import catalogue, folds, page, rows
from projections import engine as engines
from projections import rebuild as rebuilding
from projections.engine import Engine
from projections.projection import Projection
from projections.rebuild import rebuild
from projections.schema import fill
from projections.table import Table
from scripts.measure.conditions import peak_memory_mb
from scripts.measure.database import BenchmarkDatabase, in_fresh_process
from scripts.measure.stopwatch import Stopwatch

QUARTER = "read_quarter"


class RebuildCost(msgspec.Struct, frozen=True):
    """Peak memory in MB; `seconds` by part; `differing` names the tables in which the rebuild was not the same."""

    peak_mb: float
    seconds: dict[str, float]
    differing: tuple[str, ...]


class MemoryUse(msgspec.Struct, frozen=True):
    """Of a rebuild of everything, and of the first quarter of the log."""

    whole: RebuildCost
    quarter_mb: float


def measure(ground: BenchmarkDatabase) -> MemoryUse:
    """Rebuilds the live schema, which must be there."""
    return MemoryUse(
        whole=in_fresh_process(_rebuild, ground.database, ground.key_file),
        quarter_mb=in_fresh_process(_quarter, ground.database, ground.key_file, ground.events // 4),
    )


def _rebuild(database: str, keys: Path) -> RebuildCost:
    watch = Stopwatch()
    _instrument(watch)
    watch.start()
    compared = rebuild(database, load_or_make(keys))
    watch.stop()
    return RebuildCost(peak_memory_mb(), dict(watch.seconds), compared.differing)


def _quarter(database: str, keys: Path, until: int) -> float:
    with psycopg.connect(database) as connection:
        fill(connection, QUARTER)
    engine = Engine(database, load_or_make(keys), schema=QUARTER)
    engine.catch_up(until)
    engine.close()
    peak = peak_memory_mb()
    with psycopg.connect(database) as connection:
        connection.execute("drop schema read_quarter cascade")
    return peak


class TimedProjection:
    """A projection whose time is counted."""

    def __init__(self, projection: Projection, watch: Stopwatch) -> None:
        self.name, self.tables = projection.name, projection.tables
        self.topics, self.wide = projection.topics, projection.wide
        self.project = watch.timed(f"project {projection.name}", projection.project)


def _instrument(watch: Stopwatch) -> None:
    """Wraps what the engine calls. A name that is no longer there fails here, and not as a part that took no time."""
    timed = tuple(TimedProjection(p, watch) for p in catalogue.projections())
    _replace(engines, "projections", lambda: timed)
    for where, name, part in ((engines, "log_page", "select"), (page, "decode", "decode")):
        _replace(where, name, watch.timed(part, getattr(where, name)))
    _replace(folds.FoldedStates, "prepare", watch.timed("fold again", folds.FoldedStates.prepare))
    _replace(folds.FoldedStates, "step", watch.timed("fold", folds.FoldedStates.step))
    _replace(rows.RowJournal, "write", watch.timed("net of the page's rows", rows.RowJournal.write))
    for writer in ("_copy", "_delete", "_close"):
        _replace(rows, writer, watch.timed(_table, getattr(rows, writer)))
    _replace(psycopg.Transaction, "__exit__", watch.timed("commit", psycopg.Transaction.__exit__))
    _replace(rebuilding, "compare", watch.timed("compare with the live schema", rebuilding.compare))


def _table(_connection: Any, table: Table[Any], *_: Any) -> str:
    return f"write {table.name}"


def _replace(where: Any, name: str, by: Any) -> None:
    if not hasattr(where, name):
        raise LookupError(name)
    setattr(where, name, by)
