"""The waiting-time report as a table: a row for each group and version of the standard."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from coordination.clocks import ENDINGS
from projections.waiting_times.queries import (
    AuditSampleReport,
    WaitBand,
    WaitHistory,
    WaitingTimesGroup,
    WaitingTimesReport,
    WaitRow,
    WaitRows,
)


def waiting_table(found: WaitingTimesReport) -> tuple[Sequence[str], list[Sequence[Any]]]:
    """The headings and rows. A band has a column of its own, empty in the rows of versions that do not have it: the
    unit stands in the row. What is counted for the whole report, too, is named as the group's."""
    versions = {version.version: version for version in found.versions}
    banded = list(dict.fromkeys(_band(b) for group in found.groups for b in group.completed.bands))
    header = (
        *("group", "version", "limit", "unit", "group_started"),
        *("completed", "within_standard", "percent_within_standard", "median_days", "p95_days"),
        *banded,
        *("waiting", "waiting_within_standard", "waiting_percent_within_standard", "over_standard"),
        *("waiting_median_days", "waiting_p92_days", "waiting_p95_days", "longest_days"),
        *(f"waiting_{name}" for name in banded),
        *(f"ended_{ending}" for ending in ENDINGS),
        *("group_uncountable", "completed_few_waits", "waiting_few_waits"),
    )
    rows: list[Sequence[Any]] = []
    for group in found.groups:
        version = versions[group.version]
        rows.append((group.key, group.version, version.limit, version.unit, *_figures(group, banded)))
    return header, rows


LINE = (
    *("referral", "number", "standard", "version", "start_on", "begins_on", "due_on", "stop_on", "ended_on"),
    *("ending", "elapsed_days", "inherited_days", "late", "unconfirmed"),
)


def waits_table(found: WaitRows | AuditSampleReport) -> tuple[Sequence[str], list[Sequence[Any]]]:
    """A line for each wait behind a figure, or of a sample."""
    return LINE, [_line(line) for line in found.rows]


def one_wait_table(found: WaitHistory) -> tuple[Sequence[str], list[Sequence[Any]]]:
    """A line for each clock of a referral that runs or ran on the day."""
    return LINE, [_line(clock.line) for clock in found.clocks if clock.line is not None]


def _line(line: WaitRow) -> tuple[Any, ...]:
    return (
        *(str(line.referral), line.number, line.standard.code, line.standard.version, line.start_on),
        *(line.begins_on, line.due_on, line.stop_on, line.ended_on, line.ending, line.elapsed),
        *(line.inherited_days, line.late, line.unconfirmed),
    )


def _figures(group: WaitingTimesGroup, banded: Sequence[str]) -> tuple[Any, ...]:
    done, open_ = group.completed, group.waiting
    ended_in = {_band(band): band.count for band in done.bands}
    waiting_in = {_band(band): band.count for band in open_.bands}
    return (
        group.started,
        *(done.count, done.within_standard, done.percent_within_standard, done.median_days, done.p95_days),
        *(ended_in.get(name) for name in banded),
        *(open_.count, open_.within_standard, open_.percent_within_standard, open_.over_standard),
        *(open_.median_days, open_.p92_days, open_.p95_days, open_.longest_days),
        *(waiting_in.get(name) for name in banded),
        *(group.ended_otherwise[ending] for ending in ENDINGS),
        *(group.uncountable, done.few_waits, open_.few_waits),
    )


def _band(band: WaitBand) -> str:
    if band.over is None and band.up_to is None:
        return "all"
    if band.over is None:
        return f"up_to_{band.up_to}"
    return f"over_{band.over}" + (f"_up_to_{band.up_to}" if band.up_to is not None else "")
