"""The erasure of the words of advice that name no pupil, when the time for which they are kept is over."""

from __future__ import annotations

from datetime import datetime, timedelta

import msgspec
import psycopg

from coordination.advice.commands import EraseOldAdvice
from coordination.advice.decide import kept_until
from coordination.calendars import local_date
from coordination.errors import NotFound, Refusal
from coordination.intake.file_requests import schedule_order
from coordination.service import Coordination
from projections.advice.due import old_advice

LEAST = timedelta(days=365)
"""No conversation is kept for less; the last day of each follows from the calendar."""


def erase_old_advice(service: Coordination, database: str, now: datetime) -> int:
    """Destroys the keys of those whose last day is over; how many. `database` is the owner's. One that was named or
    erased meanwhile is left alone."""
    today = local_date(now)
    with psycopg.connect(database) as connection:
        found = [one for one in old_advice(connection, today - LEAST) if kept_until(one.asked_on) < today]
    erased = 0
    for one in found:
        context = msgspec.structs.replace(
            schedule_order(f"advice {one.advice}", now), on_behalf_of=one.school
        )
        try:
            service.perform(EraseOldAdvice(occurred_on=today, advice=one.advice), context)
        except (NotFound, Refusal):
            continue
        erased += 1
    return erased
