"""What "in two weeks" means."""

from __future__ import annotations

from datetime import date

import pytest

from coordination.calendars import SchoolDays, Term, wales
from coordination.meeting.due_dates import due_in_weeks

TERMS = SchoolDays(
    (
        Term(date(2026, 9, 1), date(2026, 10, 23)),
        Term(date(2026, 11, 2), date(2026, 12, 18), closed=(date(2026, 11, 30),)),
        Term(date(2027, 1, 4), date(2027, 3, 25)),
    )
)


@pytest.mark.parametrize(
    ("on", "weeks", "school", "due"),
    [
        (date(2026, 9, 10), 2, None, date(2026, 9, 24)),
        (date(2026, 9, 10), 2, TERMS, date(2026, 9, 24)),
        # Christmas Day, Boxing Day (a Saturday, its substitute on Monday 28): the first working day is the 29th
        (date(2026, 12, 11), 2, None, date(2026, 12, 29)),
        # for somebody at the school it is the first day of the new term
        (date(2026, 12, 11), 2, TERMS, date(2027, 1, 4)),
        # half term: a service works, the school does not
        (date(2026, 10, 12), 2, None, date(2026, 10, 26)),
        (date(2026, 10, 12), 2, TERMS, date(2026, 11, 2)),
        # a training day
        (date(2026, 11, 16), 2, TERMS, date(2026, 12, 1)),
        # terms that nobody entered yet: working days
        (date(2027, 3, 22), 2, TERMS, date(2027, 4, 5)),
        # said on a Saturday
        (date(2026, 9, 12), 1, None, date(2026, 9, 21)),
    ],
)
def test_in_so_many_weeks(on: date, weeks: int, school: SchoolDays | None, due: date) -> None:
    assert due_in_weeks(on, weeks, wales(), school) == due
