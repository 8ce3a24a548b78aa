"""An attack on 1,000 published tables: nothing that was withheld can be worked out.

Of one month the attacker is even told which of the withheld counts are below 5, as if it had guessed them all rightly.
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping

import pytest

from projections.publishing.exact import TOTAL, Column, ExactTable
from projections.publishing.published import PublishedReport
from tests.projections.publishing.attack import Attack, Sum, bounds_of
from tests.projections.publishing.tables import month, published, two_months

Name = tuple[str, str]


def sums_in_rows(report: PublishedReport, columns: tuple[Column, ...], prefix: str = "") -> Iterator[Sum]:
    for row in (report.total, *report.rows):
        for column in columns:
            for whole in (column, *column.descendants()):
                if whole.parts:
                    parts = {(row.key, prefix + part.name): 1 for part in whole.parts}
                    yield {(row.key, prefix + whole.name): -1, **parts}, 0, 0


def sums_of_rows(report: PublishedReport, prefix: str = "") -> Iterator[Sum]:
    for name in report.counts:
        yield {(TOTAL, prefix + name): -1, **{(row.key, prefix + name): 1 for row in report.rows}}, 0, 0


def known(
    report: PublishedReport, table: ExactTable | None = None, prefix: str = ""
) -> dict[Name, tuple[int, int]]:
    return {
        (row.key, prefix + name): bounds_of(
            row.figures[name], is_small=table is not None and table.counts[row.key][name] < 5
        )
        for row in (report.total, *report.rows)
        for name in report.counts
    }


def assert_nothing_recovered(attack: Attack, exact: Mapping[Name, int], withheld: list[Name]) -> None:
    """The rule: a withheld count of 1 to 4 can be each of 1 to 4; every other one has at least four possible values."""
    if not withheld:
        return
    for name, (low, high) in attack.ranges(withheld, small=4).items():
        if 1 <= exact[name] <= 4:
            assert low <= 1 and high >= 4, (name, low, high, exact[name])
        elif high - low < 3:
            low, high = attack.table({name: 1.0})[name], attack.table({name: -1.0})[name]
            assert high - low >= 3, (name, low, high, exact[name])


def withheld_in(report: PublishedReport, prefix: str = "") -> list[Name]:
    return [
        (row.key, prefix + name)
        for row in (report.total, *report.rows)
        for name in sorted(report.counts)
        if row.figures[name] == "c"
    ]


def exact_of(table: ExactTable) -> dict[Name, int]:
    return {(row, name): count for row, counts in table.counts.items() for name, count in counts.items()}


@pytest.mark.slow
@pytest.mark.parametrize("block", range(8))
def test_tables_of_a_month_give_nothing_back(block: int) -> None:
    for seed in range(block * 100, block * 100 + 100):
        rng = random.Random(f"month {seed}")
        table = month(rng, groups=rng.randint(1, 4), most=rng.choice((3, 8, 20)))
        report = published(table)
        attack = Attack(known(report, table), [*sums_in_rows(report, table.columns), *sums_of_rows(report)])
        assert_nothing_recovered(attack, exact_of(table), withheld_in(report))


@pytest.mark.slow
@pytest.mark.parametrize("block", range(2))
def test_two_months_in_a_row_give_nothing_back(block: int) -> None:
    """Who waited at the end of the first, and who started, is who stopped in the second and who waits at its end."""
    for seed in range(block * 100, block * 100 + 100):
        rng = random.Random(f"months {seed}")
        tables = two_months(rng, groups=rng.randint(1, 3), most=rng.choice((3, 8, 20)))
        first, second = (published(table) for table in tables)
        sums: list[Sum] = [
            *sums_in_rows(first, tables[0].columns, "1 "),
            *sums_of_rows(first, "1 "),
            *sums_in_rows(second, tables[0].columns, "2 "),
            *sums_of_rows(second, "2 "),
        ]
        for row in (second.total, *second.rows):
            came = {(row.key, "1 waiting"): 1, (row.key, "2 started"): 1}
            sums.append((came | {(row.key, "2 completed"): -1, (row.key, "2 waiting"): -1}, 0, 0))
        exact = {
            (row, f"{number} {name}"): count
            for number, table in enumerate(tables, start=1)
            for (row, name), count in exact_of(table).items()
        }
        attack = Attack(known(first, None, "1 ") | known(second, None, "2 "), sums)
        assert_nothing_recovered(attack, exact, withheld_in(first, "1 ") + withheld_in(second, "2 "))
