"""How the report of each kind is printed: as a table, and as JSON where that is not the report as it is."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from projections.attendance import queries as attendance
from projections.waiting_times import queries as waiting_times
from scripts.cli.advice_tables import advice_document, advice_table
from scripts.cli.published import published_document, published_table
from scripts.cli.quality_tables import due_soon_table, quality_table, what_if_table
from scripts.cli.return_tables import return_document, return_table
from scripts.cli.statistics_tables import control_chart_table, survival_table
from scripts.cli.support_tables import support_table
from scripts.cli.waiting_table import one_wait_table, waiting_table, waits_table

Table = tuple[Sequence[str], list[Sequence[Any]]]


def _attendance(found: attendance.AttendanceReport) -> Table:
    plain = [
        name for name in attendance.AttendanceGroup.__struct_fields__ if name not in ("key", "not_expected")
    ]
    beside = attendance.NotExpectedCounts.__struct_fields__
    header = ("group", *plain, *(f"not_expected_{name}" for name in beside))
    rows: list[Sequence[Any]] = [
        (
            group.key,
            *(getattr(group, name) for name in plain),
            *(getattr(group.not_expected, name) for name in beside),
        )
        for group in (*found.groups, found.total)
    ]
    return header, rows


def _overview(found: waiting_times.WaitingTimesOverview) -> Table:
    header = (
        *("service", "standard", "version", "started", "completed", "within_standard", "median_days"),
        *("waiting", "over_standard", "longest_days", "uncountable"),
    )
    rows: list[Sequence[Any]] = [
        (
            *(str(line.service), line.standard.code, line.standard.version, line.started),
            *(line.completed.count, line.completed.within_standard, line.completed.median_days),
            *(line.waiting.count, line.waiting.over_standard, line.waiting.longest_days, line.uncountable),
        )
        for line in found.services
    ]
    return header, rows


TABLES: Mapping[str, Callable[[Any], Table]] = {
    "waiting-times": waiting_table,
    "waiting-times-overview": _overview,
    "waits": waits_table,
    "one-wait": one_wait_table,
    "audit-sample": waits_table,
    "statutory-waits": waiting_table,
    "attendance": _attendance,
    "survival": survival_table,
    "data-quality": quality_table,
    "due-soon": due_soon_table,
    "what-if": what_if_table,
    "published": published_table,
    "advice": advice_table,
    "control-charts": control_chart_table,
    "returns": return_table,
    "support": support_table,
}
"""How a report of each kind is printed as a table: its header and rows."""
DOCUMENTS: Mapping[str, Callable[[Any], dict[str, Any]]] = {
    "published": published_document,
    "advice": advice_document,
    "returns": return_document,
}
"""What is printed as JSON, where it is not the report as it is."""
