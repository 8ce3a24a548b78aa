"""The agenda that proposes itself: the most pressing first, and each service needed for a short time."""

from __future__ import annotations

from datetime import date, time
from itertools import permutations
from uuid import UUID

from hypothesis import given, settings
from hypothesis import strategies as st

from coordination.meeting.proposing import Reason, needed_from_to, proposed_items, stand_together

A, B, C, D = (UUID(int=n) for n in range(1, 5))
CAMHS, SALT, EPS = (UUID(int=n) for n in range(0xA1, 0xA4))


def spread(order: list[UUID], needed: dict[UUID, tuple[UUID, ...]]) -> int:
    """The items from the first to the last of each service, added up: counted by looking at every service in turn."""
    total = 0
    for service in {s for services in needed.values() for s in services}:
        places = [n for n, item in enumerate(order) if service in needed[item]]
        total += max(places) - min(places) + 1
    return total


def test_a_pupil_is_proposed_once_with_every_reason_the_most_pressing_first() -> None:
    found = proposed_items(
        [
            Reason(pupil=A, why="review_due", since=date(2026, 1, 1)),
            Reason(pupil=B, why="breach", since=date(2026, 3, 1), services=(CAMHS,)),
            Reason(pupil=A, why="asked", since=date(2026, 2, 1), services=(SALT,)),
            Reason(pupil=C, why="breach", since=date(2026, 2, 1), services=(SALT, CAMHS)),
            Reason(pupil=D, why="concern", since=date(2025, 1, 1)),
            Reason(pupil=C, why="overdue_action", since=date(2026, 2, 3), services=(CAMHS,)),
        ]
    )
    assert [one.pupil for one in found] == [C, B, A, D]
    assert [reason.why for reason in found[2].reasons] == ["asked", "review_due"]
    assert found[0].services == (SALT, CAMHS)
    assert proposed_items([]) == []


def test_the_pupils_of_each_service_stand_together() -> None:
    needed = {A: (CAMHS,), B: (SALT,), C: (CAMHS,), D: (SALT, EPS)}
    order = stand_together(list(needed.items()))
    assert spread(order, needed) == 5
    same = [(A, ()), (B, ()), (C, ())]
    assert stand_together(same) == [A, B, C], "nothing to gain leaves the order as it is"


@settings(max_examples=60, deadline=None)
@given(
    st.lists(st.lists(st.sampled_from([CAMHS, SALT, EPS]), unique=True, max_size=3), min_size=1, max_size=5)
)
def test_no_order_that_is_found_is_worse_and_few_pupils_are_ordered_as_well_as_can_be(
    services: list[list[UUID]],
) -> None:
    needed = {UUID(int=n + 1): tuple(those) for n, those in enumerate(services)}
    given_order = list(needed)
    order = stand_together(list(needed.items()))
    assert sorted(order, key=str) == sorted(given_order, key=str)
    best = min(spread(list(one), needed) for one in permutations(given_order))
    assert best <= spread(order, needed) <= spread(given_order, needed)
    if len(needed) <= 3:
        assert spread(order, needed) == best


def test_when_each_service_is_needed() -> None:
    items = [(A, (CAMHS,)), (B, (SALT,)), (C, (SALT, CAMHS)), (D, ())]
    found = needed_from_to(items, time(13, 30), time(15, 30))
    assert found == {CAMHS: (time(13, 30), time(15)), SALT: (time(14), time(15))}
    # 100 minutes for three: 13:30, 14:03, 14:36, 15:10
    thirds = needed_from_to(items[:3], time(13, 30), time(15, 10))
    assert thirds[SALT] == (time(14, 3), time(15, 10))
    assert needed_from_to(items, time(13, 30), None)[CAMHS] == (time(13, 30), time(14, 15))
    assert needed_from_to(items, None, None) == {}
    assert needed_from_to([], time(9), time(10)) == {}
    assert needed_from_to(items, time(23, 50), None)[SALT][1] == time(23, 59)
