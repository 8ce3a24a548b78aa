"""By when the next step of an open referral is to be taken, or looked at again."""

from __future__ import annotations

from datetime import date, timedelta

REVIEW = timedelta(days=28)
"""Where no standard sets a day, a referral is looked at again within four weeks, as the monthly Hwb meeting does (a
setting of this service, not a standard)."""


def act_by(since: date, due_on: date | None) -> date:
    """The last permitted day of the clock that runs; without one, the day by which the next step, whose turn began on
    `since`, is to be looked at."""
    return since + REVIEW if due_on is None else due_on
