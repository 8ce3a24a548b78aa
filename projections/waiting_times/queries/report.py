"""The waiting-time report: one scan of the waits into a histogram, and exact figures from that."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Any, Literal
from uuid import UUID

import msgspec
from psycopg import Cursor
from psycopg.rows import DictRow

from coordination.clocks import BUILT_IN, PARTIES
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
from projections.waiting_times.queries.standards import (
    default_standard,
    in_school_days,
    route_of,
    standards_of,
    version_in_force,
    version_of,
)
from projections.waiting_times.queries.versions import metric_version_of
from projections.waiting_times.tally import WaitTally, total_of

By = Literal[
    "service",
    "agency",
    "school",
    "need",
    "board",
    "holder",
    "age",
    "language",
    "priority",
    "start_month",
    "end_month",
]
GROUPINGS: tuple[By, ...] = (
    *("service", "agency", "school", "need", "board", "holder", "age", "language", "priority"),
    *("start_month", "end_month"),
)
NOT_RECORDED = "not_recorded"
NOT_ENDED = "not_ended"


class WaitingTimesCriteria(msgspec.Struct, frozen=True, kw_only=True):
    """The criteria of a report: a service, a standard of it (None: its first; without any, the clock `none`), the waits
    that ended between two days (None: open to that side), and those waiting on `as_of`, as known at an instant (None:
    all that is known) or at a log position, under a version of the metric rules (None: the newest). Figures on fewer
    than `few` waits say so."""

    service: str
    as_of: date
    standard: str | None = None
    from_on: date | None = None
    to_on: date | None = None
    known_at: datetime | None = None
    at: int | None = None
    metric: str | None = None
    by: By = "service"
    few: int = FEW_WAITS


class WaitingTimesGroup(msgspec.Struct, frozen=True, kw_only=True):
    """The waits of one key and standard version (`version`: its first day; None: a clock that is built in). `started`
    began in the period, `ended_otherwise` ended in it without a stop, `uncountable` have a day that cannot be
    counted."""

    key: str
    version: date | None
    started: int
    completed: CompletedWaits
    waiting: OpenWaits
    ended_otherwise: dict[str, int]
    uncountable: int


class WaitingTimesReport(msgspec.Struct, frozen=True, kw_only=True):
    """The report. `versions` are those of the standard that its groups have; `started`, `ended_otherwise` and
    `uncountable` count every wait once. `metric_version` is that of the rows it counted, `log_position` the place in
    the log up to which it was read, `unconfirmed` the number of milestones behind it that were only reported, `parked`
    the number of pupils' streams that could not be counted."""

    service: str
    standard: str
    metric_version: str
    log_position: int
    as_of: date
    known_at: datetime | None
    unconfirmed: int
    parked: int
    started: int
    ended_otherwise: dict[str, int]
    uncountable: int
    stamp: str | None
    versions: tuple[StandardVersion, ...]
    groups: tuple[WaitingTimesGroup, ...]


OF_STANDARD = f"w.service = %(service)s and w.standard = %(standard)s and {KNOWN}"

# One line for each key, version, state and length. `since` and `until` stand where the length needs the days
# themselves: of what runs, and of what section 20 or 65 bands by working days. `place`: a row of the version.
COUNTED = f"""
{{needs}}
select c.key, c.version, {STATE} as state, c.calendar, c.metric_version,
       case when c.ending = 'stopped' then c.end_ordinal - c.start_ordinal end as days,
       case when c.ending is null or %(by_dates)s then c.start_on end as since,
       case when c.ending = 'stopped' and %(by_dates)s then c.ended_on end as until,
       case when c.ending is null then {RUNNING_LATE} when c.ending = 'stopped' then {STOPPED_LATE} end as late,
       count(*) as n, count(*) filter (where c.began) as began, min(c.place) as place,
       count(*) {{once}} as n_once, count(*) filter (where c.began {{and_once}}) as began_once,
       coalesce(sum(c.unconfirmed) {{once}}, 0)::bigint as unconfirmed
from (
  select {{key}} as key, {{nth}} {{calendar}} as calendar, w.version, w.metric_version, w.uncountable,
         w.start_on, w.start_ordinal, w.end_ordinal, w.due_on, w.unconfirmed, w.ctid as place, {BEGAN} as began,
         {ENDED_ON} as ended_on, {ENDING} as ending
  from read.wait w {{join}}
  where {OF_STANDARD} and {BEGUN}
  offset 0 -- so that what a row is on the day is worked out once
) c
group by 1, 2, 3, 4, 5, 6, 7, 8, 9
"""

# in the transaction that found their places, which have not moved since
VERSIONS = """
select w.service, w.standard, w.version, w.unit, w.limit_days, w.bands
from read.wait w where w.ctid = any(%(places)s::tid[])
"""

WHOSE_DAYS = f"""
{{needs}}
select c.key, case when c.ending is null then 'waiting' else 'completed' end as part, s.party,
       s.service is distinct from c.service as other,
       sum(greatest(0, least(coalesce(s.until, c.last), c.last) - s.since))::bigint as days
from (
  select {{key}} as key, w.service, w.stretch_party, w.stretch_service, w.stretch_from, w.stretch_until, w.uncountable,
         {ENDED_ON} as ended_on, {ENDING} as ending, coalesce({ENDED_ON}, %(as_of)s) as last
  from read.wait w {{join}}
  where {OF_STANDARD} and {BEGUN}
) c
cross join lateral unnest(c.stretch_party, c.stretch_service, c.stretch_from, c.stretch_until)
  as s(party, service, since, until)
where {STATE} in ('stopped', 'running')
group by 1, 2, 3, 4
"""

HOLDER = (
    "case w.holder_kind when 'service' then w.service when 'school' then w.school else w.authority end::text"
)
KEYS: Mapping[By, tuple[str, str]] = {
    "service": ("%(service)s::text", ""),
    "agency": ("w.agency::text", ""),
    "board": ("w.agency::text", ""),
    "school": ("w.school::text", ""),
    "holder": (HOLDER, ""),
    "age": (f"coalesce(w.age_years::text, '{NOT_RECORDED}')", ""),
    "priority": ("w.priority", ""),
    "start_month": ("to_char(w.begins_on, 'YYYY-MM')", ""),
    "end_month": (f"coalesce(to_char({ENDED_ON}, 'YYYY-MM'), '{NOT_ENDED}')", ""),
    "language": (
        f"coalesce(l.language, '{NOT_RECORDED}')",
        "left join read.pupil_language l on l.pupil = w.pupil and l.known_from <= %(position)s"
        " and (l.known_to is null or l.known_to > %(position)s)",
    ),
    "need": (
        f"coalesce(need.code, '{NOT_RECORDED}')",
        "left join needs n on n.referral = w.referral "
        "left join lateral unnest(n.needs) with ordinality need(code, nth) on true",
    ),
}
# read once, so that who may see it is decided in one scan and not for each wait
NEEDS = "with needs as materialized (select referral, needs from read.referral_need)"

Row = Mapping[str, Any]
Key = tuple[str, date | None]


def report(
    reader: Reader, viewer: Viewer, directory: Directory, ask: WaitingTimesCriteria
) -> WaitingTimesReport:
    """The report for a viewer; row-level security decides which waits it counts.

    Raises Refusal `unknown_service`, `unknown_standard`, `ends_before_it_begins`.
    """
    service, standard = service_and_standard(directory, ask)
    with reader.viewing(viewer) as cursor:
        given = parameters(cursor, service, standard, ask, directory)
        rows = cursor.execute(statement(COUNTED, ask.by, directory, service, standard), given).fetchall()
        versions = versions_of(cursor, rows, directory, service, standard)
        route = route_of(directory, service, standard)
        tallies = _tallies(rows, versions, ask, directory, route)
        whole = total_of(tallies.values())
        if ask.by == "need":
            once = [{**row, "key": "", "n": row["n_once"], "began": row["began_once"]} for row in rows]
            whole = total_of(_tallies(once, versions, ask, directory, route).values())
        groups = tuple(
            group_of(key, tally, versions[version], ask.few) for (key, version), tally in tallies.items()
        )
        if not groups and ask.by == "service":
            version = version_in_force(directory, service, standard, ask.as_of)
            versions = {version.version: version}
            groups = (group_of(ask.service, WaitTally(), version, ask.few),)
        return WaitingTimesReport(
            service=ask.service,
            standard=standard,
            metric_version=ask.metric
            or metric_version_of(
                row["metric_version"] for row in rows if row["began"] or row["state"] != "outside"
            ),
            log_position=given["position"],
            as_of=ask.as_of,
            known_at=ask.known_at,
            unconfirmed=sum(row["unconfirmed"] for row in rows if row["state"] in ("stopped", "running")),
            parked=parked(cursor, "waiting_times", given["position"]),
            started=whole.started,
            ended_otherwise=whole.ended_otherwise,
            uncountable=whole.uncountable,
            stamp=None,
            versions=tuple(versions[version] for version in sorted(versions, key=by_day)),
            groups=groups,
        )


def statement(template: str, by: By, directory: Directory, service: UUID, standard: str) -> str:
    """A statement over the waits of a standard with the key of a grouping. School days are counted by each school's
    own terms: there the lines are of one school."""
    key, join = KEYS[by]
    calendar = "w.school" if in_school_days(directory, service, standard) else "null::uuid"
    # by need, a wait appears under each of the pupil's needs; in the totals it is counted once
    several = by == "need"
    return template.format(
        key=key,
        join=join,
        calendar=calendar,
        needs=NEEDS if several else "",
        nth="coalesce(need.nth, 1) = 1 as once," if several else "",
        once="filter (where c.once)" if several else "",
        and_once="and c.once" if several else "",
    )


def whose_days(
    reader: Reader, viewer: Viewer, directory: Directory, ask: WaitingTimesCriteria
) -> dict[str, dict[str, dict[str, int]]]:
    """Calendar days by group, by `completed` or `waiting`, and by party (see PARTIES): the agency's are those of the
    service that held the wait, the days of one that held it before are `other_service`. Of waits that still run, the
    days up to `as_of`."""
    service, standard = service_and_standard(directory, ask)
    found: dict[str, dict[str, dict[str, int]]] = {}
    with reader.viewing(viewer) as cursor:
        given = parameters(cursor, service, standard, ask, directory)
        for row in cursor.execute(statement(WHOSE_DAYS, ask.by, directory, service, standard), given):
            group = found.setdefault(label(row["key"], ask.by, directory), {})
            days = group.setdefault(row["part"], {**dict.fromkeys(PARTIES, 0), "other_service": 0})
            days["other_service" if row["other"] and row["party"] == "agency" else row["party"]] += row[
                "days"
            ]
    return found


def service_and_standard(directory: Directory, ask: WaitingTimesCriteria) -> tuple[UUID, str]:
    """The service asked for, and the code of its standard or of a clock that is built in.

    Raises Refusal `unknown_service`, `unknown_standard`, `ends_before_it_begins`.
    """
    service = directory.service_by_code(ask.service)
    if service is None:
        raise Refusal("unknown_service", "service")
    if ask.from_on and ask.to_on and ask.to_on < ask.from_on:
        raise Refusal("ends_before_it_begins", "to_on")
    standard = ask.standard or default_standard(directory, service.id)
    if standard not in BUILT_IN and not standards_of(directory, service.id, standard):
        raise Refusal("unknown_standard", "standard")
    return service.id, standard


def parameters(
    cursor: Cursor[DictRow], service: UUID, standard: str, ask: WaitingTimesCriteria, directory: Directory
) -> dict[str, Any]:
    """The parameters of the statements; the log position is looked up here. The period ends by the day of the
    report."""
    return {
        "service": service,
        "standard": standard,
        "position": position_known_at(cursor, ask.known_at, ask.at),
        "from_on": ask.from_on or date.min,
        "to_on": min(ask.to_on or ask.as_of, ask.as_of),
        "as_of": ask.as_of,
        "by_dates": route_of(directory, service, standard) is not None,
    }


def versions_of(
    cursor: Cursor[DictRow], rows: Iterable[Row], directory: Directory, service: UUID, standard: str
) -> dict[date | None, StandardVersion]:
    """The versions of a standard that the rows of a histogram were measured by, with unit, limit and bands as those
    rows have them."""
    places = {row["version"]: row["place"] for row in rows}
    if not places:
        return {}
    found = cursor.execute(VERSIONS, {"places": list(places.values())}).fetchall()
    return {row["version"]: version_of(row, directory, service, standard) for row in found}


def _tallies(
    rows: Iterable[Row],
    versions: Mapping[date | None, StandardVersion],
    ask: WaitingTimesCriteria,
    directory: Directory,
    route: str | None,
) -> dict[Key, WaitTally]:
    """The account of each key and version."""
    found: dict[Key, WaitTally] = defaultdict(WaitTally)
    for row in rows:
        key = (label(row["key"], ask.by, directory), row["version"])
        terms = directory.school_days(row["calendar"]) if row["calendar"] else None
        found[key].add(row, versions[row["version"]], route, terms, ask.as_of)
    return dict(sorted(found.items(), key=lambda one: (one[0][0], by_day(one[0][1]))))


def group_of(key: str, tally: WaitTally, version: StandardVersion, few: int) -> WaitingTimesGroup:
    """The figures of one key and version."""
    return WaitingTimesGroup(
        key=key,
        version=version.version,
        started=tally.started,
        completed=completed_of(tally.stopped, version, few),
        waiting=waiting_of(tally.running, version, few),
        ended_otherwise=tally.ended,
        uncountable=tally.uncountable,
    )


def by_day(version: date | None) -> date:
    """To sort versions by: a clock that is built in has none."""
    return version or date.min


def label(key: str, by: By, directory: Directory) -> str:
    """The code that a reader knows: of a service, agency, school (its number) or authority; of a board its ODS code;
    what has no id, as it is."""
    match by:
        case "need" | "age" | "language" | "priority" | "start_month" | "end_month":
            return key
        case "service" | "holder" if (service := directory.service(UUID(key))) is not None:
            return service.code
        case _:
            organisation = directory.organisation(UUID(key))
            if organisation is None:
                return key
            return (organisation.ods_code or organisation.code) if by == "board" else organisation.code


def keys_of(key: str, by: By, directory: Directory) -> list[str]:
    """The keys in the rows that a reader knows by one code: the other way round from `label`."""
    if by in ("need", "age", "language", "priority", "start_month", "end_month"):
        return [key]
    ids = (*(service.id for service in directory.services), *directory.organisations)
    return [str(one) for one in ids if label(str(one), by, directory) == key] or [key]
