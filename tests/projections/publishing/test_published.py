"""What a published report shows: small counts withheld, others rounded, rates only where they rest on enough."""

from __future__ import annotations

import ast
import csv
from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from fractions import Fraction
from itertools import product
from pathlib import Path

import pytest

from projections.publishing.exact import TOTAL, Column, ExactTable, Percentage, Percentile
from projections.publishing.published import PublishedReport, marks_of
from projections.publishing.rule import DEFAULT_RULE, PublishingRule
from tests.projections.publishing.attack import bounds_of
from tests.projections.publishing.tables import published

ROOT = Path(__file__).parents[3]
BANDS = Column(name="total", parts=(Column(name="within"), Column(name="middle"), Column(name="over")))


def table(rows: Mapping[str, tuple[int, ...]], days: float = 20.0) -> ExactTable:
    """Counts within, in the middle and over, as in the StatsWales table."""
    counts = {
        key: {"total": sum(row), **dict(zip(("within", "middle", "over"), row, strict=True))}
        for key, row in rows.items()
    }
    counts[TOTAL] = {
        name: sum(row[name] for row in counts.values()) for name in ("total", "within", "middle", "over")
    }
    return ExactTable(
        columns=(BANDS,),
        counts=counts,
        percentages=(Percentage(name="percent", part="within", base="total"),),
        percentiles=(
            Percentile(
                name="median", base="total", fraction=Fraction(1, 2), days=dict.fromkeys(counts, days)
            ),
            Percentile(name="p95", base="total", fraction=Fraction(19, 20), days=dict.fromkeys(counts, days)),
        ),
    )


def figures(report: PublishedReport) -> dict[str, list[object]]:
    return {row.key: [row.figures[name] for name in report.columns] for row in (*report.rows, report.total)}


def test_the_statswales_table_is_published_in_its_form() -> None:
    """Its counts of 3 and 4 are withheld, and with them the third of their column, since 26 and the total would leave
    at least 2 for each; the others are rounded, and percentages are those of the rounded counts."""
    with (ROOT / "tests" / "data" / "statswales-lpmhss-interventions.csv").open() as file:
        lines = list(csv.DictReader(file))
    bands = ("within_28_days", "over_28_to_56_days", "over_56_days")
    exact = table({line["ods_code"]: tuple(int(line[band]) for band in bands) for line in lines})
    shown = figures(published(exact))
    assert shown == {
        "7A7": [85, 75, 5, "c", 88.2, "c", "c"],
        "7A2": [190, 170, 20, "c", 89.5, "c", "c"],
        "7A5": [455, 415, "c", "c", 91.2, "c", "c"],
        TOTAL: [730, 660, 35, 35, 90.4, 20, 20],
    }


@pytest.mark.parametrize(
    ("count", "shown"), [(0, 0), (1, "c"), (4, "c"), (5, 5), (7, 5), (8, 10), (12, 10), (13, 15)]
)
def test_the_borders_of_the_rule(count: int, shown: object) -> None:
    assert figures(published(table({"a": (count, 0, 0)})))["a"][0] == shown


def test_what_adds_up_to_a_withheld_count_is_withheld_with_its_zeros() -> None:
    """Otherwise the zeros would say of each of the few children that they waited in the one band left."""
    shown = figures(published(table({"a": (3, 0, 0), "b": (30, 30, 30)})))
    assert shown["a"] == ["c"] * 7


def test_a_small_count_is_not_given_back_by_its_row() -> None:
    """Of at most 7 in all, 5 to 7 in the middle would leave 0 to 2: the middle is withheld too."""
    shown = figures(published(table({"a": (1, 5, 0), "b": (30, 30, 30)})))
    assert shown["a"][1] == "c"
    assert shown["a"][2] == "c"


def test_a_small_count_is_not_given_back_by_its_column() -> None:
    shown = figures(published(table({"a": (5, 40, 40), "b": (2, 40, 40), "c": (0, 40, 40)})))
    assert shown[TOTAL][1] == 5
    assert [shown[key][1] for key in "ab"] == ["c", "c"]


def test_the_total_is_the_same_whatever_the_rows_are() -> None:
    together = table({"a": (8, 8, 8)})
    apart = table({"a": (3, 4, 1), "b": (4, 0, 6), "c": (1, 4, 1)})
    assert figures(published(together))[TOTAL] == figures(published(apart))[TOTAL]


def test_a_percentile_needs_the_threshold_on_each_side_and_is_in_whole_days() -> None:
    assert [DEFAULT_RULE.percentile_base(Fraction(*f)) for f in ((1, 2), (23, 25), (19, 20))] == [10, 63, 100]
    assert figures(published(table({"a": (9, 0, 0)})))["a"][5:] == ["c", "c"]
    assert figures(published(table({"a": (10, 0, 0)}, 20.5)))["a"][5:] == [21, "c"]
    assert figures(published(table({"a": (100, 0, 0)}, 20.4)))["a"][5:] == [20, 20]


def test_a_percentage_needs_a_base_and_says_when_it_rests_on_few() -> None:
    few, some, enough = (published(table({"a": (count, 0, 0)})).rows[0] for count in (7, 12, 18))
    assert (few.figures["percent"], few.low_reliability) == ("c", ())
    assert (some.figures["percent"], some.low_reliability) == (100.0, ("percent",))
    assert (enough.figures["percent"], enough.low_reliability) == (100.0, ())


def test_a_rate_of_nothing_is_not_applicable_and_a_share_that_rounds_to_0_says_so() -> None:
    assert figures(published(table({"a": (0, 0, 0)})))["a"][4:] == ["z", "z", "z"]
    assert figures(published(table({"a": (5, 20_000, 0)})))["a"][4] == "k"


def test_the_marks_of_a_row_follow_its_age() -> None:
    last = date(2026, 3, 31)
    assert marks_of(DEFAULT_RULE, last, date(2026, 6, 29), revised=False, breaks=False) == ("p",)
    assert marks_of(DEFAULT_RULE, last, date(2026, 6, 30), revised=True, breaks=True) == ("r", "b")


def test_no_exact_count_gets_into_a_published_report() -> None:
    report = published(table({"a": (30, 30, 30)}))
    with pytest.raises(TypeError):
        PublishedReport(
            **{
                name: getattr(report, name)
                for name in PublishedReport.__dataclass_fields__
                if name != "made_by"
            }
        )
    with pytest.raises(TypeError):
        replace(report, made_by=object())


def test_only_one_function_makes_a_published_report() -> None:
    calls = [
        path
        for room in ("coordination", "projections", "webui", "scripts")
        for path in (ROOT / room).rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text()))
        if (
            isinstance(node, ast.Call)
            and isinstance(node.func, ast.Name)
            and node.func.id == "PublishedReport"
        )
        or (isinstance(node, ast.alias) and node.name == "_PUBLISHING")
    ]
    assert [path.name for path in calls] == ["published.py"]


@pytest.mark.parametrize(
    "settings", [{"threshold": 2}, {"rounding": 2}, {"threshold": 4, "rounding": 9}, {"percent_base": 4}]
)
def test_settings_that_protect_nothing_are_refused(settings: dict[str, int]) -> None:
    with pytest.raises(ValueError):
        PublishingRule(**settings)


def test_a_table_that_does_not_add_up_is_refused() -> None:
    wrong = table({"a": (30, 30, 30)})
    counts = {**wrong.counts, "a": {**wrong.counts["a"], "within": 29}}
    with pytest.raises(ValueError):
        published(ExactTable(columns=wrong.columns, counts=counts))


def test_trying_every_table_finds_each_of_1_to_4_for_a_withheld_small_count() -> None:
    """All tables of two rows and two columns with counts up to 6, published, against every table with counts up to 9
    that could be behind the figures; as for whoever guesses which withheld counts are below 5."""
    column = Column(name="all", parts=(Column(name="in"), Column(name="out")))
    names = ("all", "in", "out")

    def counts_of(cells: tuple[int, ...]) -> list[int]:
        (a, b), (c, d) = cells[:2], cells[2:]
        return [a + b, a, b, c + d, c, d, a + b + c + d, a + c, b + d]

    every = [counts_of(cells) for cells in product(range(10), repeat=4)]
    for cells in list(product(range(7), repeat=4))[::29]:
        exact = counts_of(cells)
        rows = zip(("a", "b", TOTAL), (exact[:3], exact[3:6], exact[6:]), strict=True)
        report = published(
            ExactTable(
                columns=(column,), counts={key: dict(zip(names, row, strict=True)) for key, row in rows}
            )
        )
        shown = [row.figures[name] for row in (*report.rows, report.total) for name in names]
        bounds = [bounds_of(figure, is_small=count < 5) for figure, count in zip(shown, exact, strict=True)]
        possible = [
            table
            for table in every
            if all(low <= count <= high for count, (low, high) in zip(table, bounds, strict=True))
        ]
        for place, figure in enumerate(shown):
            if figure == "c" and 1 <= exact[place] <= 4:
                assert {1, 2, 3, 4} <= {table[place] for table in possible}, (shown, exact)
