"""The kinds of reports that carry a stamp, in one table. A kind joins by one entry in KINDS (and, for the command
line, one in `scripts/cli/report_tables.py`)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import msgspec
from psycopg import Cursor
from psycopg.rows import DictRow

from coordination.clocks import METRIC_VERSION
from coordination.clocks.metric import rules_of_version
from coordination.directory.state import Directory
from coordination.errors import Refusal
from coordination.store.application import Record
from coordination.viewer import Viewer
from projections.aln.queries.report import (
    StatutoryCriteria,
    check_statutory,
    statutory_changes,
    statutory_report,
)
from projections.attendance import queries as attendance
from projections.attendance.queries.figures import statement_parameters
from projections.publishing.waiting_times import PublishedCriteria, published_waiting_times
from projections.reader import Reader
from projections.returns.queries import ReturnsCriteria, check_return, monthly_return
from projections.stamps.changes import (
    ReportChange,
    changes_of_all_waits,
    changes_of_attendance,
    changes_of_waits,
)
from projections.statistics.queries import SurvivalCriteria, control_charts, survival
from projections.statistics.queries.survival import waits_asked
from projections.waiting_times import queries as waiting_times
from projections.waiting_times.on_demand import OnDemandReader, waits_under
from projections.waiting_times.queries.report import service_and_standard
from projections.waiting_times.queries.what_if import asked_of, require_calendar_days

AskReport = Callable[[Reader, Viewer, Directory, Any], Any]
CountChanges = Callable[[Cursor[DictRow], Directory, Any, int, int], list[ReportChange]]
ReadUnder = Callable[[Record, Reader, Directory, Any, int], Reader]
StandardVersions = Callable[[Directory, Any], dict[str, list[str]]]


def _no_standards(_directory: Directory, _ask: Any) -> dict[str, list[str]]:
    return {}


def _in_order(_directory: Directory, ask: Any) -> None:
    """Raises Refusal `ends_before_it_begins`."""
    if ask.from_on and ask.to_on and ask.to_on < ask.from_on:
        raise Refusal("ends_before_it_begins", "to_on")


def _newest(_record: Record, reader: Reader, _directory: Directory, _ask: Any, _position: int) -> Reader:
    return reader


def _under_metric(record: Record, reader: Reader, directory: Directory, ask: Any, position: int) -> Reader:
    """The rows of the newest version of the metric rules stand in the read models; those of another are computed."""
    rules = rules_of_version(ask.metric)
    if rules.version == METRIC_VERSION:
        return reader
    return OnDemandReader(reader, waits_under(rules, record, directory, position))


class ReportKind(msgspec.Struct, frozen=True, kw_only=True):
    """A kind of report.

    `criteria` is the struct of its question: codes, days, numbers and a position `at`, nothing about a pupil. `ask`
    makes the report, a struct with `log_position` and `stamp`, from the reader, the viewer, the directory and the
    question; it reads no clock and nothing later than `at`. `check` raises Refusal for a question that is not possible
    with a directory. `standards` names the versions of the standards that it counts against: the first days by code.
    `metric` is the newest version of its rules; where a question may name another (a field `metric`), `under` is the
    reader that reads by it, at a position with its directory. `changes` counts what was recorded between two positions
    that the report rests on (`projections/stamps/changes.py`).
    """

    name: str
    criteria: type[Any]
    ask: AskReport
    check: Callable[[Directory, Any], object]
    metric: str
    changes: CountChanges
    standards: StandardVersions = _no_standards
    under: ReadUnder = _newest

    def metric_of(self, ask: Any) -> str:
        """The version of the rules that a question is answered under."""
        return getattr(ask, "metric", None) or self.metric


def _always(_directory: Directory, _ask: Any) -> None:
    """The question is possible with every directory."""


def _of_service(directory: Directory, ask: Any) -> dict[str, list[str]]:
    """The versions of the standard that waits of the service may have begun under."""
    service, standard = service_and_standard(directory, ask)
    versions = [v for v in directory.standards_of(service) if v.code == standard]
    return {standard: [version.effective_from.isoformat() for version in versions]}


def _possible_curves(directory: Directory, ask: SurvivalCriteria) -> None:
    """Raises Refusal for a question that is not possible with the directory."""
    service_and_standard(directory, waits_asked(ask))


def _changes_of_curves(
    cursor: Cursor[DictRow], directory: Directory, ask: SurvivalCriteria, after: int, until: int
) -> list[ReportChange]:
    return changes_of_waits(cursor, directory, waits_asked(ask), after, until)


def _of_curves(directory: Directory, ask: SurvivalCriteria) -> dict[str, list[str]]:
    return _of_service(directory, waits_asked(ask))


def _changes_of_statutory(
    cursor: Cursor[DictRow], _directory: Directory, ask: StatutoryCriteria, after: int, until: int
) -> list[ReportChange]:
    return [ReportChange(*found) for found in statutory_changes(cursor, ask, after, until)]


def _of_statutory(directory: Directory, ask: StatutoryCriteria) -> dict[str, list[str]]:
    versions = [v for v in directory.statutory_standards() if v.code == ask.standard]
    return {ask.standard: [version.effective_from.isoformat() for version in versions]}


def _changes_of_what_if(
    cursor: Cursor[DictRow], directory: Directory, ask: waiting_times.WhatIfCriteria, after: int, until: int
) -> list[ReportChange]:
    return changes_of_waits(cursor, directory, asked_of(ask), after, until)


KINDS: Mapping[str, ReportKind] = {
    kind.name: kind
    for kind in (
        ReportKind(
            name="waiting-times",
            criteria=waiting_times.WaitingTimesCriteria,
            ask=waiting_times.report,
            check=service_and_standard,
            metric=METRIC_VERSION,
            changes=changes_of_waits,
            standards=_of_service,
            under=_under_metric,
        ),
        ReportKind(
            name="statutory-waits",
            criteria=StatutoryCriteria,
            ask=statutory_report,
            check=check_statutory,
            metric=METRIC_VERSION,
            changes=_changes_of_statutory,
            standards=_of_statutory,
        ),
        ReportKind(
            name="survival",
            criteria=SurvivalCriteria,
            ask=survival,
            check=_possible_curves,
            metric=METRIC_VERSION,
            changes=_changes_of_curves,
            standards=_of_curves,
            under=_under_metric,
        ),
        ReportKind(
            name="control-charts",
            criteria=waiting_times.WaitingTimesCriteria,
            ask=control_charts,
            check=service_and_standard,
            metric=METRIC_VERSION,
            changes=changes_of_waits,
            standards=_of_service,
            under=_under_metric,
        ),
        ReportKind(
            name="waiting-times-overview",
            criteria=waiting_times.OverviewCriteria,
            ask=waiting_times.overview,
            check=_in_order,
            metric=METRIC_VERSION,
            changes=changes_of_all_waits,
        ),
        ReportKind(
            name="data-quality",
            criteria=waiting_times.DataQualityCriteria,
            ask=waiting_times.data_quality,
            check=_always,
            metric=METRIC_VERSION,
            changes=changes_of_all_waits,
        ),
        ReportKind(
            name="what-if",
            criteria=waiting_times.WhatIfCriteria,
            ask=waiting_times.what_if,
            check=require_calendar_days,
            metric=METRIC_VERSION,
            changes=_changes_of_what_if,
            standards=lambda directory, ask: _of_service(directory, asked_of(ask)),
        ),
        ReportKind(
            name="due-soon",
            criteria=waiting_times.DueSoonCriteria,
            ask=waiting_times.due_soon,
            check=_always,
            metric=METRIC_VERSION,
            changes=changes_of_all_waits,
        ),
        ReportKind(
            name="audit-sample",
            criteria=waiting_times.AuditSampleCriteria,
            ask=waiting_times.audit_sample,
            check=waiting_times.check_sample,
            metric=METRIC_VERSION,
            changes=changes_of_all_waits,
        ),
        ReportKind(
            name="waits",
            criteria=waiting_times.WaitListCriteria,
            ask=waiting_times.listed_waits,
            check=waiting_times.check_list,
            metric=METRIC_VERSION,
            changes=changes_of_waits,
            standards=_of_service,
            under=_under_metric,
        ),
        ReportKind(
            name="one-wait",
            criteria=waiting_times.OneWaitCriteria,
            ask=waiting_times.one_wait,
            check=_always,
            metric=METRIC_VERSION,
            changes=changes_of_all_waits,
        ),
        ReportKind(
            name="returns",
            criteria=ReturnsCriteria,
            ask=monthly_return,
            check=check_return,
            metric=METRIC_VERSION,
            changes=changes_of_all_waits,
        ),
        ReportKind(
            name="published",
            criteria=PublishedCriteria,
            ask=published_waiting_times,
            check=service_and_standard,
            metric=METRIC_VERSION,
            changes=changes_of_waits,
            standards=_of_service,
            under=_under_metric,
        ),
        ReportKind(
            name="attendance",
            criteria=attendance.AttendanceCriteria,
            ask=attendance.report,
            check=statement_parameters,
            metric=attendance.METRIC_VERSION,
            changes=changes_of_attendance,
        ),
    )
}
