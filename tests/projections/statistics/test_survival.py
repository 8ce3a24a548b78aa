"""Survival curves and competing endings, by hand and against an independent calculation."""

from __future__ import annotations

from collections import Counter
from fractions import Fraction
from itertools import accumulate

from hypothesis import given, settings
from hypothesis import strategies as st

from projections.statistics.competing import cumulative_incidence, share_by
from projections.statistics.risk import ObservedWait, risk_table
from projections.statistics.survival import kaplan_meier

ENDINGS = (None, "stopped", "withdrawn", "moved_away", "passed_on")


def waits(*several: tuple[int, str | None]) -> Counter[ObservedWait]:
    return Counter(ObservedWait(0, days, ending) for days, ending in several)


def test_a_curve_worked_by_hand() -> None:
    """Six waits: seen on day 2, 4 and 4, withdrawn on day 3, still waiting on day 5 and on day 1."""
    some = waits((1, None), (2, "stopped"), (3, "withdrawn"), (4, "stopped"), (4, "stopped"), (5, None))
    curve = kaplan_meier(risk_table(some))
    assert [(point.day, point.at_risk) for point in curve.points] == [
        (0, 6), (1, 6), (2, 5), (3, 4), (4, 3), (5, 1)
    ]  # fmt: skip
    assert [point.survival for point in curve.points] == [1, 1, 4 / 5, 4 / 5, 4 / 15, 4 / 15]
    assert curve.median_days == 4


def test_the_median_is_exact_on_the_half() -> None:
    """A product of floating numbers misses the half."""
    some = waits(*[(3, "stopped")] * 7, *[(5, "stopped")] * 4, *[(9, "stopped")] * 11)
    assert kaplan_meier(risk_table(some)).median_days == 5
    assert (1 - 7 / 22) * (1 - 4 / 15) > 0.5


def test_the_median_is_not_reached_when_more_than_half_still_wait() -> None:
    assert kaplan_meier(risk_table(waits((3, "stopped"), (8, None), (9, None)))).median_days is None


def test_no_waits_have_one_point_and_no_median() -> None:
    curve = kaplan_meier(risk_table({}))
    assert [(point.day, point.survival, point.at_risk) for point in curve.points] == [(0, 1, 0)]
    assert curve.median_days is None
    assert cumulative_incidence(risk_table({})) == {}


def test_a_wait_that_was_taken_over_counts_from_the_day_it_came() -> None:
    """One waits from day 0 and is seen on day 4; the other comes on day 3, and is at risk on day 3, not on day 2."""
    some = Counter([ObservedWait(0, 2, "withdrawn"), ObservedWait(0, 4, "stopped"), ObservedWait(3, 4, None)])
    assert [(row.day, row.at_risk) for row in risk_table(some)] == [(0, 2), (2, 2), (4, 2)]
    assert [point.survival for point in kaplan_meier(risk_table(some)).points] == [1, 1, 0.5]


def test_a_wait_that_is_taken_over_and_seen_on_one_day_is_at_risk_on_it() -> None:
    some = Counter([ObservedWait(7, 7, "stopped"), ObservedWait(0, 9, None)])
    assert [(row.day, row.at_risk) for row in risk_table(some)] == [(0, 1), (7, 2), (9, 1)]


def test_a_curve_that_breaks_off_gives_no_median() -> None:
    """One is seen on day 3, and nobody is observed until another comes on day 10: that says nothing about a median."""
    curve = kaplan_meier(risk_table(Counter([ObservedWait(0, 3, "stopped"), ObservedWait(10, 20, None)])))
    assert curve.broken_on == 3
    assert curve.median_days is None


def test_competing_endings_worked_by_hand() -> None:
    """Of five, two end differently on day 2 (one seen, one moved away), one is seen on day 3, two wait on."""
    some = waits((2, "stopped"), (2, "moved_away"), (3, "stopped"), (9, None), (9, None))
    found = cumulative_incidence(risk_table(some))
    assert found["moved_away"] == ((2, 1 / 5),)
    assert [round(share, 12) for _day, share in found["stopped"]] == [0.2, 0.4]
    assert share_by(found["stopped"], 1) == 0
    assert share_by(found["stopped"], 2) == 0.2
    assert share_by(found["moved_away"], 400) == 0.2


waits_given = st.lists(
    st.tuples(st.integers(0, 9), st.integers(0, 30), st.sampled_from(ENDINGS)).map(
        lambda given: ObservedWait(min(given[0], given[1]), max(given[0], given[1]), given[2])
    ),
    max_size=40,
)


@given(waits_given)
@settings(max_examples=150)
def test_each_number_equals_a_count_day_by_day(several: list[ObservedWait]) -> None:
    """The oracle walks over every day, counts single waits and keeps fractions."""
    some = Counter(several)
    survival, free = Fraction(1), Fraction(1)
    incidence: Counter[str] = Counter()
    shares: dict[int, Fraction] = {}
    ended: dict[int, dict[str, Fraction]] = {}
    for day in range(32):
        present = [wait for wait in several if wait.entered <= day <= wait.days]
        going = [wait for wait in present if wait.days == day and wait.ending is not None]
        if going:
            seen = sum(wait.ending == "stopped" for wait in going)
            survival *= 1 - Fraction(seen, len(present))
            for wait in going:
                incidence[wait.ending] += free * Fraction(1, len(present))  # type: ignore[index]
            free *= 1 - Fraction(len(going), len(present))
        shares[day], ended[day] = survival, dict(incidence)
        assert free + sum(incidence.values()) == 1
    curve = kaplan_meier(risk_table(some))
    assert all(point.survival == float(shares[point.day]) for point in curve.points)
    broken = next(
        (day for day in range(32) if not shares[day] and any(w.entered > day for w in several)), None
    )
    assert curve.broken_on == broken
    told = range(32) if broken is None else range(broken)
    assert curve.median_days == next((day for day in told if shares[day] <= Fraction(1, 2)), None)
    found = cumulative_incidence(risk_table(some))
    for day in range(32):
        for ending, points in found.items():
            assert abs(share_by(points, day) - float(ended[day].get(ending, 0))) < 1e-12
    assert set(found) == set(incidence)


@given(waits_given)
@settings(max_examples=100)
def test_a_curve_never_rises_and_lies_in_its_band(several: list[ObservedWait]) -> None:
    points = kaplan_meier(risk_table(Counter(several))).points
    shares = [point.survival for point in points]
    assert shares == list(accumulate(shares, min))
    assert all(0 <= point.lower <= point.survival <= point.upper <= 1 for point in points)
