"""Control charts of a service's months: how long the waits lasted that ended in each, and how many were in time."""

from __future__ import annotations

from datetime import date, datetime
from fractions import Fraction

import msgspec

from coordination.directory.state import Directory
from coordination.viewer import Viewer
from projections.reader import Reader, parked, position_known_at
from projections.statistics.control_charts import ControlChart, p_chart, xmr_chart
from projections.waiting_times.figures import StandardVersion
from projections.waiting_times.queries import WaitingTimesCriteria, months
from projections.waiting_times.queries.months import WaitingTimesMonth
from projections.waiting_times.queries.report import service_and_standard


class MonthlyCharts(msgspec.Struct, frozen=True, kw_only=True):
    """The charts of one version of a standard: of the median days of the waits that ended in each month (XmR), and of
    the percentage of them within the limit (p; None: the standard has no limit). `counts` are the waits of each month;
    months in which no wait ended are in no chart."""

    version: StandardVersion
    counts: tuple[int, ...]
    median: ControlChart
    within: ControlChart | None


class ControlChartReport(msgspec.Struct, frozen=True, kw_only=True):
    """The charts of a service by a standard, those of the oldest version first. The rest of the fields as in the
    waiting-time report."""

    service: str
    standard: str
    metric_version: str
    log_position: int
    as_of: date
    known_at: datetime | None
    parked: int
    stamp: str | None
    charts: tuple[MonthlyCharts, ...]


def control_charts(
    reader: Reader, viewer: Viewer, directory: Directory, ask: WaitingTimesCriteria
) -> ControlChartReport:
    """The charts of each version of the standard under which waits ended in the period. A month in which the version
    changed is in both.

    Raises Refusal as the waiting-time report does.
    """
    standard = service_and_standard(directory, ask)[1]
    with reader.viewing(viewer) as cursor:
        position = position_known_at(cursor, ask.known_at, ask.at)
        left_out = parked(cursor, "waiting_times", position)
    found = months(reader, viewer, directory, msgspec.structs.replace(ask, at=position))
    by_version: dict[StandardVersion, list[WaitingTimesMonth]] = {}
    for row in found.rows:
        if row.completed.count:
            by_version.setdefault(row.version, []).append(row)
    return ControlChartReport(
        service=ask.service,
        standard=standard,
        metric_version=found.metric_version,
        log_position=position,
        as_of=ask.as_of,
        known_at=ask.known_at,
        parked=left_out,
        stamp=None,
        charts=tuple(_charts(version, rows) for version, rows in by_version.items()),
    )


def _charts(version: StandardVersion, rows: list[WaitingTimesMonth]) -> MonthlyCharts:
    """The medians have one decimal place, so that they are fractions without loss."""
    counts = [
        (row.first, row.completed.within_standard, row.completed.count)
        for row in rows
        if row.completed.within_standard is not None
    ]
    return MonthlyCharts(
        version=version,
        counts=tuple(row.completed.count for row in rows),
        median=xmr_chart([(row.first, Fraction(str(row.completed.median_days))) for row in rows]),
        within=p_chart(counts) if version.limit is not None else None,
    )
