"""Sends the reminders of a day: for each message that asks for something and is not answered."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from coordination.calendars import local_date, wales
from coordination.challenge.state import CHALLENGE_STREAM
from coordination.desk.outbox import OutboxRow, end_message
from coordination.desk.reminders import messages_to_remind_of, queue_reminder, reminded_by_hand
from coordination.errors import NotFound
from coordination.meeting.state import MEETING_STREAM
from coordination.outbox.reminders import (
    REMINDERS,
    due_day,
    reminder_days,
    reminder_due,
    waits_for_answer,
)
from coordination.pupil.casefile import PUPIL_STREAM
from coordination.service import Coordination

LOOKED_BACK = timedelta(days=120)


def send_reminders(service: Coordination, now: datetime) -> int:
    """Queue what is due on this day (in Wales), once each, and end reminders that wait for what was answered since; how
    many were queued."""
    today, days, queued = local_date(now), wales(), 0
    with service.record.desk() as desk:
        found = messages_to_remind_of(desk, now - LOOKED_BACK)
    for row in found:
        state = _state(service, row)
        with service.record.desk() as desk:
            rule = REMINDERS[row.rule]
            if state is None or not waits_for_answer(state, row.thing, row.recipient, today):
                _end_waiting(desk, row, rule)
                continue
            told_on = local_date(row.created_at)
            planned = reminder_days(rule, told_on, due_day(state, row.thing), days)
            by_hand = reminded_by_hand(desk, row.thing, rule, row.recipient)
            number = reminder_due(planned, told_on, by_hand, today, days)
            if number is not None:
                queue_reminder(desk, row, number, now)
                queued += 1
    return queued


def _state(service: Coordination, row: OutboxRow) -> object | None:
    """The state of the stream that the message is about; None where there is none any more."""
    batch = service.batch()
    try:
        if row.pupil is not None:
            return batch.state(PUPIL_STREAM, row.pupil)
        if row.subject == "meeting":
            return batch.state(MEETING_STREAM, row.thing)
        return batch.state(CHALLENGE_STREAM, row.thing) if row.subject == "challenge" else None
    except NotFound:
        return None


def _end_waiting(desk: Any, row: OutboxRow, rule: str) -> None:
    """A reminder that still waits, in a digest say, is not sent when the thing was answered."""
    for message in desk.execute(
        """select message from desk.outbox where thing = %s and rule = %s and sent_at is null and given_up_at is null
             and ending is null""",
        (row.thing, rule),
    ).fetchall():
        end_message(desk, message["message"], "answered")
