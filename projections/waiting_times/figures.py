"""The figures of waits, from histograms of their days: exact, with one decimal, halves up. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from fractions import Fraction

import msgspec

from coordination.clocks import band_limits

FEW_WAITS = 10
"""Figures on fewer waits say so, unless a setting gives another number."""


class StandardVersion(msgspec.Struct, frozen=True, kw_only=True):
    """The standard by which some waits were measured: `version` is its first day, `start` and `stop` are its
    milestones, `limit` and `bands` are in `unit`. A clock that is built in has no version, milestones, limit or
    bands."""

    code: str
    version: date | None
    start: str | None
    stop: str | None
    unit: str
    limit: int | None
    bands: tuple[int, ...]
    target_percent: int | None


class WaitBand(msgspec.Struct, frozen=True):
    """Waits of more than `over` and at most `up_to`, in the unit of the standard; None: no bound."""

    over: int | None
    up_to: int | None
    count: int


class CompletedWaits(msgspec.Struct, frozen=True):
    """Waits that were stopped in the period. Days are those of the standard's unit (of weeks: calendar days),
    unadjusted. Without a limit nothing is within it: None. `few_waits`: too few for the figures to be relied on."""

    count: int
    within_standard: int | None
    percent_within_standard: float | None
    median_days: float | None
    p95_days: float | None
    bands: tuple[WaitBand, ...]
    few_waits: bool


class OpenWaits(msgspec.Struct, frozen=True):
    """Those still waiting on the day, their waits cut off there; otherwise as CompletedWaits."""

    count: int
    within_standard: int | None
    percent_within_standard: float | None
    over_standard: int | None
    median_days: float | None
    p92_days: float | None
    p95_days: float | None
    longest_days: int | None
    bands: tuple[WaitBand, ...]
    few_waits: bool


class WaitLengths:
    """How many waits lasted how many days, and how many of them were late. `in_band` has those whose band was found by
    its dates, by the index of the band."""

    __slots__ = ("days", "in_band", "late", "to_band")

    def __init__(self) -> None:
        self.days: dict[int, int] = {}
        self.to_band: dict[int, int] = {}
        self.in_band: dict[int, int] = {}
        self.late = 0

    def add(self, days: int, count: int, *, late: bool, band: int | None = None) -> None:
        """Adds `count` waits of so many days; `band`: into which band they fall, where their days do not say it."""
        self.days[days] = self.days.get(days, 0) + count
        if band is None:
            self.to_band[days] = self.to_band.get(days, 0) + count
        else:
            self.in_band[band] = self.in_band.get(band, 0) + count
        self.late += count if late else 0

    @property
    def count(self) -> int:
        """How many waits there are."""
        return sum(self.days.values())


def completed_of(lengths: WaitLengths, version: StandardVersion, few: int = FEW_WAITS) -> CompletedWaits:
    """The figures of waits that were stopped."""
    count = lengths.count
    within = None if version.limit is None else count - lengths.late
    return CompletedWaits(
        count=count,
        within_standard=within,
        percent_within_standard=percent(within, count),
        median_days=percentile(lengths.days, 50),
        p95_days=percentile(lengths.days, 95),
        bands=bands_of(lengths, version),
        few_waits=count < few,
    )


def waiting_of(lengths: WaitLengths, version: StandardVersion, few: int = FEW_WAITS) -> OpenWaits:
    """The figures of waits that still run."""
    count = lengths.count
    within = None if version.limit is None else count - lengths.late
    return OpenWaits(
        count=count,
        within_standard=within,
        percent_within_standard=percent(within, count),
        over_standard=None if version.limit is None else lengths.late,
        median_days=percentile(lengths.days, 50),
        p92_days=percentile(lengths.days, 92),
        p95_days=percentile(lengths.days, 95),
        longest_days=max(lengths.days, default=None),
        bands=bands_of(lengths, version),
        few_waits=count < few,
    )


def bands_of(lengths: WaitLengths, version: StandardVersion) -> tuple[WaitBand, ...]:
    """The waits in the bands of a version; every wait is in exactly one."""
    limits = (None, *version.bands, None)
    in_days = (None, *band_limits(version.bands, version.unit), None)
    found = []
    for index in range(len(limits) - 1):
        low, high = in_days[index], in_days[index + 1]
        inside = sum(
            n for d, n in lengths.to_band.items() if (low is None or d > low) and (high is None or d <= high)
        )
        found.append(WaitBand(limits[index], limits[index + 1], inside + lengths.in_band.get(index, 0)))
    return tuple(found)


def percent(part: int | None, whole: int) -> float | None:
    """Per cent to one decimal place, halves up as in published tables; None for a share of nothing, or of what has no
    limit."""
    if part is None or whole == 0:
        return None
    return one_decimal(Fraction(100 * part, whole))


def percentile(days: Mapping[int, int], per_cent: int) -> float | None:
    """The continuous percentile (as PostgreSQL's percentile_cont) of a histogram of days, to one decimal place, halves
    up; None of nothing. Counted in integers and fractions: exact whatever the size."""
    count = sum(days.values())
    if count == 0:
        return None
    low, part = divmod(per_cent * (count - 1), 100)
    first = second = None
    passed = 0
    for value in sorted(days):
        passed += days[value]
        if first is None and passed > low:
            first = value
        if passed > low + 1 or (part == 0 and first is not None):
            second = value
            break
    assert first is not None
    return one_decimal(first + Fraction(part * ((first if second is None else second) - first), 100))


def one_decimal(value: Fraction) -> float:
    """A number that is not negative, to one decimal place, halves up."""
    return (value * 20 + 1) // 2 / 10
