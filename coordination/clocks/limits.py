"""Elapsed days against a limit: the last day within it, days in the unit of a standard, and bands.

The day on which a clock starts is day 0. Days are counted so that a wait meets a limit exactly when it ends by the last
day within that limit: in working and school days it lasts as many days as the smallest limit that it would meet (from a
Friday to the Saturday of the next week: 6). So "within", days and bands agree.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from functools import lru_cache

from coordination.calendars import SchoolDays, WorkingDays, wales
from coordination.errors import Refusal

ROUTES_TO_A_WORKING_DAY = frozenset({"s20_nhs", "s65_request"})
"""A limit or band under these sections of the ALN Act that ends on no working day ends on the next one (SI 2021/401
regs 2(4), 11, 31)."""

_LAST = date.max.toordinal() - 14
"""Up to which a next working day is still in the calendar."""


def days_left(due_on: date, on: date) -> int:
    """Calendar days from a day to the last permitted day: 0 on that day, negative once it has passed."""
    return (due_on - on).days


def overdue(due_on: date | None, on: date) -> bool:
    """Whether the last permitted day has passed on a day; False where there is no last day. The same definition for SQL
    is `projections.overdue`."""
    return due_on is not None and days_left(due_on, on) < 0


@lru_cache(maxsize=16384)
def due_on(
    start: date, limit: int, unit: str, legal_route: str | None = None, school_days: SchoolDays | None = None
) -> date:
    """The last day within a limit that began to run on `start` (day 0).

    Units: calendar_days, weeks, working_days, school_days. Under section 20 and section 65 of the ALN Act a limit
    that ends on no working day ends on the next one (SI 2021/401 reg 2(4)). School days need the school's terms:
    Refusal `school_terms_unknown` or `terms_missing` where they are not known that far.
    """
    calendar: WorkingDays = wales()
    match unit:
        case "calendar_days" | "weeks":
            days = limit * (7 if unit == "weeks" else 1)
            if start.toordinal() + days > _LAST:
                raise Refusal("date_out_of_range", days=days)
            due = start + timedelta(days=days)
            return calendar.next_working_day(due) if legal_route in ROUTES_TO_A_WORKING_DAY else due
        case "working_days":
            return calendar.add(start, limit)
        case "school_days":
            return _of_school(school_days).add(start, limit)
        case _:
            raise ValueError(unit)


def ordinal(day: date, unit: str, school_days: SchoolDays | None = None) -> int:
    """A number for a day: the difference between two days' numbers is the days counted after the first up to and
    including the second: calendar days for calendar_days and weeks, otherwise working or school days.

    Raises Refusal `school_terms_unknown` or `terms_missing` for a day that cannot be counted.
    """
    if unit == "working_days":
        return wales().ordinal(day)
    if unit == "school_days":
        return _of_school(school_days).ordinal(day)
    return day.toordinal()


def end_ordinal(start: date, end: date, unit: str, school_days: SchoolDays | None = None) -> int:
    """The number of the day on which a wait that began on `start` ends: less `ordinal(start)` it is `elapsed`.

    Raises Refusal `school_terms_unknown` or `terms_missing` where a day from the first to the last cannot be counted.
    """
    if unit == "school_days":
        _of_school(school_days).require_counted(start, end)
    if end <= start:
        return ordinal(end, unit, school_days)
    return ordinal(end - date.resolution, unit, school_days) + 1


def elapsed(start: date, end: date, unit: str, school_days: SchoolDays | None = None) -> int:
    """Days of a wait from a day to another in a unit (of weeks: calendar days): the smallest limit that it would meet,
    0 when it ends on the day it began. Raises Refusal as `end_ordinal`."""
    return end_ordinal(start, end, unit, school_days) - ordinal(start, unit, school_days)


def band_limits(bands: Sequence[int], unit: str) -> tuple[int, ...]:
    """Upper limits of the bands in days: weeks become calendar days."""
    return tuple(b * 7 for b in bands) if unit == "weeks" else tuple(bands)


def band_of(
    start: date,
    end: date,
    bands: Sequence[int],
    unit: str,
    legal_route: str | None = None,
    school_days: SchoolDays | None = None,
) -> int:
    """The index of the band into which a wait falls: as many upper limits as it has passed.

    Under sections 20 and 65 a band ends on the next working day, as the limit does. Raises Refusal as `end_ordinal`.
    """
    if legal_route in ROUTES_TO_A_WORKING_DAY and unit in ("calendar_days", "weeks"):
        return sum(1 for band in bands if end > due_on(start, band, unit, legal_route))
    days = elapsed(start, end, unit, school_days)
    return sum(1 for limit in band_limits(bands, unit) if days > limit)


def _of_school(school_days: SchoolDays | None) -> SchoolDays:
    if school_days is None:
        raise Refusal("school_terms_unknown")
    return school_days
