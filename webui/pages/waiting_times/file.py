"""The same figures as a file, a row for each line of the tables; the names of its columns are permanent."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from flask import Response, abort

from coordination.clocks import PARTIES, band_limits
from coordination.directory.state import Service, Standard
from coordination.errors import Refused
from projections.waiting_times.queries import (
    Completed,
    SchoolLine,
    ServiceLine,
    Waiting,
    overview,
    report,
    whose_days,
)
from webui import casework
from webui.desks import REPORT_ROLES
from webui.naming import directory, organisation_name, service_name
from webui.pages.waiting_times.figures import code_of, key_words, service_code, standard_of
from webui.pages.waiting_times.question import (
    ask_of,
    asked_here,
    blueprint,
    day_of,
    offered_services,
    span_of,
)
from webui.reporting import as_csv, note_report
from webui.signed_in import signed_in, viewer


@blueprint.get("/waiting-times.csv")
@signed_in(*REPORT_ROLES)
def file() -> Response:
    """The same figures as a file."""
    _form, asked = asked_here()
    if asked is None:
        abort(400)
    note_report("waiting_times_file", viewer())
    if asked["service"]:
        return as_csv(f"waiting-times-{asked['service']}-{day_of(asked)}", _rows_of_one(asked))
    return as_csv(f"waiting-times-{day_of(asked)}", _rows_of_all(asked))


def _stamp(asked: Mapping[str, Any], found: Any) -> dict[str, Any]:
    return {
        "from": asked["from_on"],
        "to": asked["to_on"] or day_of(asked),
        "as_of": day_of(asked),
        "known_at": found.known_at.isoformat() if found.known_at else "",
        "metric_version": found.metric_version,
        "log_position": found.log_position,
        "unconfirmed": found.unconfirmed,
        "parked": found.parked,
    }


def _cells(completed: Completed, waiting: Waiting, standard: Standard) -> dict[str, Any]:
    limits = (0, *band_limits(standard.bands, standard.unit))
    banded = {
        f"completed_band_{position + 1}": band.count for position, band in enumerate(completed.bands)
    } | {f"band_{position + 1}_over_days": limit for position, limit in enumerate(limits)}
    return {
        "completed_count": completed.count,
        "completed_within_standard": completed.within_standard,
        "completed_percent_within_standard": completed.percent_within_standard,
        "completed_median_days": completed.median_days,
        "completed_p95_days": completed.p95_days,
        "waiting_count": waiting.count,
        "waiting_over_standard": waiting.over_standard,
        "waiting_median_days": waiting.median_days,
        "waiting_longest_days": waiting.longest_days,
        **banded,
    }


def _of_standard(service: Service | None, standard: Standard) -> dict[str, Any]:
    return {
        "service": service.code if service else "",
        "standard": standard.code,
        "limit": standard.limit,
        "unit": standard.unit,
        "target_percent": standard.target_percent,
    }


def _rows_of_one(asked: Mapping[str, Any]) -> Sequence[Mapping[str, Any]]:
    ask = ask_of(asked, by=asked["by"] or "service")
    found = _or_400(lambda: report(casework.reader(), viewer(), directory(), ask))
    service = directory().service_by_code(ask.service)
    assert service is not None
    standard = standard_of(service, found.standard, ask.as_of)
    whose = whose_days(casework.reader(), viewer(), directory(), ask)
    return [
        {
            "by": ask.by,
            "key": group.key,
            "name": key_words(ask.by, group.key),
            **_of_standard(service, standard),
            **_cells(group.completed, group.waiting, standard),
            **{
                f"{which}_days_{party}": whose.get(group.key, {}).get(which, {}).get(party, 0)
                for which in ("completed", "waiting")
                for party in PARTIES
            },
            **_stamp(asked, found),
        }
        for group in found.groups
    ]


def _rows_of_all(asked: Mapping[str, Any]) -> Sequence[Mapping[str, Any]]:
    services = {s.id for s in offered_services()}
    found = _or_400(
        lambda: overview(casework.reader(), viewer(), directory(), span_of(asked), services=services)
    )
    stamp = _stamp(asked, found)
    return [_service_row(line, stamp) for line in found.services] + [
        _school_row(line, stamp) for line in found.schools
    ]


def _service_row(line: ServiceLine, stamp: Mapping[str, Any]) -> dict[str, Any]:
    service = directory().service(line.service)
    return {
        "by": "service",
        "key": service_code(line.service),
        "name": service_name(line.service),
        **_of_standard(service, line.standard),
        **_cells(line.completed, line.waiting, line.standard),
        **stamp,
    }


def _school_row(line: SchoolLine, stamp: Mapping[str, Any]) -> dict[str, Any]:
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
        **stamp,
    }


def _or_400(asking: Any) -> Any:
    try:
        return asking()
    except Refused:
        abort(400)
