"""Where a value lies along an axis."""

from __future__ import annotations

STEPS = (1, 2, 5, 7, 10, 14, 20, 25, 28, 50, 70, 100, 140, 200, 250, 350, 500, 700)
"""Distances between the marks of an axis of days; beyond them, thousands."""


def percent_of(part: float, whole: float) -> float:
    """A part in per cent of the whole, to a thousandth."""
    return round(100 * part / whole, 3)


def marks_of(longest: float, most: int = 4) -> tuple[int, ...]:
    """Round numbers from 0 up to a value, at most `most` after the 0."""
    step = next((step for step in STEPS if step * most >= longest), None)
    if step is None:
        step = -(-int(longest) // (1000 * most)) * 1000
    return tuple(range(0, int(longest) + 1, step))
