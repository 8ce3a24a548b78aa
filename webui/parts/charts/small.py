"""Two small charts for a row of a table: how a figure changed from month to month, and how waits are spread."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from webui.parts.charts.scale import percent_of

HEIGHT = 28
"""Pixels."""


class SmallTrend(msgspec.Struct, frozen=True):
    """`pieces` are lines through months in a row that have a value, in a picture 100 wide; `dots` the values, in per
    cent of the width and pixels from the top, the last one apart; `limit` where the limit lies, None: no limit."""

    pieces: tuple[str, ...]
    dots: tuple[tuple[float, float], ...]
    limit: float | None


class SmallBars(msgspec.Struct, frozen=True):
    """Columns side by side: from x, width (per cent), from y and height (pixels); `late` are those over the limit."""

    columns: tuple[tuple[float, float, float, float], ...]
    late: tuple[bool, ...]


def small_trend(values: Sequence[float | None], limit: float | None) -> SmallTrend:
    """The picture of values in order; None: there is none in that month, and the line is broken there."""
    top = max([value for value in values if value is not None] + [limit or 0.0, 1.0])
    places = [
        None
        if value is None
        else (percent_of(2 * index + 1, 2 * len(values)), round(HEIGHT - HEIGHT * value / top, 1))
        for index, value in enumerate(values)
    ]
    pieces: list[list[tuple[float, float]]] = [[]]
    for place in places:
        if place is None:
            pieces.append([])
        else:
            pieces[-1].append(place)
    return SmallTrend(
        pieces=tuple("M" + "L".join(f"{x:g} {y:g}" for x, y in piece) for piece in pieces if len(piece) > 1),
        dots=tuple(place for place in places if place is not None),
        limit=None if limit is None else round(HEIGHT - HEIGHT * limit / top, 1),
    )


def small_bars(counts: Sequence[int], late: Sequence[bool]) -> SmallBars:
    """The picture of counts side by side, `late` for each. A count above 0 is at least 2 pixels high."""
    top = max(counts, default=0) or 1
    heights = [max(round(HEIGHT * count / top, 1), 2.0) if count else 0.0 for count in counts]
    return SmallBars(
        columns=tuple(
            (
                percent_of(10 * index + 1, 10 * len(counts)),
                percent_of(8, 10 * len(counts)),
                round(HEIGHT - height, 1),
                height,
            )
            for index, height in enumerate(heights)
        ),
        late=tuple(late),
    )
