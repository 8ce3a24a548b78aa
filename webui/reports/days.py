"""Dates and periods for reports."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from coordination.calendars import start_of_day


def span_of_a_year(today: date) -> dict[str, date]:
    """The default period of a report: the twelve months up to today."""
    return {"from_on": years_back(today, 1) + timedelta(days=1), "as_of": today}


def known_by(day: date | None, today: date) -> datetime | None:
    """The last instant of a day in Wales; None (all that is known) for no day, and for today and later."""
    if day is None or day >= today:
        return None
    return start_of_day(day + timedelta(days=1)) - timedelta(microseconds=1)


def years_back(day: date, years: int) -> date:
    """The same date so many years earlier."""
    return months_back(day, 12 * years)


def months_back(day: date, months: int) -> date:
    """The same date so many months earlier, or the last day of that month."""
    index = day.year * 12 + day.month - 1 - months
    first = date(index // 12, index % 12 + 1, 1)
    last = (first + timedelta(days=31)).replace(day=1) - timedelta(days=1)
    return first.replace(day=min(day.day, last.day))
