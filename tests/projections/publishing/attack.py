"""An attacker on published figures: integer programs over everything that is public (scipy's HiGHS).

It knows the figures, the marks, the settings and what adds up to what. It takes nothing from the program but these.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping, Sequence

import numpy
from scipy.optimize import Bounds, LinearConstraint, milp

Name = Hashable
Sum = tuple[Mapping[Name, int], int, int]
"""Coefficients of counts, and the least and the greatest that they come to."""
FAR = 200
"""More than any count of the generated tables."""


def bounds_of(figure: object, *, is_small: bool, threshold: int = 5, rounding: int = 5) -> tuple[int, int]:
    """What a published count says of the exact one, worked out by trying all counts; `is_small`: a withheld one is
    known to be below the threshold."""
    if figure == "c":
        return 0, threshold - 1 if is_small else FAR
    if figure == 0:
        return 0, 0
    shown_so = [
        n for n in range(threshold, FAR + rounding) if (n + rounding // 2) // rounding * rounding == figure
    ]
    return shown_so[0], shown_so[-1]


class Attack:
    """The counts of some tables, what each can be by itself, and the sums between them."""

    def __init__(self, bounds: Mapping[Name, tuple[int, int]], sums: Iterable[Sum]) -> None:
        self.names = list(bounds)
        self.place = {name: index for index, name in enumerate(self.names)}
        self._bounds = Bounds(
            [bounds[name][0] for name in self.names], [bounds[name][1] for name in self.names]
        )
        rows, lows, highs = [], [], []
        for coefficients, low, high in sums:
            row = numpy.zeros(len(self.names))
            for name, factor in coefficients.items():
                row[self.place[name]] += factor
            rows.append(row)
            lows.append(low)
            highs.append(high)
        self._sums = LinearConstraint(numpy.array(rows), lows, highs) if rows else None

    def table(self, objective: Mapping[Name, float]) -> Mapping[Name, int]:
        """The possible table for which the objective is least. Raises AssertionError when there is none."""
        cost = numpy.zeros(len(self.names))
        for name, factor in objective.items():
            cost[self.place[name]] = factor
        found = milp(
            cost, integrality=numpy.ones(len(self.names)), bounds=self._bounds, constraints=self._sums
        )
        assert found.status == 0, found.message
        return {name: round(value) for name, value in zip(self.names, found.x, strict=True)}

    def ranges(self, names: Sequence[Name], *, small: int) -> dict[Name, tuple[int, int]]:
        """The least and the greatest of each count; a range that holds 1 to `small` is not looked into further."""
        seen: dict[Name, tuple[int, int]] = dict.fromkeys(names, (FAR, 0))

        def note(table: Mapping[Name, int]) -> None:
            for name, (low, high) in seen.items():
                seen[name] = min(low, table[name]), max(high, table[name])

        # many at once: those found possible by the way need no program of their own
        for turn in range(6):
            few = [name for index, name in enumerate(names) if turn < 2 or index >> (turn - 2) & 1]
            note(self.table({name: 1.0 for name in few if seen[name][0] > 1}))
            note(self.table({name: -1.0 for name in few if seen[name][1] < small}))
        for name in names:
            if seen[name][0] > 1:
                note(self.table({name: 1.0}))
            if seen[name][1] < small:
                note(self.table({name: -1.0}))
        return seen
