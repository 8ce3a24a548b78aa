"""The Kaplan-Meier estimate: how many were still waiting after each day, had every wait been observed to its stop.

Kaplan and Meier 1958. The band is the pointwise log-log ("exponential Greenwood") interval of Kalbfleisch and
Prentice, the default of the Python library lifelines, with which a test compares every number.
"""

from __future__ import annotations

from collections.abc import Sequence
from math import exp, log, sqrt
from statistics import NormalDist

import msgspec

from projections.statistics.risk import RiskDay

CONFIDENCE = 0.95
"""The level of the band at each day."""

STOPPED = "stopped"
"""The ending of a wait that the curve counts; every other ending censors it."""


class SurvivalPoint(msgspec.Struct, frozen=True):
    """After `day`: the estimated share still waiting (0 to 1), its band, and the waits observed on the day."""

    day: int
    survival: float
    lower: float
    upper: float
    at_risk: int


class SurvivalCurve(msgspec.Struct, frozen=True):
    """`points` on day 0 and on each day on which a wait ended or was last observed; `median_days` the first day after
    which at most half still waited, None: not reached.

    `broken_on`: the day on which everybody then observed had stopped although others entered later. From it on the
    curve says nothing, and it gives no median.
    """

    points: tuple[SurvivalPoint, ...]
    median_days: int | None
    broken_on: int | None


def kaplan_meier(table: Sequence[RiskDay], confidence: float = CONFIDENCE) -> SurvivalCurve:
    """The curve of some waits, given as their risk table, and its band at a level between 0 and 1.

    The share is a quotient of whole numbers, so that the median does not depend on rounding. After a day on which
    every observed wait stopped the share is 0, even if others enter later.
    """
    deviation = NormalDist().inv_cdf((1 + confidence) / 2)
    points: list[SurvivalPoint] = []
    median: int | None = None
    broken: int | None = None
    waiting, all_of_them, variance = 1, 1, 0.0  # the share is waiting / all_of_them
    for row in table:
        stopped = row.ended.get(STOPPED, 0)
        if stopped:
            waiting *= row.at_risk - stopped
            all_of_them *= row.at_risk
            if stopped < row.at_risk:
                variance += stopped / (row.at_risk * (row.at_risk - stopped))
        share = waiting / all_of_them
        if waiting == 0 and broken is None and row is not table[-1]:
            broken = row.day
        if median is None and broken is None and 2 * waiting <= all_of_them:
            median = row.day
        points.append(SurvivalPoint(row.day, share, *_band(share, variance, deviation), row.at_risk))
    return SurvivalCurve(tuple(points), median, broken)


def _band(share: float, variance: float, deviation: float) -> tuple[float, float]:
    """The log-log interval from Greenwood's sum; where it is not defined (nobody or everybody waits) the share."""
    if share in (0.0, 1.0):
        return share, share
    middle = log(-log(share))
    reach = deviation * sqrt(variance) / -log(share)
    return exp(-exp(middle + reach)), exp(-exp(middle - reach))
