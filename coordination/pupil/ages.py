"""Year groups and ages: pure functions of the date of birth and a day.

A school year runs from 1 September to 31 August. The date of birth is sealed, so lists cannot work a year group out
from it: they take the year that an event says in the clear and count the school years since (`year_on`).
"""

from __future__ import annotations

from calendar import monthrange
from datetime import date, timedelta
from typing import Literal

import msgspec

YOUNGEST, OLDEST = -2, 14
"""Year groups: -2 and -1 nursery, 0 reception, 1 to 14."""

AgePointName = Literal[
    "sixteen", "end_of_compulsory_school_age", "seventeen_and_a_half", "eighteen", "twenty_five"
]
AHEAD, AFTER = timedelta(days=42), timedelta(days=14)
"""How long before and after such a day those who hold the pupil are told."""


class AgePoint(msgspec.Struct, frozen=True, order=True):
    """A day on which something changes with age."""

    on: date
    name: AgePointName


def school_year(on: date) -> int:
    """The calendar year in which the school year of a day begins (1 September)."""
    return on.year if on.month >= 9 else on.year - 1


def year_group(born: date, on: date) -> int | None:
    """The year group that follows from the date of birth: year 1 begins with the school year after the fifth birthday.
    None outside nursery to year 14."""
    return _within(years_since_cohort(born, on))


def years_since_cohort(born: date, on: date) -> int:
    """The year group that follows from the date of birth, also outside nursery to year 14."""
    return school_year(on) - school_year(born) - 5


def year_on(year: int | None, recorded_on: date | None, on: date) -> int | None:
    """The year group on a day, of one that was right on the day it was recorded. None outside nursery to year 14."""
    if year is None or recorded_on is None:
        return None
    return _within(year + school_year(on) - school_year(recorded_on))


def _within(year: int) -> int | None:
    return year if YOUNGEST <= year <= OLDEST else None


def end_of_compulsory_school_age(born: date) -> date:
    """The last Friday in June of the school year in which the child turns 16 (Education Act 1996, section 8; the day is
    that of SI 1997/1970)."""
    june = date(school_year(anniversary(born, 16)) + 1, 6, 30)
    return june - timedelta(days=(june.weekday() - 4) % 7)


def anniversary(born: date, years: int, months: int = 0) -> date:
    """The day on which an age is reached. Who was born on 29 February reaches it on 1 March in other years; a month
    without that day counts to its last."""
    total = born.year * 12 + born.month - 1 + years * 12 + months
    year, month = divmod(total, 12)
    last = monthrange(year, month + 1)[1]
    if months == 0 and born.day > last:
        return date(year, 3, 1)
    return date(year, month + 1, min(born.day, last))


def age_points(born: date) -> tuple[AgePoint, ...]:
    """The days on which something changes with age, in order."""
    return tuple(
        sorted(
            (
                AgePoint(anniversary(born, 16), "sixteen"),
                AgePoint(end_of_compulsory_school_age(born), "end_of_compulsory_school_age"),
                AgePoint(anniversary(born, 17, 6), "seventeen_and_a_half"),
                AgePoint(anniversary(born, 18), "eighteen"),
                AgePoint(anniversary(born, 25), "twenty_five"),
            )
        )
    )


def age_points_near(born: date, today: date) -> tuple[AgePoint, ...]:
    """Those of which the holders of the pupil are told today: from six weeks before to two weeks after."""
    return tuple(point for point in age_points(born) if point.on - AHEAD <= today <= point.on + AFTER)
