"""Who is offered a free hour: the longest-waiting ready child whose family agreed, within equal priority."""

from __future__ import annotations

from datetime import date, timedelta
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from coordination.pupil.referral.short_notice import WaitingChild, in_turn, is_ready, urgency

NEAR = [UUID(int=n) for n in range(1, 4)]
DAY = date(2026, 3, 2)

children = st.lists(
    st.builds(
        WaitingChild,
        referral=st.uuids(),
        school=st.sampled_from([*NEAR, UUID(int=9)]),
        priority=st.sampled_from(["urgent", "priority", "routine", "other"]),
        waits_since=st.dates(date(2025, 1, 1), date(2026, 3, 1)),
        ready=st.booleans(),
        short_notice=st.booleans(),
    ),
    max_size=12,
    unique_by=lambda c: c.referral,
)


@settings(max_examples=150)
@given(children)
def test_nobody_is_passed_over_by_one_of_equal_priority_who_waits_less(waiting: list[WaitingChild]) -> None:
    turn = in_turn(waiting, NEAR)
    assert {c.referral for c in turn} == {
        c.referral for c in waiting if c.ready and c.short_notice and c.school in NEAR
    }
    for place, child in enumerate(turn):
        for later in turn[place + 1 :]:
            assert urgency(child.priority) <= urgency(later.priority)
            if child.priority == later.priority:
                assert child.waits_since <= later.waits_since


@settings(max_examples=100)
@given(children, st.randoms(use_true_random=False))
def test_the_order_of_asking_and_the_school_decide_nothing(waiting: list[WaitingChild], dice: object) -> None:
    shuffled = list(waiting)
    dice.shuffle(shuffled)  # type: ignore[attr-defined]
    assert in_turn(shuffled, NEAR) == in_turn(waiting, NEAR)
    at_one = in_turn(waiting, NEAR[:1])
    assert at_one == [c for c in in_turn(waiting, NEAR) if c.school == NEAR[0]]


@settings(max_examples=100)
@given(children, st.integers(1, 400))
def test_a_child_who_waits_longer_never_comes_later(waiting: list[WaitingChild], days: int) -> None:
    turn = in_turn(waiting, NEAR)
    if not turn:
        return
    last = turn[-1]
    older = WaitingChild(
        referral=last.referral,
        school=last.school,
        priority=last.priority,
        waits_since=last.waits_since - timedelta(days),
        ready=True,
        short_notice=True,
    )
    others = [c for c in waiting if c.referral != last.referral]
    after = [c.referral for c in in_turn([*others, older], NEAR)]
    assert after.index(last.referral) <= len(turn) - 1


@pytest.mark.parametrize(
    ("phase", "missing", "away", "ready"),
    [
        ("accepted", (), (), True),
        ("submitted", (), (), False),
        ("appointment_offered", (), (), False),
        ("information_requested", (), (), False),
        ("accepted", ("childs_view",), (), False),
        ("accepted", (), ((DAY, DAY),), False),
        ("accepted", (), ((DAY - timedelta(9), DAY - timedelta(1)),), True),
        ("accepted", (), ((DAY + timedelta(1), DAY + timedelta(9)),), True),
    ],
)
def test_a_child_is_ready_when_nothing_is_awaited(
    phase: str, missing: tuple[str, ...], away: tuple[tuple[date, date], ...], ready: bool
) -> None:
    assert is_ready(phase, missing, away, DAY) is ready
