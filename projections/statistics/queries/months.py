"""Control charts of a service's months: how long the waits lasted that ended in each, and how many were in time."""

from __future__ import annotations

from fractions import Fraction

import msgspec

from coordination.directory.state import Directory
from coordination.viewer import Viewer
from projections.reader import Reader
from projections.statistics.control_charts import ControlChart, p_chart, xmr_chart
from projections.waiting_times.figures import StandardVersion
from projections.waiting_times.queries import WaitingTimesCriteria, WaitingTimesMonth, months


class MonthlyCharts(msgspec.Struct, frozen=True, kw_only=True):
    """The charts of one version of a standard: of the median days of the waits that ended in each month (XmR), and of
    the percentage of them within the limit (p; None: the standard has no limit). `rows` are the months themselves;
    those in which no wait ended are in no chart."""

    version: StandardVersion
    rows: tuple[WaitingTimesMonth, ...]
    median: ControlChart
    within: ControlChart | None


def monthly_charts(
    reader: Reader, viewer: Viewer, directory: Directory, ask: WaitingTimesCriteria
) -> tuple[tuple[MonthlyCharts, ...], str]:
    """The charts of each version of the standard that had waits, the oldest first, and the metric version of the rows.

    A month in which the version changed is in both. Raises Refusal as the waiting-time report does.
    """
    found = months(reader, viewer, directory, ask)
    by_version: dict[StandardVersion, list[WaitingTimesMonth]] = {}
    for row in found.rows:
        if row.completed.count:
            by_version.setdefault(row.version, []).append(row)
    return tuple(_charts(version, rows) for version, rows in by_version.items()), found.metric_version


def _charts(version: StandardVersion, rows: list[WaitingTimesMonth]) -> MonthlyCharts:
    """The medians have one decimal place, so that they are fractions without loss."""
    counts = [
        (row.first, row.completed.within_standard, row.completed.count)
        for row in rows
        if row.completed.within_standard is not None
    ]
    return MonthlyCharts(
        version=version,
        rows=tuple(rows),
        median=xmr_chart([(row.first, Fraction(str(row.completed.median_days))) for row in rows]),
        within=p_chart(counts) if version.limit is not None else None,
    )
