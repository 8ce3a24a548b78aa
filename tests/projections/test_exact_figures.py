"""Shares, percentiles, bands: exact figures of histograms of days. No database."""

from __future__ import annotations

import math
from collections import Counter
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from statistics import median

import pytest
from hypothesis import given
from hypothesis import strategies as st

from projections.waiting_times.figures import (
    CompletedWaits,
    OpenWaits,
    WaitBand,
    completed_of,
    percent,
    percentile,
    waiting_of,
)
from projections.waiting_times.tally import WaitTally
from tests.projections.waiting_rows import (
    lengths,
    row,
    standard,
)

# Shares and percentiles


@pytest.mark.parametrize(
    ("part", "whole", "share"),
    [
        (0, 0, None),
        (0, 3, 0.0),
        (1, 3, 33.3),
        (2, 3, 66.7),
        (3, 3, 100.0),
        (1, 2000, 0.1),
        (1, 2001, 0.0),
        (1, 1, 100.0),
    ],
)
def test_a_share_has_one_decimal_place_and_halves_go_up(part: int, whole: int, share: float | None) -> None:
    assert percent(part, whole) == share


def test_a_percentile_lies_between_the_days_beside_it() -> None:
    assert percentile({}, 50) is None
    assert percentile({3: 1}, 95) == 3.0
    assert percentile({1: 1, 2: 1}, 50) == 1.5
    assert percentile({1: 2, 10: 1}, 50) == 1.0
    assert percentile({10: 1, 1: 1, 4: 1}, 50) == 4.0
    assert percentile({0: 1, 100: 1}, 95) == 95.0
    assert percentile({0: 1, 1: 1}, 25) == 0.3, "a half goes up"
    assert percentile(Counter(range(21)), 95) == 19.0
    assert percentile({0: 1, 1: 1, 10**17: 1}, 50) == 1.0, "no floating point on the way"


@given(st.lists(st.integers(0, 400), min_size=1, max_size=60), st.sampled_from([50, 92, 95]))
def test_a_percentile_is_that_of_the_sorted_days(days: list[int], per_cent: int) -> None:
    if per_cent == 50:
        assert percentile(Counter(days), 50) == median(days)
    ordered, place = sorted(days), Fraction(per_cent * (len(days) - 1), 100)
    low = math.floor(place)
    high = min(low + 1, len(days) - 1)
    exact = ordered[low] + (ordered[high] - ordered[low]) * (place - low)
    rounded = (Decimal(exact.numerator) / exact.denominator).quantize(Decimal("0.1"), ROUND_HALF_UP)
    assert percentile(Counter(days), per_cent) == float(rounded)


def test_completed_waits_are_counted_in_bands_that_touch() -> None:
    assert completed_of(lengths({7: 2, 8: 1, 28: 3, 29: 4}, 4), standard(), 11) == CompletedWaits(
        count=10,
        within_standard=6,
        percent_within_standard=60.0,
        median_days=28.0,
        p95_days=29.0,
        bands=(WaitBand(None, 7, 2), WaitBand(7, 28, 4), WaitBand(28, None, 4)),
        few_waits=True,
    )
    weeks = completed_of(lengths({28: 1, 29: 1, 57: 1}), standard(unit="weeks", bands=(4, 8)), 3)
    assert weeks.bands == (WaitBand(None, 4, 1), WaitBand(4, 8, 1), WaitBand(8, None, 1))
    assert not weeks.few_waits, "not fewer than 3"
    none = completed_of(lengths({}), standard(bands=()))
    assert none == CompletedWaits(0, 0, None, None, None, (WaitBand(None, None, 0),), few_waits=True)


def test_open_waits_have_the_same_figures_and_the_longest() -> None:
    assert waiting_of(lengths({4: 1, 9: 2}, 2), standard()) == OpenWaits(
        count=3,
        within_standard=1,
        percent_within_standard=33.3,
        over_standard=2,
        median_days=9.0,
        p92_days=9.0,
        p95_days=9.0,
        longest_days=9,
        bands=(WaitBand(None, 7, 1), WaitBand(7, 28, 2), WaitBand(28, None, 0)),
        few_waits=True,
    )
    assert waiting_of(lengths({}), standard()).longest_days is None


def test_without_a_limit_nothing_is_within_it_or_over_it() -> None:
    built_in = standard(code="none", version=None, start=None, stop=None, limit=None, bands=())
    done, open_ = completed_of(lengths({3: 2}), built_in), waiting_of(lengths({3: 2}), built_in)
    assert (done.within_standard, done.percent_within_standard, done.median_days) == (None, None, 3.0)
    assert (open_.within_standard, open_.percent_within_standard, open_.over_standard) == (None, None, None)
    assert done.bands == (WaitBand(None, None, 2),)


@pytest.mark.parametrize(
    ("start", "end", "band"),
    [
        # six weeks from Saturday 10 January end on Saturday 21 February: the band ends on Monday the 23rd
        (date(2026, 1, 10), date(2026, 2, 21), 0),
        (date(2026, 1, 10), date(2026, 2, 23), 0),
        (date(2026, 1, 10), date(2026, 2, 24), 1),
    ],
)
def test_under_section_20_a_band_ends_on_a_working_day(start: date, end: date, band: int) -> None:
    weeks = standard(unit="weeks", limit=6, bands=(6, 12))
    stopped, running = WaitTally(), WaitTally()
    days = (end - start).days
    stopped.add(row("x", "stopped", days=days, since=start, until=end), weeks, "s20_nhs", None, end)
    running.add(row("x", "running", since=start), weeks, "s20_nhs", None, end)
    done, open_ = completed_of(stopped.stopped, weeks), waiting_of(running.running, weeks)
    assert [one.count for one in done.bands].index(1) == [one.count for one in open_.bands].index(1) == band
    assert done.median_days == open_.median_days == days, "the days stay calendar days"
