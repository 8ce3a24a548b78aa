"""The waits behind a figure, one by one and without names, and one wait with its history."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any, Literal
from uuid import UUID

import msgspec

from coordination.calendars import SchoolDays
from coordination.clocks import Party, elapsed, overdue
from coordination.directory.state import Directory
from coordination.errors import Refusal
from coordination.viewer import Viewer
from projections.reader import Reader, parked
from projections.waiting_times.figures import StandardVersion
from projections.waiting_times.queries.conditions import (
    BEGAN,
    BEGUN,
    ENDED_ON,
    ENDING,
    RUNNING_LATE,
    STATE,
    STOPPED_LATE,
)
from projections.waiting_times.queries.report import (
    OF_STANDARD,
    WaitingTimesCriteria,
    parameters,
    service_and_standard,
)
from projections.waiting_times.queries.standards import in_school_days, version_of
from projections.waiting_times.queries.versions import metric_version_of

Which = Literal["waiting", "waiting_over", "ended", "ended_late", "ended_otherwise", "uncountable", "started"]
WHICH: tuple[Which, ...] = (
    *("waiting", "waiting_over", "ended", "ended_late", "ended_otherwise", "uncountable", "started"),
)


class WaitPeriod(msgspec.Struct, frozen=True, kw_only=True):
    """Calendar days from `since` up to `until` (not counted; None: still running) that belong to one party; the
    agency's to one of its services."""

    party: Party
    service: UUID | None
    since: date
    until: date | None


class WaitRow(msgspec.Struct, frozen=True, kw_only=True):
    """One wait: the `number`th of its standard in a referral, which is the only name it has, held by a service from
    `begins_on`, with so many `inherited_days` before. `elapsed`: unadjusted, in days of the standard's unit (of weeks:
    calendar days), up to `stop_on`, else `ended_on` (with its `ending`: withdrawn, declined, ...), else the day asked
    for; None where a day cannot be counted. `late`: past `due_on`. `unconfirmed` of its two milestones were only
    reported."""

    referral: UUID
    number: int
    pupil: UUID
    school: UUID
    service: UUID
    standard: StandardVersion
    start_on: date
    begins_on: date
    due_on: date | None
    stop_on: date | None
    ended_on: date | None
    ending: str | None
    elapsed: int | None
    late: bool
    inherited_days: int
    inherited_from: UUID | None
    unconfirmed: int
    stretches: tuple[WaitPeriod, ...]


class WaitRows(msgspec.Struct, frozen=True, kw_only=True):
    """A page of them, the longest first, of `total` in all; `standard` is the code asked for. `metric_version` is that
    of the lines on this page."""

    rows: tuple[WaitRow, ...]
    total: int
    service: UUID
    standard: str
    metric_version: str
    log_position: int
    parked: int


# the schools' terms are known from a day up to that of the report: a longer wait in school days cannot be counted
COUNTABLE = """(c.unit <> 'school_days' or exists (
  select from unnest(%(schools)s::uuid[], %(counted_since)s::date[]) as t(school, since)
  where t.school = c.school and c.start_on >= t.since))"""

CONDITIONS: dict[Which, str] = {
    "ended": f"{STATE} = 'stopped'",
    "ended_late": f"{STATE} = 'stopped' and {STOPPED_LATE}",
    "waiting": f"{STATE} = 'running' and {COUNTABLE}",
    "waiting_over": f"{STATE} = 'running' and {COUNTABLE} and {RUNNING_LATE}",
    "ended_otherwise": f"{STATE} not in ('stopped', 'running', 'uncountable', 'outside')",
    "uncountable": f"({STATE} = 'uncountable' or {STATE} = 'running' and not {COUNTABLE})",
    "started": "c.began",
}

LINES = f"""
select w.*, c.total
from (
  select c.place, coalesce(c.ended_on, %(as_of)s) - c.start_on as days, c.start_on, c.referral, c.number,
         count(*) over () as total
  from (
    select w.ctid as place, w.referral, w.number, w.school, w.unit, w.start_on, w.due_on, w.uncountable,
           {BEGAN} as began, {ENDED_ON} as ended_on, {ENDING} as ending
    from read.wait w
    where {OF_STANDARD} and {BEGUN} and (%(school)s::uuid is null or w.school = %(school)s)
      and (%(version)s::date is null or w.version = %(version)s)
  ) c
  where {{condition}}
  order by 2 desc, 3, 4, 5
  limit %(limit)s offset %(offset)s
) c
join read.wait w on w.ctid = c.place
order by c.days desc, c.start_on, c.referral, c.number
"""


def wait_rows(
    reader: Reader,
    viewer: Viewer,
    directory: Directory,
    ask: WaitingTimesCriteria,
    which: Which,
    *,
    school: UUID | None = None,
    version: date | None = None,
    page: int = 1,
    size: int = 50,
) -> WaitRows:
    """A page (from 1) of the waits behind one figure of the report, of one school or of all, of one version of the
    standard or of all. Raises Refusal as `report` does."""
    service, standard = service_and_standard(directory, ask)
    with reader.viewing(viewer) as cursor:
        wanted: dict[str, Any] = parameters(cursor, service, standard, ask, directory)
        wanted |= {"school": school, "version": version, "limit": size, "offset": (max(page, 1) - 1) * size}
        wanted |= _counted_since(directory, service, standard, ask.as_of)
        found = cursor.execute(LINES.format(condition=CONDITIONS[which]).encode(), wanted).fetchall()
        return WaitRows(
            rows=tuple(line_of(row, directory, ask.as_of) for row in found),
            total=found[0]["total"] if found else 0,
            service=service,
            standard=standard,
            metric_version=metric_version_of(row["metric_version"] for row in found),
            log_position=wanted["position"],
            parked=parked(cursor, "waiting_times", wanted["position"]),
        )


def _counted_since(directory: Directory, service: UUID, standard: str, on: date) -> dict[str, list[Any]]:
    """The schools whose terms are known on a day, and since when without a hole."""
    found: dict[UUID, date] = {}
    if in_school_days(directory, service, standard):
        for school in directory.of_kind("school"):
            terms = directory.school_days(school.id)
            since = terms.counted_since(on) if terms is not None else None
            if since is not None:
                found[school.id] = since
    return {"schools": list(found), "counted_since": list(found.values())}


def line_of(row: Mapping[str, Any], directory: Directory, as_of: date) -> WaitRow:
    """As it stood on a day, whatever came after."""
    ended_on, ending = _ended(row, as_of)
    end: date = ended_on or as_of
    terms = directory.school_days(row["school"]) if row["unit"] == "school_days" else None
    return WaitRow(
        referral=row["referral"],
        number=row["number"],
        pupil=row["pupil"],
        school=row["school"],
        service=row["service"],
        standard=version_of(row, directory, row["service"], row["standard"]),
        start_on=row["start_on"],
        begins_on=row["begins_on"],
        due_on=row["due_on"],
        stop_on=ended_on if ending == "stopped" else None,
        ended_on=ended_on if ending != "stopped" else None,
        ending=ending,
        elapsed=_elapsed(row, end, terms),
        late=overdue(row["due_on"], end),
        inherited_days=row["inherited_days"],
        inherited_from=row["inherited_from"],
        unconfirmed=row["unconfirmed"],
        stretches=tuple(_stretches(row, end, goes_on=ended_on is None)),
    )


def _ended(row: Mapping[str, Any], day: date) -> tuple[date | None, str | None]:
    """When and how a wait had ended by a day, as `conditions` has it in SQL."""
    if row["end_on"] is not None and row["end_on"] <= day:
        return row["end_on"], row["ending"]
    for since, until, ending in zip(row["gap_from"], row["gap_until"], row["gap_ending"], strict=True):
        if since <= day < until:
            return since, ending
    return None, None


def _elapsed(row: Mapping[str, Any], end: date, terms: SchoolDays | None) -> int | None:
    try:
        return elapsed(row["start_on"], end, row["unit"], terms)
    except Refusal:  # the school's terms are not known that far
        return None


def _stretches(row: Mapping[str, Any], end: date, *, goes_on: bool) -> list[WaitPeriod]:
    """Up to the day at which the wait is cut off; the last of one that goes on is open."""
    found = []
    columns = (row[f"stretch_{name}"] for name in ("party", "service", "from", "until"))
    for party, service, since, until in zip(*columns, strict=True):
        if since > end:
            break
        stop = until if until is not None and until <= end else None if goes_on else end
        found.append(WaitPeriod(party=party, service=service, since=since, until=stop))
    return found
