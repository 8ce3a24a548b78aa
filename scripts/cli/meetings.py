"""`cydlynu meetings`: dates for meetings."""

from __future__ import annotations

import sys
import time
from pathlib import Path

import click
import msgspec

from coordination.meeting.timetable.published import BadInstance, read_instances
from coordination.meeting.timetable.solving import solve

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
