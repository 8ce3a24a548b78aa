"""Services side by side, and schools side by side: each wait against the first standard of its service."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping
from datetime import date, datetime
from typing import Any
from uuid import UUID

import msgspec
from psycopg import Cursor
from psycopg.rows import DictRow

from coordination.clocks import elapsed
from coordination.directory.state import Directory, Standard
from coordination.errors import Refusal
from coordination.viewer import Viewer
from projections.reader import Reader, parked, position_known_at
from projections.waiting_times.queries.conditions import KNOWN, RUNNING, RUNNING_LATE, STOPPED, STOPPED_LATE
from projections.waiting_times.queries.report import (
    CompletedWaits,
    OpenWaits,
    completed_of,
    in_force,
    percent,
    waiting_of,
)
from projections.waiting_times.queries.versions import metric_version_of


class OverviewCriteria(msgspec.Struct, frozen=True, kw_only=True):
    """The waits that ended between two days (None: open to that side), and those waiting on `as_of`, as known at an
    instant (None: all that is known)."""

    as_of: date
    from_on: date | None = None
    to_on: date | None = None
    known_at: datetime | None = None
    at: int | None = None


class ServiceRow(msgspec.Struct, frozen=True, kw_only=True):
    """One service against its first standard; days are those of the standard's unit (of weeks: calendar days)."""

    service: UUID
    standard: Standard
    completed: CompletedWaits
    waiting: OpenWaits


class SchoolRow(msgspec.Struct, frozen=True, kw_only=True):
    """One school's waits for all services, each held against the first standard of its own service. `longest_days`
    are calendar days."""

    school: UUID
    completed: int
    within_standard: int
    percent_within_standard: float | None
    waiting: int
    over_standard: int
    longest_days: int | None


class WaitingTimesOverview(msgspec.Struct, frozen=True, kw_only=True):
    """Services by code, schools by number; only those with a wait in the span. `metric_version` is that of the rows
    counted (several, "1, 2", when they differ); `unconfirmed` milestones behind it all, `parked` pupils' streams that
    could not be counted."""

    services: tuple[ServiceRow, ...]
    schools: tuple[SchoolRow, ...]
    metric_version: str
    log_position: int
    as_of: date
    known_at: datetime | None
    unconfirmed: int
    parked: int


FROM = f"""
from unnest(%(services)s::uuid[], %(standards)s::text[]) as s(service, standard)
join read.wait w on w.service = s.service and w.standard = s.standard
where {KNOWN}
"""

COMPLETED = f"""
select w.service, w.school, w.end_ordinal - w.start_ordinal as days, not {STOPPED_LATE} as within,
       w.metric_version, count(*) as n, sum(w.unconfirmed)::bigint as unconfirmed
{FROM} and {STOPPED}
group by 1, 2, 3, 4, 5
"""

WAITING = f"""
select w.service, w.school, w.start_on, {RUNNING_LATE} as over, w.metric_version,
       count(*) as n, sum(w.unconfirmed)::bigint as unconfirmed
{FROM} and {RUNNING}
group by 1, 2, 3, 4, 5
"""

Row = Mapping[str, Any]


def overview(
    reader: Reader,
    viewer: Viewer,
    directory: Directory,
    span: OverviewCriteria,
    *,
    services: Collection[UUID] | None = None,
) -> WaitingTimesOverview:
    """Side by side what the viewer may see of these services (None: of all that have a standard), in four statements.

    Raises Refusal `ends_before_it_begins`, `known_at_without_zone`.
    """
    if span.from_on and span.to_on and span.to_on < span.from_on:
        raise Refusal("ends_before_it_begins", "to_on")
    standards = _first_standards(directory, span.as_of, services)
    with reader.viewing(viewer) as cursor:
        given = _given(cursor, standards, span)
        completed = cursor.execute(COMPLETED, given).fetchall()
        waiting = cursor.execute(WAITING, given).fetchall()
        return WaitingTimesOverview(
            services=_services(completed, waiting, standards, span, directory),
            schools=_schools(completed, waiting, span, directory),
            metric_version=metric_version_of(row["metric_version"] for row in (*completed, *waiting)),
            log_position=given["position"],
            as_of=span.as_of,
            known_at=span.known_at,
            unconfirmed=sum(int(row["unconfirmed"]) for row in (*completed, *waiting)),
            parked=parked(cursor, "waiting_times", given["position"]),
        )


def _first_standards(
    directory: Directory, as_of: date, services: Collection[UUID] | None
) -> dict[UUID, Standard]:
    found = {}
    for service in directory.services:
        if services is not None and service.id not in services:
            continue
        versions = directory.standards_of(service.id)
        if versions:
            found[service.id] = in_force(directory, versions, versions[0].code, as_of)
    return found


def _given(
    cursor: Cursor[DictRow], standards: Mapping[UUID, Standard], span: OverviewCriteria
) -> dict[str, Any]:
    return {
        "services": list(standards),
        "standards": [standard.code for standard in standards.values()],
        "position": position_known_at(cursor, span.known_at, span.at),
        "from_on": span.from_on or date.min,
        "to_on": span.to_on or span.as_of,
        "as_of": span.as_of,
    }


def _services(
    completed: Iterable[Row],
    waiting: Iterable[Row],
    standards: Mapping[UUID, Standard],
    span: OverviewCriteria,
    directory: Directory,
) -> tuple[ServiceRow, ...]:
    ended: dict[UUID, Counter[int]] = defaultdict(Counter)
    within: Counter[UUID] = Counter()
    for row in completed:
        ended[row["service"]][row["days"]] += row["n"]
        within[row["service"]] += row["n"] if row["within"] else 0
    running: dict[UUID, Counter[int]] = defaultdict(Counter)
    over: Counter[UUID] = Counter()
    for row in waiting:
        unit = standards[row["service"]].unit
        # school days are counted by each school's own terms
        terms = directory.school_days(row["school"]) if unit == "school_days" else None
        running[row["service"]][elapsed(row["start_on"], span.as_of, unit, terms)] += row["n"]
        over[row["service"]] += row["n"] if row["over"] else 0
    return tuple(
        ServiceRow(
            service=service,
            standard=standard,
            completed=completed_of(ended[service], within[service], standard),
            waiting=waiting_of(running[service], over[service]),
        )
        for service, standard in standards.items()
        if service in ended or service in running
    )


def _schools(
    completed: Iterable[Row], waiting: Iterable[Row], span: OverviewCriteria, directory: Directory
) -> tuple[SchoolRow, ...]:
    ended: Counter[UUID] = Counter()
    within: Counter[UUID] = Counter()
    for row in completed:
        ended[row["school"]] += row["n"]
        within[row["school"]] += row["n"] if row["within"] else 0
    running: Counter[UUID] = Counter()
    over: Counter[UUID] = Counter()
    since: dict[UUID, date] = {}
    for row in waiting:
        running[row["school"]] += row["n"]
        over[row["school"]] += row["n"] if row["over"] else 0
        since[row["school"]] = min(row["start_on"], since.get(row["school"], row["start_on"]))
    return tuple(
        SchoolRow(
            school=school,
            completed=ended[school],
            within_standard=within[school],
            percent_within_standard=percent(within[school], ended[school]),
            waiting=running[school],
            over_standard=over[school],
            longest_days=(span.as_of - since[school]).days if school in since else None,
        )
        for school in sorted({*ended, *running}, key=lambda of: _number(of, directory))
    )


def _number(school: UUID, directory: Directory) -> str:
    found = directory.organisation(school)
    return found.code if found else str(school)
