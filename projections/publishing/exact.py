"""A table of exact counts that is to be published: its rows, its columns, and what adds up to what."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from fractions import Fraction

import msgspec

TOTAL = ""
"""The key of the row that the others add up to. No group has an empty key."""
Cell = tuple[str, str]
"""A row's key and a column's name."""


class Column(msgspec.Struct, frozen=True, kw_only=True):
    """A column of counts. `parts` add up to it. `stock`: it counts a day, not a month, and is decided first, so that
    the next month's table finds it as it was published. `before`: it is the stock at the beginning of the month."""

    name: str
    parts: tuple[Column, ...] = ()
    stock: bool = False
    before: bool = False

    def descendants(self) -> Iterator[Column]:
        """The parts, their parts, and so on."""
        for part in self.parts:
            yield part
            yield from part.descendants()


class Percentage(msgspec.Struct, frozen=True, kw_only=True):
    """A column that says what share of `base` the column `part` is."""

    name: str
    part: str
    base: str


class Percentile(msgspec.Struct, frozen=True, kw_only=True):
    """A column of days: that percentile of the waits counted in the column `base`. `days` by row, unrounded."""

    name: str
    base: str
    fraction: Fraction
    days: Mapping[str, float | None]


class ExactTable(msgspec.Struct, frozen=True, kw_only=True):
    """Counts by row and column. `counts` has every row for every column, the total (TOTAL) included.

    Every wait is in exactly one row, so that the rows add up to the total (a table by need is none, and is not
    published). `balance`: what was there before the month and what began in it is, in every row, what ended and what is
    still there: the columns named `started` and those `before` the month against all others.
    """

    columns: tuple[Column, ...]
    counts: Mapping[str, Mapping[str, int]]
    percentages: tuple[Percentage, ...] = ()
    percentiles: tuple[Percentile, ...] = ()
    balance: bool = False

    def groups(self) -> tuple[str, ...]:
        """The keys of the rows, without the total's."""
        return tuple(key for key in self.counts if key != TOTAL)

    def every_column(self) -> Iterator[Column]:
        """Every column of counts, those with parts before their parts."""
        for column in self.columns:
            yield column
            yield from column.descendants()

    def count(self, cell: Cell) -> int:
        """The exact count of a cell."""
        row, column = cell
        return self.counts[row][column]

    def check(self) -> None:
        """Raises ValueError where the counts do not add up as the table says, or a count is below 0."""
        for row, counts in self.counts.items():
            for column in self.every_column():
                if counts[column.name] < 0:
                    raise ValueError(f"{column.name} is below 0 in a row")
                if column.parts and counts[column.name] != sum(counts[part.name] for part in column.parts):
                    raise ValueError(f"the parts of {column.name} do not add up in a row")
                rows = sum(self.counts[group][column.name] for group in self.groups())
                if row == TOTAL and rows != counts[column.name]:
                    raise ValueError(f"the rows of {column.name} do not add up")
