"""Geometry for SVG charts: numbers in per cent of the width; the templates in charts/ draw them.

Each chart is shown with a table or list of the same numbers, and colour is never the only sign of a meaning.
"""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum
from typing import Any

import msgspec
from flask_babel import lazy_gettext as _l

from webui.words.text import Words


class ChartParty(StrEnum):
    """A party to which days are attributed."""

    SCHOOL = "school"
    AGENCY = "agency"
    FAMILY = "family"
    AUTHORITY = "authority"
    EXEMPT = "exempt"


PARTY_WORDS = {
    ChartParty.SCHOOL: _l("School"),
    ChartParty.AGENCY: _l("Agency"),
    ChartParty.FAMILY: _l("Family"),
    ChartParty.AUTHORITY: _l("Local authority"),
    ChartParty.EXEMPT: _l("Paused"),
}


class ChartPeriod(msgspec.Struct, frozen=True):
    """Consecutive calendar days of one party."""

    party: ChartParty
    days: int


class ChartMark(msgspec.Struct, frozen=True):
    """An event on a day of the wait (day 0: the first), or the limit of a standard."""

    day: int
    words: Words
    limit: bool = False


class DayStrip(msgspec.Struct, frozen=True):
    """A wait as a strip of days. `pieces`: party, days, x, width, middle; `marks`: number, day, words,
    limit, x, shift;
    `totals`: party, words, days.
    """

    days: int
    pieces: list[dict[str, Any]]
    marks: list[dict[str, Any]]
    totals: list[dict[str, Any]]


class ChartBar(msgspec.Struct, frozen=True):
    """A bar of a chart: its words, its value and the text to print for it. `tone`: good, late or plain."""

    words: Words
    value: float
    printed: str
    tone: str = "plain"


def strip(stretches: Sequence[ChartPeriod], marks: Sequence[ChartMark] = ()) -> DayStrip:
    """The position of each period and mark, in per cent of the longer of the wait and its last mark."""
    days = sum(stretch.days for stretch in stretches)
    reach = max([days, *(mark.day for mark in marks)], default=0) or 1
    pieces, at = [], 0
    for stretch in stretches:
        if stretch.days > 0:
            x, width = _percent(at, reach), _percent(stretch.days, reach)
            middle = _percent(2 * at + stretch.days, 2 * reach)
            pieces.append(
                {"party": stretch.party, "days": stretch.days, "x": x, "width": width, "middle": middle}
            )
            at += stretch.days
    in_order = enumerate(sorted(marks, key=lambda mark: mark.day), 1)
    placed = [_placed(number, mark, _percent(mark.day, reach)) for number, mark in in_order]
    by_party = {party: sum(s.days for s in stretches if s.party is party) for party in ChartParty}
    totals = [
        {"party": party, "words": PARTY_WORDS[party], "days": total}
        for party, total in by_party.items()
        if total
    ]
    return DayStrip(days, pieces, placed, totals)


def bars(lines: Sequence[ChartBar]) -> list[dict[str, Any]]:
    """The length of each bar, in per cent of the longest; zero is not drawn, a very small value is drawn as a thin
    line."""
    longest = max((line.value for line in lines), default=0) or 1
    return [
        {
            "words": line.words,
            "printed": line.printed,
            "tone": line.tone,
            "width": max(_percent(line.value, longest), 0.5) if line.value > 0 else 0,
            "y": index * 44,
        }
        for index, line in enumerate(lines)
    ]


def _placed(number: int, mark: ChartMark, x: float) -> dict[str, Any]:
    # `shift`: pixels by which the number at the edge moves inwards, so that it is not cut off
    shift = 10 if x < 2 else -10 if x > 98 else 0
    return {
        "number": number,
        "day": mark.day,
        "words": mark.words,
        "limit": mark.limit,
        "x": x,
        "shift": shift,
    }


def _percent(part: float, whole: float) -> float:
    return round(100 * part / whole, 3)
