"""The waits behind a figure, one by one and without names, and one wait with its history."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any, Literal
from uuid import UUID

import msgspec

from coordination.calendars import SchoolDays
from coordination.clocks import ENDINGS, Party, band_of, elapsed, overdue
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
    KEYS,
    NEEDS,
    OF_STANDARD,
    By,
    WaitingTimesCriteria,
    keys_of,
    parameters,
    service_and_standard,
)
from projections.waiting_times.queries.standards import in_school_days, route_of, version_of
from projections.waiting_times.queries.versions import metric_version_of

Which = Literal[
    "waiting",
    "waiting_within",
    "waiting_over",
    "ended",
    "ended_within",
    "ended_late",
    "ended_otherwise",
    "uncountable",
    "started",
]
WHICH: tuple[Which, ...] = (
    *("waiting", "waiting_within", "waiting_over", "ended", "ended_within", "ended_late"),
    *("ended_otherwise", "uncountable", "started"),
)


class WaitPeriod(msgspec.Struct, frozen=True, kw_only=True):
    """Calendar days from `since` up to `until` (not counted; None: still running) that belong to one party; the
    agency's to one of its services. `cause`: the place in the pupil's stream of the entry that began them;
    0: the start of the clock, days that the family asked for, or days on no school's roll."""

    party: Party
    service: UUID | None
    since: date
    until: date | None
    cause: int = 0


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


class WaitsBehind(msgspec.Struct, frozen=True, kw_only=True):
    """Which of the waits of a report are listed: those of one `school` (its number), of one `version` of the standard
    (its first day), of the group `key` of a grouping, those that ended otherwise in one way (`ending`), and those whose
    length is in one band (its place, from 0) of the standard. None: all."""

    school: UUID | None = None
    version: date | None = None
    by: By = "service"
    key: str | None = None
    ending: str | None = None
    band: int | None = None


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
    as_of: date
    known_at: datetime | None
    stamp: str | None = None


# the schools' terms are known from a day up to that of the report: a longer wait in school days cannot be counted
COUNTABLE = """(c.unit <> 'school_days' or exists (
  select from unnest(%(schools)s::uuid[], %(counted_since)s::date[]) as t(school, since)
  where t.school = c.school and c.start_on >= t.since))"""

CONDITIONS: dict[Which, str] = {
    "ended": f"{STATE} = 'stopped'",
    "ended_within": f"{STATE} = 'stopped' and c.limit_days is not null and not {STOPPED_LATE}",
    "ended_late": f"{STATE} = 'stopped' and {STOPPED_LATE}",
    "waiting": f"{STATE} = 'running' and {COUNTABLE}",
    "waiting_within": f"{STATE} = 'running' and {COUNTABLE} and c.limit_days is not null and not {RUNNING_LATE}",
    "waiting_over": f"{STATE} = 'running' and {COUNTABLE} and {RUNNING_LATE}",
    "ended_otherwise": f"{STATE} not in ('stopped', 'running', 'uncountable', 'outside')",
    "uncountable": f"({STATE} = 'uncountable' or {STATE} = 'running' and not {COUNTABLE})",
    "started": "c.began",
}

CHOSEN = f"""
{{needs}}
select c.place, coalesce(c.ended_on, %(as_of)s) - c.start_on as days, c.start_on, c.referral, c.number,
       c.ended_on, c.unit, c.school, c.bands, count(*) over () as total
from (
  select w.ctid as place, w.referral, w.number, w.school, w.unit, w.bands, w.version, w.limit_days, w.start_on,
         w.due_on, w.uncountable, {BEGAN} as began, {ENDED_ON} as ended_on, {ENDING} as ending
  from read.wait w {{join}}
  where {OF_STANDARD} and {BEGUN} and (%(school)s::uuid is null or w.school = %(school)s)
    and (%(version)s::date is null or w.version = %(version)s)
    and (%(keys)s::text[] is null or {{key}} = any(%(keys)s))
) c
where {{condition}} and (%(ending)s::text is null or c.ending = %(ending)s)
order by 2 desc, 3, 4, 5
"""
ONE_PAGE = "limit %(limit)s offset %(offset)s"
# in the transaction that found their places, which have not moved since
LINES = """
select w.*
from unnest(%(places)s::tid[]) with ordinality as c(place, nth)
join read.wait w on w.ctid = c.place
order by c.nth
"""


def wait_rows(
    reader: Reader,
    viewer: Viewer,
    directory: Directory,
    ask: WaitingTimesCriteria,
    which: Which,
    *,
    behind: WaitsBehind = WaitsBehind(),  # noqa: B008 - frozen
    page: int = 1,
    size: int = 50,
) -> WaitRows:
    """A page (from 1) of the waits behind one figure of the report. Raises Refusal as `report` does, and
    `no_such_group` for a way of ending or a place of a band that there is not."""
    service, standard = service_and_standard(directory, ask)
    if behind.ending not in (None, *ENDINGS):
        raise Refusal("no_such_group", "ending")
    with reader.viewing(viewer) as cursor:
        wanted: dict[str, Any] = parameters(cursor, service, standard, ask, directory)
        wanted |= {"school": behind.school, "version": behind.version, "ending": behind.ending}
        wanted |= {"limit": size, "offset": (max(page, 1) - 1) * size}
        wanted["keys"] = None if behind.key is None else keys_of(behind.key, behind.by, directory)
        wanted |= _counted_since(directory, service, standard, ask.as_of)
        key, join = KEYS[behind.by]
        chosen = CHOSEN.format(
            condition=CONDITIONS[which], key=key, join=join, needs=NEEDS if behind.by == "need" else ""
        )
        if behind.band is None:
            found = cursor.execute(f"{chosen} {ONE_PAGE}".encode(), wanted).fetchall()
            total = found[0]["total"] if found else 0
        else:
            route = route_of(directory, service, standard)
            every = cursor.execute(chosen.encode(), wanted).fetchall()
            of_band = [row for row in every if _band(row, ask.as_of, route, directory) == behind.band]
            total, found = len(of_band), of_band[wanted["offset"] : wanted["offset"] + size]
        places = [row["place"] for row in found]
        rows = cursor.execute(LINES, {"places": places}).fetchall() if places else []
        return WaitRows(
            rows=tuple(line_of(row, directory, ask.as_of) for row in rows),
            total=total,
            service=service,
            standard=standard,
            metric_version=metric_version_of(row["metric_version"] for row in rows),
            log_position=wanted["position"],
            parked=parked(cursor, "waiting_times", wanted["position"]),
            as_of=ask.as_of,
            known_at=ask.known_at,
        )


def _band(row: Mapping[str, Any], as_of: date, route: str | None, directory: Directory) -> int | None:
    """The place of the band that the length of a wait is in; None where its days cannot be counted."""
    terms = directory.school_days(row["school"]) if row["unit"] == "school_days" else None
    try:
        return band_of(row["start_on"], row["ended_on"] or as_of, row["bands"], row["unit"], route, terms)
    except Refusal:  # the school's terms are not known that far
        return None


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
    columns = (row[f"stretch_{name}"] for name in ("party", "service", "from", "until", "cause"))
    for party, service, since, until, cause in zip(*columns, strict=True):
        if since > end:
            break
        stop = until if until is not None and until <= end else None if goes_on else end
        found.append(WaitPeriod(party=party, service=service, since=since, until=stop, cause=cause))
    return found
