"""The figures of a page as a file."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

import msgspec
from flask import Response
from flask_babel import gettext as _

from webui.papers.sending import pdf_response
from webui.papers.words import head_words
from webui.parts.workbook import WorkbookWords, workbook
from webui.reports.column_words import column_words
from webui.reports.figure_paper import figure_paper
from webui.shell.authentication import viewer
from webui.words.languages import language
from webui.words.naming import organisation_name
from webui.words.text import Words

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
# characters that make a spreadsheet read a cell as a formula
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


class FigureFile(msgspec.Struct, frozen=True):
    """The contents of a file of figures: its title, its name without an extension, rows by permanent column name, what
    they are all based on, by name, and what was done with small numbers (None: nothing)."""

    title: str
    name: str
    rows: Sequence[Mapping[str, Any]]
    stamp: Mapping[str, Any]
    small_numbers: Words | None = None


def as_file(kind: str, figures: FigureFile) -> Response:
    """The figures as `csv` (each row includes what it is based on), `xlsx` (with a sheet for that) or `pdf` (with a
    list of that at its end)."""
    if kind == "csv":
        return as_csv(figures.name, [{**row, **figures.stamp} for row in figures.rows])
    if kind == "pdf":
        author = organisation_name(viewer().organisation)
        return pdf_response(
            figure_paper(figures.title, author, language(), figures.rows, _rests_on(figures), head_words()),
            figures.name,
        )
    return as_xlsx(figures)


def as_csv(name: str, rows: Sequence[Mapping[str, Any]]) -> Response:
    """The rows as a file: UTF-8 with a byte order mark, so that a spreadsheet shows ŵ and ŷ; the column names are
    permanent. No cell is read as a formula."""
    text = io.StringIO(newline="")
    columns = list(dict.fromkeys(column for row in rows for column in row))
    writer = csv.writer(text)
    writer.writerow(columns)
    for row in rows:
        writer.writerow([_cell(row.get(column)) for column in columns])
    response = Response("\ufeff" + text.getvalue(), mimetype="text/csv")
    response.headers["Content-Disposition"] = f'attachment; filename="{name}.csv"'
    return response


def as_xlsx(figures: FigureFile) -> Response:
    """The figures as a workbook with headings in the language of the page."""
    words = WorkbookWords(
        figures=_("Figures"),
        rests_on=_("Basis of the figures"),
        columns=_("Columns"),
        heading=column_words,
        what=_("Item"),
        value=_("Value"),
        permanent=_("Name in the CSV"),
    )
    made = workbook(figures.rows, _rests_on(figures), words)
    response = Response(made, mimetype=XLSX)
    response.headers["Content-Disposition"] = f'attachment; filename="{figures.name}.xlsx"'
    return response


def _rests_on(figures: FigureFile) -> list[tuple[str, Words]]:
    """The contents of the second sheet."""
    known_at = figures.stamp.get("known_at")
    stamp = (
        {**figures.stamp, "known_at": known_at or _("now")} if "known_at" in figures.stamp else figures.stamp
    )
    return [
        *((column_words(name), value) for name, value in stamp.items()),
        (
            _("Small numbers"),
            figures.small_numbers
            or _("Not hidden: exact figures for those responsible. Not for publication."),
        ),
        (_("Rows"), len(figures.rows)),
    ]


def _cell(value: Any) -> Any:
    if isinstance(value, str) and value.startswith(_FORMULA):
        return f"'{value}"
    return value.isoformat() if isinstance(value, date) else value
