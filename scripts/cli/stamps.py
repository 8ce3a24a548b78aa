"""`cydlynu report replay` and `compare`: a report again from its stamp, and what changed between two stamps."""

from __future__ import annotations

from typing import Any

import click

from projections.stamps.asking import replay
from projections.stamps.comparing import StampComparison, compare
from projections.stamps.stamp import short_form
from scripts.cli.catching_up import catch_up
from scripts.cli.database import CommandSettings, open_database
from scripts.cli.reports import FORMATS, head_of, print_report
from scripts.cli.tables import align_columns
from webui.reports.stamp_words import CODE_DIFFERS, compared, in_english


@click.command("replay")
@click.argument("stamp")
@click.option("--format", "form", type=click.Choice(FORMATS), default="json", show_default=True)
@click.pass_obj
def replay_stamp(settings: CommandSettings, stamp: str, form: str) -> None:
    """Print the report of a STAMP again, as it was, with the same view of the record.

    The same program gives the same bytes. A newer one gives the same figures and says that it differs.
    """
    with open_database(settings) as home, home.service() as coordination, home.reader() as reader:
        catch_up(home)
        found = replay(coordination, reader, home.viewer, stamp)
        now = found.code
        head = head_of(coordination, found.report)
    if found.stamp.code != now:
        click.echo(in_english(CODE_DIFFERS, now=now, then=found.stamp.code), err=True)
    print_report(found.stamp.kind, found.report, form, head)


@click.command("compare")
@click.argument("first")
@click.argument("second")
@click.pass_obj
def compare_stamps(settings: CommandSettings, first: str, second: str) -> None:
    """Say what changed from the report of one stamp to that of another: late entries, corrections, standards, rules,
    and which figures differ."""
    with open_database(settings) as home, home.service() as coordination, home.reader() as reader:
        catch_up(home)
        found = compare(coordination, reader, home.viewer, first, second)
    click.echo(f"First:  {short_form(first)}, position {found.first.position}")
    click.echo(f"Second: {short_form(second)}, position {found.second.position}")
    click.echo()
    for line in compared(found, in_english):
        click.echo(line)
    if found.figures:
        click.echo()
        click.echo(align_columns(("figure", "first", "second"), _figures(found)))


def _figures(found: StampComparison) -> list[tuple[Any, ...]]:
    return [(figure.name, figure.first, figure.second) for figure in found.figures]
