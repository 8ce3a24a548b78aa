"""The scheduled work of the worker, and the instants (slots) at which each job is due. Pure: the time is an argument.

A slot is an instant in UTC, so that each is there once: a daily job whose hour is left out in March is due when that
hour would have been, and one whose hour comes twice in October is due the first time.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime, time, timedelta

import msgspec

from coordination.calendars import LONDON, local_date

_DAY = timedelta(days=1)


class Daily(msgspec.Struct, frozen=True):
    """Every day at this time in Wales."""

    at: time


class Every(msgspec.Struct, frozen=True):
    """Every so many minutes, counted from midnight UTC of 1 January 1970."""

    minutes: int


Schedule = Daily | Every

JOBS: Mapping[str, Schedule] = {
    "forget_what_ended": Daily(time(1, 30)),
    "erase_old_advice": Daily(time(2, 0)),
    "remind": Daily(time(7, 15)),
    "suggest_challenges": Daily(time(4, 0)),
    "moves_due": Every(30),
    "renew_family_cards": Daily(time(7, 0)),
    "keep_ledger": Every(5),
    "take_in_bounces": Every(1),
    "reorganise": Every(1),
    "follow_erasures": Every(1),
}
"""Every scheduled job by its name; what it does is in `scripts.worker`."""


def latest_slot(schedule: Schedule, now: datetime) -> datetime:
    """The last slot that is not after `now` (UTC)."""
    match schedule:
        case Daily(at=at):
            today = _on(local_date(now), at)
            return today if today <= now else _on(local_date(now) - _DAY, at)
        case Every(minutes=minutes):
            seconds = minutes * 60
            return datetime.fromtimestamp(int(now.timestamp()) // seconds * seconds, UTC)


def next_slot(schedule: Schedule, now: datetime) -> datetime:
    """The first slot after `now` (UTC)."""
    match schedule:
        case Daily(at=at):
            today = _on(local_date(now), at)
            return today if today > now else _on(local_date(now) + _DAY, at)
        case Every(minutes=minutes):
            return latest_slot(schedule, now) + timedelta(minutes=minutes)


def _on(day: date, at: time) -> datetime:
    """An hour that is left out is read as if the clock were not changed yet; of a double hour it is the first."""
    return datetime.combine(day, at, LONDON).astimezone(UTC)
