"""`cydlynu report survival`: how long the waits last, by month or year of entry."""

from __future__ import annotations

from datetime import date, datetime

import click

from projections.stamps.asking import stamped_report
from projections.stamps.kinds import KINDS
from projections.statistics.queries import ENTRIES, ByEntry, SurvivalCriteria
from scripts.cli.catching_up import catch_up
from scripts.cli.database import CommandSettings, open_database
from scripts.cli.reports import (
    head_of,
    known_metric,
    print_report,
    report_options,
    warn_of,
    warn_of_the_future,
)


@click.command("survival")
@report_options(ENTRIES, "--by-entry")
@click.option("--service", required=True, metavar="CODE")
@click.option(
    "--standard",
    metavar="CODE",
    help="A standard of the service, or none, not_received or not_sent (default: its first; without one, none).",
)
@click.option(
    "--metric",
    metavar="VERSION",
    callback=known_metric,
    help="The version of the metric rules (default: the newest).",
)
def survival_curves(
    settings: CommandSettings,
    service: str,
    standard: str | None,
    metric: str | None,
    from_on: date | None,
    to_on: date | None,
    as_of: date | None,
    known_at: datetime | None,
    at: int | None,
    by_entry: ByEntry,
    form: str,
) -> None:
    """Print how long those who entered in a month or year wait (Kaplan-Meier), and how their waits ended.

    The period is that of the entries. JSON has the whole curves; the other forms have a line for each month or year.
    """
    with open_database(settings) as home, home.service() as coordination, home.reader() as reader:
        catch_up(home)
        ask = SurvivalCriteria(
            service=service,
            standard=standard,
            from_on=from_on,
            to_on=to_on,
            as_of=as_of or home.today,
            known_at=known_at,
            at=at,
            metric=metric,
            by_entry=by_entry,
            few=settings.few_waits,
        )
        found = stamped_report(coordination, reader, home.viewer, KINDS["survival"], ask)
        head = head_of(coordination, found)
        directory = coordination.directory()
    warn_of(service, directory, standard, home.today)
    warn_of_the_future(found.as_of, home.today)
    print_report("survival", found, form, head)
