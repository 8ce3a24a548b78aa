from __future__ import annotations

import time
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from coordination.calendars import (
    Hole,
    SchoolDays,
    Term,
    WorkingDays,
    _bank_holidays,
    local_date,
    start_of_day,
    wales,
)
from coordination.errors import Refusal

days = st.dates(date(1978, 1, 1), date(2099, 12, 31))
any_days = st.dates(date(1900, 1, 1), date(2200, 12, 31))

TERMS = (
    Term(date(2025, 9, 1), date(2025, 10, 24), closed=(date(2025, 9, 1),)),
    Term(date(2025, 11, 3), date(2025, 12, 19)),
    Term(date(2026, 1, 5), date(2026, 3, 27), closed=tuple(date(2026, 2, d) for d in range(16, 21))),
    Term(date(2026, 4, 13), date(2026, 7, 20)),
)
SCHOOL = SchoolDays(TERMS)
school_days = st.dates(SCHOOL.known_from, SCHOOL.known_to)


def counted(calendar: WorkingDays | SchoolDays, a: date, b: date) -> int:
    """The definition, walked a day at a time."""
    return sum(calendar.is_working_day(a + timedelta(days=n)) for n in range(1, (b - a).days + 1))


@settings(deadline=None)
@given(days, st.integers(0, 400))
def test_the_difference_of_ordinals_is_the_days_after_a_up_to_b(a: date, span: int) -> None:
    b = a + timedelta(days=span)
    assert wales().ordinal(b) - wales().ordinal(a) == counted(wales(), a, b)


@settings(deadline=None)
@given(any_days, st.integers(-3000, 3000))
def test_subtracting_inverts_adding(day: date, n: int) -> None:
    end = wales().add(day, n)
    assert wales().ordinal(end) - wales().ordinal(day) == n
    assert n == 0 or wales().is_working_day(end)


@settings(deadline=None)
@given(any_days, any_days)
def test_ordinals_never_go_back(a: date, b: date) -> None:
    assert (a <= b) <= (wales().ordinal(a) <= wales().ordinal(b))


@settings(deadline=None)
@given(any_days)
def test_a_weekend_and_a_bank_holiday_never_count(day: date) -> None:
    step = wales().ordinal(day) - wales().ordinal(day - timedelta(days=1))
    assert step == wales().is_working_day(day)
    if day.weekday() >= 5 or day in _bank_holidays():
        assert step == 0


@settings(deadline=None)
@given(any_days)
def test_the_next_working_day_is_the_same_day_or_the_first_after(day: date) -> None:
    following = wales().next_working_day(day)
    assert wales().is_working_day(following) and following >= day
    assert counted(wales(), day - timedelta(days=1), following) == 1


@pytest.mark.parametrize("edge", [date(1977, 12, 31), date(2099, 12, 31)])
def test_the_table_joins_the_weekends_on_either_side(edge: date) -> None:
    a, b = edge - timedelta(days=40), edge + timedelta(days=40)
    assert wales().ordinal(b) - wales().ordinal(a) == counted(wales(), a, b)


def test_days_known_to_be_holidays_in_wales() -> None:
    assert not wales().is_working_day(date(2025, 4, 21)), "Easter Monday"
    assert not wales().is_working_day(date(2022, 9, 19)), "the funeral of Queen Elizabeth II"
    assert not wales().is_working_day(date(2022, 6, 2)) and wales().is_working_day(date(2022, 5, 30))
    assert wales().is_working_day(date(2025, 3, 17)), "St Patrick's day is not one here"
    assert wales().add(date(2025, 12, 24), 1) == date(2025, 12, 29)


def test_the_rules_give_what_was_published() -> None:
    """Over the years that have a published list and no one-off day, the computed list is the same."""
    from coordination import calendars

    one_off = {2012, 2020, 2022, 2023}
    published = calendars._published()
    for year in sorted({day.year for day in published} - one_off):
        assert calendars._by_rule(year) == {day for day in published if day.year == year}


@pytest.mark.parametrize(
    ("day", "works"),
    [
        (date(2002, 5, 27), True),
        (date(2002, 6, 3), False),
        (date(2002, 6, 4), False),
        (date(1995, 5, 1), True),
        (date(1995, 5, 8), False),
        (date(2011, 4, 29), False),
        (date(1999, 12, 31), False),
        (date(2004, 12, 27), False),
        (date(2004, 12, 28), False),
        (date(2005, 1, 3), False),
        (date(2038, 4, 26), False),  # the latest Easter Monday there is
    ],
)
def test_years_without_a_published_list(day: date, works: bool) -> None:
    assert wales().is_working_day(day) is works


def test_what_is_known_is_said() -> None:
    assert wales().basis(date(2026, 5, 1)) == "published"
    assert wales().basis(date(2005, 5, 1)) == "computed"
    assert wales().basis(date(2031, 5, 1)) == "computed"
    assert wales().basis(date(1950, 12, 25)) == "weekends_only"
    assert wales().is_working_day(date(1950, 12, 25))


def test_the_end_of_time_is_refused() -> None:
    with pytest.raises(Refusal, match="date_out_of_range"):
        wales().add(date(9999, 12, 30), 50)
    with pytest.raises(Refusal, match="date_out_of_range"):
        wales().add(date(1, 1, 5), -50)


def test_it_is_fast_and_hashable() -> None:
    day = date(2024, 1, 1)
    started = time.perf_counter()
    for _ in range(50_000):
        wales().ordinal(day)
    assert 50_000 / (time.perf_counter() - started) > 200_000
    assert hash(wales()) == hash(WorkingDays(wales().holidays))
    assert {SCHOOL: 1}[SchoolDays(tuple(reversed(TERMS)))] == 1


# School days


@settings(deadline=None)
@given(school_days, school_days)
def test_school_days_subtract(a: date, b: date) -> None:
    a, b = min(a, b), max(a, b)
    assert SCHOOL.ordinal(b) - SCHOOL.ordinal(a) == counted(SCHOOL, a, b)


@settings(deadline=None)
@given(school_days, st.integers(-60, 60))
def test_adding_school_days_inverts_or_is_refused(day: date, n: int) -> None:
    try:
        end = SCHOOL.add(day, n)
    except Refusal as refused:
        assert refused.code == "school_terms_unknown"
        assert refused.facts == {"known_from": date(2025, 9, 1), "known_to": date(2026, 7, 20)}
    else:
        assert SCHOOL.ordinal(end) - SCHOOL.ordinal(day) == n


@settings(deadline=None)
@given(school_days)
def test_a_school_day_is_a_working_day(day: date) -> None:
    assert SCHOOL.is_working_day(day) <= wales().is_working_day(day)


def test_holidays_training_days_and_bank_holidays_are_not_school_days() -> None:
    assert not SCHOOL.is_working_day(date(2025, 9, 1)), "a training day"
    assert SCHOOL.is_working_day(date(2025, 9, 2))
    assert not SCHOOL.is_working_day(date(2025, 10, 28)), "half term, between two terms"
    assert not SCHOOL.is_working_day(date(2026, 2, 18)), "half term, listed as closed"
    assert not SCHOOL.is_working_day(date(2026, 5, 4)), "the early May bank holiday"
    assert SCHOOL.next_working_day(date(2025, 12, 20)) == date(2026, 1, 5)
    assert SCHOOL.ordinal(date(2026, 1, 5)) - SCHOOL.ordinal(date(2025, 12, 19)) == 1


@pytest.mark.parametrize("day", [date(2025, 8, 31), date(2026, 7, 21)])
def test_outside_the_known_terms_nothing_is_guessed(day: date) -> None:
    for question in (SCHOOL.ordinal, SCHOOL.is_working_day, SCHOOL.next_working_day):
        with pytest.raises(Refusal, match="school_terms_unknown"):
            question(day)


def test_terms_that_cannot_be() -> None:
    with pytest.raises(Refusal, match="school_terms_unknown"):
        SchoolDays(())
    with pytest.raises(Refusal, match="terms_overlap"):
        SchoolDays((TERMS[0], Term(date(2025, 10, 24), date(2025, 11, 2))))
    with pytest.raises(Refusal, match="term_ends_before_it_starts"):
        Term(date(2025, 10, 24), date(2025, 9, 1))


def test_a_hole_costs_only_the_counts_that_fall_into_it() -> None:
    first, last = Term(date(2025, 9, 1), date(2025, 9, 30)), Term(date(2025, 12, 10), date(2025, 12, 19))
    edge = SchoolDays((first, Term(date(2025, 12, 9), date(2025, 12, 19))))
    assert edge.holes == ()  # 70 calendar days
    days = SchoolDays((first, last))
    assert days.holes == (Hole(date(2025, 9, 30), date(2025, 12, 10)),)
    assert days.ordinal(date(2025, 9, 30)) - days.ordinal(date(2025, 9, 1)) == 21
    assert days.add(date(2025, 12, 10), 3) == date(2025, 12, 15)
    assert days.next_working_day(date(2025, 12, 13)) == date(2025, 12, 15)
    assert days.is_working_day(date(2025, 12, 10))
    for question in (
        lambda: days.ordinal(date(2025, 10, 1)),
        lambda: days.ordinal(date(2025, 12, 9)),
        lambda: days.add(date(2025, 9, 29), 2),
        lambda: days.add(date(2025, 12, 10), -1),
        lambda: days.require_counted(date(2025, 9, 30), date(2025, 12, 10)),
    ):
        with pytest.raises(Refusal, match="terms_missing"):
            question()
    days.require_counted(date(2025, 9, 1), date(2025, 9, 30))
    days.require_counted(date(2025, 12, 10), date(2025, 12, 19))
    assert [days.counted_since(on) for on in (first.first, first.last, last.first, last.last)] == [
        first.first, first.first, last.first, last.first,
    ]  # fmt: skip
    outside = (first.first - date.resolution, date(2025, 10, 1), date(2025, 12, 9), date(2025, 12, 20))
    assert [days.counted_since(on) for on in outside] == [None] * 4
    assert SchoolDays((first, last), longest_break=71).holes == ()


# Instants


def test_the_date_in_wales() -> None:
    assert local_date(datetime(2026, 6, 30, 23, 30, tzinfo=UTC)) == date(2026, 7, 1)
    assert local_date(datetime(2026, 12, 31, 23, 30, tzinfo=UTC)) == date(2026, 12, 31)
    with pytest.raises(ValueError, match="time zone"):
        local_date(datetime(2026, 6, 30, 23, 30))  # noqa: DTZ001 - that is the point


@settings(deadline=None)
@given(st.dates(date(1980, 1, 1), date(2090, 1, 1)))
def test_a_day_starts_when_its_date_begins(day: date) -> None:
    start = start_of_day(day)
    assert local_date(start) == day
    assert local_date(start - timedelta(seconds=1)) == day - timedelta(days=1)
