"""Services side by side, by every standard they have; schools side by side by the first standard of each service."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from datetime import date, datetime
from typing import Any
from uuid import UUID

import msgspec

from coordination.calendars import SchoolDays
from coordination.clocks import ROUTES_TO_A_WORKING_DAY
from coordination.directory.state import Directory
from coordination.errors import Refusal
from coordination.viewer import Viewer
from projections.reader import Reader, parked, position_known_at
from projections.waiting_times.figures import (
    FEW_WAITS,
    CompletedWaits,
    OpenWaits,
    StandardVersion,
    completed_of,
    percent,
    waiting_of,
)
from projections.waiting_times.queries.conditions import (
    BEGAN,
    BEGUN,
    ENDED_ON,
    ENDING,
    KNOWN,
    RUNNING_LATE,
    STATE,
    STOPPED_LATE,
)
from projections.waiting_times.queries.report import VERSIONS, by_day
from projections.waiting_times.queries.standards import default_standard, route_of, version_of
from projections.waiting_times.queries.versions import metric_version_of
from projections.waiting_times.tally import WaitTally


class OverviewCriteria(msgspec.Struct, frozen=True, kw_only=True):
    """The waits that ended between two days (None: open to that side), and those waiting on `as_of`, as known at an
    instant (None: all that is known) or at a log position; of one `school` (its number) or of all. Figures on fewer
    than `few` waits say so."""

    as_of: date
    from_on: date | None = None
    to_on: date | None = None
    known_at: datetime | None = None
    at: int | None = None
    school: str | None = None
    few: int = FEW_WAITS


class ServiceRow(msgspec.Struct, frozen=True, kw_only=True):
    """One service by one version of one standard or by a clock that is built in; days are those of its unit (of weeks:
    calendar days)."""

    service: UUID
    standard: StandardVersion
    started: int
    completed: CompletedWaits
    waiting: OpenWaits
    ended_otherwise: dict[str, int]
    uncountable: int


class SchoolRow(msgspec.Struct, frozen=True, kw_only=True):
    """One school's waits for all services, each held against the first standard of its own service (of a service
    without any: the clock that is built in, which has no limit: those are neither within it nor over it).
    `longest_days` are calendar days."""

    school: UUID
    completed: int
    within_standard: int
    percent_within_standard: float | None
    waiting: int
    over_standard: int
    longest_days: int | None


class WaitingTimesOverview(msgspec.Struct, frozen=True, kw_only=True):
    """Services by code and standard, schools by number; only those with a wait in the span. `metric_version` is that
    of the rows counted; `unconfirmed` milestones behind it all, `parked` pupils'
    streams that could not be counted."""

    services: tuple[ServiceRow, ...]
    schools: tuple[SchoolRow, ...]
    metric_version: str
    log_position: int
    as_of: date
    known_at: datetime | None
    unconfirmed: int
    parked: int
    stamp: str | None


COUNTED = f"""
select c.service, c.standard, c.version, c.school, {STATE} as state, c.metric_version,
       case when c.ending = 'stopped' then c.end_ordinal - c.start_ordinal end as days,
       case when c.ending is null or c.by_dates then c.start_on end as since,
       case when c.ending = 'stopped' and c.by_dates then c.ended_on end as until,
       case when c.ending is null then {RUNNING_LATE} when c.ending = 'stopped' then {STOPPED_LATE} end as late,
       count(*) as n, count(*) filter (where c.began) as began, min(c.place) as place,
       sum(c.unconfirmed)::bigint as unconfirmed
from (
  select w.service, w.standard, w.version, w.school, w.metric_version, w.uncountable, w.start_on, w.start_ordinal,
         w.end_ordinal, w.due_on, w.unconfirmed, w.ctid as place, {BEGAN} as began,
         w.standard = any(%(by_dates)s) as by_dates, {ENDED_ON} as ended_on, {ENDING} as ending
  from read.wait w
  where w.service = any(%(services)s) and {KNOWN} and {BEGUN}
    and (%(school)s::uuid is null or w.school = %(school)s)
  offset 0 -- so that what a row is on the day is worked out once
) c
group by 1, 2, 3, 4, 5, 6, 7, 8, 9, 10
"""

Row = Mapping[str, Any]
Line = tuple[UUID, str, date | None]
"""Service, standard, version."""


def overview(
    reader: Reader,
    viewer: Viewer,
    directory: Directory,
    span: OverviewCriteria,
    *,
    services: Collection[UUID] | None = None,
) -> WaitingTimesOverview:
    """Side by side what the viewer may see of these services (None: of all), in four statements.

    Raises Refusal `ends_before_it_begins`, `known_at_without_zone`, `unknown_school`.
    """
    if span.from_on and span.to_on and span.to_on < span.from_on:
        raise Refusal("ends_before_it_begins", "to_on")
    school = directory.by_code("school", span.school) if span.school else None
    if span.school and school is None:
        raise Refusal("unknown_school", "school")
    asked = [s.id for s in directory.services if services is None or s.id in services]
    routes = [one for service in asked for one in directory.standards_of(service)]
    with reader.viewing(viewer) as cursor:
        given: dict[str, Any] = {
            "services": asked,
            "school": school.id if school else None,
            "by_dates": sorted({one.code for one in routes if one.legal_route in ROUTES_TO_A_WORKING_DAY}),
            "position": position_known_at(cursor, span.known_at, span.at),
            "from_on": span.from_on or date.min,
            "to_on": min(span.to_on or span.as_of, span.as_of),
            "as_of": span.as_of,
        }
        rows = cursor.execute(COUNTED, given).fetchall()
        places = {(row["service"], row["standard"], row["version"]): row["place"] for row in rows}
        found = cursor.execute(VERSIONS, {"places": list(places.values())}).fetchall() if places else []
        versions = {
            (row["service"], row["standard"], row["version"]): version_of(
                row, directory, row["service"], row["standard"]
            )
            for row in found
        }
        return WaitingTimesOverview(
            services=_services(rows, versions, span, directory),
            schools=_schools(rows, span, directory),
            metric_version=metric_version_of(
                row["metric_version"] for row in rows if row["began"] or row["state"] != "outside"
            ),
            log_position=given["position"],
            as_of=span.as_of,
            known_at=span.known_at,
            unconfirmed=sum(row["unconfirmed"] for row in rows if row["state"] in ("stopped", "running")),
            parked=parked(cursor, "waiting_times", given["position"]),
            stamp=None,
        )


def _services(
    rows: Iterable[Row],
    versions: Mapping[Line, StandardVersion],
    span: OverviewCriteria,
    directory: Directory,
) -> tuple[ServiceRow, ...]:
    tallies: dict[Line, WaitTally] = defaultdict(WaitTally)
    for row in rows:
        line = (row["service"], row["standard"], row["version"])
        terms = _terms(row, versions[line].unit, directory)
        route = route_of(directory, row["service"], row["standard"])
        tallies[line].add(row, versions[line], route, terms, span.as_of)
    place = {service.id: number for number, service in enumerate(directory.services)}
    return tuple(
        ServiceRow(
            service=line[0],
            standard=versions[line],
            started=tally.started,
            completed=completed_of(tally.stopped, versions[line], span.few),
            waiting=waiting_of(tally.running, versions[line], span.few),
            ended_otherwise=tally.ended,
            uncountable=tally.uncountable,
        )
        for line, tally in sorted(
            tallies.items(),
            key=lambda one: (
                place[one[0][0]],
                one[0][1] != default_standard(directory, one[0][0]),
                one[0][1],
                by_day(one[0][2]),
            ),
        )
        if not tally.is_empty
    )


def _terms(row: Row, unit: str, directory: Directory) -> SchoolDays | None:
    """School days are counted by each school's own terms."""
    return directory.school_days(row["school"]) if unit == "school_days" else None


def _schools(rows: Iterable[Row], span: OverviewCriteria, directory: Directory) -> tuple[SchoolRow, ...]:
    held: dict[UUID, dict[str, int]] = defaultdict(
        lambda: dict.fromkeys(("completed", "limited", "within", "waiting", "over"), 0)
    )
    since: dict[UUID, date] = {}
    for row in rows:
        if row["state"] not in ("stopped", "running"):
            continue
        if row["standard"] != default_standard(directory, row["service"]):
            continue
        of, count = held[row["school"]], row["n"]
        if row["state"] == "stopped":
            of["completed"] += count
            of["limited"] += count if row["version"] is not None else 0
            of["within"] += count if row["version"] is not None and not row["late"] else 0
        else:
            of["waiting"] += count
            of["over"] += count if row["late"] else 0
            since[row["school"]] = min(row["since"], since.get(row["school"], row["since"]))
    return tuple(
        SchoolRow(
            school=school,
            completed=of["completed"],
            within_standard=of["within"],
            percent_within_standard=percent(of["within"], of["limited"]),
            waiting=of["waiting"],
            over_standard=of["over"],
            longest_days=(span.as_of - since[school]).days if school in since else None,
        )
        for school, of in sorted(held.items(), key=lambda one: _number(one[0], directory))
    )


def _number(school: UUID, directory: Directory) -> str:
    found = directory.organisation(school)
    return found.code if found else str(school)
