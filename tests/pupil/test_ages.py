"""Year groups and ages: on the day and the day after."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given as for_all
from hypothesis import settings
from hypothesis import strategies as st

from coordination.pupil.ages import (
    AFTER,
    AHEAD,
    AgePoint,
    age_points,
    age_points_near,
    anniversary,
    end_of_compulsory_school_age,
    year_group,
    year_on,
)

DAY = timedelta(days=1)


@pytest.mark.parametrize(
    ("born", "on", "year"),
    [
        ("2012-03-04", "2026-08-31", 9),
        ("2012-03-04", "2026-09-01", 10),
        ("2011-09-01", "2026-09-01", 10),
        ("2011-08-31", "2026-09-01", 11),
        ("2022-08-31", "2026-09-01", 0),
        ("2024-08-31", "2026-09-01", -2),
        ("2024-09-01", "2026-09-01", None),
        ("2007-09-01", "2026-09-01", 14),
        ("2007-08-31", "2026-09-01", None),
    ],
)
def test_year_groups_change_on_the_first_of_september(born: str, on: str, year: int | None) -> None:
    assert year_group(date.fromisoformat(born), date.fromisoformat(on)) == year


def test_a_recorded_year_goes_on_with_the_school_years() -> None:
    recorded = date(2024, 9, 10)
    assert [year_on(9, recorded, date(y, 9, 1)) for y in (2024, 2025, 2029, 2030)] == [9, 10, 14, None]
    assert year_on(9, recorded, date(2025, 8, 31)) == 9
    assert year_on(None, recorded, recorded) is None


@settings(max_examples=200)
@for_all(st.dates(date(1999, 1, 1), date(2024, 1, 1)), st.dates(date(2024, 9, 1), date(2040, 1, 1)))
def test_a_year_derived_once_and_carried_on_is_the_year_derived_later(born: date, later: date) -> None:
    first = date(2024, 9, 1)
    derived = year_group(born, first)
    if derived is not None:
        assert year_on(derived, first, later) == year_group(born, later)


@pytest.mark.parametrize(
    ("born", "leaves"),
    [
        ("2009-09-01", "2026-06-26"),
        ("2010-08-31", "2026-06-26"),  # 16 after the last Friday in June: that day all the same
        ("2010-09-01", "2027-06-25"),
        ("2010-06-26", "2026-06-26"),
        ("2012-02-29", "2028-06-30"),
    ],
)
def test_the_end_of_compulsory_school_age_is_the_last_friday_in_june(born: str, leaves: str) -> None:
    assert end_of_compulsory_school_age(date.fromisoformat(born)) == date.fromisoformat(leaves)


def test_ages_are_reached_on_the_day() -> None:
    born = date(2010, 3, 15)
    assert age_points(born) == (
        AgePoint(date(2026, 3, 15), "sixteen"),
        AgePoint(date(2026, 6, 26), "end_of_compulsory_school_age"),
        AgePoint(date(2027, 9, 15), "seventeen_and_a_half"),
        AgePoint(date(2028, 3, 15), "eighteen"),
        AgePoint(date(2035, 3, 15), "twenty_five"),
    )
    assert anniversary(date(2008, 2, 29), 18) == date(2026, 3, 1)
    assert anniversary(date(2008, 8, 31), 17, 6) == date(2026, 2, 28)


@pytest.mark.parametrize("name", [point.name for point in age_points(date(2010, 3, 15))])
def test_told_from_six_weeks_before_to_two_weeks_after_and_no_day_more(name: str) -> None:
    born = date(2010, 3, 15)
    [on] = [point.on for point in age_points(born) if point.name == name]

    def told(day: date) -> bool:
        return name in [point.name for point in age_points_near(born, day)]

    assert [told(day) for day in (on - AHEAD - DAY, on - AHEAD, on, on + DAY, on + AFTER)] == [
        False,
        True,
        True,
        True,
        True,
    ]
    assert not told(on + AFTER + DAY)
