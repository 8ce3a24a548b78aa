"""How often advice made a referral unnecessary: each conversation in exactly one count, on either side of each day."""

from __future__ import annotations

from datetime import date, timedelta
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from projections.advice.counting import (
    OUTCOMES,
    AdviceLine,
    count_advice,
    count_groups,
    outcome_of,
)

ASKED = date(2026, 1, 10)
LAST = ASKED + timedelta(90)
SCHOOL, SERVICE = UUID(int=0x51), UUID(int=0x71)


def line(**more: object) -> AdviceLine:
    plain = {"school": SCHOOL, "service": SERVICE, "asked_on": ASKED, "named": True, "answer": "try_first"}
    return AdviceLine(**plain | more)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("held", "as_of", "outcome"),
    [
        (line(answer=None), LAST + timedelta(1), "unanswered"),
        (line(named=False), LAST + timedelta(1), "without_name"),
        (line(named=False, answer=None), LAST + timedelta(1), "unanswered"),
        (line(open_before=True), LAST + timedelta(1), "already_referred"),
        (line(), LAST, "too_early"),
        (line(), LAST + timedelta(1), "no_referral"),
        (line(referred_on=ASKED), ASKED, "referred"),
        (line(referred_on=LAST), LAST, "referred"),
        (line(referred_on=LAST + timedelta(1)), LAST + timedelta(1), "no_referral"),
        (line(referred_on=ASKED + timedelta(5)), ASKED + timedelta(4), "too_early"),
        (line(answer="refer"), LAST + timedelta(1), "advised_to_refer"),
        (line(answer="refer", referred_on=LAST), LAST + timedelta(1), "referred"),
        (line(answer="nothing_needed"), LAST + timedelta(1), "no_referral"),
        (line(answer="another_service"), LAST + timedelta(1), "no_referral"),
    ],
)
def test_a_conversation_on_a_day(held: AdviceLine, as_of: date, outcome: str) -> None:
    assert outcome_of(held, as_of) == outcome


def test_a_percentage_is_given_from_five_on() -> None:
    after = LAST + timedelta(1)
    four = [line(), line(), line(), line(referred_on=ASKED)]
    assert count_advice(four, after).percent_no_referral is None
    assert count_advice([*four, line()], after).percent_no_referral == 80.0
    assert count_advice([*four, line(named=False)], after).percent_no_referral is None


DAYS = st.dates(date(2025, 1, 1), date(2026, 12, 31))
LINES = st.lists(
    st.builds(
        AdviceLine,
        school=st.sampled_from([SCHOOL, UUID(int=0x52)]),
        service=st.sampled_from([SERVICE, UUID(int=0x72)]),
        asked_on=DAYS,
        named=st.booleans(),
        answer=st.sampled_from([None, "try_first", "refer", "another_service", "nothing_needed"]),
        open_before=st.booleans(),
        referred_on=st.none() | DAYS,
    ),
    max_size=25,
)


@settings(max_examples=120, deadline=None)
@given(lines=LINES, as_of=DAYS, days=st.integers(1, 400))
def test_groups_add_up_and_every_conversation_is_in_one_count(
    lines: list[AdviceLine], as_of: date, days: int
) -> None:
    whole = count_advice(lines, as_of, days)
    assert whole.asked == len(lines) == sum(getattr(whole, name) for name in OUTCOMES)
    for key in (
        lambda one: f"{one.asked_on:%Y-%m}",
        lambda one: str(one.school),
        lambda one: str(one.service),
    ):
        groups = count_groups(lines, key, as_of, days).values()
        for name in ("asked", *OUTCOMES):
            assert sum(getattr(group, name) for group in groups) == getattr(whole, name)


@settings(max_examples=120, deadline=None)
@given(lines=LINES, days=st.integers(1, 400))
def test_no_referral_is_what_a_separate_count_finds(lines: list[AdviceLine], days: int) -> None:
    """Counted again, on a day by which every window is over."""
    as_of = date(2029, 1, 1)
    enough = 0
    for one in lines:
        in_time = one.referred_on is not None and (one.referred_on - one.asked_on).days <= days
        if one.named and one.answer not in (None, "refer") and not one.open_before and not in_time:
            enough += 1
    assert count_advice(lines, as_of, days).no_referral == enough


@settings(max_examples=100, deadline=None)
@given(lines=LINES, as_of=DAYS, days=st.integers(1, 400))
def test_a_referral_that_is_recorded_late_never_adds_to_the_successes(
    lines: list[AdviceLine], as_of: date, days: int
) -> None:
    without = [
        AdviceLine(**{n: getattr(x, n) for n in AdviceLine.__struct_fields__} | {"referred_on": None})
        for x in lines
    ]
    assert count_advice(lines, as_of, days).no_referral <= count_advice(without, as_of, days).no_referral
