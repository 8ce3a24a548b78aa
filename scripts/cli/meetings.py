"""`cydlynu meetings`: dates for meetings."""

from __future__ import annotations

import sys
import time
from datetime import date
from pathlib import Path

import click
import msgspec

from coordination.meeting.timetable.published import BadInstance, read_instances
from coordination.meeting.timetable.solving import solve
from projections.attendance.planning import MeetingPlan, PlanCriteria, plan_meetings
from scripts.cli.catching_up import catch_up
from scripts.cli.database import CommandSettings, open_database
from scripts.cli.reports import DateOption
from scripts.cli.tables import align_columns

SECONDS = 16.0
"""For one instance. It is to be answered within 20 seconds, the start of the program and the printing included."""


@click.group("meetings")
def meetings() -> None:
    """Find dates for meetings that do not clash."""


@meetings.command("solve")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option(
    "--seconds", type=click.FloatRange(min=0.1), default=SECONDS, show_default=True, help="For each instance."
)
def solve_instances(file: Path, seconds: float) -> None:
    """Solve the instances of CSPLib problem 046 in FILE, a JSON list.

    Takes up to so many --seconds for each. Prints a JSON list: of each `instance` the slot of each meeting (`starts`,
    from 0), how many pairs of one agent's meetings conflict (`conflicts`), how many no other choice can avoid
    (`bound`), and in how many pairs of meetings they are (`pairs`).
    """
    try:
        published = read_instances(file.read_bytes())
    except BadInstance as problem:
        raise click.ClickException(str(problem)) from None
    answers = []
    for one in published:
        found = solve(one.timetable, seconds=seconds, clock=time.monotonic)
        answers.append({"instance": one.instance, **msgspec.structs.asdict(found)})
        print(
            f"Instance {one.instance}: {found.conflicts} conflicts, at least {found.bound}.", file=sys.stderr
        )
    click.echo(msgspec.json.encode(answers).decode())


@meetings.command("plan")
@click.option("--authority", metavar="CODE", required=True, help="The authority whose schools meet.")
@click.option("--from", "from_on", type=DateOption(), required=True, help="The first day of the period.")
@click.option("--to", "to_on", type=DateOption(), required=True, help="The last day of the period.")
@click.option("--school", metavar="NUMBER", help="Only this school.")
@click.option("--kind", metavar="CODE", default="hwb", show_default=True, help="The kind of meeting.")
@click.option("--format", "form", type=click.Choice(("table", "json")), default="table", show_default=True)
@click.pass_obj
def plan(
    settings: CommandSettings,
    authority: str,
    from_on: date,
    to_on: date,
    school: str | None,
    kind: str,
    form: str,
) -> None:
    """Propose a date for each school and month, with the fewest clashes and the fewest journeys.

    Prints the dates with their reasons, how many services cannot come (clashes), and how many could not at any dates
    (bound). Nothing is recorded.
    """
    ask = PlanCriteria(authority=authority, from_on=from_on, to_on=to_on, school=school, kind=kind)
    with open_database(settings) as home, home.service() as coordination, home.reader() as reader:
        catch_up(home)
        found = plan_meetings(reader, home.viewer, coordination.directory(), ask, time.monotonic)
    if form == "json":
        click.echo(msgspec.json.encode(found).decode())
    else:
        _print_plan(found)


def _print_plan(found: MeetingPlan) -> None:
    rows = [
        (one.held_on, f"{one.starts_at:%H:%M}", one.school, len(one.services), ", ".join(one.clashes))
        for one in found.dates
    ]
    click.echo(align_columns(("date", "time", "school", "services", "clashes"), rows))
    click.echo()
    click.echo(f"Clashes: {found.clashes}, at least {found.bound} at any dates.")
    click.echo(
        f"Days on which a service sets out: {found.outings}, at least {found.outings_bound} at any dates."
    )
    for one in found.unplanned:
        click.echo(f"No date for {one.school} in {one.month}: {one.because}.")
