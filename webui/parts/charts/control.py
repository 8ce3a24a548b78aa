"""A control chart: a value for each month, the mean, and the limits of the usual variation."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import msgspec

from webui.parts.charts.scale import marks_of, percent_of

HEIGHT = 180
"""Pixels from the top mark of the axis to its 0."""


class ControlDot(msgspec.Struct, frozen=True):
    """The value of a month: `x` in per cent of the width, `y` in pixels from the top; `marked`: a rule applies."""

    on: date
    x: float
    y: float
    marked: bool


class ControlLimit(msgspec.Struct, frozen=True):
    """The limits under and over one month: from and to in per cent of the width, in pixels from the top."""

    from_x: float
    to_x: float
    lower: float
    upper: float


class ControlPicture(msgspec.Struct, frozen=True):
    """`line` joins the dots, in a picture 1000 wide that is stretched; `named` are the dots under which the month is
    written: the first, one in the middle and the last."""

    dots: tuple[ControlDot, ...]
    line: str
    limits: tuple[ControlLimit, ...]
    mean: float
    marks: tuple[tuple[float, int], ...]
    named: tuple[ControlDot, ...]


def control_picture(
    points: Sequence[tuple[date, float, float | None, float | None, bool]],
    mean: float,
    most: float | None = None,
) -> ControlPicture:
    """The picture of months: first day, value, lower and upper limit (None: not known), and whether a rule applies. The
    axis ends at `most` (None: at the highest value or limit)."""
    top = most or max(
        [1.0, mean, *(max(value, upper or 0.0) for _on, value, _lower, upper, _marked in points)]
    )

    def y(value: float) -> float:
        return round(HEIGHT - HEIGHT * value / top, 1)

    width = len(points)
    dots = tuple(
        ControlDot(on, percent_of(2 * index + 1, 2 * width), y(value), marked)
        for index, (on, value, _lower, _upper, marked) in enumerate(points)
    )
    limits = tuple(
        ControlLimit(percent_of(index, width), percent_of(index + 1, width), y(lower), y(upper))
        for index, (_on, _value, lower, upper, _marked) in enumerate(points)
        if lower is not None and upper is not None
    )
    return ControlPicture(
        dots=dots,
        line="M" + "L".join(f"{10 * dot.x:g} {dot.y:g}" for dot in dots) if dots else "",
        limits=limits,
        mean=y(mean),
        marks=tuple((y(value), value) for value in marks_of(top)),
        named=tuple(dots[index] for index in sorted({0, (width - 1) // 2, width - 1}) if dots),
    )
