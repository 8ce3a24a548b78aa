"""What the reports have in common: the question in the address, the days they begin with, who may ask, and the same
figures as a file."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

import msgspec
from flask import Response, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from werkzeug.datastructures import MultiDict

from coordination.calendars import start_of_day
from coordination.viewer import Viewer
from projections.reader import AUDITOR_ROLES
from projections.waiting_times.queries import mixed
from webui.forms import Form, FormSchema
from webui.parts.workbook import Words, workbook
from webui.reports.column_words import column_words
from webui.shell.casework import shown
from webui.shell.world import world
from webui.words.formats import days, number
from webui.words.naming import directory

FORMATS = ("csv", "xlsx")
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
# what makes a spreadsheet take a cell for a formula
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


class Quick(msgspec.Struct, frozen=True):
    """A link that asks the same of other days."""

    words: str
    address: str
    current: bool


def question(
    schema: type[FormSchema], values: Mapping[str, Any], choices: Mapping[str, Sequence[tuple[str, Any]]]
) -> tuple[Form, dict[str, Any] | None]:
    """The form of a report, filled in from the address over `values`, and what is asked; None when something in the
    address is wrong, which the form then shows."""
    given = MultiDict({name: _as_text(value) for name, value in values.items() if value is not None})
    for name in schema().fields:
        if name in request.args:
            given[name] = request.args[name]
    form = Form(schema, choices=choices)
    return form, form.take(given)


def span_of_a_year(today: date) -> dict[str, date]:
    """What a report begins with: the twelve months up to today."""
    return {"from_on": _years_back(today, 1) + timedelta(days=1), "as_of": today}


def known_by(day: date | None, today: date) -> datetime | None:
    """The last instant of a day in Wales; None (all that is known) for no day, and for today and later."""
    if day is None or day >= today:
        return None
    return start_of_day(day + timedelta(days=1)) - timedelta(microseconds=1)


def version_warning(metric_version: str) -> str:
    """What a report says when the rows it counted were made under different versions of the rules; else empty."""
    if not mixed(metric_version):
        return ""
    return _(
        "These waits were counted under different metric versions (%(versions)s). "
        "Do not rely on the totals until they have all been counted again under one version.",
        versions=metric_version,
    )


def quick_spans(endpoint: str, asked: Mapping[str, Any], today: date) -> list[Quick]:
    """The spans that people ask for again and again; the rest of the question stays."""
    month = _months_back(today, 1)
    september = date(today.year if today.month >= 9 else today.year - 1, 9, 1)
    spans: list[tuple[str, dict[str, date | None]]] = [
        (_("Last 12 months"), {**span_of_a_year(today)}),
        (_("This school year"), {"from_on": september, "as_of": today}),
        (
            _("Last school year"),
            {
                "from_on": _years_back(september, 1),
                "to_on": september - timedelta(days=1),
                "as_of": september - timedelta(days=1),
            },
        ),
        (
            _("As it was known a month ago"),
            {"from_on": _years_back(month, 1) + timedelta(days=1), "as_of": month, "known_at": month},
        ),
    ]
    names = ("from_on", "to_on", "as_of", "known_at")
    others = {name: value for name, value in asked.items() if name not in names and value}
    return [
        Quick(
            words,
            address_of(endpoint, {**others, **span}),
            all(asked.get(name) == span.get(name) for name in names),
        )
        for words, span in spans
    ]


def address_of(endpoint: str, asked: Mapping[str, Any], **other: Any) -> str:
    """The address of the same question elsewhere, with some of it changed (None: left out)."""
    whole = {**asked, **other}
    given: dict[str, Any] = {name: _as_text(v) for name, v in whole.items() if v not in (None, "")}
    if "from_on" in whole and not whole["from_on"]:
        given["from_on"] = ""  # left open on purpose, not to begin again with a year
    return url_for(endpoint, **given)


class File(msgspec.Struct, frozen=True):
    """A file of the figures: what its link says, and where it is."""

    words: str
    address: str


def files_of(endpoint: str, asked: Mapping[str, Any], **other: Any) -> list[File]:
    """The same question as a file of each kind."""
    return [File(kind.upper(), address_of(endpoint, asked, kind=kind, **other)) for kind in FORMATS]


def service_code(service: UUID) -> str:
    """The code by which an address names a service."""
    found = directory().service(service)
    return found.code if found else ""


def code_of(organisation: UUID) -> str:
    """The code of an organisation; of a school its number."""
    found = directory().organisation(organisation)
    return found.code if found else ""


def note_report(kind: str, viewer: Viewer) -> None:
    """That somebody looked at figures is noted like any other reading."""
    shown(kind, [], purpose="audit" if viewer.role in AUDITOR_ROLES else "own_figures")


def figure(value: float | None) -> str:
    """A number of days as it is printed: 41, or 41.5; a dash for none."""
    if value is None:
        return "–"
    return number(value, 0 if value == int(value) else 1)


def in_unit(count: int, unit: str) -> str:
    """A limit with its unit: 28 days, 14 weeks, 35 school days."""
    match unit:
        case "weeks":
            return ngettext("%(count)s week", "%(count)s weeks", count, count=number(count))
        case "working_days":
            return ngettext("%(count)s working day", "%(count)s working days", count, count=number(count))
        case "school_days":
            return ngettext("%(count)s school day", "%(count)s school days", count, count=number(count))
        case _:
            return days(count)


def in_order(rows: Sequence[Any], sort: str | None, keys: Mapping[str, Callable[[Any], Any]]) -> list[Any]:
    """Rows from the largest down by the key asked for, nothing last; as they are without one."""
    key = keys.get(sort or "")
    if key is None:
        return list(rows)
    return sorted(rows, key=lambda row: (key(row) is None, -(key(row) or 0)))


class Figures(msgspec.Struct, frozen=True):
    """What a file of figures holds: its name without an ending, rows by the permanent names of their columns, and what
    all of them rest on, by name."""

    name: str
    rows: Sequence[Mapping[str, Any]]
    stamp: Mapping[str, Any]


def as_file(kind: str, figures: Figures) -> Response:
    """The figures as `csv` (each row carries what it rests on) or `xlsx` (which has a sheet for that)."""
    if kind == "csv":
        return as_csv(figures.name, [{**row, **figures.stamp} for row in figures.rows])
    return as_xlsx(figures)


def as_csv(name: str, rows: Sequence[Mapping[str, Any]]) -> Response:
    """The rows as a file: UTF-8 with its mark, so that a spreadsheet shows ŵ and ŷ; the names of columns are
    permanent. Nothing in it is taken for a formula."""
    text = io.StringIO(newline="")
    columns = list(dict.fromkeys(column for row in rows for column in row))
    writer = csv.writer(text)
    writer.writerow(columns)
    for row in rows:
        writer.writerow([_cell(row.get(column)) for column in columns])
    response = Response("\ufeff" + text.getvalue(), mimetype="text/csv")
    response.headers["Content-Disposition"] = f'attachment; filename="{name}.csv"'
    return response


def as_xlsx(figures: Figures) -> Response:
    """The figures as a workbook with headings in the language of the page."""
    words = Words(
        figures=_("Figures"),
        rests_on=_("What they rest on"),
        columns=_("Columns"),
        heading=column_words,
        what=_("What"),
        value=_("Value"),
        permanent=_("Name in the CSV"),
    )
    made = workbook(figures.rows, _rests_on(figures), words, world().now())
    response = Response(made, mimetype=XLSX)
    response.headers["Content-Disposition"] = f'attachment; filename="{figures.name}.xlsx"'
    return response


def _rests_on(figures: Figures) -> list[tuple[str, Any]]:
    """What stands on the second sheet."""
    known_at = figures.stamp.get("known_at")
    stamp = (
        {**figures.stamp, "known_at": known_at or _("now")} if "known_at" in figures.stamp else figures.stamp
    )
    return [
        *((column_words(name), value) for name, value in stamp.items()),
        (_("Small numbers"), _("Not hidden: exact figures for those responsible. Not for publication.")),
        (_("Made at"), world().now().isoformat(timespec="seconds")),
        (_("Rows"), len(figures.rows)),
    ]


def _cell(value: Any) -> Any:
    if isinstance(value, str) and value.startswith(_FORMULA):
        return f"'{value}"
    return value.isoformat() if isinstance(value, date) else value


def _as_text(value: Any) -> str:
    return value.isoformat() if isinstance(value, date) else str(value)


def _years_back(day: date, years: int) -> date:
    return _months_back(day, 12 * years)


def _months_back(day: date, months: int) -> date:
    """The same day so many months before, or the last of that month."""
    index = day.year * 12 + day.month - 1 - months
    first = date(index // 12, index % 12 + 1, 1)
    last = (first + timedelta(days=31)).replace(day=1) - timedelta(days=1)
    return first.replace(day=min(day.day, last.day))
