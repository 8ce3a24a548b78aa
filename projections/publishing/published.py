"""A published report: a type of its own, that only `publish` makes and that no exact count can get into."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import InitVar, dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from typing import Literal

from projections.publishing.exact import TOTAL, Column, ExactTable, Percentage, Percentile
from projections.publishing.rule import Figure, PublishingRule
from projections.publishing.withholding import Withheld, withheld_of

RowMark = Literal["p", "r", "b"]
_PUBLISHING = object()


@dataclass(frozen=True, kw_only=True)
class PublishedRow:
    """The figures of a row by column name. `marks` hold for all of them; those named in `low_reliability` rest on few
    waits (mark `u`)."""

    key: str
    figures: Mapping[str, Figure]
    marks: tuple[RowMark, ...]
    low_reliability: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class PublishedReport:
    """A table for the public: of one whole month, `first` to `last`. `about` says of what (service, standard, ...), in
    codes; `counts` are the names of its columns that are counts of people. Raises TypeError when anything but `publish`
    makes one, ValueError for a count that the rule withholds or has not rounded."""

    kind: str
    about: Mapping[str, str | int | None]
    first: date
    last: date
    rule: PublishingRule
    columns: tuple[str, ...]
    counts: frozenset[str]
    total: PublishedRow
    rows: tuple[PublishedRow, ...]
    made_by: InitVar[object] = None

    def __post_init__(self, made_by: object) -> None:
        if made_by is not _PUBLISHING:
            raise TypeError("only publish() makes a published report")
        for row in (self.total, *self.rows):
            for name in self.counts:
                figure = row.figures[name]
                if not isinstance(figure, str) and (
                    figure % self.rule.rounding or self.rule.is_small(int(figure))
                ):
                    raise ValueError(f"{name} is an exact count")


def publish(
    table: ExactTable,
    *,
    kind: str,
    about: Mapping[str, str | int | None],
    first: date,
    last: date,
    rule: PublishingRule,
    row_marks: Mapping[str, Iterable[RowMark]] | None = None,
    missing: Mapping[str, Literal["z", "x"]] | None = None,
) -> PublishedReport:
    """The table as it may be published: see `withholding` for the rule. `row_marks` by row (TOTAL included); `missing`:
    columns without figures and why (`z` not applicable, `x` unavailable), put after the others.

    Raises ValueError for a table whose rows or parts do not add up.
    """
    withheld = withheld_of(table, rule)
    before = {name for column in table.columns if column.before for name in _names(column)}
    columns = tuple(column.name for column in table.every_column() if column.name not in before)
    percentiles = tuple(each for each in table.percentiles if each.base not in before)
    marks, none = row_marks or {}, missing or {}
    rows = {}
    for key in table.counts:
        figures = _counts(key, table, columns, withheld, rule)
        low = _add_percentages(figures, table.percentages, rule)
        _add_percentiles(figures, percentiles, key, withheld)
        rows[key] = PublishedRow(
            key=key, figures={**figures, **none}, marks=tuple(marks.get(key, ())), low_reliability=low
        )
    rates = (*(each.name for each in table.percentages), *(each.name for each in percentiles))
    return PublishedReport(
        kind=kind,
        about=about,
        first=first,
        last=last,
        rule=rule,
        columns=(*columns, *rates, *none),
        counts=frozenset(columns),
        total=rows[TOTAL],
        rows=tuple(row for key, row in rows.items() if key != TOTAL),
        made_by=_PUBLISHING,
    )


def _names(column: Column) -> Iterable[str]:
    return (column.name, *(part.name for part in column.descendants()))


def _counts(
    key: str, table: ExactTable, columns: Iterable[str], withheld: Withheld, rule: PublishingRule
) -> dict[str, Figure]:
    return {
        name: "c" if (key, name) in withheld.counts else rule.rounded(table.count((key, name)))
        for name in columns
    }


def _add_percentages(
    figures: dict[str, Figure], percentages: Iterable[Percentage], rule: PublishingRule
) -> tuple[str, ...]:
    """Adds them, and says which rest on few waits."""
    low = []
    for percentage in percentages:
        figures[percentage.name] = figure = _percentage(figures, percentage, rule)
        base = figures[percentage.base]
        if not isinstance(figure, str) and not isinstance(base, str) and base < rule.reliable_base:
            low.append(percentage.name)
    return tuple(low)


def _add_percentiles(
    figures: dict[str, Figure], percentiles: Iterable[Percentile], key: str, withheld: Withheld
) -> None:
    for percentile in percentiles:
        hidden = (key, percentile.name) in withheld.percentiles
        figures[percentile.name] = _days(figures, percentile, key, hidden=hidden)


def _percentage(figures: Mapping[str, Figure], asked: Percentage, rule: PublishingRule) -> Figure:
    """From the published counts, so that it says nothing more than they do; to one decimal place, halves up."""
    part, base = figures[asked.part], figures[asked.base]
    if base == 0:
        return "z"
    if isinstance(part, str) or isinstance(base, str) or base < rule.percent_base:
        return "c"
    value = (Decimal(part) * 100 / Decimal(base)).quantize(Decimal("0.1"), ROUND_HALF_UP)
    return "k" if part and not value else float(value)


def _days(figures: Mapping[str, Figure], asked: Percentile, key: str, *, hidden: bool) -> Figure:
    """In whole days, halves up: decimals would tell how many waits there were."""
    days = asked.days.get(key)
    if figures[asked.base] == 0:
        return "z"
    if hidden:
        return "c"
    if days is None:
        return "x"
    return int(Decimal(str(days)).quantize(Decimal(1), ROUND_HALF_UP))


def marks_of(
    rule: PublishingRule, last: date, on: date, *, revised: bool, breaks: bool
) -> tuple[RowMark, ...]:
    """The marks of a row: provisional up to `provisional_days` after its month, revised, and a break in the series."""
    found: list[RowMark] = []
    if (on - last).days <= rule.provisional_days:
        found.append("p")
    if revised:
        found.append("r")
    if breaks:
        found.append("b")
    return tuple(found)
