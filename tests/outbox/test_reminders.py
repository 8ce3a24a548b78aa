"""Reminders: on their days, until answered, replaced by one sent by hand, once each on a real database."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import psycopg
import pytest

from coordination.calendars import wales
from coordination.desk.reminders import messages_to_remind_of, note_reminder
from coordination.outbox.reminders import LONGEST, reminder_days, reminder_due
from coordination.service import Coordination
from scripts.service.reminding import send_reminders
from tests.county import ALNCO, BOARD, CAMHS, CLINICIAN, register
from tests.projections.casework import AGREED_CAMHS, TO_CAMHS, RecordedCase, day

DAYS = wales()
MONDAY = date(2026, 3, 2)
FIRST, SECOND = date(2026, 3, 9), date(2026, 3, 16)


@pytest.mark.parametrize(
    ("today", "by_hand", "number"),
    [
        (date(2026, 3, 6), [], None),
        (FIRST, [], 1),
        (date(2026, 3, 13), [], 1),
        (SECOND, [], 2),
        # one sent by hand takes the place of the next scheduled one, and of no other
        (FIRST, [date(2026, 3, 4)], None),
        (SECOND, [date(2026, 3, 4)], 2),
        (SECOND, [date(2026, 3, 12)], None),
        (FIRST, [MONDAY], None),
        (DAYS.add(SECOND, LONGEST), [], 2),
        (DAYS.add(SECOND, LONGEST + 1), [], None),
    ],
)
def test_the_days_of_reminders(today: date, by_hand: list[date], number: int | None) -> None:
    planned = reminder_days("referral_reminder", MONDAY, None, DAYS)
    assert planned == (FIRST, SECOND)
    assert reminder_due(planned, MONDAY, by_hand, today, DAYS) == number


def test_working_days_count_and_an_action_is_told_of_before_and_after_its_day() -> None:
    assert reminder_days("file_request_reminder", date(2026, 4, 2), None, DAYS) == (date(2026, 4, 9),), (
        "Easter"
    )
    assert reminder_days("action_reminder", MONDAY, date(2026, 3, 13), DAYS) == (date(2026, 3, 11), SECOND)
    assert reminder_days("action_reminder", MONDAY, date(2026, 3, 3), DAYS)[0] == MONDAY
    assert reminder_days("action_reminder", MONDAY, None, DAYS) == ()


def reminders(database: str) -> list[tuple[str, str]]:
    with psycopg.connect(database) as link:
        return link.execute(
            "select recipient::text, coalesce(ending, 'waiting') from desk.outbox where rule = 'referral_reminder'"
            " order by created_at"
        ).fetchall()


@pytest.fixture
def case(county: Coordination) -> RecordedCase:
    register(county)
    case = RecordedCase(county)
    case.agrees(AGREED_CAMHS, BOARD, day(0))
    case.refers(TO_CAMHS, CAMHS, day(0))
    return case


def morning(days: int) -> datetime:
    on = DAYS.add(day(0), days)
    return datetime(on.year, on.month, on.day, 7, 15, tzinfo=UTC)


def test_a_referral_is_reminded_of_once_for_each_day_until_it_is_answered(
    database: str, case: RecordedCase
) -> None:
    for worked in range(5):
        assert send_reminders(case.service, morning(worked)) == 0
    for _ in range(2):
        send_reminders(case.service, morning(5))
    assert reminders(database) == [(str(CAMHS), "waiting")]
    case.says(CLINICIAN, TO_CAMHS, "received", day(8))
    assert send_reminders(case.service, morning(10)) == 0
    assert reminders(database) == [(str(CAMHS), "answered")], "one that still waited is not sent either"


def test_one_sent_by_hand_replaces_the_scheduled_one(database: str, case: RecordedCase) -> None:
    with case.service.record.desk() as desk:
        (row,) = messages_to_remind_of(desk, morning(0) - timedelta(days=9))
        on = DAYS.add(day(0), 3)
        assert note_reminder(desk, row, on, ALNCO)
        assert not note_reminder(desk, row, on, ALNCO), "one a day"
    assert send_reminders(case.service, morning(5)) == 0
    assert send_reminders(case.service, morning(10)) == 1
    assert len(reminders(database)) == 1
