"""Queries for the statistics of waits. Each takes the reader and the viewer first; row-level security does the rest."""

from projections.statistics.queries.months import ControlChartReport, MonthlyCharts, control_charts
from projections.statistics.queries.survival import (
    ENTRIES,
    ByEntry,
    SurvivalCriteria,
    SurvivalGroup,
    SurvivalReport,
    survival,
)
from projections.statistics.queries.trends import MonthlyMedian, Trend, trends

__all__ = [
    "ENTRIES",
    "ByEntry",
    "ControlChartReport",
    "MonthlyCharts",
    "MonthlyMedian",
    "SurvivalCriteria",
    "SurvivalGroup",
    "SurvivalReport",
    "Trend",
    "control_charts",
    "survival",
    "trends",
]
