"""Shares of a school for its governors, as they may be published. Pure.

A share that would be withheld over this school year is counted over more years, until it can be shown; only where the
most years do not suffice is it withheld.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date

import msgspec

from coordination.pupil.ages import school_year
from projections.governors.quantity_words import QuantityWord, quantity_word
from projections.publishing.exact import TOTAL, Column, ExactTable, Percentage
from projections.publishing.published import PublishedRow, publish
from projections.publishing.rule import Figure, PublishingRule

MOST_YEARS = 5
"""Over so many school years a share is counted at most."""
WHOLE = "whole"

Counts = Mapping[str, int]
"""How many, by part: each pupil, piece of support or wait is in exactly one part."""


class SharePart(msgspec.Struct, frozen=True, kw_only=True):
    """A part: `count` and `percent` as they may be published ("c": withheld, "z": of none). `word`: the inspectors'
    word for it; None where there is none or the base is small."""

    part: str
    count: Figure
    percent: Figure
    word: QuantityWord | None


class Share(msgspec.Struct, frozen=True, kw_only=True):
    """A whole and its parts. `years`: over how many school years, this one included; None: on the day of the report.
    `withheld`: something in it could not be shown."""

    name: str
    years: int | None
    whole: Figure
    parts: tuple[SharePart, ...]
    withheld: bool


def since(as_of: date, years: int) -> date:
    """The first day of so many school years, that of the report included."""
    return date(school_year(as_of) - years + 1, 9, 1)


def on_the_day(name: str, counts: Counts, as_of: date, rule: PublishingRule) -> Share:
    """A share of those who are there on the day of the report: no year can be added to it."""
    return _share(name, counts, None, as_of, as_of, rule)


def over_years(name: str, count: Callable[[int], Counts], as_of: date, rule: PublishingRule) -> Share:
    """A share over the fewest school years with which nothing of it is withheld; over MOST_YEARS where none suffices.
    `count` gives the exact counts over so many years."""
    found = None
    for years in range(1, MOST_YEARS + 1):
        found = _share(name, count(years), years, since(as_of, years), as_of, rule)
        if not found.withheld and found.whole != 0:
            break
    assert found is not None
    return found


def _share(
    name: str, counts: Counts, years: int | None, first: date, last: date, rule: PublishingRule
) -> Share:
    row = {WHOLE: sum(counts.values()), **counts}
    table = ExactTable(
        columns=(Column(name=WHOLE, parts=tuple(Column(name=part) for part in counts)),),
        counts={TOTAL: row, name: row},
        percentages=tuple(Percentage(name=f"{part}.percent", part=part, base=WHOLE) for part in counts),
    )
    shown = publish(table, kind="governors", about={"share": name}, first=first, last=last, rule=rule)
    figures = shown.total.figures
    return Share(
        name=name,
        years=years,
        whole=figures[WHOLE],
        parts=tuple(_part(part, shown.total, rule) for part in counts),
        withheld="c" in figures.values(),
    )


def _part(part: str, row: PublishedRow, rule: PublishingRule) -> SharePart:
    count, whole = row.figures[part], row.figures[WHOLE]
    word = None
    if isinstance(count, int) and isinstance(whole, int) and count <= whole:
        word = quantity_word(count, whole, rule.reliable_base)
    return SharePart(part=part, count=count, percent=row.figures[f"{part}.percent"], word=word)
