"""Dates for a month of a county of 200 schools and 12 services: the seconds, and how far from the best they may be.

Each school needs each service with the same chance, each service can send three people at once, and each school is
closed on two days of its own. There are 80 slots of four a day.
"""

from __future__ import annotations

import random
from datetime import date, time, timedelta
from time import perf_counter
from uuid import UUID

import msgspec

from coordination.meeting.timetable.choosing import choose
from coordination.meeting.timetable.dates import Slot, Wanted

SCHOOLS, SERVICES, DAYS, PEOPLE, CHANCE = 200, 12, 20, 3, 0.9
SECONDS = 40.0
HOURS = (
    (time(9, 15), time(10, 45)),
    (time(11), time(12, 30)),
    (time(13, 15), time(14, 45)),
    (time(15), time(16, 30)),
)


class PlanningTime(msgspec.Struct, frozen=True):
    """Of how many schools and services; the seconds, the clashes found, and how many no dates avoid."""

    schools: int
    services: int
    seconds: float
    clashes: int
    bound: int


def measure() -> PlanningTime:
    """Plans the month once, with one processor."""
    wanted = _county()
    begun = perf_counter()
    found = choose(wanted, lambda _service, _slot: PEOPLE, seconds=SECONDS, clock=perf_counter)
    return PlanningTime(SCHOOLS, SERVICES, perf_counter() - begun, found.clashes, found.bound)


def _county() -> list[Wanted]:
    chance = random.Random(11)  # noqa: S311 - repeatable, not secret
    services = [UUID(int=n + 1) for n in range(SERVICES)]
    monday = date(2027, 1, 4)
    days = [monday + timedelta(days=n % 5 + 7 * (n // 5)) for n in range(DAYS)]
    wanted = []
    for school in range(SCHOOLS):
        closed = set(chance.sample(days, 2))
        wanted.append(
            Wanted(
                key=str(school),
                services=tuple(one for one in services if chance.random() < CHANCE),
                slots=tuple(Slot(day, *hours) for day in days if day not in closed for hours in HOURS),
            )
        )
    return wanted
