"""The same figures as files, with a row for each table row; the column names are permanent."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, TypeVar

from flask import Response, abort
from flask_babel import gettext as _

from coordination.clocks import PARTIES, band_limits
from coordination.errors import Refusal
from projections.waiting_times.queries import (
    SchoolRow,
    ServiceRow,
    StandardVersion,
    WaitingTimesGroup,
    WaitListCriteria,
    WaitRows,
    months,
    whose_days,
)
from webui.reports.pages.files import FigureFile, as_file
from webui.reports.pages.waiting_times.figures import key_words
from webui.reports.pages.waiting_times.question import (
    ask_of,
    blueprint,
    criteria_from_address,
    day_of,
    last_day_of,
    list_from_address,
    list_of,
    span_of,
)
from webui.reports.reading import code_of, note_report, over_by, service_code
from webui.reports.stamping import named_as_then, stamp_row, stamped
from webui.reports.words import future_warning
from webui.shell import casework
from webui.shell.authentication import signed_in, viewer
from webui.shell.roles import REPORT_ROLES
from webui.words.naming import directory, organisation_name, service_name

T = TypeVar("T")

MOST_LINES = 10_000
"""So many waits are listed in one file at most; how many are left out stands in it."""


@blueprint.get("/waiting-times.<any(csv, xlsx, pdf):kind>")
@signed_in(*REPORT_ROLES)
def file(kind: str) -> Response:
    """Send the figures of the report as a file."""
    asked = _criteria()
    note_report("waiting_times_file", viewer())
    return as_file(kind, _of_one(asked) if asked["service"] else _of_all(asked))


@blueprint.get("/waiting-times/months.<any(csv, xlsx, pdf):kind>")
@signed_in(*REPORT_ROLES)
def months_file(kind: str) -> Response:
    """Send the figures of one service month by month as a file."""
    asked = _criteria()
    if not asked["service"]:
        abort(404)
    note_report("waiting_times_months_file", viewer())
    return as_file(kind, _of_months(asked))


@blueprint.get("/waiting-times/waits.<any(csv, xlsx, pdf):kind>")
@signed_in(*REPORT_ROLES)
def waits_file(kind: str) -> Response:
    """Send the waits behind one figure as a file, without names: at most MOST_LINES, the longest first."""
    asked = _criteria()
    if not asked["service"]:
        abort(404)
    ask = list_of(asked, list_from_address(asked), size=MOST_LINES)
    _or_400(lambda: named_as_then("waits", ask))
    found = stamped("waits", ask)
    casework.note_shown("waits_file", [line.pupil for line in found.rows], purpose="figures")
    return as_file(kind, _of_lines(asked, ask, found))


def _title(code: str) -> str:
    found = directory().service_by_code(code)
    return _("Waiting times: %(service)s", service=service_name(found) if found else code)


def _criteria() -> Mapping[str, Any]:
    _form, asked = criteria_from_address()
    return asked if asked is not None else abort(400)


def _stamp(asked: Mapping[str, Any], found: Any) -> dict[str, Any]:
    return {
        "from": asked["from_on"],
        "to": last_day_of(asked),
        "as_of": day_of(asked),
        "known_at": found.known_at.isoformat() if found.known_at else "",
        **_versions(found.metric_version, found.as_of > viewer().today),
        "log_position": found.log_position,
        "unconfirmed": found.unconfirmed,
        "parked": found.parked,
        **stamp_row(found.stamp),
    }


def _versions(metric_version: str, in_the_future: bool = False) -> dict[str, str]:
    """The metric version of the rows, with a warning if the day has not come."""
    warning = future_warning(in_the_future)
    return {"metric_version": metric_version} | ({"warning": warning} if warning else {})


def _cells(group: WaitingTimesGroup | ServiceRow, standard: StandardVersion) -> dict[str, Any]:
    completed, waiting = group.completed, group.waiting
    limits = (0, *band_limits(standard.bands, standard.unit))
    banded: dict[str, Any] = {}
    for position, limit in enumerate(limits):
        banded[f"completed_band_{position + 1}"] = completed.bands[position].count
        banded[f"waiting_band_{position + 1}"] = waiting.bands[position].count
        banded[f"band_{position + 1}_over_days"] = limit
    return {
        "started": group.started,
        "completed_count": completed.count,
        "completed_within_standard": completed.within_standard,
        "completed_percent_within_standard": completed.percent_within_standard,
        "completed_median_days": completed.median_days,
        "completed_p95_days": completed.p95_days,
        "completed_few_waits": completed.few_waits,
        "waiting_count": waiting.count,
        "waiting_within_standard": waiting.within_standard,
        "waiting_percent_within_standard": waiting.percent_within_standard,
        "waiting_over_standard": waiting.over_standard,
        "waiting_median_days": waiting.median_days,
        "waiting_p92_days": waiting.p92_days,
        "waiting_p95_days": waiting.p95_days,
        "waiting_longest_days": waiting.longest_days,
        "waiting_few_waits": waiting.few_waits,
        **{f"ended_{ending}": count for ending, count in group.ended_otherwise.items()},
        "uncountable": group.uncountable,
        **banded,
    }


def _of_standard(service: str, standard: StandardVersion) -> dict[str, Any]:
    return {
        "service": service,
        "standard": standard.code,
        "version": standard.version,
        "limit": standard.limit,
        "unit": standard.unit,
        "target_percent": standard.target_percent,
    }


def _of_one(asked: Mapping[str, Any]) -> FigureFile:
    ask = ask_of(asked, by=asked["by"] or "service")
    _or_400(lambda: named_as_then("waiting-times", ask))
    found = stamped("waiting-times", ask)
    versions = {version.version: version for version in found.versions}
    whose = whose_days(casework.reader(), viewer(), directory(), ask)
    counted: set[str] = set()
    rows = []
    for group in found.groups:
        # whose days they were is counted over all versions of a group: it stands in its first row
        days = whose.get(group.key, {}) if group.key not in counted else None
        counted.add(group.key)
        rows.append(
            {
                "by": ask.by,
                "key": group.key,
                "name": key_words(ask.by, group.key),
                **_of_standard(ask.service, versions[group.version]),
                **_cells(group, versions[group.version]),
                **{
                    f"{which}_days_{party}": None if days is None else days.get(which, {}).get(party, 0)
                    for which in ("completed", "waiting")
                    for party in (*PARTIES, "other_service")
                },
            }
        )
    return FigureFile(
        _title(ask.service), f"waiting-times-{ask.service}-{ask.as_of}", rows, _stamp(asked, found)
    )


def _of_months(asked: Mapping[str, Any]) -> FigureFile:
    ask = ask_of(asked)
    _or_400(lambda: named_as_then("waiting-times", ask))
    whole = stamped("waiting-times", ask)
    found = months(casework.reader(), viewer(), directory(), ask)
    rows = [
        {
            "month": f"{month.first:%Y-%m}",
            "until": month.until,
            **_of_standard(ask.service, month.version),
            "started": month.started,
            "completed_count": month.completed.count,
            "completed_within_standard": month.completed.within_standard,
            "completed_percent_within_standard": month.completed.percent_within_standard,
            "completed_median_days": month.completed.median_days,
            "completed_p95_days": month.completed.p95_days,
            "completed_few_waits": month.completed.few_waits,
            "ended_otherwise": month.ended_otherwise,
            "waiting_count": month.waiting,
            "waiting_over_standard": month.over_standard,
            "uncountable": month.uncountable,
        }
        for month in found.rows
    ]
    return FigureFile(
        _title(ask.service), f"waiting-times-{ask.service}-months-{ask.as_of}", rows, _stamp(asked, whole)
    )


def _of_lines(asked: Mapping[str, Any], ask: WaitListCriteria, found: WaitRows) -> FigureFile:
    rows = [
        {
            "referral": str(line.referral)[:8],
            **_of_standard(ask.service, line.standard),
            "school": code_of(line.school),
            "school_name": organisation_name(line.school),
            "start_on": line.start_on,
            "begins_on": line.begins_on,
            "due_on": line.due_on,
            "stop_on": line.stop_on,
            "ended_on": line.ended_on,
            "ending": line.ending,
            "elapsed_days": line.elapsed,
            "inherited_days": line.inherited_days,
            "over_standard": line.late,
            "days_over": over_by(line, ask.as_of),
            "unconfirmed": line.unconfirmed,
        }
        for line in found.rows
    ]
    stamp = {
        "from": asked["from_on"],
        "to": last_day_of(asked),
        "as_of": ask.as_of,
        "known_at": ask.known_at.isoformat() if ask.known_at else "",
        **_versions(found.metric_version),
        "log_position": found.log_position,
        "parked": found.parked,
        "left_out": found.total - len(rows),
        **stamp_row(found.stamp),
    }
    return FigureFile(
        _title(ask.service),
        f"waiting-times-{ask.service}-{ask.which.replace('_', '-')}-{ask.as_of}",
        rows,
        stamp,
    )


def _of_all(asked: Mapping[str, Any]) -> FigureFile:
    span = span_of(asked)
    _or_400(lambda: named_as_then("waiting-times-overview", span))
    found = stamped("waiting-times-overview", span)
    rows = [*map(_service_row, found.services), *map(_school_row, found.schools)]
    return FigureFile(_("Waiting times"), f"waiting-times-{day_of(asked)}", rows, _stamp(asked, found))


def _service_row(line: ServiceRow) -> dict[str, Any]:
    return {
        "by": "service",
        "key": service_code(line.service),
        "name": service_name(line.service),
        **_of_standard(service_code(line.service), line.standard),
        **_cells(line, line.standard),
    }


def _school_row(line: SchoolRow) -> dict[str, Any]:
    return {
        "by": "school",
        "key": code_of(line.school),
        "name": organisation_name(line.school),
        "completed_count": line.completed,
        "completed_within_standard": line.within_standard,
        "completed_percent_within_standard": line.percent_within_standard,
        "waiting_count": line.waiting,
        "waiting_over_standard": line.over_standard,
        "waiting_longest_days": line.longest_days,
    }


def _or_400(asking: Callable[[], T]) -> T:
    try:
        return asking()
    except Refusal:
        abort(400)
