"""`cydlynu report data-quality`, `due-soon` and `what-if`: what to trust, what will be late, and what would be."""

from __future__ import annotations

from typing import Any, get_args

import click

from coordination.clocks import PARTIES
from projections.stamps.asking import stamped_report
from projections.stamps.kinds import KINDS
from projections.waiting_times.queries import ByHolder, DataQualityCriteria, DueSoonCriteria, WhatIfCriteria
from projections.waiting_times.queries.quality import LATE_DAYS, QUIET_DAYS
from scripts.cli.catching_up import catch_up
from scripts.cli.database import CommandSettings, open_database
from scripts.cli.reports import head_of, print_report, report_options


@click.command("data-quality")
@report_options(period=False)
@click.option("--quiet-days", type=click.IntRange(min=1), default=QUIET_DAYS, show_default=True)
@click.option("--late-days", type=click.IntRange(min=0), default=LATE_DAYS, show_default=True)
def quality_of_record(settings: CommandSettings, form: str, **asked: Any) -> None:
    """Print whether the record can be trusted.

    Late entries by organisation; quiet waits, missing outcomes, contested entries, contacts without a receipt and
    uncountable waits by service.
    """
    _print(settings, "data-quality", DataQualityCriteria, asked, form)


@click.command("due-soon")
@report_options(get_args(ByHolder), period=False)
def soon_late(settings: CommandSettings, form: str, **asked: Any) -> None:
    """Print the open waits that are over the limit, and those that will be in 7, 14 and 28 days."""
    _print(settings, "due-soon", DueSoonCriteria, asked, form)


@click.command("what-if")
@report_options()
@click.option("--service", required=True, metavar="CODE")
@click.option("--standard", metavar="CODE", help="A standard of the service (default: its first).")
@click.option("--limit", type=click.IntRange(min=0), help="Another limit, in the unit of the standard.")
@click.option("--without", type=click.Choice(PARTIES), help="Leave out the days of this party.")
@click.option("--own-days", is_flag=True, help="Start the clock anew at each holder.")
def changed_figures(settings: CommandSettings, form: str, **asked: Any) -> None:
    """Print the figures of a service beside those under another limit or rule, or without one party's days."""
    _print(settings, "what-if", WhatIfCriteria, asked, form)


def _print(
    settings: CommandSettings, kind: str, criteria: type[Any], asked: dict[str, Any], form: str
) -> None:
    with open_database(settings) as home, home.service() as coordination, home.reader() as reader:
        catch_up(home)
        ask = criteria(**{**asked, "as_of": asked["as_of"] or home.today})
        found = stamped_report(coordination, reader, home.viewer, KINDS[kind], ask)
        head = head_of(coordination, found)
    print_report(kind, found, form, head)
