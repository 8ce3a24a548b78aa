"""Control charts: the lines by hand, each rule on its border, and all of it against a calculation of its own."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal, getcontext
from fractions import Fraction
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from projections.statistics.control_charts import FEWEST, Signal, p_chart, xmr_chart


def month(index: int) -> date:
    return date(2024 + index // 12, index % 12 + 1, 1)


def marked(values: Sequence[float | Fraction]) -> list[tuple[Signal, ...]]:
    chart = xmr_chart([(month(index), Fraction(value)) for index, value in enumerate(values)])
    return [point.signals for point in chart.points]


def test_the_lines_of_an_xmr_chart_by_hand() -> None:
    """Mean 30, moving ranges 6, 12, 6: their mean is 8, and 2.66 times 8 is 21.28."""
    chart = xmr_chart([(month(index), Fraction(value)) for index, value in enumerate((27, 33, 21, 27, 42))])
    assert chart.mean == 30
    ranges = Fraction(6 + 12 + 6 + 15, 4)
    assert chart.points[0].upper == float(30 + Fraction("2.66") * ranges)
    assert chart.points[0].lower == float(30 - Fraction("2.66") * ranges)
    assert chart.provisional
    assert not xmr_chart([(month(index), Fraction(index % 2)) for index in range(FEWEST)]).provisional


def test_a_duration_has_no_limit_below_nought() -> None:
    chart = xmr_chart([(month(0), Fraction(1)), (month(1), Fraction(9))])
    assert (chart.points[0].lower, chart.points[0].upper) == (0, float(5 + Fraction("2.66") * 8))


def test_charts_of_nothing_and_of_one_month_have_no_limits() -> None:
    assert xmr_chart([]).points == p_chart([]).points == p_chart([(month(0), 0, 0)]).points == ()
    [only] = xmr_chart([(month(0), Fraction(4))]).points
    assert (only.value, only.lower, only.upper, only.signals) == (4, None, None, ())


def test_six_on_one_side_are_no_run_and_seven_are() -> None:
    before, after = [100, 0] * 4, [0, 100] * 4
    assert not any("one_side" in signals for signals in marked([*before, 51, 52, 51, 52, 51, 52, *after]))
    found = marked([*before, 61, 62, 61, 62, 61, 62, 61, *after])
    assert [index for index, signals in enumerate(found) if "one_side" in signals] == list(range(8, 15))


def test_a_point_on_the_mean_ends_a_run() -> None:
    values = [10, 11, 10, 11, 10, 11, 5, 10, 11, 10, 11, 10, 11, -17, -17, -17]
    assert Fraction(sum(values), len(values)) == 5
    assert not any("one_side" in signals for signals in marked(values))
    values[6], values[-1] = 6, -18
    assert sum("one_side" in signals for signals in marked(values)) == 13


def test_seven_rising_points_are_a_trend_and_six_or_an_equal_step_are_not() -> None:
    assert not any("trend" in signals for signals in marked([9, 1, 2, 3, 4, 5, 6, 2, 9, 1]))
    rising = marked([9, 1, 2, 3, 4, 5, 6, 7, 2])
    assert [index for index, signals in enumerate(rising) if "trend" in signals] == list(range(1, 8))
    falling = marked([0, 7, 6, 5, 4, 3, 2, 1, 5])
    assert [index for index, signals in enumerate(falling) if "trend" in signals] == list(range(1, 8))
    assert not any("trend" in signals for signals in marked([9, 1, 2, 3, 3, 4, 5, 6, 7, 2]))


def test_a_p_chart_has_wider_limits_for_a_small_month() -> None:
    """40 of 80 in all: the mean is 50 per cent; of 64 three deviations are 18.75, of 16 they are 37.5."""
    large, small = p_chart([(month(0), 30, 64), (month(1), 10, 16), (month(2), 0, 0)]).points
    assert (large.lower, large.upper) == (31.25, 68.75)
    assert (small.lower, small.upper) == (12.5, 87.5)
    assert (large.value, small.value) == (46.875, 62.5)


def test_a_p_chart_never_leaves_0_to_100() -> None:
    points = p_chart([(month(0), 2, 2), (month(1), 0, 1)]).points
    assert all((point.lower, point.upper) == (0, 100) for point in points)


def test_a_value_on_its_limit_is_not_outside() -> None:
    """Of 36 months with 25 waits each the mean is 10 per cent and the upper limit 28 per cent, exactly 7 of 25."""
    share = [7] + [2] * 16 + [3] * 17 + [0, 0]
    assert Fraction(sum(share), 25 * len(share)) == Fraction(1, 10)
    first = p_chart([(month(index), part, 25) for index, part in enumerate(share)]).points[0]
    assert first.value == 28
    assert "outside_limits" not in first.signals
    assert "outside_limits" in p_chart(
        [(month(index), part + (index == 0) - (index == 20), 25) for index, part in enumerate(share)]
    ).points[0].signals  # fmt: skip


def expected(values: list[Fraction], mean: Fraction, reaches: list[Decimal]) -> list[set[str]]:
    """The rules in words: each point looks at every window that it is part of, with decimals of 60 places."""

    def far(index: int, thirds: int) -> bool:
        distance = abs(values[index] - mean)
        exact = Decimal(distance.numerator) / Decimal(distance.denominator)
        return exact > reaches[index] * thirds / 3

    def close(index: int) -> bool:
        return far(index, 2) and not far(index, 3)

    def windows(index: int, length: int) -> list[range]:
        starts = range(max(0, index - length + 1), min(index, len(values) - length) + 1)
        return [range(start, start + length) for start in starts]

    def one_side(window: range) -> bool:
        return all(values[i] > mean for i in window) or all(values[i] < mean for i in window)

    def one_way(window: range) -> bool:
        part = [values[i] for i in window]
        return len(set(part)) == len(part) and part in (sorted(part), sorted(part, reverse=True))

    found: list[set[str]] = []
    for index in range(len(values)):
        rules = set()
        if far(index, 3):
            rules.add("outside_limits")
        if any(one_side(window) for window in windows(index, 7)):
            rules.add("one_side")
        if any(one_way(window) for window in windows(index, 7)):
            rules.add("trend")
        if close(index) and any(
            one_side(window) and sum(map(close, window)) >= 2 for window in windows(index, 3)
        ):
            rules.add("near_limit")
        found.append(rules)
    return found


# the step between values is small against the limits, so that runs, trends and near points do occur
series = st.lists(st.sampled_from([20, 21, 22, 23, 24, 25, 26, 40, 80, 82]), min_size=2, max_size=40)
wavy = st.integers(0, 9).flatmap(
    lambda turn: st.just(
        [(index * (turn + 1)) % 23 + (60 if index == 3 * turn else 0) for index in range(30)]
    )
)


@given(series | wavy)
@settings(max_examples=200)
def test_the_rules_of_an_xmr_chart_equal_a_calculation_of_their_own(values: list[int]) -> None:
    getcontext().prec = 60
    fractions = [Fraction(value) for value in values]
    mean = sum(fractions, Fraction()) / len(values)
    moved = Decimal(sum(abs(b - a) for a, b in pairwise(values))) / (len(values) - 1)
    wanted = expected(fractions, mean, [moved * Decimal("2.66")] * len(values))
    assert [set(signals) for signals in marked(fractions)] == wanted


@given(st.lists(st.tuples(st.integers(0, 30), st.integers(1, 30)), min_size=2, max_size=40))
@settings(max_examples=200)
def test_the_rules_of_a_p_chart_equal_a_calculation_of_their_own(pairs: list[tuple[int, int]]) -> None:
    getcontext().prec = 60
    counts = [(min(pair), max(pair)) for pair in pairs]
    chart = p_chart([(month(index), part, whole) for index, (part, whole) in enumerate(counts)])
    mean = Fraction(sum(part for part, _ in counts), sum(whole for _, whole in counts))
    share = Decimal(mean.numerator) / Decimal(mean.denominator)
    reaches = [3 * (share * (1 - share) / whole).sqrt() for _, whole in counts]
    wanted = expected([Fraction(part, whole) for part, whole in counts], mean, reaches)
    assert [set(point.signals) for point in chart.points] == wanted
    for point, reach in zip(chart.points, reaches, strict=True):
        assert point.upper == pytest.approx(100 * min(1, float(share + reach)), abs=1e-9)
        assert point.lower == pytest.approx(100 * max(0, float(share - reach)), abs=1e-9)
