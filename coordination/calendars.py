"""Working days and school days as ordinals that subtract.

`days.ordinal(b) - days.ordinal(a)` is the number of counted days after `a` up to and including `b`: the day
on which something happened is day 0, as the limits in the regulations count. Everything here is pure;
the tables are built once and a look-up is an index.

Which bank holidays a working day knows about, by date (`WorkingDays.basis` says it for one day):

* `published`: 2012 to 2028, the GOV.UK list for England and Wales as it came with the govuk-bank-holidays
  package (a later release of the package extends it). Only the offline copy is used, never the network.
* `computed`: the rest of 1978 to 2099, by rule (Banking and Financial Dealings Act 1971, schedule 1; the
  first Monday in May and New Year's Day as proclaimed since 1978; substitute days as they have been
  proclaimed), with the one-off days of 1978 to 2011. One-off days after the list ends cannot be known yet.
* `weekends_only`: any earlier or later date. Saturdays and Sundays do not count; no bank holiday is known.
"""

from __future__ import annotations

from array import array
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from functools import cache
from itertools import pairwise
from typing import Literal
from zoneinfo import ZoneInfo

from coordination.errors import Refusal

LONDON = ZoneInfo("Europe/London")
COMPUTED_FROM = date(1978, 1, 1)
COMPUTED_TO = date(2099, 12, 31)
LONGEST_BREAK = 70
"""Calendar days between two terms beyond which a term is taken to be missing (a summer is about 45)."""

Basis = Literal["published", "computed", "weekends_only"]


def local_date(instant: datetime) -> date:
    """The date in Wales at an instant. Raises ValueError for an `instant` without a time zone."""
    if instant.tzinfo is None:
        raise ValueError("an instant without a time zone")
    return instant.astimezone(LONDON).date()


def start_of_day(day: date) -> datetime:
    """The instant (UTC) at which a date begins in Wales."""
    return datetime(day.year, day.month, day.day, tzinfo=LONDON).astimezone(UTC)


class _Table:
    """For each day from `first`, how many counted days there were up to it, and the counted days in order."""

    __slots__ = ("counts", "days", "first", "origin")

    def __init__(self, first: int, last: int, origin: int, counted: Iterable[int]) -> None:
        """`first`, `last` and `counted` are proleptic ordinals; `origin` is the count before `first`."""
        self.first = first
        self.origin = origin
        self.days = array("l", sorted(counted))
        self.counts = array("l", bytes(array("l").itemsize * (last - first + 1)))
        marks = set(self.days)
        count = origin
        for day in range(first, last + 1):
            count += day in marks
            self.counts[day - first] = count


def _weekdays_to(day: int) -> int:
    """Mondays to Fridays up to and including a proleptic ordinal (ordinal 1 was a Monday)."""
    weeks, rest = divmod(day, 7)
    return 5 * weeks + min(rest, 5)


def _weekday_numbered(count: int) -> int:
    """The proleptic ordinal of the `count`th Monday-to-Friday: the inverse of `_weekdays_to`."""
    weeks, rest = divmod(count - 1, 5)
    return 7 * weeks + rest + 1


@dataclass(frozen=True, slots=True)
class WorkingDays:
    """Mondays to Fridays that are not in `holidays`. Hashable; equal when the holidays are equal."""

    holidays: frozenset[date]
    _table: _Table = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        first, last = COMPUTED_FROM.toordinal(), COMPUTED_TO.toordinal()
        off = {holiday.toordinal() for holiday in self.holidays}
        counted = (day for day in range(first, last + 1) if (day - 1) % 7 < 5 and day not in off)
        object.__setattr__(self, "_table", _Table(first, last, _weekdays_to(first - 1), counted))

    def ordinal(self, day: date) -> int:
        """Working days up to and including `day`, from a fixed origin; defined for every date."""
        table = self._table
        index = day.toordinal() - table.first
        if 0 <= index < len(table.counts):
            return table.counts[index]
        if index < 0:
            return _weekdays_to(day.toordinal())
        return table.counts[-1] + _weekdays_to(day.toordinal()) - _weekdays_to(COMPUTED_TO.toordinal())

    def add(self, day: date, days: int) -> date:
        """The working day `days` working days from `day`; `day` itself for 0.

        `ordinal(add(day, n)) == ordinal(day) + n` always. Counted back from a Saturday, one working day is
        Thursday: Friday is the last working day up to it. Raises Refusal `date_out_of_range` past the year 9999.
        """
        if days == 0:
            return day
        table = self._table
        target = self.ordinal(day) + days
        index = target - table.origin - 1
        if 0 <= index < len(table.days):
            return date.fromordinal(table.days[index])
        if index >= 0:
            target += _weekdays_to(COMPUTED_TO.toordinal()) - table.counts[-1]
        try:
            return date.fromordinal(_weekday_numbered(target))
        except (ValueError, OverflowError):
            raise Refusal("date_out_of_range", days=days) from None

    def is_working_day(self, day: date) -> bool:
        """Not a Saturday, not a Sunday, not a known bank holiday."""
        return day.weekday() < 5 and day not in self.holidays

    def next_working_day(self, day: date) -> date:
        """`day` if it is a working day, otherwise the first working day after it."""
        return day if self.is_working_day(day) else self.add(day, 1)

    def basis(self, day: date) -> Basis:
        """What is known about bank holidays on that day (see the top of this module)."""
        published = _published()
        if published and published[0].year <= day.year <= published[-1].year:
            return "published"
        return "computed" if COMPUTED_FROM <= day <= COMPUTED_TO else "weekends_only"


@dataclass(frozen=True, slots=True)
class Term:
    """A term or half term: its first and last day, and the days in it on which pupils are not taught.

    `closed` holds training days (INSET), a half term not given as two terms, and emergency closures. Weekends
    and bank holidays need not be listed. Raises Refusal `term_ends_before_it_starts`.
    """

    first: date
    last: date
    closed: tuple[date, ...] = ()

    def __post_init__(self) -> None:
        if self.last < self.first:
            raise Refusal("term_ends_before_it_starts", field="last", first=self.first, last=self.last)


@dataclass(frozen=True, slots=True)
class Hole:
    """The days after the last day of one term (`after`) and before the first of the next (`before`), so many that a
    term is taken to be missing."""

    after: date
    before: date

    def refusal(self) -> Refusal:
        """That a count would touch it: `terms_missing`."""
        return Refusal("terms_missing", after=self.after, before=self.before)


def holes(terms: Iterable[Term], longest_break: int = LONGEST_BREAK) -> tuple[Hole, ...]:
    """The holes between terms, in order: more than `longest_break` calendar days from the last day of one to the first
    of the next."""
    ordered = sorted(terms, key=lambda term: term.first)
    return tuple(
        Hole(before.last, after.first)
        for before, after in pairwise(ordered)
        if (after.first - before.last).days > longest_break
    )


@dataclass(frozen=True, slots=True)
class SchoolDays:
    """Days on which pupils are taught, in the terms known. The same interface as `WorkingDays`.

    A date in a holiday between two known terms is fine. A date before the first or after the last is not: how
    many school days lie beyond is unknown, so it is refused with `school_terms_unknown` with the range known. More
    than `longest_break` calendar days between two terms are a hole, where a term is taken to be missing: a date in it,
    and counting across it, is refused with `terms_missing`. Ordinals on the two sides of a hole do not subtract
    (`require_counted` says so). Making one refuses `school_terms_unknown` (no terms) and `terms_overlap`.
    """

    terms: tuple[Term, ...]
    longest_break: int = LONGEST_BREAK
    holes: tuple[Hole, ...] = field(init=False, repr=False, compare=False)
    _table: _Table = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        terms = tuple(sorted(self.terms, key=lambda term: term.first))
        object.__setattr__(self, "terms", terms)
        if not terms:
            raise Refusal("school_terms_unknown")
        for before, after in pairwise(terms):
            if after.first <= before.last:
                raise Refusal("terms_overlap", first=after.first, last=before.last)
        object.__setattr__(self, "holes", holes(terms, self.longest_break))
        wales_days = wales()
        counted = {
            day
            for term in terms
            for day in range(term.first.toordinal(), term.last.toordinal() + 1)
            if wales_days.is_working_day(date.fromordinal(day))
        } - {day.toordinal() for term in terms for day in term.closed}
        table = _Table(terms[0].first.toordinal(), terms[-1].last.toordinal(), 0, counted)
        object.__setattr__(self, "_table", table)

    @property
    def known_from(self) -> date:
        """The first day of the first known term."""
        return self.terms[0].first

    @property
    def known_to(self) -> date:
        """The last day of the last known term."""
        return self.terms[-1].last

    def _unknown(self) -> Refusal:
        return Refusal("school_terms_unknown", known_from=self.known_from, known_to=self.known_to)

    def require_counted(self, first: date, last: date) -> None:
        """Raises Refusal `school_terms_unknown` or `terms_missing` unless every day from one to another is known to be
        a school day or none."""
        if first < self.known_from or last > self.known_to:
            raise self._unknown()
        for hole in self.holes:
            if first < hole.before and last > hole.after:
                raise hole.refusal()

    def counted_since(self, day: date) -> date | None:
        """The first day from which on every day up to this one is known to be a school day or none; None where this day
        is not known itself."""
        if not self.known_from <= day <= self.known_to:
            return None
        since = self.known_from
        for hole in self.holes:
            if hole.after < day < hole.before:
                return None
            since = hole.before if hole.before <= day else since
        return since

    def ordinal(self, day: date) -> int:
        """School days up to and including `day`, from the start of the first known term."""
        table = self._table
        index = day.toordinal() - table.first
        if not 0 <= index < len(table.counts):
            raise self._unknown()
        if self.holes:
            self.require_counted(day, day)
        return table.counts[index]

    def add(self, day: date, days: int) -> date:
        """The school day `days` school days from `day`; `day` itself for 0."""
        count = self.ordinal(day)
        if days == 0:
            return day
        index = count + days - 1
        if not 0 <= index < len(self._table.days):
            raise self._unknown()
        found = date.fromordinal(self._table.days[index])
        if self.holes:
            self.require_counted(min(day, found), max(day, found))
        return found

    def is_working_day(self, day: date) -> bool:
        """Whether pupils are taught on that day."""
        count, index = self.ordinal(day), day.toordinal() - self._table.first
        return count > (self._table.counts[index - 1] if index else 0)

    def next_working_day(self, day: date) -> date:
        """`day` if pupils are taught on it, otherwise the next day on which they are."""
        return day if self.is_working_day(day) else self.add(day, 1)


# Bank holidays of England and Wales


@cache
def wales() -> WorkingDays:
    """The working days of Wales."""
    return WorkingDays(_bank_holidays())


@cache
def _published() -> tuple[date, ...]:
    """The days of the offline copy, in order."""
    # imported here: the package imports an HTTP client that nothing else needs
    from govuk_bank_holidays.bank_holidays import BankHolidays

    found = BankHolidays(use_cached_holidays=True).get_holidays(division=BankHolidays.ENGLAND_AND_WALES)
    return tuple(sorted(one["date"] for one in found))


@cache
def _bank_holidays() -> frozenset[date]:
    """Every bank holiday known from 1978 to 2099."""
    published = _published()
    years = {day.year for day in published}
    computed = (
        _by_rule(year) for year in range(COMPUTED_FROM.year, COMPUTED_TO.year + 1) if year not in years
    )
    return frozenset(published).union(*computed)


_PROCLAIMED = {
    date(1981, 7, 29),  # a royal wedding
    date(1995, 5, 8),  # VE Day: the early May bank holiday was moved to it
    date(1999, 12, 31),  # the millennium
    date(2002, 6, 3),  # the Golden Jubilee
    date(2002, 6, 4),  # the spring bank holiday, moved to it
    date(2011, 4, 29),  # a royal wedding
}
"""One-off days before the published list begins (royal proclamations)."""

_MOVED = {date(1995, 5, 1), date(2002, 5, 27)}
"""The days the rule would give in those years, and which were moved."""


def _by_rule(year: int) -> set[date]:
    """The bank holidays of a year by rule, substitute days included."""
    easter = _easter(year)
    days = {
        _from_weekend(date(year, 1, 1)),
        easter - timedelta(days=2),
        easter + timedelta(days=1),
        _monday(date(year, 5, 1)),
        _monday(date(year, 5, 25)),
        _monday(date(year, 8, 25)),
    }
    christmas, boxing = date(year, 12, 25), date(year, 12, 26)
    if christmas.weekday() == 6:  # Boxing Day is on its own day, Christmas Day moves past it
        days |= {boxing, date(year, 12, 27)}
    elif christmas.weekday() == 5:
        days |= {date(year, 12, 27), date(year, 12, 28)}
    else:
        days |= {christmas, _from_weekend(boxing)}
    return (days - _MOVED) | {day for day in _PROCLAIMED if day.year == year}


def _from_weekend(day: date) -> date:
    """The day itself, or the Monday after a Saturday or Sunday."""
    return day if day.weekday() < 5 else _monday(day)


def _monday(day: date) -> date:
    """The first Monday on or after a day."""
    return day + timedelta(days=-day.weekday() % 7)


def _easter(year: int) -> date:
    """Easter Sunday in the Gregorian calendar (the algorithm of Meeus, Jones and Butcher)."""
    a, (b, c) = year % 19, divmod(year, 100)
    d, e = divmod(b, 4)
    g = (8 * b + 13) // 25
    h = (19 * a + b - d - g + 15) % 30
    i, k = divmod(c, 4)
    r = (32 + 2 * e + 2 * i - h - k) % 7
    m = (a + 11 * h + 22 * r) // 451
    month, day = divmod(h + r - 7 * m + 114, 31)
    return date(year, month, day + 1)
