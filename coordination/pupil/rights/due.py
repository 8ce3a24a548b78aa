"""By when a request about a record is due. Pure."""

from __future__ import annotations

from datetime import date, timedelta

from coordination.calendars import SchoolDays, wales
from coordination.errors import Refusal
from coordination.pupil.ages import anniversary
from coordination.pupil.rights.request_state import RightsRequest

ACKNOWLEDGED_WITHIN = timedelta(days=30)
"""A complaint is acknowledged within 30 days (Data (Use and Access) Act 2025, from 19 June 2026)."""
RECORD_SCHOOL_DAYS = 15
"""A parent's request for the educational record (SI 2011/1942, regulation 5)."""
OPINION_LASTS_MONTHS = 6
"""A health professional's opinion counts for six months (Data Protection Act 2018, Schedule 3, paragraph 6)."""


def month_after(day: date, months: int = 1) -> date:
    """The same day of a later month, or its last day where it has no such day."""
    return anniversary(day, 0, months)


def due_on(held: RightsRequest, terms: SchoolDays | None) -> date | None:
    """The last day for the answer; None while the time stands still, and where the school terms are not known.

    One month from receipt (UK GDPR, article 12(3)), with the days on which the time stood still added, and moved to the
    next working day; 15 school days for the educational record; a complaint: 30 days to acknowledge it.
    """
    if held.stopped:
        return None
    match held.kind:
        case "educational_record":
            if terms is None:
                return None
            try:
                return terms.add(held.received_on, RECORD_SCHOOL_DAYS)
            except Refusal:
                return None
        case "complaint":
            return held.received_on + ACKNOWLEDGED_WITHIN
        case _:
            last = month_after(held.received_on) + timedelta(days=stopped_days(held))
            return wales().next_working_day(last)


def stopped_days(held: RightsRequest) -> int:
    """The calendar days on which the time stood still, of the stops that have ended."""
    return sum((stop.until - stop.from_on).days for stop in held.stops if stop.until is not None)


def opinion_counts(held: RightsRequest, on: date) -> bool:
    """Whether a health professional's opinion of the last six months is recorded."""
    return held.opinion is not None and on <= month_after(held.opinion.on, OPINION_LASTS_MONTHS)
