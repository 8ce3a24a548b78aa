"""`cydlynu report advice`: how often schools asked for advice, and after how much of it no referral followed."""

from __future__ import annotations

from datetime import date

import click

from coordination.errors import Refusal
from projections.advice.counting import DAYS
from projections.advice.queries import ADVICE_GROUPINGS, AdviceBy, AdviceCriteria, advice_report
from scripts.cli.catching_up import catch_up
from scripts.cli.database import CommandSettings, open_database
from scripts.cli.reports import FORMATS, DateOption, print_report
from webui.reports.days import span_of_a_year


@click.command("advice")
@click.option("--by", type=click.Choice(ADVICE_GROUPINGS), default=ADVICE_GROUPINGS[0], show_default=True)
@click.option("--school", metavar="NUMBER", help="Only what this school asked.")
@click.option("--service", metavar="CODE", help="Only what this service was asked.")
@click.option("--from", "from_on", type=DateOption(), help="The first day (default: twelve months back).")
@click.option("--to", "to_on", type=DateOption(), help="The last day (default: --as-of).")
@click.option("--as-of", type=DateOption(), help="Count what had happened by this day (default: today).")
@click.option(
    "--days",
    type=click.IntRange(1, 730),
    default=DAYS,
    show_default=True,
    help="A referral within so many days followed.",
)
@click.option(
    "--format",
    "form",
    type=click.Choice(FORMATS),
    default="table",
    show_default=True,
    help="xlsx is a workbook: redirect it to a file.",
)
@click.pass_obj
def advised(
    settings: CommandSettings,
    by: AdviceBy,
    school: str | None,
    service: str | None,
    from_on: date | None,
    to_on: date | None,
    as_of: date | None,
    days: int,
    form: str,
) -> None:
    """Print how often advice was asked, and after how much of it no referral followed."""
    with open_database(settings) as home, home.service() as coordination, home.reader() as reader:
        catch_up(home)
        known, day = coordination.directory(), as_of or home.today
        asked = known.service_by_code(service) if service else None
        asking = (
            next((one for one in known.of_kind("school") if one.code == school), None) if school else None
        )
        if service and asked is None:
            raise Refusal("unknown_service", "service")
        if school and asking is None:
            raise Refusal("unknown_school", "school")
        ask = AdviceCriteria(
            first=from_on or span_of_a_year(day)["from_on"],
            last=to_on or day,
            as_of=day,
            by=by,
            service=asked.id if asked else None,
            school=asking.id if asking else None,
            days=days,
        )
        found = advice_report(reader, home.viewer, known, ask)
    print_report("advice", found, form)
