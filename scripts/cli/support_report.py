"""`cydlynu report support`: how programmes of support went, and the days of waits on which nothing was in place."""

from __future__ import annotations

from datetime import date

import click

from coordination.errors import Refusal
from projections.support.queries.meanwhile import MeanwhileCriteria
from projections.support.queries.report import support_report
from scripts.cli.catching_up import catch_up
from scripts.cli.database import CommandSettings, open_database
from scripts.cli.reports import FORMATS, DateOption, print_report, report


@report.command("support")
@click.pass_obj
@click.option("--format", "form", type=click.Choice(FORMATS), default="table", show_default=True)
@click.option("--service", metavar="CODE", help="Only the waits of this service.")
@click.option("--from", "from_on", type=DateOption(), help="Waits that ended from this day on.")
@click.option("--to", "to_on", type=DateOption(), help="Waits that ended until this day.")
@click.option("--as-of", type=DateOption(), help="The day on which open waits are counted (default: today).")
def support(
    settings: CommandSettings,
    form: str,
    service: str | None,
    from_on: date | None,
    to_on: date | None,
    as_of: date | None,
) -> None:
    """Print programmes, outcomes by need, and how many days of the waits had nothing in place. Never by pupil."""
    with open_database(settings) as home, home.service() as coordination, home.reader() as reader:
        catch_up(home)
        directory = coordination.directory()
        found_service = directory.service_by_code(service) if service else None
        if service and found_service is None:
            raise Refusal("unknown_service", "service")
        ask = MeanwhileCriteria(
            as_of=as_of or home.today,
            from_on=from_on,
            to_on=to_on,
            service=found_service.id if found_service is not None else None,
        )
        found = support_report(reader, home.viewer, directory, ask)
    print_report("support", found, form)
