"""Queries about waiting times. Each takes the reader and the viewer first; row-level security does the rest."""

from projections.waiting_times.figures import (
    FEW_WAITS,
    CompletedWaits,
    OpenWaits,
    StandardVersion,
    WaitBand,
    percent,
    percentile,
)
from projections.waiting_times.queries.history import (
    ClockHistory,
    EntryReview,
    WaitEntry,
    WaitHistory,
    WaitVersion,
    wait_history,
)
from projections.waiting_times.queries.months import WaitingTimesMonth, WaitingTimesMonths, months
from projections.waiting_times.queries.overview import (
    OverviewCriteria,
    SchoolRow,
    ServiceRow,
    WaitingTimesOverview,
    overview,
)
from projections.waiting_times.queries.report import (
    GROUPINGS,
    NOT_ENDED,
    NOT_RECORDED,
    By,
    WaitingTimesCriteria,
    WaitingTimesGroup,
    WaitingTimesReport,
    label,
    report,
    whose_days,
)
from projections.waiting_times.queries.standards import default_standard, in_force, version_in_force
from projections.waiting_times.queries.versions import is_mixed, metric_version_of
from projections.waiting_times.queries.waits import (
    WHICH,
    WaitPeriod,
    WaitRow,
    WaitRows,
    Which,
    wait_rows,
)

__all__ = [
    "By",
    "ClockHistory",
    "CompletedWaits",
    "EntryReview",
    "FEW_WAITS",
    "GROUPINGS",
    "NOT_ENDED",
    "NOT_RECORDED",
    "OpenWaits",
    "OverviewCriteria",
    "SchoolRow",
    "ServiceRow",
    "StandardVersion",
    "WHICH",
    "WaitBand",
    "WaitEntry",
    "WaitHistory",
    "WaitPeriod",
    "WaitRow",
    "WaitRows",
    "WaitVersion",
    "WaitingTimesCriteria",
    "WaitingTimesGroup",
    "WaitingTimesMonth",
    "WaitingTimesMonths",
    "WaitingTimesOverview",
    "WaitingTimesReport",
    "Which",
    "default_standard",
    "in_force",
    "is_mixed",
    "label",
    "metric_version_of",
    "months",
    "overview",
    "percent",
    "percentile",
    "report",
    "version_in_force",
    "wait_history",
    "wait_rows",
    "whose_days",
]
