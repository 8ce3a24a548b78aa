"""The dates of a series: its rhythm over school terms, without holidays, closed days and bank holidays. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from typing import Literal, assert_never
from uuid import UUID

import msgspec

from coordination.calendars import wales
from coordination.directory.meeting_series import Rhythm
from coordination.directory.organisation import SchoolTerm
from coordination.directory.state import Directory

DAY, WEEK = timedelta(days=1), timedelta(weeks=1)
LAST_WEEK = 5
Skipped = Literal["bank_holiday", "holidays"]


class SeriesDate(msgspec.Struct, frozen=True, kw_only=True):
    """A date of the rhythm. `skipped`: why no meeting can be on it; `instead` is then the next day of that month on
    which one can, for a person to choose (None: there is none)."""

    held_on: date
    skipped: Skipped | None = None
    instead: date | None = None


def meets_on(directory: Directory, organisation: UUID, on: date) -> bool:
    """Whether a school, or an authority with its schools, can meet on a day: a school day of its terms that is no bank
    holiday; a working day where no term dates are known."""
    return _skipped(directory.school_terms(organisation), on) is None


def series_dates(
    rhythm: Rhythm, terms: Sequence[SchoolTerm], first: date, last: date
) -> tuple[SeriesDate, ...]:
    """The dates of a rhythm between two days, both included; those on which no meeting can be say why. Every second
    week is counted from the Monday of the week of `first`."""
    return tuple(
        SeriesDate(held_on=on, skipped=why, instead=_instead(terms, on, last) if why else None)
        for on in _of_rhythm(rhythm, terms, first, last)
        for why in [_skipped(terms, on)]
    )


def _skipped(terms: Sequence[SchoolTerm], on: date) -> Skipped | None:
    if on.weekday() < 5 and not wales().is_working_day(on):
        return "bank_holiday"
    in_term = not terms or any(t.first_day <= on <= t.last_day and on not in t.closed for t in terms)
    return None if in_term and wales().is_working_day(on) else "holidays"


def _instead(terms: Sequence[SchoolTerm], on: date, last: date) -> date | None:
    day = on + DAY
    while day <= last and day.month == on.month:
        if _skipped(terms, day) is None:
            return day
        day += DAY
    return None


def _of_rhythm(rhythm: Rhythm, terms: Sequence[SchoolTerm], first: date, last: date) -> Iterator[date]:
    match rhythm.every:
        case "week" | "fortnight":
            step = WEEK if rhythm.every == "week" else 2 * WEEK
            on = first - timedelta(days=first.weekday()) + timedelta(days=rhythm.weekday)
            while on <= last:
                if on >= first:
                    yield on
                on += step
        case "month":
            month = first.replace(day=1)
            while month <= last:
                on = _weekday_of_month(month, rhythm)
                if first <= on <= last:
                    yield on
                month = (month + timedelta(days=32)).replace(day=1)
        case "term":
            for term in terms:
                ahead = (rhythm.weekday - term.first_day.weekday()) % 7
                on = term.first_day + timedelta(days=ahead) + (rhythm.week - 1) * WEEK
                if first <= on <= last and on <= term.last_day:
                    yield on
        case _:
            assert_never(rhythm.every)


def _weekday_of_month(month: date, rhythm: Rhythm) -> date:
    """The first to fourth such weekday of a month, or (5) its last."""
    on = month + timedelta(days=(rhythm.weekday - month.weekday()) % 7) + (rhythm.week - 1) * WEEK
    return on if on.month == month.month else on - WEEK
