"""`cydlynu drill`: whether the backup can be restored, proved by restoring it, in minutes and figures."""

from __future__ import annotations

import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import click
import msgspec
import psycopg

from coordination.store.backup.manifest import Manifest, read_manifest
from coordination.store.backup.outer_keys import (
    ERASED,
    beside,
    erased_streams,
    fingerprint,
    keep_keys,
    keys_of_backup,
)
from coordination.store.backup.restoring import restore_backup
from coordination.store.backup.writing import write_backup
from coordination.store.ledger.verification import verify
from coordination.store.server import database
from projections.catalogue import definition
from projections.engine import Engine
from projections.rebuild import sums
from projections.schema import create
from projections.waiting_times.queries import OverviewCriteria, overview
from scripts.cli.catching_up import catch_up
from scripts.cli.database import CommandSettings, OpenedDatabase, open_database
from scripts.cli.recovery import repeat_erasures

FOUND = 2


class DrillStep(msgspec.Struct, frozen=True):
    """A step of the drill, and how many seconds it took."""

    name: str
    seconds: float


class DrillResult(msgspec.Struct, frozen=True, kw_only=True):
    """What the drill found. `ledger` is the first problem of the ledger, None where it is sound; `differing` are read
    models (or `figures`) that are not as in the live store. `tables_compared` False: the live store had moved on, so
    that only the figures could be compared."""

    events: int
    position: int
    steps: tuple[DrillStep, ...]
    ledger: str | None
    differing: tuple[str, ...]
    tables_compared: bool

    @property
    def sound(self) -> bool:
        return self.ledger is None and not self.differing

    @property
    def minutes(self) -> float:
        return sum(step.seconds for step in self.steps) / 60


@click.command("drill")
@click.argument("folder", required=False, type=click.Path(path_type=Path))
@click.option("--keys", "place", type=click.Path(path_type=Path), help="The keys (default: FOLDER.keys).")
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True)
@click.pass_obj
def drill(settings: CommandSettings, folder: Path | None, place: Path | None, form: str) -> int:
    """Restore a backup into a scratch database, verify it, make its read models and compare them with the live ones.

    FOLDER is the backup; without it one is made first. The scratch database is removed again, and nothing of the live
    store is changed. Exit status: 0 sound, 2 when something differs.
    """
    with tempfile.TemporaryDirectory(prefix="cydlynu-drill-") as scratch, open_database(settings) as home:
        found = perform_drill(settings, home, Path(scratch), folder, place)
    click.echo(msgspec.json.encode(found).decode() if form == "json" else _said(found))
    return 0 if found.sound else FOUND


def perform_drill(
    settings: CommandSettings, home: OpenedDatabase, scratch: Path, folder: Path | None, place: Path | None
) -> DrillResult:
    """The drill in the folder `scratch`, which the caller removes."""
    steps: list[DrillStep] = []
    catch_up(home)
    if folder is None:
        folder = scratch / "backup"
        with _step(steps, "backup"):
            keep_keys(settings.keys, beside(folder))
            write_backup(home.database, folder, keys=fingerprint(home.keys), now=home.now)
    manifest = read_manifest(folder)
    place = place or beside(folder)
    keys = keys_of_backup(place, manifest.keys)
    erased = erased_streams(at.with_name(at.name + ERASED) for at in (place, settings.keys))
    with database(scratch / "data", None) as address:
        with _step(steps, "restore"):
            restore_backup(address, folder)
            restored = OpenedDatabase(address, keys, home.now)
            repeat_erasures(restored, erased.values())
        with _step(steps, "verify"), restored.owner() as connection:
            problem = verify(connection).problem
        with _step(steps, "read models"):
            create(address)
            _fill(restored)
        with _step(steps, "compare"):
            tables, differing = _compared(home, restored, manifest)
    return DrillResult(
        events=manifest.events,
        position=manifest.position,
        steps=tuple(steps),
        ledger=problem,
        differing=tuple(differing),
        tables_compared=tables,
    )


def _fill(restored: OpenedDatabase) -> None:
    engine = Engine(restored.database, restored.keys)
    try:
        engine.catch_up()
    finally:
        engine.close()


@contextmanager
def _step(steps: list[DrillStep], name: str) -> Iterator[None]:
    begun = time.monotonic()
    yield
    steps.append(DrillStep(name, round(time.monotonic() - begun, 2)))


def _compared(home: OpenedDatabase, restored: OpenedDatabase, manifest: Manifest) -> tuple[bool, list[str]]:
    """Whether the tables could be compared, and what differs."""
    differing = []
    with psycopg.connect(home.database) as live, psycopg.connect(restored.database) as scratch:
        live.execute("set transaction isolation level repeatable read, read only")
        stands = live.execute("select position, definition from read.position").fetchone()
        comparable = stands == (manifest.position, definition())
        if comparable:
            left, right = sums(live), sums(scratch)
            differing = sorted(
                name for name in left.keys() | right.keys() if left.get(name) != right.get(name)
            )
    if _figures(home, manifest.position) != _figures(restored, manifest.position):
        differing.append("figures")
    return comparable, differing


def _figures(store: OpenedDatabase, position: int) -> dict[str, Any]:
    """The waiting times of all services as known at a position of the log."""
    with store.service() as service, store.reader() as reader:
        directory, _ = service.directory_at(position)
        found = overview(reader, store.viewer, directory, OverviewCriteria(as_of=store.today, at=position))
    return {name: value for name, value in msgspec.to_builtins(found).items() if name != "stamp"}


def _said(found: DrillResult) -> str:
    lines = [f"{found.events} events up to position {found.position}."]
    lines += [f"{step.name:<12}{step.seconds:>8.2f} s" for step in found.steps]
    lines.append(f"{'together':<12}{found.minutes:>8.2f} minutes")
    lines.append("ledger      sound" if found.ledger is None else f"ledger      CHANGED: {found.ledger}")
    if found.differing:
        lines.append(f"compared    DIFFERENT: {', '.join(found.differing)}")
    elif found.tables_compared:
        lines.append("compared    every read model and every figure is the same")
    else:
        lines.append(
            "compared    every figure is the same (the live store has moved on: tables not compared)"
        )
    return "\n".join(lines)
