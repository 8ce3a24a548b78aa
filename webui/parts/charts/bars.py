"""Horizontal bars."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import msgspec

from webui.parts.charts.scale import percent_of
from webui.words.text import Words


class ChartBar(msgspec.Struct, frozen=True):
    """A bar of a chart: its words, its value and the text to print for it. `tone`: good, late or plain."""

    words: Words
    value: float
    printed: str
    tone: str = "plain"


def bars(lines: Sequence[ChartBar]) -> list[dict[str, Any]]:
    """The length of each bar, in per cent of the longest; zero is not drawn, a very small value is drawn as a thin
    line."""
    longest = max((line.value for line in lines), default=0) or 1
    return [
        {
            "words": line.words,
            "printed": line.printed,
            "tone": line.tone,
            "width": max(percent_of(line.value, longest), 0.5) if line.value > 0 else 0,
            "y": index * 44,
        }
        for index, line in enumerate(lines)
    ]
