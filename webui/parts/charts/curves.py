"""A survival curve: the share still waiting, falling by steps, with its band."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from webui.parts.charts.scale import marks_of, percent_of

WIDTH, HEIGHT = 1000, 200
"""The inner picture; its width is stretched to that of the page."""


class CurveMark(msgspec.Struct, frozen=True):
    """A place on an axis, in per cent of the width or in pixels from the top, and the value there."""

    at: float
    value: int


class CurvePicture(msgspec.Struct, frozen=True):
    """The paths of the curve and of its band, the marks of both axes, and where the limit and the median lie, in per
    cent of the width (None: not in the picture)."""

    line: str
    band: str
    lower: str
    upper: str
    days: tuple[CurveMark, ...]
    shares: tuple[CurveMark, ...]
    limit: float | None
    median: float | None


def curve_picture(
    curve: Sequence[tuple[int, float, float, float]], limit: int | None, median: int | None
) -> CurvePicture:
    """The picture of a curve: day, share (0 to 1), lower and upper bound, in order from day 0. `limit` and `median` are
    days. Nothing is drawn beyond the last day, or the limit if that is later."""
    reach = max([point[0] for point in curve] + [limit or 0, 1])
    upper = _steps(curve, 3, reach)
    lower = _steps(curve, 2, reach)
    return CurvePicture(
        line=_path(_steps(curve, 1, reach)),
        band=_path([*upper, *reversed(lower)]) + "Z" if curve else "",
        lower=_path(lower),
        upper=_path(upper),
        days=tuple(CurveMark(percent_of(day, reach), day) for day in marks_of(reach)),
        shares=tuple(CurveMark(HEIGHT - HEIGHT * share / 100, share) for share in (0, 25, 50, 75, 100)),
        limit=None if limit is None else percent_of(limit, reach),
        median=None if median is None else percent_of(median, reach),
    )


def _steps(
    curve: Sequence[tuple[int, float, float, float]], index: int, reach: int
) -> list[tuple[float, float]]:
    """The corners of a line that starts at the top left, keeps its height up to each day, and changes on it."""
    corners, height = [(0.0, 0.0)], 0.0
    for point in curve:
        x = round(WIDTH * point[0] / reach, 1)
        corners.append((x, height))
        height = round(HEIGHT - HEIGHT * point[index], 1)
        corners.append((x, height))
    return [corner for number, corner in enumerate(corners) if number == 0 or corner != corners[number - 1]]


def _path(corners: Sequence[tuple[float, float]]) -> str:
    return "M" + "L".join(f"{x:g} {y:g}" for x, y in corners)
