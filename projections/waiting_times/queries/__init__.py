"""What may be asked of waiting times. Every query takes the reader and the viewer first; the policies do the rest."""

from projections.waiting_times.queries.report import (
    GROUPINGS,
    NOT_RECORDED,
    Ask,
    Band,
    By,
    Completed,
    Group,
    Report,
    Waiting,
    label,
    percent,
    percentile,
    report,
    whose_days,
)

__all__ = [
    "GROUPINGS",
    "NOT_RECORDED",
    "Ask",
    "Band",
    "By",
    "Completed",
    "Group",
    "Report",
    "Waiting",
    "label",
    "percent",
    "percentile",
    "report",
    "whose_days",
]
