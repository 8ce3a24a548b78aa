"""When a clock starts and stops, and the last day within its limit."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from coordination.calendars import SchoolDays, Term, _bank_holidays, wales
from coordination.clocks import (
    band_limits,
    band_of,
    due_on,
    elapsed,
    ordinal,
    overdue,
)
from coordination.directory.organisation import SchoolTerm
from coordination.errors import Refusal
from tests.clocks.story import DAY0, day, directory, referral, standard, waits

# The last day within a limit

TERM = SchoolDays((Term(date(2025, 1, 6), date(2025, 4, 11)), Term(date(2025, 4, 28), date(2025, 7, 21))))


@pytest.mark.parametrize(
    ("start", "limit", "unit", "expected"),
    [
        (date(2025, 2, 3), 28, "calendar_days", date(2025, 3, 3)),
        (date(2025, 2, 3), 0, "calendar_days", date(2025, 2, 3)),
        (date(2025, 2, 3), 14, "weeks", date(2025, 5, 12)),
        (date(2025, 2, 7), 1, "working_days", date(2025, 2, 10)),
        (date(2025, 4, 16), 2, "working_days", date(2025, 4, 22)),  # Good Friday and Easter Monday between
        (date(2025, 4, 10), 2, "school_days", date(2025, 4, 28)),
    ],
)
def test_the_last_day_within_a_limit(start: date, limit: int, unit: str, expected: date) -> None:
    assert due_on(start, limit, unit, None, TERM) == expected


@pytest.mark.parametrize("route", ["s20_nhs", "s65_request"])
def test_a_statutory_limit_that_ends_on_no_working_day_ends_on_the_next(route: str) -> None:
    """SI 2021/401 regulation 2(4): Saturday to Monday, and over the bank holidays of Christmas."""
    assert due_on(date(2025, 2, 1), 6, "weeks", route) == date(2025, 3, 17)
    assert due_on(date(2025, 2, 1), 6, "weeks", None) == date(2025, 3, 15)
    assert due_on(date(2025, 2, 1), 42, "calendar_days", route) == date(2025, 3, 17)
    assert due_on(date(2025, 11, 13), 6, "weeks", route) == date(2025, 12, 29)
    assert due_on(date(2025, 2, 3), 6, "weeks", route) == date(2025, 3, 17)
    assert due_on(date(2025, 2, 1), 6, "weeks", "service_request") == date(2025, 3, 15)


@settings(max_examples=200, deadline=None)
@given(start=st.dates(date(2015, 1, 1), date(2035, 1, 1)), limit=st.integers(0, 60))
@example(start=date(2025, 12, 24), limit=1)
def test_limits_are_counted_as_ordinals_subtract(start: date, limit: int) -> None:
    """A wait is within its standard exactly when its elapsed days are within the limit."""
    for unit in ("calendar_days", "working_days"):
        due = due_on(start, limit, unit)
        assert ordinal(due, unit) - ordinal(start, unit) == limit
        assert ordinal(due + timedelta(days=7), unit) - ordinal(start, unit) > limit
    assert due_on(start, limit, "weeks") == start + timedelta(days=7 * limit)
    rolled = due_on(start, limit, "weeks", "s20_nhs")
    assert wales().is_working_day(rolled) and rolled >= due_on(start, limit, "weeks")
    between = (
        rolled - timedelta(days=n) for n in range(1, (rolled - due_on(start, limit, "weeks")).days + 1)
    )
    assert all(d.weekday() > 4 or d in _bank_holidays() for d in between)


def test_school_days_need_the_schools_terms() -> None:
    for asked in (lambda: due_on(DAY0, 5, "school_days"), lambda: ordinal(DAY0, "school_days")):
        with pytest.raises(Refusal, match="school_terms_unknown"):
            asked()
    with pytest.raises(Refusal) as refusal:
        due_on(date(2025, 7, 15), 10, "school_days", None, TERM)
    assert refusal.value.code == "school_terms_unknown"
    assert (
        ordinal(date(2025, 4, 28), "school_days", TERM) - ordinal(date(2025, 4, 10), "school_days", TERM) == 2
    )


def test_an_unknown_unit_is_a_mistake_of_the_program() -> None:
    with pytest.raises(ValueError, match="fortnights"):
        due_on(DAY0, 1, "fortnights")


def test_bands_are_in_days() -> None:
    assert band_limits((28, 56), "calendar_days") == (28, 56)
    assert band_limits((14, 26), "weeks") == (98, 182)
    assert band_limits((35,), "school_days") == (35,)


def test_a_clock_is_due_as_its_standard_says() -> None:
    """DAY0 is a Monday: 5 days later is a Saturday, which a statutory limit moves to the Monday after."""
    [statutory] = waits(
        referral(("received", 0)), directory(standard(limit=5, legal_route="service_request"))
    )
    assert statutory.due_on == day(5)
    of_route = standard(limit=5, legal_route="s20_nhs")
    [statutory] = waits(referral(("received", 0), legal_route="s20_nhs"), directory(of_route))
    assert statutory.due_on == day(7)
    terms = [SchoolTerm(first_day=t.first, last_day=t.last) for t in TERM.terms]
    by_term = directory(standard(limit=5, unit="school_days"), terms=terms)
    [in_school_days] = waits(referral(("received", 0)), by_term)
    assert in_school_days.due_on == due_on(DAY0, 5, "school_days", None, TERM)


# Rule 7: days, bands and within agree

FRIDAY = date(2026, 11, 6)


def test_a_wait_that_ends_on_a_weekend_lasts_as_long_as_the_limit_that_it_would_meet() -> None:
    saturday = date(2026, 11, 14)
    assert elapsed(FRIDAY, saturday, "working_days") == 6
    assert elapsed(FRIDAY, date(2026, 11, 13), "working_days") == 5
    assert elapsed(FRIDAY, date(2026, 11, 16), "working_days") == 6
    assert elapsed(FRIDAY, FRIDAY, "working_days") == 0
    assert elapsed(date(2026, 11, 7), date(2026, 11, 8), "working_days") == 1
    assert elapsed(date(2026, 11, 7), date(2026, 11, 7), "working_days") == 0
    assert overdue(due_on(FRIDAY, 5, "working_days"), saturday)
    assert [band_of(FRIDAY, saturday, (2, 5, 10), "working_days")] == [2]
    assert [band_of(FRIDAY, date(2026, 11, 13), (2, 5, 10), "working_days")] == [1]


units = st.sampled_from(["calendar_days", "weeks", "working_days", "school_days"])


@settings(max_examples=300, deadline=None)
@given(
    start=st.dates(TERM.known_from, TERM.known_to),
    days=st.integers(0, 60),
    unit=units,
    limit=st.integers(1, 40),
)
@example(start=date(2025, 2, 7), days=1, unit="working_days", limit=1)
def test_days_bands_and_within_agree(start: date, days: int, unit: str, limit: int) -> None:
    """A wait meets a limit exactly when it does not last longer, whatever the day on which it ends."""
    end = min(start + timedelta(days=days), TERM.known_to)
    allowed = limit * (7 if unit == "weeks" else 1)
    lasted = elapsed(start, end, unit, TERM)
    try:
        late = overdue(due_on(start, limit, unit, None, TERM), end)
    except Refusal:  # the limit lies beyond the terms that are known, and so after the end
        late = False
    assert late == (lasted > allowed)
    assert band_of(start, end, (limit,), unit, None, TERM) == int(late)


@settings(max_examples=200, deadline=None)
@given(
    start=st.dates(date(2024, 1, 1), date(2027, 12, 31)),
    days=st.integers(0, 80),
    bands=st.lists(st.integers(1, 10), min_size=1, max_size=3, unique=True).map(sorted),
    route=st.sampled_from(["s20_nhs", "s65_request"]),
)
def test_under_sections_20_and_65_every_band_ends_on_a_working_day(
    start: date, days: int, bands: list[int], route: str
) -> None:
    end = start + timedelta(days=days)
    passed = [overdue(wales().next_working_day(start + timedelta(weeks=band)), end) for band in bands]
    assert band_of(start, end, bands, "weeks", route) == sum(passed)


def test_a_day_that_cannot_be_counted_is_refused() -> None:
    for start, end in (
        (date(2025, 1, 5), date(2025, 1, 10)),
        (date(2025, 7, 1), date(2025, 7, 22)),
        (date(2025, 7, 22), date(2025, 7, 22)),
    ):
        with pytest.raises(Refusal, match="school_terms_unknown"):
            elapsed(start, end, "school_days", TERM)
    holed = SchoolDays((TERM.terms[0], Term(date(2025, 9, 1), date(2025, 12, 19))))
    with pytest.raises(Refusal, match="terms_missing"):
        elapsed(date(2025, 4, 11), date(2025, 9, 1), "school_days", holed)
    with pytest.raises(Refusal, match="date_out_of_range"):
        due_on(date.max, 28, "calendar_days")
