"""Dates for a term: against trying all, and a county of 200 schools and 12 services."""

from __future__ import annotations

import time as clocks
from collections import Counter
from datetime import date, time, timedelta
from itertools import product
from uuid import UUID

from hypothesis import given, settings
from hypothesis import strategies as st

from coordination.meeting.timetable.choosing import choose
from coordination.meeting.timetable.dates import Choice, Slot, Wanted

SERVICES = tuple(UUID(int=n + 1) for n in range(12))
HOURS = (
    (time(9), time(10, 30)),
    (time(11), time(12, 30)),
    (time(13), time(14, 30)),
    (time(15), time(16, 30)),
)
MONDAY = date(2027, 1, 4)


def slots(days: int, hours: int = 4) -> tuple[Slot, ...]:
    """So many working days from a Monday."""
    weekdays = [MONDAY + timedelta(days=n % 5 + 7 * (n // 5)) for n in range(days)]
    return tuple(Slot(day, *hour) for day in weekdays for hour in HOURS[:hours])


def wants(n: int, services: tuple[UUID, ...], offered: tuple[Slot, ...]) -> Wanted:
    return Wanted(key=str(n), services=services, slots=offered)


def counted(wanted: list[Wanted], chosen: tuple[Slot, ...], able: int) -> tuple[int, int]:
    """The clashes and the outings, counted anew."""
    asked = Counter((s, slot) for one, slot in zip(wanted, chosen, strict=True) for s in one.services)
    outings = {(s, slot.held_on) for one, slot in zip(wanted, chosen, strict=True) for s in one.services}
    return sum(max(0, n - able) for n in asked.values()), len(outings)


def chosen_of(found: Choice) -> tuple[Slot, ...]:
    return tuple(one.slot for one in found.placed)


@st.composite
def terms(draw: st.DrawFn) -> list[Wanted]:
    every = slots(2, 2)
    return [
        wants(
            n,
            tuple(sorted(draw(st.sets(st.sampled_from(SERVICES[:3]))))),
            tuple(sorted(draw(st.sets(st.sampled_from(every), min_size=1)))),
        )
        for n in range(draw(st.integers(1, 5)))
    ]


@given(terms(), st.integers(0, 2))
@settings(max_examples=25, deadline=None)
def test_a_small_term_has_the_fewest_clashes_there_are(wanted: list[Wanted], able: int) -> None:
    every = [counted(wanted, chosen, able) for chosen in product(*(one.slots for one in wanted))]
    found = choose(wanted, lambda _service, _slot: able, seconds=1, clock=clocks.monotonic)
    assert all(one.slot in asked.slots for one, asked in zip(found.placed, wanted, strict=True))
    assert counted(wanted, chosen_of(found), able) == (found.clashes, found.outings)
    assert found.clashes == found.bound == min(clashes for clashes, _ in every)
    assert found.outings_bound <= min(outings for clashes, outings in every if clashes == found.clashes)
    assert sum(len(one.clashes) for one in found.placed) == found.clashes


def test_a_county_of_200_schools_and_12_services_is_planned_without_a_clash_in_under_a_minute() -> None:
    """Three can be sent at once: 240 places a service in a month of 80 slots, for 200 meetings."""
    wanted = [wants(n, SERVICES, slots(20)) for n in range(200)]
    began = clocks.monotonic()
    found = choose(wanted, lambda _service, _slot: 3, seconds=40, clock=clocks.monotonic)
    assert clocks.monotonic() - began < 60
    assert (found.clashes, found.bound) == (0, 0)
    assert counted(wanted, chosen_of(found), 3)[0] == 0
    assert found.outings <= found.outings_bound * 1.2


def test_where_one_can_be_sent_the_bound_is_reached() -> None:
    """80 slots for 200 meetings of 12 services: at least 12 times 120 cannot be."""
    wanted = [wants(n, SERVICES, slots(20)) for n in range(200)]
    found = choose(wanted, lambda _service, _slot: 1, seconds=40, clock=clocks.monotonic)
    assert (found.clashes, found.bound) == (1440, 1440)


def test_a_service_that_is_asked_for_elsewhere_is_planned_round() -> None:
    offered = slots(1)
    busy = {offered[0], offered[1]}
    wanted = [wants(n, SERVICES[:1], offered) for n in range(2)]
    found = choose(wanted, lambda _service, slot: 0 if slot in busy else 1, seconds=5, clock=clocks.monotonic)
    assert found.clashes == 0
    assert {one.slot for one in found.placed} == {offered[2], offered[3]}
