"""A choice of slots with few conflicts: a tabu search that moves the meeting that helps most.

Minton and others, *Minimizing Conflicts* (1992), with a tabu list (Galinier and Hertz, 1997): a meeting does not go
back to the slot it just left, unless that gives fewer conflicts than ever before.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray

from coordination.meeting.timetable.problem import Timetable

CONFLICT = 10_000
"""What a conflict costs; a pair of meetings costs one more: of two choices with as many conflicts, the better one has
them in fewer places."""
STALE = 4_000
"""Moves without a better choice after which the search begins anew."""
TENURE = 10
"""Moves for which a meeting does not go back to a slot, and up to as many more by chance."""
FORBIDDEN = 1 << 40

Cells = NDArray[np.int64]


class _Choice:
    """A choice of slots, and what each meeting would cost in each slot."""

    def __init__(self, timetable: Timetable, starts: Sequence[int]) -> None:
        self.near: list[list[tuple[int, int, int]]] = [[] for _ in range(timetable.meetings)]
        for pair in timetable.apart:
            cost = CONFLICT * pair.shared + 1
            self.near[pair.first].append((pair.second, pair.gap, cost))
            self.near[pair.second].append((pair.first, pair.gap, cost))
        self.starts = np.array(starts, dtype=np.int64)
        self.each = np.arange(timetable.meetings)
        self.cells: Cells = np.zeros((timetable.meetings, timetable.slots), dtype=np.int64)
        for meeting in range(timetable.meetings):
            self._count(meeting, int(self.starts[meeting]), 1)
        self.total = int(self.cells[self.each, self.starts].sum()) // 2

    def _count(self, meeting: int, slot: int, sign: int) -> None:
        for other, gap, cost in self.near[meeting]:
            self.cells[other, max(0, slot - gap + 1) : slot + gap] += sign * cost

    def changes(self) -> tuple[Cells, Cells]:
        """What each move changes, and which meetings are in conflict."""
        here = self.cells[self.each, self.starts]
        return self.cells - here[:, None], here

    def move(self, meeting: int, slot: int) -> None:
        left = int(self.starts[meeting])
        self.total += int(self.cells[meeting, slot] - self.cells[meeting, left])
        self._count(meeting, left, -1)
        self._count(meeting, slot, 1)
        self.starts[meeting] = slot


def search(
    timetable: Timetable,
    *,
    goes_on: Callable[[], bool],
    seed: int,
    start: Sequence[int] | None = None,
) -> tuple[int, ...]:
    """The best choice found while `goes_on()` says so; it begins from `start`, and anew by chance each time that it
    stands still. Stops at a choice without conflicts. The same seed makes the same moves."""
    chance = random.Random(seed)  # noqa: S311 - repeatable, not secret
    best: tuple[int, ...] = ()
    lowest = FORBIDDEN
    while lowest > 0 and (not best or goes_on()):
        begin = (
            start
            if start is not None
            else [chance.randrange(timetable.slots) for _ in range(timetable.meetings)]
        )
        start = None
        found, cost = _one_run(timetable, _Choice(timetable, begin), chance, goes_on)
        if cost < lowest:
            best, lowest = found, cost
    return best


def _one_run(
    timetable: Timetable, choice: _Choice, chance: random.Random, goes_on: Callable[[], bool]
) -> tuple[tuple[int, ...], int]:
    tabu: Cells = np.zeros_like(choice.cells)
    best, lowest = tuple(choice.starts.tolist()), choice.total
    moves = stale = 0
    while lowest > 0 and stale < STALE and (moves % 16 or goes_on()):
        moves += 1
        change, here = choice.changes()
        cost = np.where((tabu > moves) & (choice.total + change >= lowest), FORBIDDEN, change)
        cost[here == 0] = FORBIDDEN
        cost[choice.each, choice.starts] = FORBIDDEN
        equal = np.flatnonzero(cost == cost.min())
        meeting, slot = divmod(int(equal[chance.randrange(len(equal))]), timetable.slots)
        tabu[meeting, choice.starts[meeting]] = moves + TENURE + chance.randrange(TENURE)
        choice.move(meeting, slot)
        stale += 1
        if choice.total < lowest:
            best, lowest, stale = tuple(choice.starts.tolist()), choice.total, 0
    return best, lowest
