"""`cydlynu report returns`: the monthly returns of health boards."""

from __future__ import annotations

import re
from datetime import date, datetime
from typing import Any

import click

from projections.publishing.rule import rule_text
from projections.returns.counting import ReturnKind
from projections.returns.queries import RETURN_BY, RETURN_KINDS, ReturnBy, ReturnsCriteria
from projections.stamps.asking import stamped_report
from projections.stamps.kinds import KINDS
from scripts.cli.catching_up import catch_up
from scripts.cli.database import CommandSettings, open_database
from scripts.cli.reports import FORMATS, InstantOption, head_of, print_report


class MonthOption(click.ParamType[date]):
    """A month, `2026-03`: its first day."""

    name = "MONTH"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> date:
        if isinstance(value, date):
            return value
        if not re.fullmatch(r"(19|20|21)\d\d-(0[1-9]|1[0-2])", value):
            self.fail(f"{value!r} is not a month such as 2026-03.", param, ctx)
        return date.fromisoformat(f"{value}-01")


@click.command("returns")
@click.option("--kind", required=True, type=click.Choice(RETURN_KINDS))
@click.option("--month", required=True, type=MonthOption())
@click.option("--by", type=click.Choice(RETURN_BY), default=RETURN_BY[0], show_default=True)
@click.option("--known-at", type=InstantOption(), help="Use only what was recorded by then.")
@click.option("--at", type=click.IntRange(min=0), help="Use only the record up to this position.")
@click.option("--published", is_flag=True, help="For the public: small numbers withheld, others rounded.")
@click.option("--format", "form", type=click.Choice(FORMATS), default="table", show_default=True)
@click.pass_obj
def monthly_returns(
    settings: CommandSettings,
    kind: ReturnKind,
    month: date,
    by: ReturnBy,
    known_at: datetime | None,
    at: int | None,
    published: bool,
    form: str,
) -> None:
    """Print a health board's monthly return: exact for its own use, or for the public with --published."""
    with open_database(settings) as home, home.service() as coordination, home.reader() as reader:
        catch_up(home)
        ask = ReturnsCriteria(
            kind=kind,
            first=month,
            by=by,
            known_at=known_at,
            at=at,
            published=published,
            published_on=home.today if published else None,
            rule=rule_text(settings.publishing) if published else "",
        )
        if ask.as_of >= home.today:
            raise click.UsageError("A return is of a month that is over.")
        found = stamped_report(coordination, reader, home.viewer, KINDS["returns"], ask)
        head = head_of(coordination, found)
    for service in found.without_standard:
        click.echo(f"{service} has no standard from which this return can be counted.", err=True)
    print_report("returns", found, form, head)
