"""The slots of scheduled jobs: each once, also on the two days on which the clock changes."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from coordination.calendars import LONDON
from coordination.scheduled_jobs import JOBS, Daily, Every, Schedule, latest_slot, next_slot

HALF_PAST_ONE = Daily(time(1, 30))


def slots(schedule: Schedule, begin: datetime, end: datetime, step: timedelta) -> list[datetime]:
    """The slots that someone who looks every `step` finds to be due."""
    found: list[datetime] = []
    at = begin
    while at < end:
        slot = latest_slot(schedule, at)
        if slot >= begin and slot not in found:
            found.append(slot)
        at += step
    return found


@pytest.mark.parametrize(
    ("day", "expected"),
    [
        (date(2026, 3, 28), "2026-03-28 01:30 UTC"),
        # from 01:00 to 02:00 there is no hour on this day: half an hour after the change
        (date(2026, 3, 29), "2026-03-29 01:30 UTC"),
        (date(2026, 3, 30), "2026-03-30 00:30 UTC"),
        # half past one comes twice: the first
        (date(2026, 10, 25), "2026-10-25 00:30 UTC"),
        (date(2026, 10, 26), "2026-10-26 01:30 UTC"),
    ],
)
def test_a_daily_job_is_due_once_also_in_the_lost_and_in_the_double_hour(day: date, expected: str) -> None:
    begin = datetime.combine(day, time(), LONDON).astimezone(UTC)
    end = datetime.combine(day + timedelta(days=1), time(), LONDON).astimezone(UTC)
    found = slots(HALF_PAST_ONE, begin, end, timedelta(minutes=5))
    assert [f"{slot:%Y-%m-%d %H:%M %Z}" for slot in found] == [expected]


@pytest.mark.parametrize("day", [date(2026, 3, 29), date(2026, 10, 25)])
def test_a_job_of_every_half_hour_loses_and_doubles_nothing(day: date) -> None:
    begin = datetime.combine(day, time(), LONDON).astimezone(UTC)
    end = datetime.combine(day + timedelta(days=1), time(), LONDON).astimezone(UTC)
    found = slots(Every(30), begin, end, timedelta(minutes=1))
    assert len(found) == {3: 46, 10: 50}[day.month]
    assert {later - earlier for earlier, later in pairwise(found)} == {timedelta(minutes=30)}


def test_the_instant_itself_is_due_and_the_one_before_is_not() -> None:
    slot = datetime(2026, 1, 5, 1, 30, tzinfo=UTC)
    assert latest_slot(HALF_PAST_ONE, slot) == slot
    assert latest_slot(HALF_PAST_ONE, slot - timedelta(seconds=1)) == slot - timedelta(days=1)
    assert next_slot(HALF_PAST_ONE, slot) == slot + timedelta(days=1)
    assert next_slot(HALF_PAST_ONE, slot - timedelta(seconds=1)) == slot


@settings(max_examples=200)
@given(
    st.sampled_from(sorted(JOBS)),
    st.integers(0, 4 * 366 * 24 * 60).map(lambda m: datetime(2024, 1, 1, tzinfo=UTC) + timedelta(minutes=m)),
)
def test_now_lies_between_two_slots_and_the_next_becomes_the_latest(job: str, now: datetime) -> None:
    schedule = JOBS[job]
    last, coming = latest_slot(schedule, now), next_slot(schedule, now)
    assert last <= now < coming
    assert latest_slot(schedule, coming) == coming
    assert next_slot(schedule, last) == coming
