"""The time limits of requests, of the educational record and of emergency access."""

from __future__ import annotations

from datetime import date, timedelta
from uuid import UUID

from coordination.calendars import wales
from coordination.directory.state import Directory
from coordination.errors import Refusal

ANSWER_WORKING_DAYS = 5
"""Working days that a school has to answer a request; after that the authority answers."""
RECORD_SCHOOL_DAYS = 15
"""School days in which the educational record goes to the next school (SI 2011/1942 regulation 6(3))."""
EMERGENCY = timedelta(hours=24)
"""How long an emergency access lasts."""


def answer_due(asked_on: date) -> date:
    """The last day on which the school's answer is in time."""
    return wales().add(asked_on, ANSWER_WORKING_DAYS)


def is_silent(asked_on: date, today: date) -> bool:
    """Whether the school's time to answer has passed."""
    return today > answer_due(asked_on)


def record_due(directory: Directory, school: UUID, left_on: date) -> date | None:
    """The last day for the record after the pupil left; None where the school's terms are not known that far."""
    days = directory.school_days(school)
    if days is None:
        return None
    try:
        return days.add(left_on, RECORD_SCHOOL_DAYS)
    except Refusal:
        return None
