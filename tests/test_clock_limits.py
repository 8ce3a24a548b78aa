"""When a clock starts and stops, and the last day within its limit."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from coordination.calendars import SchoolDays, Term, _bank_holidays, wales
from coordination.clocks import (
    band_limits,
    clock,
    due_on,
    ordinal,
)
from coordination.errors import Refusal
from coordination.pupil.referral.milestones import ENDING
from coordination.pupil.referral.phase import DatedMilestone
from tests.test_clocks import DAY0, day, histories, standard, steps

# The clock


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ([("acknowledged", 0)], None),
        ([("received", 0)], (0, None, None)),
        ([("received", 0), ("first_contact", 5)], (0, 5, None)),
        ([("first_contact", 0), ("received", 5)], (5, None, None)),
        ([("received", 0), ("received", 3), ("first_contact", 5), ("first_contact", 9)], (0, 5, None)),
        ([("received", 0), ("withdrawn", 5)], (0, None, 5)),
        ([("received", 0), ("withdrawn", 5), ("reopened", 7)], (0, None, None)),
        ([("received", 0), ("withdrawn", 5), ("reopened", 7), ("first_contact", 9)], (0, 9, None)),
        ([("withdrawn", 0), ("reopened", 1), ("received", 2)], (2, None, None)),
        ([("received", 0), ("redirected", 5), ("received", 7), ("first_contact", 9)], (0, 9, None)),
        ([("received", 0), ("recorded_in_error", 5)], None),
        ([("received", 0), ("first_contact", 5), ("recorded_in_error", 9)], None),
        ([("recorded_in_error", 0)], None),
    ],
)
def test_a_clock_starts_and_stops_once_and_is_never_reset(said: list[Any], expected: Any) -> None:
    found = clock(steps(*said), standard())
    if expected is None:
        assert found is None
        return
    assert found is not None
    start, stop, ended = expected
    assert found.start_on == day(start)
    assert found.stop_on == (None if stop is None else day(stop))
    assert found.ended_on == (None if ended is None else day(ended))


def test_the_answer_under_section_21_stops_a_clock_that_had_ended() -> None:
    story = steps(("received", 0), ("declined", 5), ("s21_answer", 9))
    found = clock(story, standard(stop="s21_answer"))
    assert found is not None
    assert (found.stop_on, found.ended_on) == (day(9), None)


def test_an_ending_can_be_what_stops_it() -> None:
    found = clock(steps(("received", 0), ("discharged", 5)), standard(stop="discharged"))
    assert found is not None
    assert (found.stop_on, found.ended_on) == (day(5), None)


@settings(max_examples=200, deadline=None)
@given(ordered=histories)
def test_a_clock_agrees_with_its_steps(ordered: list[DatedMilestone]) -> None:
    found = clock(ordered, standard())
    if found is None:
        wrong = any(s.name == "recorded_in_error" for s in ordered)
        assert wrong or not any(s.name == "received" for s in ordered)
        return
    assert found.start_on == min(s.on for s in ordered if s.name == "received")
    assert found.stop_on is None or found.start_on <= found.stop_on
    assert found.stop_on is None or found.ended_on is None
    if found.ended_on is not None:
        assert any(s.name in ENDING and s.on == found.ended_on for s in ordered)


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
        with pytest.raises(ValueError, match="terms"):
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
    received = steps(("received", 0))
    statutory = clock(received, standard(limit=5, legal_route="s20_nhs"))
    assert statutory is not None
    assert statutory.due_on == day(7)
    in_school_days = clock(received, standard(limit=5, unit="school_days"), TERM)
    assert in_school_days is not None
    assert in_school_days.due_on == due_on(DAY0, 5, "school_days", None, TERM)
