"""Generated tables: months of waits in groups, with parts of parts, small enough to attack by integer programming."""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from datetime import date
from fractions import Fraction

from projections.publishing.exact import TOTAL, Column, ExactTable, Percentage, Percentile
from projections.publishing.published import PublishedReport, publish
from projections.publishing.rule import DEFAULT_RULE, PublishingRule

MARCH = date(2026, 3, 1), date(2026, 3, 31)
Counts = dict[str, int]


def parts(name: str, *, stock: bool = False, before: bool = False) -> Column:
    """A column with two parts of two parts each."""
    bands = [Column(name=f"{name}_{band}", stock=stock, before=before) for band in range(4)]
    within = Column(name=f"{name}_within", parts=tuple(bands[:2]), stock=stock, before=before)
    over = Column(name=f"{name}_over", parts=tuple(bands[2:]), stock=stock, before=before)
    return Column(name=name, parts=(within, over), stock=stock, before=before)


NOW = (Column(name="started"), parts("completed"), parts("waiting", stock=True))
BEFORE = parts("before", stock=True, before=True)


def bands_of(rng: random.Random, name: str, most: int) -> Counts:
    """Counts of a column made by `parts`, each band up to `most` and often 0."""
    bands = [rng.choice((0, 0, rng.randint(0, 3), rng.randint(0, most))) for _ in range(4)]
    return column_of(name, bands)


def column_of(name: str, bands: Sequence[int]) -> Counts:
    """The counts of a column made by `parts` and of its parts."""
    return {
        name: sum(bands),
        f"{name}_within": sum(bands[:2]),
        f"{name}_over": sum(bands[2:]),
        **{f"{name}_{index}": count for index, count in enumerate(bands)},
    }


def with_total(rows: Mapping[str, Counts]) -> dict[str, Counts]:
    """The rows and their sum."""
    names = next(iter(rows.values()))
    return {**rows, TOTAL: {name: sum(row[name] for row in rows.values()) for name in names}}


def of_a_column(rng: random.Random, rows: Mapping[str, Counts], name: str) -> Percentile:
    """A median for each row."""
    days = {key: float(rng.randint(1, 99)) for key in rows}
    return Percentile(name=f"{name}_median", base=name, fraction=Fraction(1, 2), days=days)


def month(rng: random.Random, *, groups: int, most: int) -> ExactTable:
    """A table of one month, whose rows add up."""
    rows = with_total(
        {
            f"g{number}": {
                "started": rng.choice((0, rng.randint(0, 3), rng.randint(0, most))),
                **bands_of(rng, "completed", most),
                **bands_of(rng, "waiting", most),
            }
            for number in range(groups)
        }
    )
    return ExactTable(
        columns=NOW,
        counts=rows,
        percentages=(Percentage(name="percent", part="completed_within", base="completed"),),
        percentiles=tuple(of_a_column(rng, rows, name) for name in ("completed", "waiting")),
    )


def two_months(rng: random.Random, *, groups: int, most: int) -> tuple[ExactTable, ExactTable]:
    """A month and the next one: who waited at the end of the first, and who was added, stopped or waits then."""
    first = month(rng, groups=groups, most=most)
    rows: dict[str, Counts] = {}
    for group in first.groups():
        waited = [first.counts[group][f"waiting_{band}"] for band in range(4)]
        completed, waiting = bands_of(rng, "completed", most), bands_of(rng, "waiting", most)
        short = sum(waited) - completed["completed"] - waiting["waiting"]
        if short > 0:  # nobody is lost: the rest waits on
            waiting = column_of(
                "waiting", [*(waiting[f"waiting_{band}"] for band in range(3)), waiting["waiting_3"] + short]
            )
        started = completed["completed"] + waiting["waiting"] - sum(waited)
        rows[group] = {"started": started, **completed, **waiting, **column_of("before", waited)}
    counts = with_total(rows)
    before = next(each for each in first.percentiles if each.base == "waiting")
    second = ExactTable(
        columns=(BEFORE, *NOW),
        counts=counts,
        percentages=first.percentages,
        percentiles=(
            Percentile(name="before_median", base="before", fraction=before.fraction, days=before.days),
            *(of_a_column(rng, counts, name) for name in ("completed", "waiting")),
        ),
        balance=True,
    )
    return first, second


def published(table: ExactTable, rule: PublishingRule = DEFAULT_RULE) -> PublishedReport:
    """The table as published for March 2026."""
    return publish(table, kind="test", about={}, first=MARCH[0], last=MARCH[1], rule=rule)
