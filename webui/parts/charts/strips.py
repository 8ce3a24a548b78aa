"""A wait as a strip of days: whose they were, and what happened on which."""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum
from typing import Any

import msgspec
from flask_babel import lazy_gettext as _l

from webui.parts.charts.scale import percent_of
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


def strip(stretches: Sequence[ChartPeriod], marks: Sequence[ChartMark] = ()) -> DayStrip:
    """The position of each period and mark, in per cent of the longer of the wait and its last mark."""
    days = sum(stretch.days for stretch in stretches)
    reach = max([days, *(mark.day for mark in marks)], default=0) or 1
    pieces, at = [], 0
    for stretch in stretches:
        if stretch.days > 0:
            x, width = percent_of(at, reach), percent_of(stretch.days, reach)
            middle = percent_of(2 * at + stretch.days, 2 * reach)
            pieces.append(
                {"party": stretch.party, "days": stretch.days, "x": x, "width": width, "middle": middle}
            )
            at += stretch.days
    in_order = enumerate(sorted(marks, key=lambda mark: mark.day), 1)
    placed = [_placed(number, mark, percent_of(mark.day, reach)) for number, mark in in_order]
    by_party = {party: sum(s.days for s in stretches if s.party is party) for party in ChartParty}
    totals = [
        {"party": party, "words": PARTY_WORDS[party], "days": total}
        for party, total in by_party.items()
        if total
    ]
    return DayStrip(days, pieces, placed, totals)


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
