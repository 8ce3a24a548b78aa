"""The same question as a mixed-integer programme for HiGHS (https://highs.dev): a better choice, or the proof that
there is none.

x[m, t] is 1 where meeting m begins in slot t. In every stretch of `gap` slots at most one of two meetings begins, or
the pair's y is 1. The sum of the y, each as often as somebody must attend both, is the number of conflicts.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import combinations
from math import ceil

import highspy
import msgspec
import numpy as np

from coordination.meeting.timetable.bounding import group_bounds
from coordination.meeting.timetable.problem import Timetable, conflicts

MOST_ENTRIES = 1_500_000
"""Entries of the matrix; a larger one would take the time away before it is read."""

Row = tuple[float, float, list[int], list[float]]
"""Least, most, columns, and their factors."""


class _WithoutCallbacks(highspy.Highs):
    """HiGHS without its callbacks: turning them on prints a line to standard output, where the answer belongs."""

    def __init__(self) -> None:
        super().__init__()  # type: ignore[no-untyped-call]

    def enableCallbacks(self) -> None:
        """Turns nothing on."""


class Proof(msgspec.Struct, frozen=True, kw_only=True):
    """A bound on the conflicts, and a choice of slots if one better than the first was found."""

    bound: int
    starts: tuple[int, ...] | None = None


def prove(timetable: Timetable, starts: Sequence[int], seconds: float) -> Proof:
    """Looks for fewer conflicts than `starts` has, or for the proof that they are the fewest, for so many seconds."""
    groups = group_bounds(timetable)
    simple = sum(groups.get(group, 0) for group in timetable.groups)
    have = conflicts(timetable, starts)
    if have <= simple or seconds <= 0 or _entries(timetable) > MOST_ENTRIES:
        return Proof(bound=min(simple, have))
    model = _model(timetable, groups)
    model.setOptionValue("time_limit", seconds)
    model.setSolution(_start(timetable, starts))
    model.run()
    info = model.getInfo()
    reached = ceil(info.mip_dual_bound - 1e-6) if np.isfinite(info.mip_dual_bound) else 0
    values = np.asarray(model.getSolution().col_value)
    if info.primal_solution_status != highspy.SolutionStatus.kSolutionStatusFeasible:
        return Proof(bound=max(simple, reached))
    cells = values[: timetable.meetings * timetable.slots].reshape(timetable.meetings, timetable.slots)
    return Proof(bound=max(simple, reached), starts=tuple(int(slot) for slot in cells.argmax(axis=1)))


def quiet_model() -> highspy.Highs:
    """HiGHS that prints nothing and takes one processor."""
    model = _WithoutCallbacks()
    model.setOptionValue("output_flag", False)
    model.setOptionValue("threads", 1)
    return model


def _entries(timetable: Timetable) -> int:
    return sum((max(0, timetable.slots - pair.gap) + 1) * 2 * pair.gap for pair in timetable.apart)


def _model(timetable: Timetable, groups: dict[tuple[int, ...], int]) -> highspy.Highs:
    cells = timetable.meetings * timetable.slots
    rows = list(_rows(timetable, groups))
    lp = highspy.HighsLp()
    lp.num_col_, lp.num_row_ = cells + len(timetable.apart), len(rows)
    lp.col_cost_ = np.concatenate([np.zeros(cells), [pair.shared for pair in timetable.apart]])
    lp.col_lower_, lp.col_upper_ = np.zeros(lp.num_col_), np.ones(lp.num_col_)
    lp.row_lower_ = np.array([row[0] for row in rows])
    lp.row_upper_ = np.array([row[1] for row in rows])
    lp.integrality_ = [highspy.HighsVarType.kInteger] * lp.num_col_
    lp.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
    lp.a_matrix_.start_ = np.cumsum([0, *(len(row[2]) for row in rows)])
    lp.a_matrix_.index_ = np.array([column for row in rows for column in row[2]])
    lp.a_matrix_.value_ = np.array([factor for row in rows for factor in row[3]])
    model = quiet_model()
    model.passModel(lp)
    return model


def _rows(timetable: Timetable, groups: dict[tuple[int, ...], int]) -> Iterator[Row]:
    """One slot for each meeting; each pair apart or in conflict; each group's conflicts that nothing avoids."""
    slots, cells = timetable.slots, timetable.meetings * timetable.slots
    for meeting in range(timetable.meetings):
        yield 1.0, 1.0, list(range(meeting * slots, (meeting + 1) * slots)), [1.0] * slots
    column = {}
    for at, pair in enumerate(timetable.apart):
        column[pair.first, pair.second] = cells + at
        for begin in range(max(0, slots - pair.gap) + 1):
            stretch = range(begin, min(slots, begin + pair.gap))
            both = [m * slots + slot for m in (pair.first, pair.second) for slot in stretch]
            yield -highspy.kHighsInf, 1.0, [*both, cells + at], [*([1.0] * len(both)), -1.0]
    for group, least in groups.items():
        of_group = [column[two] for two in combinations(group, 2)]
        yield float(least), highspy.kHighsInf, of_group, [1.0] * len(of_group)


def _start(timetable: Timetable, starts: Sequence[int]) -> highspy.HighsSolution:
    cells = timetable.meetings * timetable.slots
    value = np.zeros(cells + len(timetable.apart))
    for meeting, slot in enumerate(starts):
        value[meeting * timetable.slots + slot] = 1.0
    for at, pair in enumerate(timetable.apart):
        value[cells + at] = float(abs(starts[pair.first] - starts[pair.second]) < pair.gap)
    solution = highspy.HighsSolution()
    solution.col_value = list(value)
    return solution
