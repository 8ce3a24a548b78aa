"""Figures as a workbook of three sheets: the figures, what they are based on, and the column names in a CSV.

No cell is a formula or a link, whatever its text begins with: every text is written as text.
"""

from __future__ import annotations

import io
from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime
from typing import Any

import msgspec
import xlsxwriter

from webui.words.text import Words

NO_TIME = datetime(2000, 1, 1)  # noqa: DTZ001 (a workbook's property is a time; this one tells nothing)
MOST_ROWS = 1_048_575
"""Rows of a sheet below its heading."""


class WorkbookWords(msgspec.Struct, frozen=True):
    """The words of a workbook in one language: the names of its sheets, the column headings by permanent name, and the
    headings of the other two sheets."""

    figures: str
    rests_on: str
    columns: str
    heading: Callable[[str], str]
    what: str
    value: str
    permanent: str


def workbook(
    rows: Sequence[Mapping[str, Any]],
    rests_on: Sequence[tuple[str, Words]],
    words: WorkbookWords,
) -> bytes:
    """The workbook of rows by permanent column name, and of what they are based on, in order; numbers stay numbers and
    dates dates. The same input gives the same bytes: no time of making is inside.

    Raises ValueError for more than MOST_ROWS rows.
    """
    if len(rows) > MOST_ROWS:
        raise ValueError("more rows than a sheet has")
    out = io.BytesIO()
    book = xlsxwriter.Workbook(
        out,
        {
            "constant_memory": True,
            "strings_to_formulas": False,
            "strings_to_urls": False,
            "strings_to_numbers": False,
        },
    )
    book.set_properties({"created": NO_TIME})
    formats = {"head": book.add_format({"bold": True}), "day": book.add_format({"num_format": "yyyy-mm-dd"})}
    columns = list(dict.fromkeys(name for row in rows for name in row))
    headings = [words.heading(name) for name in columns]
    # each sheet is written from top to bottom and finished before the next, which keeps memory constant
    _sheet(book, words.figures, headings, ([row.get(name) for name in columns] for row in rows), formats)
    _sheet(book, words.rests_on, [words.what, words.value], rests_on, formats)
    _sheet(
        book,
        words.columns,
        [words.what, words.permanent],
        list(zip(headings, columns, strict=True)),
        formats,
    )
    book.close()
    return out.getvalue()


def _sheet(book: Any, name: str, heads: Sequence[str], rows: Any, formats: Mapping[str, Any]) -> None:
    sheet = book.add_worksheet(name[:31])
    for column, head in enumerate(heads):
        sheet.set_column(column, column, min(max(12, len(head) + 2), 48))
        sheet.write_string(0, column, head, formats["head"])
    sheet.freeze_panes(1, 0)
    for number, row in enumerate(rows, 1):
        for column, value in enumerate(row):
            _write(sheet, number, column, value, formats)


def _write(sheet: Any, row: int, column: int, value: Any, formats: Mapping[str, Any]) -> None:
    match value:
        case None | "":
            pass
        case bool():
            sheet.write_boolean(row, column, value)
        case int() | float():
            sheet.write_number(row, column, value)
        case datetime():
            sheet.write_string(row, column, value.isoformat())
        case date() if value.year >= 1900:
            sheet.write_datetime(row, column, value, formats["day"])
        case _:
            sheet.write_string(row, column, str(value))
