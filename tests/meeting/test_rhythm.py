"""The dates of a series over school terms, holidays and bank holidays."""

from __future__ import annotations

from datetime import date, time, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from coordination.calendars import wales
from coordination.directory.meeting_series import Rhythm
from coordination.directory.organisation import SchoolTerm
from coordination.meeting.rhythm import SeriesDate, series_dates

SPRING = SchoolTerm(
    first_day=date(2026, 1, 5),
    last_day=date(2026, 3, 27),
    closed=tuple(date(2026, 2, 16) + timedelta(days=n) for n in range(5)),
)
SUMMER = SchoolTerm(
    first_day=date(2026, 4, 13),
    last_day=date(2026, 7, 20),
    closed=tuple(date(2026, 5, 25) + timedelta(days=n) for n in range(5)),
)


def rhythm(every: str, weekday: int, week: int = 1) -> Rhythm:
    return Rhythm(every=every, weekday=weekday, week=week, starts_at=time(13, 30), ends_at=time(15))  # type: ignore[arg-type]


def days(*found: SeriesDate) -> list[date]:
    return [one.held_on for one in found if one.skipped is None]


def test_a_recurring_date_in_the_holidays_is_skipped_and_says_so() -> None:
    found = series_dates(rhythm("month", 2, 3), (SPRING,), date(2026, 1, 1), date(2026, 3, 31))
    assert [(one.held_on, one.skipped) for one in found] == [
        (date(2026, 1, 21), None),
        (date(2026, 2, 18), "holidays"),
        (date(2026, 3, 18), None),
    ]
    assert found[1].instead == date(2026, 2, 23)


def test_a_bank_holiday_is_skipped_with_the_next_day_to_choose() -> None:
    [may] = series_dates(rhythm("month", 0, 1), (SUMMER,), date(2026, 5, 1), date(2026, 5, 31))
    assert (may.held_on, may.skipped, may.instead) == (date(2026, 5, 4), "bank_holiday", date(2026, 5, 5))


def test_the_last_day_before_a_closed_week_is_a_date_and_the_first_closed_is_none() -> None:
    friday = series_dates(rhythm("week", 4), (SPRING,), date(2026, 2, 13), date(2026, 2, 13))
    monday = series_dates(rhythm("week", 0), (SPRING,), date(2026, 2, 16), date(2026, 2, 16))
    assert days(*friday) == [date(2026, 2, 13)]
    assert [one.skipped for one in monday] == ["holidays"]


def test_every_two_weeks_counts_from_the_week_of_the_first_day() -> None:
    found = series_dates(rhythm("fortnight", 1), (SPRING,), date(2026, 1, 7), date(2026, 2, 8))
    assert days(*found) == [date(2026, 1, 20), date(2026, 2, 3)]


@pytest.mark.parametrize(
    ("week", "expected"), [(1, date(2026, 1, 1)), (4, date(2026, 1, 22)), (5, date(2026, 1, 29))]
)
def test_the_first_to_the_last_thursday_of_a_month(week: int, expected: date) -> None:
    [found] = series_dates(rhythm("month", 3, week), (), date(2026, 1, 1), date(2026, 1, 31))
    assert found.held_on == expected


def test_the_last_of_a_month_with_four_is_the_fourth() -> None:
    [found] = series_dates(rhythm("month", 0, 5), (), date(2026, 2, 1), date(2026, 2, 28))
    assert found.held_on == date(2026, 2, 23)


def test_once_a_term_is_so_many_weeks_into_each() -> None:
    found = series_dates(rhythm("term", 3, 2), (SPRING, SUMMER), date(2026, 1, 1), date(2026, 7, 31))
    assert days(*found) == [date(2026, 1, 15), date(2026, 4, 23)]


@settings(max_examples=60, deadline=None)
@given(
    every=st.sampled_from(["week", "fortnight", "month", "term"]),
    weekday=st.integers(0, 4),
    week=st.integers(1, 5),
    first=st.dates(date(2025, 12, 1), date(2026, 6, 1)),
    length=st.integers(0, 200),
)
def test_no_date_is_outside_a_term_or_on_a_closed_day_or_bank_holiday(
    every: str, weekday: int, week: int, first: date, length: int
) -> None:
    last = first + timedelta(days=length)
    found = series_dates(rhythm(every, weekday, week), (SPRING, SUMMER), first, last)
    assert [one.held_on for one in found] == sorted({one.held_on for one in found})
    bank = wales().holidays
    for one in found:
        assert first <= one.held_on <= last
        assert one.held_on.weekday() == weekday
        for day in filter(None, (one.held_on if one.skipped is None else None, one.instead)):
            [term] = [t for t in (SPRING, SUMMER) if t.first_day <= day <= t.last_day]
            assert day not in term.closed
            assert day not in bank
            assert day.weekday() < 5
