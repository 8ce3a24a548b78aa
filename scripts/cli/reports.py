"""`cydlynu report ...`: the same numbers as on the screens, exact, as a table, JSON or CSV."""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime, time
from typing import Any, get_args

import click
import msgspec

from coordination.calendars import LONDON
from coordination.clocks.metric import METRICS
from coordination.directory.state import Directory
from coordination.service import Coordination
from projections.aln.queries.report import StatutoryBy, StatutoryCriteria
from projections.attendance import queries as attendance
from projections.publishing.rule import rule_text
from projections.publishing.waiting_times import PublishedCriteria
from projections.stamps.asking import stamped_report
from projections.stamps.kinds import KINDS
from projections.waiting_times import queries as waiting_times
from scripts.cli.catching_up import catch_up
from scripts.cli.database import CommandSettings, open_database
from scripts.cli.report_tables import DOCUMENTS, TABLES, Table
from scripts.cli.tables import align_columns, as_csv
from webui.parts.workbook import WorkbookWords, workbook

FORMATS = ("table", "json", "csv", "xlsx")
NO_STANDARD = (
    "No standard set: the waits of {service} are counted from receipt to first contact, assessment, treatment, report, "
    "answer or place where no standard measures from receipt."
)
FUTURE = "Warning: {day} is in the future. Open waits are counted as if nothing more happened until then."


class DateOption(click.ParamType[date]):
    """A day, `2026-03-02`."""

    name = "DATE"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> date:
        if isinstance(value, date):
            return value
        try:
            if not re.fullmatch(r"\d{4}-\d{2}-\d{2}", value):
                raise ValueError
            return date.fromisoformat(value)
        except ValueError:
            self.fail(f"{value!r} is not a date such as 2026-03-02.", param, ctx)


class InstantOption(click.ParamType[datetime]):
    """An instant, `2026-03-02T17:00:00+00:00`; without an offset on the clocks of Wales; a day: its end."""

    name = "INSTANT"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> datetime:
        if isinstance(value, datetime):
            return value
        try:
            if re.fullmatch(r"\d{4}-\d{2}-\d{2}", value):
                return datetime.combine(date.fromisoformat(value), time.max, LONDON)
            instant = datetime.fromisoformat(value)
        except ValueError:
            self.fail(f"{value!r} is not a time such as 2026-03-02T17:00.", param, ctx)
        return instant if instant.tzinfo else instant.replace(tzinfo=LONDON)


def report_options(
    groupings: Sequence[str] = (), by: str = "--by", *, period: bool = True
) -> Callable[[Callable[..., None]], Callable[..., None]]:
    """The options of every report, with the one that groups it and those of its period, where it has them."""

    of_period = (
        click.option(
            "--to", "to_on", type=DateOption(), help="The last day of the period (default: --as-of)."
        ),
        click.option("--from", "from_on", type=DateOption(), help="The first day of the period."),
    )

    def decorate(command: Callable[..., None]) -> Callable[..., None]:
        for option in (
            click.option(
                "--format",
                "form",
                type=click.Choice(FORMATS),
                default="table",
                show_default=True,
                help="xlsx is a workbook: redirect it to a file.",
            ),
            *(
                click.option(by, type=click.Choice(g), default=g[0], show_default=True)
                for g in [groupings]
                if g
            ),
            click.option(
                "--known-at",
                type=InstantOption(),
                help="Use only what was recorded by then (default: everything recorded).",
            ),
            click.option(
                "--at",
                type=click.IntRange(min=0),
                metavar="POSITION",
                help="Use only what was recorded up to this position of the log.",
            ),
            click.option(
                "--as-of",
                type=DateOption(),
                help="The date on which to count open waits (default: today in Wales).",
            ),
            *(of_period if period else ()),
            click.pass_obj,
        ):
            command = option(command)
        return command

    return decorate


@click.group()
def report() -> None:
    """Print figures from the record. Counts are exact, except those of waiting-times --published."""


def known_metric(ctx: click.Context, param: click.Parameter, value: str | None) -> str | None:
    """The metric version asked for; a usage error for one whose rules are not in this program."""
    if value is not None and value not in METRICS:
        raise click.BadParameter(f"{value!r} is unknown. There are: {', '.join(METRICS)}.", ctx, param)
    return value


@report.command("waiting-times")
@report_options(get_args(waiting_times.By))
@click.option(
    "--service",
    metavar="CODE",
    help="Needed, unless --standard is a statutory time limit (school_decision, ...).",
)
@click.option(
    "--standard",
    metavar="CODE",
    help="A standard of the service, or none, not_received or not_sent (default: its first; without one, none); "
    "without --service a statutory time limit.",
)
@click.option(
    "--metric",
    metavar="VERSION",
    callback=known_metric,
    help="The version of the metric rules (default: the newest).",
)
@click.option(
    "--published",
    is_flag=True,
    help="For the public: one whole month (default: the last one), small numbers withheld, others rounded.",
)
@click.option("--revised", is_flag=True, help="With --published: it replaces one that was published.")
def waits(
    settings: CommandSettings,
    service: str | None,
    standard: str | None,
    metric: str | None,
    published: bool,
    revised: bool,
    from_on: date | None,
    to_on: date | None,
    as_of: date | None,
    known_at: datetime | None,
    at: int | None,
    by: waiting_times.By,
    form: str,
) -> None:
    """Print how long pupils waited: waits that ended in a period, and open waits, separately.

    The counts are exact and for internal use; those of --published are for the public.
    """
    if service is None and published:
        raise click.UsageError("Published figures are of one service: give --service.")
    if service is None:
        wanted = {"from_on": from_on, "to_on": to_on, "as_of": as_of, "known_at": known_at, "at": at}
        _print_statutory(settings, standard, by, form, wanted)
        return
    with open_database(settings) as home, home.service() as coordination, home.reader() as reader:
        catch_up(home)
        asked: dict[str, Any] = {
            "service": service,
            "standard": standard,
            "from_on": from_on,
            "to_on": to_on,
            "as_of": as_of or home.today,
            "known_at": known_at,
            "at": at,
            "metric": metric,
            "by": by,
        }
        directory = coordination.directory()
        kind = "published" if published else "waiting-times"
        ask = (
            PublishedCriteria(
                **asked, published_on=home.today, revised=revised, rule=rule_text(settings.publishing)
            )
            if published
            else waiting_times.WaitingTimesCriteria(**asked, few=settings.few_waits)
        )
        found = stamped_report(coordination, reader, home.viewer, KINDS[kind], ask)
        head = head_of(coordination, found)
    warn_of(service, directory, standard, home.today)
    if not published:
        warn_of_the_future(found.as_of, home.today)
    print_report(kind, found, form, head)


def warn_of(service: str, directory: Directory, standard: str | None, today: date) -> None:
    """What has to be known beside the figures of a service: that it is closed or has no standard. `standard` is the
    one that was asked for."""
    if (note := closed_service_note(directory, service, today)) is not None:
        click.echo(note, err=True)
    of = directory.service_by_code(service)
    if standard is None and of is not None and not directory.standards_of(of.id):
        click.echo(NO_STANDARD.format(service=service), err=True)


def warn_of_the_future(as_of: date, today: date) -> None:
    """That the day of a report has not come."""
    if as_of > today:
        click.echo(FUTURE.format(day=as_of.isoformat()), err=True)


def _print_statutory(
    settings: CommandSettings, standard: str | None, by: str, form: str, wanted: dict[str, Any]
) -> None:
    """Print the report of a statutory time limit; grouped by holder unless another grouping is named."""
    grouped = "holder" if by == "service" else by
    if standard is None:
        raise click.MissingParameter(param_hint="'--service'", param_type="option")
    if grouped not in get_args(StatutoryBy):
        raise click.UsageError(f"A statutory time limit is not reported by {grouped}.")
    with open_database(settings) as home, home.service() as coordination, home.reader() as reader:
        catch_up(home)
        days = {**wanted, "as_of": wanted["as_of"] or home.today}
        ask = StatutoryCriteria(standard=standard, by=grouped, few=settings.few_waits, **days)  # type: ignore[arg-type]
        found = stamped_report(coordination, reader, home.viewer, KINDS["statutory-waits"], ask)
        head = head_of(coordination, found)
    if found.as_of > home.today:
        click.echo(FUTURE.format(day=found.as_of.isoformat()), err=True)
    print_report("statutory-waits", found, form, head)


def closed_service_note(directory: Directory, code: str, on: date) -> str | None:
    """That a service is closed, and which service has taken on its open referrals; None for an open one."""
    found = directory.service_by_code(code)
    if found is None or found.open_to is None or not found.closed_by(on):
        return None
    taken_on = directory.taken_on_by(found.id, on)
    now_with = f"now with {taken_on.code}" if taken_on else "no service has taken on its open referrals"
    return f"{code} closed on {found.open_to.isoformat()}: {now_with}."


@report.command("attendance")
@report_options(get_args(attendance.By))
@click.option("--school", metavar="NUMBER", help="Only meetings of this school.")
@click.option("--agency", metavar="CODE", help="Only this agency.")
@click.option("--service", metavar="CODE", help="Only this service.")
@click.option("--kind", metavar="CODE", help="Only meetings of this kind (default: each kind by itself).")
def attended(
    settings: CommandSettings,
    school: str | None,
    agency: str | None,
    service: str | None,
    kind: str | None,
    from_on: date | None,
    to_on: date | None,
    as_of: date | None,
    known_at: datetime | None,
    at: int | None,
    by: attendance.By,
    form: str,
) -> None:
    """Print who was expected at meetings and who attended."""
    with open_database(settings) as home, home.service() as coordination, home.reader() as reader:
        catch_up(home)
        ask = attendance.AttendanceCriteria(
            school=school,
            agency=agency,
            service=service,
            kind=kind,
            from_on=from_on,
            to_on=to_on,
            as_of=as_of or home.today,
            known_at=known_at,
            at=at,
            by=by,
        )
        found = stamped_report(coordination, reader, home.viewer, KINDS["attendance"], ask)
        head = head_of(coordination, found)
    print_report("attendance", found, form, head)


def head_of(coordination: Coordination, found: Any) -> str | None:
    """The last head of the ledger that ends before the position of a report, with its instant."""
    signed = coordination.record.ledger_head(found.log_position)
    return None if signed is None else signed.head.dated


def print_report(kind: str, found: msgspec.Struct, form: str, head: str | None = None) -> None:
    """Print a report of a kind in one of its forms; the same report gives the same bytes. What it is based on is on
    every row in CSV, above a table, and on its own sheet in a workbook."""
    whole = DOCUMENTS[kind](found) if kind in DOCUMENTS else msgspec.to_builtins(found)
    if head is not None:
        whole = {**whole, "ledger_head": head}
    table = TABLES[kind](found)
    stamp = {name: value for name, value in whole.items() if not isinstance(value, list | tuple | dict)}
    header, rows = table
    if form == "json":
        click.echo(json.dumps(whole, indent=1, ensure_ascii=False))
    elif form == "csv":
        stamped = [[*stamp.values(), *row] for row in rows]
        click.echo(as_csv([*stamp, *header], stamped), nl=False)
    elif form == "xlsx":
        _to_file(_book(table, stamp if "small_numbers" in stamp else {**stamp, "small_numbers": EXACT}))
    else:
        click.echo(
            "; ".join(
                f"{name.replace('_', ' ')} {value}" for name, value in stamp.items() if value is not None
            )
        )
        click.echo()
        click.echo(align_columns(header, rows))


EXACT = "Not hidden: exact figures for internal use. Do not publish them."


def _heading(name: str) -> str:
    return name.replace("_", " ")


WORDS = WorkbookWords(
    figures="Figures",
    rests_on="Basis of the figures",
    columns="Columns",
    heading=_heading,
    what="Item",
    value="Value",
    permanent="Name in the CSV",
)


def _book(table: Table, stamp: Mapping[str, Any]) -> bytes:
    header, rows = table
    rests_on = [(_heading(name), value) for name, value in stamp.items()]
    return workbook([dict(zip(header, row, strict=True)) for row in rows], rests_on, WORDS)


def _to_file(content: bytes) -> None:
    if sys.stdout.isatty():
        raise click.UsageError("A workbook cannot be shown here. Redirect it to a file with > NAME.xlsx.")
    sys.stdout.buffer.write(content)
