"""The figures of a report as a paper: its rows as one table, or side by side where a row is long, and what they are
based on."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from flask_babel import gettext as _
from flask_babel import ngettext

from webui.papers.paper import Block, Facts, Heading, Paper, PaperTable, Paragraph
from webui.papers.words import page_words
from webui.reports.column_words import column_words
from webui.words.formats import day, number
from webui.words.text import Words

Rows = Sequence[Mapping[str, Any]]

MOST_ROWS = 400
"""So many rows are printed at most; how many are left out is said."""
WIDEST = 10
"""So many columns stand beside each other on a sheet."""
SIDE_BY_SIDE = 6
"""So many rows stand beside each other where a row has more columns than fit."""
NAMING = ("by", "key", "name", "service", "service_name", "school", "school_name", "month", "version")
"""The columns that name a row, of which the first two are shown above its figures."""


def figure_paper(
    title: str,
    author: str,
    language: str,
    rows: Rows,
    rests_on: Sequence[tuple[str, Words]],
    evidence: tuple[str, ...] = (),
) -> Paper:
    """The paper in the language in force for its words, which `language` ("en" or "cy") names. Columns without a single
    value are left out."""
    printed = rows[:MOST_ROWS]
    columns = [
        c
        for c in dict.fromkeys(c for row in printed for c in row)
        if any(_is_said(r.get(c)) for r in printed)
    ]
    tables: Iterable[Block] = (
        [_one_table(title, columns, printed)] if len(columns) <= WIDEST else _beside(title, columns, printed)
    )
    blocks: list[Block] = (
        list(tables) if printed else [Paragraph(_("There are no figures for this question."))]
    )
    left_out = len(rows) - len(printed)
    if left_out:
        words = ngettext(
            "%(count)s more row is in the CSV.",
            "%(count)s more rows are in the CSV.",
            left_out,
            count=number(left_out),
        )
        blocks.append(Paragraph(words))
    blocks.append(Heading(_("Basis of the figures")))
    blocks.append(Facts(tuple((name, _cell(value)) for name, value in rests_on if _is_said(value))))
    return Paper(
        title=title,
        language=language,
        author=author,
        blocks=tuple(blocks),
        evidence=evidence,
        page=page_words(),
        wide=True,
    )


def _one_table(title: str, columns: Sequence[str], rows: Rows) -> PaperTable:
    return PaperTable(
        caption=title,
        columns=tuple(column_words(name) for name in columns),
        rows=tuple(tuple(_cell(row.get(name)) for name in columns) for row in rows),
        figures=tuple(n for n, name in enumerate(columns) if _is_figure(name, rows)),
    )


def _beside(title: str, columns: Sequence[str], rows: Rows) -> Iterable[PaperTable]:
    """The rows as columns, SIDE_BY_SIDE of them in a table."""
    naming = [name for name in NAMING if name in columns and len({row.get(name) for row in rows}) > 1][:2]
    for start in range(0, len(rows), SIDE_BY_SIDE):
        beside = rows[start : start + SIDE_BY_SIDE]
        heads = [", ".join(_cell(row.get(name)) for name in naming) or "–" for row in beside]
        shown = [name for name in columns if name not in naming]
        yield PaperTable(
            caption=title if len(rows) <= SIDE_BY_SIDE else f"{title} ({number(start // SIDE_BY_SIDE + 1)})",
            columns=(_("Item"), *heads),
            rows=tuple((column_words(name), *(_cell(row.get(name)) for row in beside)) for name in shown),
            figures=tuple(range(1, len(beside) + 1)),
        )


def _is_figure(name: str, rows: Rows) -> bool:
    said = [row.get(name) for row in rows if _is_said(row.get(name))]
    return bool(said) and all(isinstance(one, int | float) and not isinstance(one, bool) for one in said)


def _is_said(value: Any) -> bool:
    return value is not None and str(value) != ""


def _cell(value: Any) -> str:
    match value:
        case None:
            return "–"
        case bool():
            return "✓" if value else "–"
        case date():
            return day(value)
        case int():
            return number(value)
        case float():
            return number(value, 0 if value == int(value) else 1)
        case _:
            return str(value)
