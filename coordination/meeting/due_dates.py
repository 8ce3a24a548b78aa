"""The day that "in two weeks" means for an action."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta

from coordination.calendars import SchoolDays, WorkingDays
from coordination.errors import Refusal

IN_WEEKS: Mapping[str, int] = {
    "in_1_week": 1,
    "in_2_weeks": 2,
    "in_3_weeks": 3,
    "in_4_weeks": 4,
    "in_6_weeks": 6,
}
NEXT_MEETING = "next_meeting"


def due_in_weeks(on: date, weeks: int, working: WorkingDays, school: SchoolDays | None) -> date:
    """The same weekday so many weeks later, or else the first day after it that is no weekend or bank holiday and,
    where the owner is at a school, a school day. `school` None: its terms do not matter. Where its terms are not known
    only working days count."""
    day = working.next_working_day(on + timedelta(weeks=weeks))
    if school is None:
        return day
    try:
        return school.next_working_day(day)
    except Refusal:
        return day
