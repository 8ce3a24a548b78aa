"""Shared parts of the report pages: the criteria in the address, and links with the same criteria."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from datetime import date, timedelta
from typing import Any

import msgspec
from flask import request, url_for
from flask_babel import gettext as _
from werkzeug.datastructures import MultiDict

from webui.forms import Form, FormSchema
from webui.forms.base import PARTS
from webui.forms.fields import DateField
from webui.reports.days import months_back, span_of_a_year, years_back
from webui.words.formats import number
from webui.words.text import Words

FORMATS = ("csv", "xlsx", "pdf")
ISO = re.compile(r"(\d{4})-(\d{2})-(\d{2})", re.ASCII)


class QuickPeriod(msgspec.Struct, frozen=True):
    """A link with the same criteria for another period."""

    words: str
    address: str
    current: bool


def report_question(
    schema: type[FormSchema], values: Mapping[str, Any], choices: Mapping[str, Sequence[tuple[str, Words]]]
) -> tuple[Form, dict[str, Any] | None]:
    """The form of a report, filled in from the address over `values`, and its values; None if something in the address
    is wrong, which the form then shows."""
    given: MultiDict[str, str] = MultiDict()
    for name, field in schema().fields.items():
        if isinstance(field, DateField):
            given.update(_boxes(name, values.get(name)))
        elif name in request.args:
            given[name] = request.args[name]
        elif values.get(name) is not None:
            given[name] = str(values[name])
    form = Form(schema, choices=choices)
    return form, form.take(given)


def _boxes(name: str, otherwise: date | None) -> dict[str, str]:
    """The three boxes of a date: as sent by the form, else from a link's ISO text, else from the date `otherwise`."""
    boxes = {f"{name}-{part}": request.args.get(f"{name}-{part}", "") for part in PARTS}
    if any(box in request.args for box in boxes):
        return boxes
    typed = request.args.get(name, otherwise.isoformat() if otherwise else "")
    year, month, day = iso.groups() if (iso := ISO.fullmatch(typed.strip())) else ("", "", typed)
    return {f"{name}-day": day.lstrip("0"), f"{name}-month": month.lstrip("0"), f"{name}-year": year}


def quick_spans(endpoint: str, asked: Mapping[str, Any], today: date) -> list[QuickPeriod]:
    """The most common periods; the other criteria stay."""
    month = months_back(today, 1)
    september = date(today.year if today.month >= 9 else today.year - 1, 9, 1)
    spans: list[tuple[str, dict[str, date | None]]] = [
        (_("Last 12 months"), {**span_of_a_year(today)}),
        (_("This school year"), {"from_on": september, "as_of": today}),
        (
            _("Last school year"),
            {
                "from_on": years_back(september, 1),
                "to_on": september - timedelta(days=1),
                "as_of": september - timedelta(days=1),
            },
        ),
        (
            _("As known a month ago"),
            {"from_on": years_back(month, 1) + timedelta(days=1), "as_of": month, "known_at": month},
        ),
    ]
    names = ("from_on", "to_on", "as_of", "known_at", "at")
    others = {name: value for name, value in asked.items() if name not in names and value}
    return [
        QuickPeriod(
            words,
            address_of(endpoint, {**others, **span}),
            all(asked.get(name) == span.get(name) for name in names),
        )
        for words, span in spans
    ]


def address_of(endpoint: str, asked: Mapping[str, Any], **other: Any) -> str:
    """The address of another page with the same criteria, some of them changed (None: left out)."""
    whole = {**asked, **other}
    given: dict[str, Any] = {name: _as_text(v) for name, v in whole.items() if v not in (None, "")}
    for name in ("from_on", "of_from_on"):
        if name in whole and not whole[name]:
            given[name] = ""  # kept empty on purpose, so that the default year is not used again
    return url_for(endpoint, **given)


class FileLink(msgspec.Struct, frozen=True):
    """A file of the figures: the text of its link, and its address."""

    words: str
    address: str


def files_of(endpoint: str, asked: Mapping[str, Any], **other: Any) -> list[FileLink]:
    """The links to files with the same criteria, one of each kind."""
    return [FileLink(kind.upper(), address_of(endpoint, asked, kind=kind, **other)) for kind in FORMATS]


def figure(value: float | None) -> str:
    """A number of days as printed: 41, or 41.5; a dash for none."""
    if value is None:
        return "–"
    return number(value, 0 if value == int(value) else 1)


def in_order(rows: Sequence[Any], sort: str | None, keys: Mapping[str, Callable[[Any], Any]]) -> list[Any]:
    """Rows from the largest down by the given key, rows without a value last; without a key, unchanged."""
    key = keys.get(sort or "")
    if key is None:
        return list(rows)
    return sorted(rows, key=lambda row: (key(row) is None, -(key(row) or 0)))


def _as_text(value: Any) -> str:
    return value.isoformat() if isinstance(value, date) else str(value)
