"""Maintenance of the record and its read models: rebuild, verify, status, catch-up."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable

import click
import msgspec
from psycopg import Connection, sql

from coordination.errors import Refusal
from projections.engine import Engine
from projections.rebuild import NEXT, REBUILD_LOCK, RebuildRunning, SchemaComparison, compare, rebuild
from projections.schema import fill, progress
from projections.status import ReadModelStatus, read_model_status
from scripts.cli import catching_up
from scripts.cli.database import CommandSettings, OpenedDatabase, open_database
from scripts.cli.tables import align_columns

FOUND = 2  # the exit status of a check that found something


@click.command("catch-up")
@click.pass_obj
def catch_up(settings: CommandSettings) -> None:
    """Update the read models to the latest event, or wait until the worker has done so."""
    with open_database(settings) as home:
        position = catching_up.catch_up(home, watch=_progress(home))
    click.echo(f"The read models are at position {position}.")


@click.command("status")
@click.option("--format", "form", type=click.Choice(["table", "json"]), default="table", show_default=True)
@click.pass_obj
def status(settings: CommandSettings, form: str) -> None:
    """Show the status of the record and its read models."""
    with open_database(settings) as home, home.owner() as connection:
        now = read_model_status(connection)
    if form == "json":
        click.echo(json.dumps(msgspec.to_builtins(now), indent=1))
        return
    kept = "the worker is running" if now.led else "no worker is running"
    made = "" if now.current else "; built by another version of the program: run cydlynu rebuild"
    click.echo(f"record       {now.events} events, last position {now.log_position}")
    click.echo(f"read models  position {now.read_position}, {now.lag} events behind; {kept}{made}")
    click.echo(f"parked       {len(now.parked)} streams")
    if now.parked:
        click.echo(_parked(now))


def _parked(now: ReadModelStatus) -> str:
    header = msgspec.structs.asdict(now.parked[0])
    return align_columns(tuple(header), [tuple(msgspec.structs.asdict(one).values()) for one in now.parked])


@click.command("rebuild")
@click.option(
    "--compare-only",
    is_flag=True,
    help="Build a copy and compare it with the live read models. Change nothing.",
)
@click.pass_obj
def rebuild_read_models(settings: CommandSettings, compare_only: bool) -> int:
    """Rebuild the read models from the whole log, compare them with the live ones and replace those.

    With --compare-only nothing is replaced, and the exit status is 2 if they differ.
    """
    with open_database(settings) as home:
        catching_up.catch_up(home)
        try:
            if compare_only:
                found = _compared(home)
            else:
                found = rebuild(home.database, home.keys, watch=_progress(home))
        except RebuildRunning:
            raise Refusal("rebuild_under_way") from None
    differing = ", ".join(found.differing)
    difference = f"These tables were different: {differing}." if differing else "All tables were the same."
    click.echo(f"The log was read up to position {found.position}. {difference}")
    return FOUND if compare_only and found.differing else 0


def _compared(home: OpenedDatabase) -> SchemaComparison:
    """As a rebuild does, without the swap. The live position is held only for the comparison."""
    with home.owner() as connection:
        held = connection.execute("select pg_try_advisory_lock(%s)", (REBUILD_LOCK,)).fetchone()
        if not (held and held[0]):
            raise RebuildRunning
        _drop(connection)
        with connection.transaction():
            fill(connection, NEXT)
        engine = Engine(home.database, home.keys, schema=NEXT)
        try:
            engine.catch_up(watch=_progress(home))
            with connection.transaction():
                connection.execute("lock table read.position in share mode")
                live = progress(connection).position
                engine.catch_up(until=live)
                return SchemaComparison(live, tuple(compare(connection)))
        finally:
            engine.close()
            _drop(connection)


def _drop(connection: Connection) -> None:
    connection.execute(sql.SQL("drop schema if exists {} cascade").format(sql.Identifier(NEXT)))


def _progress(home: OpenedDatabase) -> Callable[[int], None] | None:
    """A progress line, on a terminal only."""
    if not sys.stderr.isatty():
        return None
    with home.owner() as connection:
        log = progress(connection).log

    def tell(position: int) -> None:
        end = "\n" if position >= log else "\r"
        print(f"position {position} of {log}", end=end, file=sys.stderr, flush=True)

    return tell
