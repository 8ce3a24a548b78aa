"""A published report as a document (for JSON) and as lines (for CSV, a workbook, a page and a terminal)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from projections.publishing.published import PublishedReport, PublishedRow

MARKS_COLUMN = "marks"


def document_rows(table: PublishedReport, *, total: str) -> list[dict[str, Any]]:
    """The rows of a table and then its total (with the key `total`): figures nested by the dots in their columns'
    names; a figure is a number, or the mark that says why there is none."""
    return [
        _document_row(table, row, key)
        for key, row in (*((row.key, row) for row in table.rows), (total, table.total))
    ]


def _document_row(table: PublishedReport, row: PublishedRow, key: str) -> dict[str, Any]:
    found: dict[str, Any] = {"key": key, **table.about}
    for name in table.columns:
        inside = found
        *path, last = name.split(".")
        for step in path:
            inside = inside.setdefault(step, {})
        inside[last] = row.figures[name]
    return found | {"marks": list(row.marks), "low_reliability": list(row.low_reliability)}


def table_lines(
    tables: Sequence[PublishedReport], *, total: str
) -> tuple[tuple[str, ...], list[tuple[str | int | float | None, ...]]]:
    """The headings and lines of several tables together, empty where a table does not have a column. The marks of a
    line are in a column of their own: `p r b`, and `u` with the columns that rest on few waits."""
    about = list(dict.fromkeys(name for table in tables for name in table.about))
    columns = list(dict.fromkeys(name for table in tables for name in table.columns))
    header = ("group", *about, *columns, MARKS_COLUMN)
    lines = [
        (
            key,
            *(table.about.get(name) for name in about),
            *(row.figures.get(name) for name in columns),
            marks_text(row),
        )
        for table in tables
        for key, row in (*((row.key, row) for row in table.rows), (total, table.total))
    ]
    return header, lines


def marks_text(row: PublishedRow) -> str:
    """The marks of a line."""
    few = [f"u ({', '.join(row.low_reliability)})"] if row.low_reliability else []
    return " ".join([*row.marks, *few])
