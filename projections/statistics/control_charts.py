"""Control charts: which months differ by more than the usual variation from month to month.

XmR charts of durations and p charts of percentages, with the four rules of NHS England's Making Data Count. Whether a
rule applies is decided with fractions, so that a value exactly on a line is on it.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from fractions import Fraction
from itertools import pairwise
from math import sqrt
from typing import Literal

import msgspec

Signal = Literal["outside_limits", "one_side", "trend", "near_limit"]
SIGNALS: tuple[Signal, ...] = ("outside_limits", "one_side", "trend", "near_limit")
"""A point outside the limits; seven in a row on one side of the mean; seven in a row rising or falling; two of three
in a row near the same limit, all three on its side of the mean (near: in the outer third, not outside)."""

RUN = 7
"""So many points in a row are a run or a trend."""
FEWEST = 13
"""With fewer points the limits are provisional (the warning of the NHS-R community's "plot the dots")."""
REACH = Fraction(266, 100)
"""An XmR chart's limits are this many mean moving ranges from the mean: 3 / 1.128, rounded as in Wheeler's tables."""


class ControlPoint(msgspec.Struct, frozen=True):
    """A month's value with the limits it is held against, and the rules that mark it. `lower` is never below 0, `upper`
    of a percentage never above 100; both None where the limits cannot be told."""

    on: date
    value: float
    lower: float | None
    upper: float | None
    signals: tuple[Signal, ...]


class ControlChart(msgspec.Struct, frozen=True):
    """`mean` is None for a chart without points. `provisional`: it has fewer than FEWEST points."""

    mean: float | None
    points: tuple[ControlPoint, ...]
    provisional: bool


class _Placed(msgspec.Struct, frozen=True):
    """A value against the lines of its chart: `side` of the mean (-1, 0, 1), `outside` the limits, `near` one."""

    value: Fraction
    side: int
    outside: bool
    near: bool


def xmr_chart(values: Sequence[tuple[date, Fraction]]) -> ControlChart:
    """An XmR chart of durations (0 or more), one for each month, in order: the mean, and limits from the mean moving
    range. Without two values there are no limits."""
    if not values:
        return ControlChart(None, (), provisional=True)
    numbers = [value for _on, value in values]
    mean = sum(numbers, Fraction()) / len(numbers)
    ranges = [abs(second - first) for first, second in pairwise(numbers)]
    if not ranges:
        only = ControlPoint(values[0][0], float(mean), None, None, ())
        return ControlChart(float(mean), (only,), provisional=True)
    reach = REACH * sum(ranges, Fraction()) / len(ranges)
    lower, upper = float(max(mean - reach, Fraction())), float(mean + reach)
    signals = _signals([_placed(value, mean, reach**2) for value in numbers])
    points = tuple(
        ControlPoint(on, float(value), lower, upper, marks)
        for (on, value), marks in zip(values, signals, strict=True)
    )
    return ControlChart(float(mean), points, provisional=len(points) < FEWEST)


def p_chart(counts: Sequence[tuple[date, int, int]]) -> ControlChart:
    """A p chart of percentages: for each month, in order, how many of how many. The mean is that of all together, the
    limits of a month depend on its number. Months of 0 are left out, since they have no percentage."""
    counted = [row for row in counts if row[2] > 0]
    if not counted:
        return ControlChart(None, (), provisional=True)
    mean = Fraction(sum(part for _on, part, _whole in counted), sum(whole for *_, whole in counted))
    shares = [Fraction(part, whole) for _on, part, whole in counted]
    squares = [9 * mean * (1 - mean) / whole for *_, whole in counted]  # of the distance of the limits
    signals = _signals([_placed(share, mean, square) for share, square in zip(shares, squares, strict=True)])
    points = []
    for (on, _part, _whole), share, square, marks in zip(counted, shares, squares, signals, strict=True):
        reach = sqrt(square)
        lower, upper = max(float(mean) - reach, 0.0), min(float(mean) + reach, 1.0)
        points.append(ControlPoint(on, float(100 * share), 100 * lower, 100 * upper, marks))
    return ControlChart(float(100 * mean), tuple(points), provisional=len(points) < FEWEST)


def _placed(value: Fraction, mean: Fraction, square: Fraction) -> _Placed:
    """A value against lines whose distance from the mean has this square."""
    distance = (value - mean) ** 2
    outside = distance > square
    return _Placed(
        value=value,
        side=(value > mean) - (value < mean),
        outside=outside,
        near=not outside and distance > square * Fraction(4, 9),
    )


def _signals(points: Sequence[_Placed]) -> list[tuple[Signal, ...]]:
    """The rules that mark each point, in the order of SIGNALS."""
    marked: dict[Signal, set[int]] = {
        "outside_limits": {index for index, point in enumerate(points) if point.outside},
        "one_side": set(),
        "trend": set(),
        "near_limit": set(),
    }
    for start in range(len(points) - RUN + 1):
        run = points[start : start + RUN]
        if abs(sum(point.side for point in run)) == RUN:
            marked["one_side"].update(range(start, start + RUN))
        steps = [
            (after.value > before.value) - (after.value < before.value) for before, after in pairwise(run)
        ]
        if abs(sum(steps)) == RUN - 1:
            marked["trend"].update(range(start, start + RUN))
    for start in range(len(points) - 2):
        three = points[start : start + 3]
        near = [start + index for index, point in enumerate(three) if point.near]
        if len(near) >= 2 and abs(sum(point.side for point in three)) == 3:
            marked["near_limit"].update(near)
    return [tuple(rule for rule in SIGNALS if index in marked[rule]) for index in range(len(points))]
