"""A service is never expected at more places at once than it can send people to; the order of recording is nothing."""

from __future__ import annotations

from datetime import date, time
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from coordination.meeting.clash import ASSUMED_MINUTES, Engagement, clashes

CAMHS, THERAPY = UUID(int=0x71), UUID(int=0x72)
DAY, ASKED = date(2026, 3, 4), date(2026, 2, 2)


def engaged(
    n: int,
    starts: time | None,
    ends: time | None = None,
    *,
    asked: date = ASKED,
    held_on: date = DAY,
    service: UUID = CAMHS,
) -> Engagement:
    return Engagement(
        service=service,
        meeting=UUID(int=n),
        held_on=held_on,
        starts_at=starts,
        ends_at=ends,
        asked_on=asked,
        invited_on=asked,
    )


def left_out(*held: Engagement, people: int = 1) -> set[int]:
    return {meeting.int for meeting, _service in clashes(held, lambda _service, _on: people)}


TEN, HALF_PAST, ELEVEN, NOON = time(10), time(10, 30), time(11), time(12)
LATER = date(2026, 2, 3)


def test_whoever_was_invited_later_is_not_expected() -> None:
    assert left_out(engaged(1, TEN, asked=LATER), engaged(2, TEN)) == {1}
    assert left_out(engaged(1, TEN, asked=LATER), engaged(2, TEN), people=2) == set()
    assert left_out(
        engaged(1, TEN), engaged(2, TEN, asked=LATER), engaged(3, TEN, asked=LATER), people=2
    ) == {3}


@pytest.mark.parametrize(
    ("starts", "ends", "clash"),
    [
        (ELEVEN, NOON, False),
        (time(10, 59), NOON, True),
        (time(9), TEN, False),
        (time(9), time(10, 1), True),
        (time(9), None, False),
        (time(9, 1), None, True),
        (None, None, False),
    ],
)
def test_one_that_ends_when_the_other_begins_does_not_clash(
    starts: time | None, ends: time | None, clash: bool
) -> None:
    """A meeting whose end was not said is taken to last an hour; one without an hour clashes with nothing."""
    assert ASSUMED_MINUTES == 60
    assert left_out(engaged(1, TEN, ELEVEN), engaged(2, starts, ends, asked=LATER)) == (
        {2} if clash else set()
    )


def test_other_days_and_other_services_do_not_clash() -> None:
    tomorrow = date(2026, 3, 5)
    held = (engaged(1, TEN), engaged(2, TEN, held_on=tomorrow), engaged(3, TEN, service=THERAPY))
    assert left_out(*held) == set()


def test_a_meeting_that_does_not_expect_it_takes_no_time_of_a_third() -> None:
    """The second clashes with the first. The third overlaps only with the second, where the service is not expected."""
    held = (
        engaged(1, TEN, ELEVEN),
        engaged(2, HALF_PAST, time(11, 30), asked=LATER),
        engaged(3, ELEVEN, NOON, asked=date(2026, 2, 4)),
    )
    assert left_out(*held) == {2}


def test_two_that_follow_one_another_take_one_person_beside_a_long_one() -> None:
    long, later = engaged(3, time(9), NOON), engaged(4, time(9), NOON, asked=LATER)
    held = (engaged(1, time(9), TEN), engaged(2, TEN, ELEVEN), long)
    assert left_out(*held, people=2) == set()
    assert left_out(*held, later, people=2) == {4}


def asked_first(one: Engagement) -> tuple[object, ...]:
    return one.asked_on, one.minutes, one.meeting.int


times = st.builds(time, st.integers(9, 12), st.sampled_from((0, 15, 30, 45)))


@st.composite
def days(draw: st.DrawFn) -> list[Engagement]:
    found = []
    for n in range(draw(st.integers(1, 9))):
        starts = draw(times)
        ends = draw(st.none() | times.filter(lambda end, starts=starts: end > starts))  # type: ignore[misc]
        asked = date(2026, 2, draw(st.integers(1, 4)))
        found.append(
            engaged(n + 1, starts, ends, asked=asked, service=draw(st.sampled_from((CAMHS, THERAPY))))
        )
    return found


@given(days(), st.integers(1, 3), st.randoms())
@settings(max_examples=150, deadline=None)
def test_never_at_more_places_than_it_can_send_people_to(
    held: list[Engagement], people: int, chance: object
) -> None:
    """Counted minute by minute; and each that is left out finds as many, asked for earlier, in some minute of it."""
    out = clashes(held, lambda _service, _on: people)
    shuffled = sorted(held, key=lambda _one: chance.random())  # type: ignore[attr-defined]
    assert clashes(shuffled, lambda _service, _on: people) == out
    for service in (CAMHS, THERAPY):
        kept = [one for one in held if one.service == service and (one.meeting, service) not in out]
        busy = [
            sum(first <= minute < end for first, end in (k.minutes for k in kept)) for minute in range(1440)
        ]
        assert max(busy) <= people
        for one in held:
            if one.service == service and (one.meeting, service) in out:
                first, end = one.minutes
                earlier = [k for k in kept if asked_first(k) < asked_first(one)]
                assert any(
                    sum(k.minutes[0] <= minute < k.minutes[1] for k in earlier) >= people
                    for minute in range(first, end)
                )
