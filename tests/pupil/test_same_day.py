"""Steps of one day, recorded in any order."""

from __future__ import annotations

from datetime import date
from itertools import groupby, permutations, product
from uuid import UUID

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from coordination.pupil.referral.milestones import MILESTONES
from coordination.pupil.referral.phase import (
    DatedMilestone,
    ImpossibleOrder,
    check_order,
    in_order,
    phase,
    possible_next,
)

DAY = date(2025, 3, 3)
NEXT = date(2025, 3, 4)


def names(recorded: list[tuple[str, date]]) -> list[str]:
    steps = [DatedMilestone(name, on, version) for version, (name, on) in enumerate(recorded, 1)]
    ordered = in_order(steps)
    check_order(ordered)
    return [step.name for step in ordered]


@pytest.mark.parametrize(
    "recorded", list(permutations(["received", "first_contact", "assessed", "discharged"]))
)
def test_a_day_entered_late_is_read_as_it_can_have_happened(recorded: tuple[str, ...]) -> None:
    found = names([(name, DAY) for name in recorded])
    assert found.index("received") == 0
    assert found.index("first_contact") < found.index("assessed") < found.index("discharged")


def test_an_order_of_days_that_cannot_be_is_still_refused() -> None:
    with pytest.raises(ImpossibleOrder):
        names([("assessed", DAY), ("first_contact", NEXT)])


def test_ended_and_reopened_on_one_day_is_open() -> None:
    steps = [
        DatedMilestone("received", DAY, 1),
        DatedMilestone("declined", NEXT, 2),
        DatedMilestone("reopened", NEXT, 3),
    ]
    assert not phase(steps).ended


# The ranking, and the first possible order by it

# As issue "Waits", rule 13, lists them; `waiting_list_reviewed` came before it and has its place after the opt-ins. The
# steps of a place came later: they follow what a service says, and its end stands with the other endings.
RANKING = (
    *("decided", "submitted", "received", "acknowledged", "triaged", "redirected"),
    *("opt_in_asked", "opt_in_answered", "opt_in_unanswered", "waiting_list_reviewed"),
    *("accepted", "information_requested", "information_supplied"),
    *("appointment_offered", "appointment_answered", "was_not_brought", "did_not_attend", "could_not_attend"),
    *(
        "cancelled_by_service",
        "first_contact",
        "assessed",
        "treatment_started",
        "report_issued",
        "s21_answer",
    ),
    *("panel_decided", "place_offered", "placed"),
    *("advice_given", "declined", "discharged", "place_ended", "withdrawn", "reopened", "recorded_in_error"),
)


def test_the_ranking_of_a_day() -> None:
    assert tuple(MILESTONES) == RANKING


@pytest.mark.parametrize(
    ("recorded", "read"),
    [
        ("accepted information_requested", "accepted information_requested"),
        ("accepted redirected", "redirected accepted"),
        ("information_supplied information_requested", "information_requested information_supplied"),
        (
            "was_not_brought appointment_offered acknowledged appointment_offered",
            "acknowledged appointment_offered appointment_offered was_not_brought",
        ),
        # the first service's receipt was before: the day's is the next service's
        ("received redirected", "redirected received"),
        ("withdrawn received reopened", "withdrawn reopened received"),
        ("withdrawn reopened withdrawn", "withdrawn reopened withdrawn"),
        ("received redirected received redirected", "redirected received redirected received"),
    ],
)
def test_what_a_day_is_read_as(recorded: str, read: str) -> None:
    for order in permutations(recorded.split()):
        found = names([("received", DAY), *((name, NEXT) for name in order)])
        assert found == ["received", *read.split()]


def test_a_later_day_can_say_which_order_an_earlier_one_had() -> None:
    """Reopened and withdrawn on the second day: whatever follows is only possible the other way round."""
    history = [("received", DAY), ("withdrawn", NEXT), ("reopened", NEXT)]
    assert names(history)[1:] == ["withdrawn", "reopened"]
    before = [("received", date(2025, 3, 1)), ("discharged", DAY), ("withdrawn", NEXT), ("reopened", NEXT)]
    assert names(before)[2:] == ["reopened", "withdrawn"]


def test_a_new_episode_needs_an_ending() -> None:
    new = DatedMilestone("reopened", NEXT, 2, new_episode=True)
    held = [DatedMilestone("received", DAY, 1)]
    with pytest.raises(ImpossibleOrder) as refused:
        check_order(in_order([*held, new]))
    assert refused.value.code == "new_episode_without_ending"
    assert refused.value.facts == {"step": "reopened", "on": NEXT.isoformat()}
    for ending in ("withdrawn", "discharged", "declined", "advice_given"):
        check_order(in_order([*held, new, DatedMilestone(ending, NEXT, 3)]))
        ended = [*held, DatedMilestone(ending, DAY, 3), DatedMilestone("reopened", NEXT, 4)]
        with pytest.raises(ImpossibleOrder) as twice:
            check_order(in_order([*ended, replace(new, on=date(2025, 3, 5))]))
        assert (twice.value.code, twice.value.facts["other"]) == ("impossible_order", "reopened")


def _by_trying_all(steps: list[DatedMilestone]) -> list[str] | None:
    """The first possible order by the ranking, found by trying every order: another way than the code's."""
    ranked = sorted(steps, key=lambda s: (s.on, RANKING.index(s.name)))
    days = [list(permutations(day)) for _, day in groupby(ranked, key=lambda s: s.on)]
    for orders in product(*days):
        whole = [step for day in orders for step in day]
        ended = False
        for step in whole:
            if step.name == "reopened" and not ended:
                break
            ended = MILESTONES[step.name].rules.effect == "ends" or (ended and step.name != "reopened")
        else:
            try:
                check_order(whole)
            except ImpossibleOrder:
                continue
            return [step.name for step in whole]
    return None


OFTEN = (
    "received",
    "redirected",
    "withdrawn",
    "reopened",
    "accepted",
    "report_issued",
    "submitted",
    "first_contact",
)


@settings(max_examples=300, deadline=None)
@given(
    history=st.lists(st.tuples(st.sampled_from(OFTEN), st.sampled_from([DAY, NEXT])), max_size=7),
    data=st.data(),
)
@example(history=[("received", DAY), ("redirected", NEXT), ("received", NEXT)], data=None)
def test_the_first_possible_order_is_found_whatever_was_recorded_first(
    history: list[tuple[str, date]], data: st.DataObject | None
) -> None:
    steps = [DatedMilestone(name, on, version) for version, (name, on) in enumerate(history)]
    expected = _by_trying_all(steps)
    found = [step.name for step in in_order(steps)]
    if expected is not None:
        assert found == expected
    versions = data.draw(st.permutations(range(len(history)))) if data else range(len(history))[::-1]
    other = [DatedMilestone(name, on, v) for v, (name, on) in zip(versions, history, strict=True)]
    assert [step.name for step in in_order(other)] == found


def test_two_steps_of_one_milestone_are_ordered_by_what_they_say() -> None:
    services = UUID(int=1), UUID(int=2)
    there, back = (DatedMilestone("redirected", DAY, v, to_service=s) for v, s in enumerate(services, 1))
    again = [
        DatedMilestone("redirected", DAY, v, to_service=s) for v, s in ((2, services[0]), (1, services[1]))
    ]
    assert [s.to_service for s in in_order([there, back])] == [s.to_service for s in in_order(again)]


@pytest.mark.parametrize("days", [1, 2])
def test_many_steps_of_one_day_are_read_at_once(days: int) -> None:
    """Every milestone three times on a day is impossible; a search of every order would never end."""
    steps = [
        DatedMilestone(name, date(2025, 3, 2 + day), version)
        for version, name in enumerate(list(MILESTONES) * 3)
        for day in range(days)
    ]
    with pytest.raises(ImpossibleOrder):
        check_order(in_order(steps))
    possible = [DatedMilestone(name, DAY, 1) for name in MILESTONES if name not in ("redirected", "reopened")]
    possible = [
        s for s in possible if s.name not in ("advice_given", "declined", "discharged", "place_ended")
    ]
    assert [s.name for s in in_order(possible[::-1])] == [s.name for s in possible]
    assert "received" not in possible_next(possible[:10], MILESTONES, DAY)
