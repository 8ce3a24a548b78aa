"""Which counts of a table are withheld: the small ones, and others by which a reader could work those out.

The rule that is kept. A reader knows what is published, the marks, this rule and its settings, what adds up to what,
and that counts are whole and not below 0. For such a reader

* a withheld count of less than the threshold can still be each number from 1 to the threshold less 1;
* any other withheld count can still be at least as many numbers in a row (four, with a threshold of five);

even if the reader guesses rightly which of the withheld counts are below the threshold (0 to 4). Only where a table
is put beside that of the month before can such a guess, in rare cases, find more: who waited then is published already.

What adds up to a withheld small count is withheld with it, and a percentile is published only where no count of its
column is withheld; a reader is then taken to know those counts exactly.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import chain

import msgspec

from projections.publishing.exact import TOTAL, Cell, Column, ExactTable
from projections.publishing.network import UNBOUNDED, Network, network_of
from projections.publishing.rule import PublishingRule


class Withheld(msgspec.Struct, frozen=True):
    """The counts and the percentiles (row and name) that are withheld."""

    counts: frozenset[Cell]
    percentiles: frozenset[Cell]


def withheld_of(table: ExactTable, rule: PublishingRule) -> Withheld:
    """What must be withheld of a table. Raises ValueError where the table does not add up.

    The total is decided alone and before the rows, so that it is the same whatever the rows are; stocks are decided
    before what happened in the month, so that they are the same in the table of the next month.
    """
    table.check()
    return _Decision(table, rule).made()


class _Decision:
    def __init__(self, table: ExactTable, rule: PublishingRule) -> None:
        self.table = table
        self.rule = rule
        self.withheld: set[Cell] = set()
        self.exact: set[Cell] = set()
        """Counts that a reader is taken to know, because of a percentile."""
        self.guessed = True
        """Whether a reader is taken to know which withheld counts are below the threshold."""
        self.above = {part.name: column.name for column in table.every_column() for part in column.parts}
        self.wholes = frozenset(self.above.values())
        self.no_percentile = {
            (row, percentile.name) for row in table.counts for percentile in table.percentiles
        }

    def made(self) -> Withheld:
        groups = self.table.groups()
        alone = len(groups) == 1
        for stock in (True, False):
            # the stock before the month was published a month ago, by itself
            parts = [
                tuple(c for c in self.table.columns if c.stock and c.before),
                tuple(c for c in self.table.columns if c.stock and not c.before),
            ]
            for columns in parts if stock else [self.table.columns]:
                decided = tuple(c for c in columns if c.stock == stock)
                if not decided:
                    continue
                self._decide((TOTAL,), (TOTAL,), columns, decided)
                if not alone:
                    self._decide((*groups, TOTAL), groups, columns, decided)
        if alone:
            self._copy_total(groups[0])
        return Withheld(frozenset(self.withheld), frozenset(self.no_percentile))

    def _copy_total(self, group: str) -> None:
        """The only row is the total."""
        self.withheld.update([(group, column) for _, column in self.withheld])
        shown = {p.name for p in self.table.percentiles if (TOTAL, p.name) not in self.no_percentile}
        self.no_percentile.difference_update((group, name) for name in shown)

    def _decide(
        self,
        rows: Sequence[str],
        open_rows: Sequence[str],
        columns: Sequence[Column],
        decided: Sequence[Column],
    ) -> None:
        """Withhold counts of the open rows and decided columns until the rule is kept for all rows and columns."""
        open_cells = [(row, column.name) for row in open_rows for column in _with_parts(decided)]
        for cell in open_cells:
            if self._for_its_own_sake(cell):
                self.withheld.add(cell)
        self._allow_percentiles(open_rows, decided)
        network = network_of(self.table, rows, columns)
        for cell in network.published:
            network.bound(cell, *self._known(cell))
        candidates = dict.fromkeys(open_cells)
        todo = [cell for cell in network.arcs if cell in self.withheld]
        while todo:
            cell = todo.pop()
            while walls := self._walls(network, cell):
                todo += self._withhold_one(network, walls, candidates)

    def _walls(self, network: Network, cell: Cell) -> list[Cell]:
        """What stops a withheld count from being all the numbers that it must be able to be; empty: nothing does."""
        count, most = self.table.count(cell), self.rule.threshold - 1
        found: list[Cell] = []
        if self.rule.is_small(count):
            for goal in (1, most):
                low, high = network.possible[cell]
                if not low <= goal <= high:
                    found += network.stopped_by(cell, goal)
            return found
        for side in (-1, 1):
            low, high = network.possible[cell]
            if (short := most - 1 - (high - low)) <= 0:
                return []
            goal = max(low - short, 0) if side == -1 else high + short
            found += network.stopped_by(cell, goal)
        low, high = network.possible[cell]
        return found if high - low < most - 1 else []

    def _for_its_own_sake(self, cell: Cell) -> bool:
        """Small, or a part of what is withheld as small (0 as well, unless a published 0 shows that it is 0)."""
        row, column = cell
        if self.rule.is_small(self.table.count(cell)):
            return True
        wholes: list[Cell] = [(row, self.above[column])] if column in self.above else []
        if row != TOTAL:
            wholes.append((TOTAL, column))
        return not self._is_shown_0(cell) and any(
            self.rule.is_small(self.table.count(whole)) or self._hidden_0(whole) for whole in wholes
        )

    def _hidden_0(self, cell: Cell) -> bool:
        return cell in self.withheld and self.table.count(cell) == 0

    def _is_shown_0(self, cell: Cell) -> bool:
        """Whether a 0 is known from a published 0 that it is a part of."""
        row, column = cell
        wholes: list[Cell] = [(row, self.above[column])] if column in self.above else []
        if row != TOTAL:
            wholes.append((TOTAL, column))
        return any(self.table.count(whole) == 0 and whole not in self.withheld for whole in wholes)

    def _allow_percentiles(self, rows: Iterable[str], columns: Sequence[Column]) -> None:
        by_name = {column.name: column for column in _with_parts(columns)}
        for percentile in self.table.percentiles:
            base = by_name.get(percentile.base)
            if base is None:
                continue
            for row in rows:
                cells = [(row, column.name) for column in _with_parts((base,))]
                enough = self.table.count(cells[0]) >= self.rule.percentile_base(percentile.fraction)
                if enough and not self.withheld.intersection(cells):
                    self.no_percentile.discard((row, percentile.name))
                    self.exact.update(cells)

    def _known(self, cell: Cell) -> tuple[int, int]:
        """The bounds of what a reader knows of a count from itself alone."""
        count = self.table.count(cell)
        if cell in self.withheld:
            return 0, self.rule.threshold - 1 if self.guessed and count < self.rule.threshold else UNBOUNDED
        return (count, count) if cell in self.exact else self.rule.shown_for(count)

    def _withhold_one(
        self, network: Network, walls: Iterable[Cell], candidates: Mapping[Cell, None]
    ) -> list[Cell]:
        """Withholds the wall that costs least; where none may be withheld, every candidate; where all are, the totals
        of their columns, and at last what stands at the end of the month (both rare: see _last_resorts)."""
        open_walls = [cell for cell in walls if cell in candidates and self._can_be_withheld(cell)]
        if open_walls:
            chosen = [min(open_walls, key=self._cost)]
        else:
            several = (
                [cell for cell in cells if self._can_be_withheld(cell)]
                for cells in (tuple(candidates), *self._last_resorts(network, candidates))
            )
            chosen = next(filter(None, several), [])
        if not chosen:
            if not self.guessed:
                raise ValueError("a small count cannot be protected")
            self.guessed = False
            for cell in network.published:
                network.bound(cell, *self._known(cell))
        for cell in chosen:
            self._withhold(network, cell)
        return chosen

    def _last_resorts(self, network: Network, candidates: Mapping[Cell, None]) -> Iterator[list[Cell]]:
        """Only here does a total depend on the rows, or a stock on the month."""
        decided = {column for _, column in candidates}
        yield [cell for cell in network.published if cell[0] == TOTAL and cell[1] in decided]
        before = {column.name for column in _with_parts(c for c in self.table.columns if c.before)}
        yield [cell for cell in network.published if cell[0] != TOTAL and cell[1] not in before]
        yield [cell for cell in network.published if cell[0] == TOTAL and cell[1] not in before]

    def _can_be_withheld(self, cell: Cell) -> bool:
        return cell not in self.withheld and not self._is_shown_0(cell)

    def _cost(self, cell: Cell) -> tuple[bool, bool, int]:
        """Parts before what they add up to, counts before 0s, small before large."""
        count = self.table.count(cell)
        return cell[1] in self.wholes, count == 0, count

    def _withhold(self, network: Network, cell: Cell) -> None:
        self.withheld.add(cell)
        row, _ = cell
        freed = [cell]
        for percentile in self.table.percentiles:
            base = next(c for c in self.table.every_column() if c.name == percentile.base)
            cells = [(row, column.name) for column in _with_parts((base,))]
            if cell in cells and (row, percentile.name) not in self.no_percentile:
                self.no_percentile.add((row, percentile.name))
                freed += cells
        self.exact.difference_update(freed)
        for one in freed:
            network.bound(one, *self._known(one))


def _with_parts(columns: Iterable[Column]) -> Iterator[Column]:
    return chain.from_iterable((column, *column.descendants()) for column in columns)
