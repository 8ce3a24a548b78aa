"""A forecast of when half of those who ask a service now are seen, and how earlier forecasts turned out. Pure.

The median of the Kaplan-Meier estimate of those who entered in the year before, with bounds by resampling (Efron
1981): the waits are drawn anew with replacement, and of the medians of those samples the middle LEVEL is kept. The
draws have a seed of their own, so that the same waits always give the same forecast.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from functools import lru_cache
from random import Random
from typing import Literal

import msgspec

from projections.statistics.risk import ObservedWait, risk_table
from projections.statistics.survival import STOPPED

FEWEST = 10
"""On fewer waits nothing is forecast: one child more or less would change it."""
FEWEST_SEEN = 5
"""Nor where fewer of them ended by being seen."""
DRAWS = 200
LEVEL = 0.8
NEVER = 10**6
"""Stands for a median that a sample did not reach."""
SEED = 2026

Outcome = Literal["within", "sooner", "later", "too_few"]
"""How a forecast turned out: half were seen within its bounds, sooner or later; or too few entered to say."""


class Forecast(msgspec.Struct, frozen=True, kw_only=True):
    """Half are seen within `low` to `high` days, both at level LEVEL; `high` None: it cannot be said how long at most.
    It rests on `waits` waits."""

    low: int
    high: int | None
    waits: int

    @property
    def weeks(self) -> tuple[int, int | None]:
        """In whole weeks: the lower bound down, the upper up."""
        return self.low // 7, -(-self.high // 7) if self.high is not None else None


def forecast(waits: Mapping[ObservedWait, int]) -> Forecast | None:
    """The forecast from the waits of an entry cohort; None on few."""
    seen = sum(count for wait, count in waits.items() if wait.ending == STOPPED)
    if sum(waits.values()) < FEWEST or seen < FEWEST_SEEN:
        return None
    return _drawn(tuple(sorted(waits.items(), key=lambda one: repr(one[0]))))


@lru_cache(maxsize=512)
def _drawn(waits: tuple[tuple[ObservedWait, int], ...]) -> Forecast | None:
    kinds, weights = [one for one, _ in waits], [count for _, count in waits]
    whole, draws = sum(weights), Random(SEED)  # noqa: S311 - a sample, not a secret
    medians = sorted(
        median_of(Counter(draws.choices(kinds, weights, k=whole))) or NEVER for _ in range(DRAWS)
    )
    cut = round(DRAWS * (1 - LEVEL) / 2)
    low, high = medians[cut], medians[DRAWS - 1 - cut]
    if low == NEVER:
        return None
    return Forecast(low=low, high=None if high == NEVER else high, waits=whole)


def median_of(waits: Mapping[ObservedWait, int]) -> int | None:
    """The first day after which at most half still wait, by the Kaplan-Meier estimate; None where it is not reached."""
    share = 1.0
    for row in risk_table(waits):
        stopped = row.ended.get(STOPPED, 0)
        if stopped:
            share *= 1 - stopped / row.at_risk
            if share <= 0.5 + 1e-12:
                return max(row.day, 1)
    return None


def outcome_of(made: Forecast, later: Mapping[ObservedWait, int]) -> Outcome:
    """How a forecast turned out for those who entered in the year after it."""
    if sum(later.values()) < FEWEST:
        return "too_few"
    median = median_of(later)
    if median is not None and median < made.low:
        return "sooner"
    if made.high is not None and (median is None or median > made.high):
        return "later"
    return "within"
