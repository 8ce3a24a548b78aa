"""What a reader can work out from published counts that add up.

A table whose rows and columns add up, with parts of parts in one direction, is a network: every count is an arc, and
what adds up meets in a node. All tables that a reader must think possible are its flows within the bounds of what was
published. A count can be changed to another one when a path around it lets the rest give way, and each whole number
between two possible counts is possible too (integral flows).
"""

from __future__ import annotations

from collections import deque
from collections.abc import Hashable, Iterable, Mapping

import msgspec

from projections.publishing.exact import TOTAL, Cell, Column, ExactTable

UNBOUNDED = 10**12
OUTSIDE = ("outside",)
BALANCE = "balance"
"""The name of what the columns of a row do not explain."""
Node = Hashable


class Arc(msgspec.Struct):
    """A count between two nodes, its true value, and the bounds that a reader knows."""

    cell: Cell
    tail: Node
    head: Node
    count: int
    low: int
    high: int


class Network:
    """The arcs of a table, and for each count the least and the greatest that were found possible so far. `published`
    are those that a table shows."""

    def __init__(self, arcs: Iterable[Arc]) -> None:
        self.arcs = {arc.cell: arc for arc in arcs}
        self.published = tuple(cell for cell in self.arcs if cell[1] != BALANCE)
        self.possible = {cell: (arc.count, arc.count) for cell, arc in self.arcs.items()}
        self._at: dict[Node, list[Arc]] = {}
        for arc in self.arcs.values():
            self._at.setdefault(arc.tail, []).append(arc)
            self._at.setdefault(arc.head, []).append(arc)

    def bound(self, cell: Cell, low: int, high: int) -> None:
        """What a reader knows of a count from now on."""
        arc = self.arcs[cell]
        arc.low, arc.high = low, high

    def stopped_by(self, cell: Cell, goal: int) -> tuple[Cell, ...]:
        """The counts whose bounds stop this one from being `goal`, in the order of the table; empty when it can be.

        Each table found on the way is kept in `possible`.
        """
        arc = self.arcs[cell]
        flow = {name: each.count for name, each in self.arcs.items()}
        while flow[cell] != goal:
            up = goal > flow[cell]
            start, end = (arc.head, arc.tail) if up else (arc.tail, arc.head)
            steps, reached = self._path(flow, cell, start, end)
            if steps is None:
                return self._walls(cell, reached)
            change = abs(goal - flow[cell])
            for step, with_it in steps:
                change = min(change, step.high - flow[step.cell] if with_it else flow[step.cell] - step.low)
            for step, with_it in steps:
                flow[step.cell] += change if with_it else -change
                self._note(step.cell, flow[step.cell])
            flow[cell] += change if up else -change
            self._note(cell, flow[cell])
        return ()

    def _note(self, cell: Cell, count: int) -> None:
        low, high = self.possible[cell]
        self.possible[cell] = min(low, count), max(high, count)

    def _path(
        self, flow: Mapping[Cell, int], without: Cell, start: Node, end: Node
    ) -> tuple[list[tuple[Arc, bool]] | None, set[Node]]:
        """The shortest way from one node to the other on which every count can give way by one (True: it grows)."""
        came: dict[Node, tuple[Arc, bool, Node]] = {}
        reached: set[Node] = {start}
        waiting = deque([start])
        while waiting and end not in reached:
            node = waiting.popleft()
            for arc in self._at[node]:
                with_it = arc.tail == node
                other = arc.head if with_it else arc.tail
                if other in reached or arc.cell == without:
                    continue
                if flow[arc.cell] < arc.high if with_it else flow[arc.cell] > arc.low:
                    came[other] = arc, with_it, node
                    reached.add(other)
                    waiting.append(other)
        if end not in reached:
            return None, reached
        steps = []
        node = end
        while node != start:
            arc, with_it, node = came[node]
            steps.append((arc, with_it))
        return steps, reached

    def _walls(self, without: Cell, reached: set[Node]) -> tuple[Cell, ...]:
        return tuple(
            cell
            for cell, arc in self.arcs.items()
            if cell != without and (arc.tail in reached) != (arc.head in reached)
        )


def network_of(table: ExactTable, rows: Iterable[str], columns: Iterable[Column]) -> Network:
    """The network of some rows and columns of a table, each count with the bounds of itself alone. With the total among
    the rows, the others add up to it."""
    rows, columns = tuple(rows), tuple(columns)
    together = TOTAL in rows and len(rows) > 1
    balanced = table.balance and columns == table.columns
    arcs: list[Arc] = []
    for row in rows:
        is_sum = together and row == TOTAL
        inside: Node = (row, BALANCE) if balanced and not is_sum else OUTSIDE
        for column in columns:
            enters = column.before or column.name == "started"
            arcs += _arcs(
                table, row, column, inside, is_sum=is_sum, turned=balanced and enters, together=together
            )
        if balanced and not is_sum:
            counts = table.counts[row]
            came = sum(counts[c.name] for c in columns if c.before or c.name == "started")
            rest = sum(counts[c.name] for c in columns) - 2 * came
            # what the columns do not explain (an ended referral that goes on) is taken as known
            arcs.append(Arc((row, BALANCE), OUTSIDE, inside, rest, rest, rest))
    return Network(arcs)


def _arcs(
    table: ExactTable, row: str, column: Column, above: Node, *, is_sum: bool, turned: bool, together: bool
) -> list[Arc]:
    """The arcs of a column and its parts in one row: from the whole to the parts, and from the parts of all rows to the
    whole of the total; `turned`: the other way round."""
    count = table.counts[row][column.name]
    below: Node = (row, column.name) if column.parts else ("column", column.name) if together else OUTSIDE
    ends = (below, above) if is_sum != turned else (above, below)
    found = [Arc((row, column.name), *ends, count, count, count)]
    for part in column.parts:
        found += _arcs(table, row, part, below, is_sum=is_sum, turned=turned, together=together)
    return found
