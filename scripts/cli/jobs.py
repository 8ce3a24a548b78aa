"""`cydlynu jobs`: the scheduled jobs of the worker, when each ran last and runs next, and what failed."""

from __future__ import annotations

import json

import click
import msgspec

from coordination.desk.job_runs import failures, job_overview
from scripts.cli.database import CommandSettings, open_database
from scripts.cli.tables import align_columns

COLUMNS = ("job", "state", "last run", "ended", "next run")
FAILED_COLUMNS = ("job", "slot", "attempts", "problem")
FOUND = 2


@click.command("jobs")
@click.option("--format", "form", type=click.Choice(["table", "json"]), default="table", show_default=True)
@click.pass_obj
def jobs(settings: CommandSettings, form: str) -> int:
    """Show the worker's jobs with their last and next runs, and the runs that failed. Times are UTC.

    Exit status 2 when a job is overdue or its last run failed.
    """
    with open_database(settings) as home, home.owner() as connection:
        overview = job_overview(connection, home.now)
        failed = failures(connection)
    lines = [
        (
            one.job,
            one.last.state if one.last else "never",
            _minute(one.last.begun_at if one.last else None),
            _minute((one.last.finished_at or one.last.failed_at) if one.last else None),
            _minute(one.next_at),
        )
        for one in overview
    ]
    if form == "json":
        listed = [
            {"job": one.job, "state": line[1], "overdue": one.overdue}
            | {"last": msgspec.to_builtins(one.last), "next_at": one.next_at.isoformat()}
            for one, line in zip(overview, lines, strict=True)
        ]
        click.echo(json.dumps({"jobs": listed, "failures": msgspec.to_builtins(failed)}, indent=1))
    else:
        click.echo(align_columns(COLUMNS, lines))
        if failed:
            click.echo("\nRuns that failed")
            rows = [(run.job, _minute(run.slot), str(run.attempts), run.problem or "") for run in failed]
            click.echo(align_columns(FAILED_COLUMNS, rows))
    troubled = any(one.overdue or (one.last is not None and one.last.state == "failed") for one in overview)
    return FOUND if troubled else 0


def _minute(at: object) -> str:
    return str(at)[:16] if at else ""
