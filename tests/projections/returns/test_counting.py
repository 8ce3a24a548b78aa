"""The borders of the monthly returns: ages, endings and clocks."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any
from uuid import UUID

import pytest

from projections.returns.counting import ReturnWait, age_group, band_names, counts_of

FIRST, LAST = date(2025, 3, 1), date(2025, 3, 31)


def wait(**more: Any) -> ReturnWait:
    plain = {
        "clock": "first_contact",
        "agency": UUID(int=1),
        "authority": None,
        "start_on": LAST - timedelta(days=27),
        "begins_on": LAST - timedelta(days=27),
        "ended_on": None,
        "ending": None,
        "accepted": False,
        "age_months": 120,
    }
    return ReturnWait(**{**plain, **more})


@pytest.mark.parametrize(("age", "counted"), [(209, 1), (210, 1), (211, 0)])
def test_the_camhs_series_counts_up_to_17_years_and_6_months(age: int, counted: int) -> None:
    found = counts_of("camhs", [wait(age_months=age)], FIRST, LAST)
    assert (found["waiting.count"], found["age_not_known"]) == (counted, 0)


def test_a_wait_without_an_age_is_counted_apart_in_the_camhs_series() -> None:
    found = counts_of("camhs", [wait(age_months=None)], FIRST, LAST)
    assert (found["waiting.count"], found["age_not_known"]) == (0, 1)


@pytest.mark.parametrize(
    ("ending", "accepted", "outcome"),
    [
        (None, False, "not_yet_decided"),
        (None, True, "accepted"),
        ("stopped", False, "accepted"),
        ("declined", True, "rejected"),
        ("passed_on", False, "rejected"),
        ("advice_given", False, "rejected"),
        ("withdrawn", False, "not_yet_decided"),
        ("withdrawn", True, "accepted"),
        ("aged_out", False, "not_yet_decided"),
    ],
)
def test_a_receipt_has_one_outcome(ending: str | None, accepted: bool, outcome: str) -> None:
    one = wait(ending=ending, ended_on=LAST if ending else None, accepted=accepted)
    found = counts_of("neurodevelopment", [one], FIRST, LAST)
    outcomes = ("accepted", "rejected", "not_yet_decided")
    assert {name: found[f"received.{name}"] for name in outcomes} == {
        name: name == outcome for name in outcomes
    }
    assert found["received.count"] == 1


@pytest.mark.parametrize(("day", "counted"), [(FIRST - timedelta(days=1), 0), (FIRST, 1), (LAST, 1)])
def test_only_what_was_received_in_the_month_is_received(day: date, counted: int) -> None:
    assert counts_of("neurodevelopment", [wait(begins_on=day)], FIRST, LAST)["received.count"] == counted


@pytest.mark.parametrize(("day", "counted"), [(FIRST - timedelta(days=1), 0), (FIRST, 1), (LAST, 1)])
def test_only_what_stopped_in_the_month_is_an_intervention(day: date, counted: int) -> None:
    one = wait(clock="treatment_started", start_on=date(2025, 1, 1), ended_on=day, ending="stopped")
    found = counts_of("primary_mental_health", [one, wait(clock="assessed")], FIRST, LAST)
    assert (found["interventions.count"], found["assessments.count"]) == (counted, 0)


def test_bands_follow_each_other() -> None:
    assert band_names((28, 56)) == ["up_to_28_days", "29_to_56_days", "57_days_and_over"]


@pytest.mark.parametrize(("age", "group"), [(None, "not_recorded"), (215, "under_18"), (216, "18_and_over")])
def test_the_age_group_at_receipt(age: int | None, group: str) -> None:
    assert age_group(wait(age_months=age)) == group
