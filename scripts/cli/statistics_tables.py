"""Survival curves and control charts as tables."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from projections.statistics.queries import ControlChartReport, SurvivalReport


def survival_table(found: SurvivalReport) -> tuple[Sequence[str], list[Sequence[Any]]]:
    """Header and rows: a line for each month or year of entry and version of the standard; the endings are in the order
    of every report."""
    endings = tuple(found.groups[0].ended) if found.groups else ()
    header = ("entry", "version", "unit", "n", "median_days", *endings, "waiting", "uncountable")
    rows: list[Sequence[Any]] = [
        (
            *(group.key, group.version and group.version.isoformat(), group.unit, group.n, group.median_days),
            *group.ended.values(),
            *(group.waiting, group.uncountable),
        )
        for group in found.groups
    ]
    return header, rows


def control_chart_table(found: ControlChartReport) -> tuple[Sequence[str], list[Sequence[Any]]]:
    """Header and rows: a line for each chart, version and month."""
    header = ("chart", "version", "month", "waits", "value", "mean", "lower_limit", "upper_limit", "rules")
    rows: list[Sequence[Any]] = [
        (
            *(name, each.version.version and each.version.version.isoformat(), f"{point.on:%Y-%m}", count),
            *(point.value, chart.mean, point.lower, point.upper, " ".join(point.signals) or None),
        )
        for each in found.charts
        for name, chart in (("median_days", each.median), ("percent_within_standard", each.within))
        if chart is not None
        for count, point in zip(each.counts, chart.points, strict=True)
    ]
    return header, rows
