"""Figures on paper: nothing is lost but columns without a value and rows beyond the limit, which is said."""

from __future__ import annotations

from typing import Any

import pytest

from webui.papers.paper import Facts, Paper, PaperTable, Paragraph
from webui.reports.figure_paper import MOST_ROWS, SIDE_BY_SIDE, WIDEST, figure_paper


def paper(rows: list[dict[str, Any]]) -> Paper:
    return figure_paper("Waiting times", "Ysgol", "en", rows, [("Position", 12), ("Known at", None)])


def tables(found: Paper) -> list[PaperTable]:
    return [block for block in found.blocks if isinstance(block, PaperTable)]


def row(columns: int, **more: Any) -> dict[str, Any]:
    return {**more, **{f"c{n}": n for n in range(columns)}}


def test_a_narrow_report_is_one_table() -> None:
    [table] = tables(paper([row(WIDEST - 1, key="CAMHS"), row(WIDEST - 1, key="SALT")]))
    assert len(table.columns) == WIDEST and [one[0] for one in table.rows] == ["CAMHS", "SALT"]
    assert table.figures == tuple(range(1, WIDEST))


@pytest.mark.parametrize("rows", [1, SIDE_BY_SIDE, SIDE_BY_SIDE + 1, 20])
def test_a_wide_report_stands_side_by_side_and_keeps_every_figure(rows: int) -> None:
    given = [row(WIDEST + 2, key=f"S{n}", name=f"Service {n}") for n in range(rows)]
    found = tables(paper(given))
    assert all(len(table.columns) <= SIDE_BY_SIDE + 1 for table in found)
    heads = [head for table in found for head in table.columns[1:]]
    assert len(heads) == rows
    assert sum(len(table.rows) * (len(table.columns) - 1) for table in found) >= rows * (WIDEST + 2)


def test_a_column_without_a_value_is_left_out_and_a_zero_is_not() -> None:
    [table] = tables(paper([{"key": "A", "empty": None, "none": "", "zero": 0, "half": 0.5, "few": True}]))
    assert "empty" not in "".join(table.columns)
    assert table.rows == (("A", "0", "0.5", "✓"),)


@pytest.mark.parametrize(("rows", "said"), [(MOST_ROWS, False), (MOST_ROWS + 1, True)])
def test_rows_beyond_the_limit_are_counted(rows: int, said: bool) -> None:
    found = paper([{"key": str(n)} for n in range(rows)])
    words = [block.text for block in found.blocks if isinstance(block, Paragraph)]
    assert words == (["1 more row is in the CSV."] if said else [])
    assert len(tables(found)[0].rows) == MOST_ROWS


def test_what_it_is_based_on_stands_at_the_end() -> None:
    facts = [block for block in paper([]).blocks if isinstance(block, Facts)]
    assert facts == [Facts((("Position", "12"),))]
