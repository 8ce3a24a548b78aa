"""At how many meetings a service can be at the same time: a clash is a reason for not being expected.

A service is at one place at a time, or at as many as it said that it can send people to. Beyond that, whoever asked for
it later does not expect it. This follows from the meetings and is never stored: a meeting that is moved or cancelled
gives the time back.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable
from datetime import date, time
from uuid import UUID

import msgspec

ASSUMED_MINUTES = 60
"""Of a meeting whose end was not said."""
People = Callable[[UUID, date], int]
"""To how many meetings at the same time a service can send somebody on a day."""


class Engagement(msgspec.Struct, frozen=True, kw_only=True):
    """A service that would be expected at a meeting. `asked_on` is the first day of its notice: of the invitation, or
    of the move to this date. Where the hour was not said (`starts_at` None), nothing clashes."""

    service: UUID
    meeting: UUID
    held_on: date
    starts_at: time | None
    ends_at: time | None
    asked_on: date
    invited_on: date

    @property
    def minutes(self) -> tuple[int, int]:
        """From which minute of its day to which (not counted) it lasts; of a meeting with an hour."""
        assert self.starts_at is not None
        first = self.starts_at.hour * 60 + self.starts_at.minute
        if self.ends_at is not None:
            return first, max(first + 1, self.ends_at.hour * 60 + self.ends_at.minute)
        return first, first + ASSUMED_MINUTES


def clashes(engagements: Iterable[Engagement], people: People) -> frozenset[tuple[UUID, UUID]]:
    """The meetings (first) at which a service (second) is not expected, because those that asked for it earlier have
    everybody whom it can send at that time. The order of the engagements does not matter: of two that asked on one day,
    the earlier invitation comes first, then the earlier hour, then the smaller id."""
    by_day: dict[tuple[UUID, date], list[Engagement]] = defaultdict(list)
    for one in engagements:
        if one.starts_at is not None:
            by_day[one.service, one.held_on].append(one)
    return frozenset(
        (one.meeting, one.service)
        for (service, day), held in by_day.items()
        if len(held) > 1
        for one in _too_many(held, people(service, day))
    )


def _too_many(held: list[Engagement], people: int) -> Iterable[Engagement]:
    kept: list[tuple[int, int]] = []
    for one in sorted(held, key=_asked_first):
        first, end = one.minutes
        meets = [k for k in kept if k[0] < end and first < k[1]]
        begins = [first, *(k[0] for k in meets if k[0] > first)]  # most are at once where one of them begins
        most = max(sum(k[0] <= at < k[1] for k in meets) for at in begins)
        if most >= people:
            yield one
        else:
            kept.append((first, end))


def _asked_first(one: Engagement) -> tuple[date, date, tuple[int, int], int]:
    return one.asked_on, one.invited_on, one.minutes, one.meeting.int
