"""Month by month: the waits that began and that ended in each, and those still waiting at its end."""

from __future__ import annotations

from calendar import monthrange
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

import msgspec

from coordination.calendars import SchoolDays
from coordination.directory.state import Directory
from coordination.errors import Refusal
from coordination.viewer import Viewer
from projections.overdue import first_overdue
from projections.reader import Reader
from projections.waiting_times.figures import CompletedWaits, StandardVersion, completed_of
from projections.waiting_times.queries.conditions import BEGUN, ENDED_ON, ENDING, STATE, STOPPED_LATE
from projections.waiting_times.queries.report import (
    OF_STANDARD,
    WaitingTimesCriteria,
    by_day,
    parameters,
    service_and_standard,
    statement,
    versions_of,
)
from projections.waiting_times.queries.standards import route_of, version_in_force
from projections.waiting_times.queries.versions import metric_version_of
from projections.waiting_times.tally import WaitTally

LONGEST = 60
"""So many months at most, the last ones."""


class WaitingTimesMonth(msgspec.Struct, frozen=True, kw_only=True):
    """One month of one version of the standard. `first` is the first day of the month, `until` its last day (of the
    last month, the day of the report). `started` began in it, `completed` were stopped and `ended_otherwise` ended in
    it in another way; `waiting`, `over_standard` (None: no limit) and `uncountable` stood at `until`, as known at the
    report's instant and not at that time."""

    first: date
    until: date
    version: StandardVersion
    started: int
    completed: CompletedWaits
    ended_otherwise: int
    waiting: int
    over_standard: int | None
    uncountable: int


class WaitingTimesMonths(msgspec.Struct, frozen=True, kw_only=True):
    """The months of a period, the oldest first, each with the versions of the standard that had waits in it.
    `metric_version` is that of the rows counted."""

    rows: tuple[WaitingTimesMonth, ...]
    metric_version: str


ENDED = f"""
select c.version, {STATE} as state, c.metric_version, date_trunc('month', c.ended_on)::date as first,
       case when c.ending = 'stopped' then c.end_ordinal - c.start_ordinal end as days,
       case when %(by_dates)s then c.start_on end as since, case when %(by_dates)s then c.ended_on end as until,
       {STOPPED_LATE} as late, count(*) as n, 0 as began, min(c.place) as place
from (
  select w.version, w.metric_version, w.uncountable, w.start_on, w.start_ordinal, w.end_ordinal, w.due_on,
         w.ctid as place, {ENDED_ON} as ended_on, {ENDING} as ending
  from read.wait w
  where {OF_STANDARD} and {BEGUN}
) c
where c.ended_on between %(begin)s and %(to_on)s
group by 1, 2, 3, 4, 5, 6, 7, 8
"""

OF_ROW = """w.version, w.uncountable is not null as uncountable, w.metric_version, w.due_on, w.ctid as place,
         {calendar} as calendar, case when w.unit = 'school_days' then w.start_on end as since"""
STOOD = "w.begins_on <= %(last)s and coalesce(w.end_on, 'infinity') >= %(begin)s"

# One scan however many months: the index (from 0) of the first end at which a wait has begun, is over its standard, and
# has ended; past the last index: not yet at any of them. While it had ended and was not yet reopened it is taken out.
STANDING = f"""
select c.version, c.uncountable, c.metric_version, c.sign, c.calendar, c.since,
       width_bucket(c.from_on - 1, %(ends)s::date[]) as begun,
       {first_overdue("c.due_on", "%(ends)s::date[]")} as late,
       width_bucket(coalesce(c.until, 'infinity') - 1, %(ends)s::date[]) as ended,
       c.first, count(*) as n, min(c.place) as place
from (
  select {OF_ROW}, 1 as sign, w.begins_on as from_on, w.end_on as until,
         case when w.begins_on between %(begin)s and %(to_on)s
              then date_trunc('month', w.begins_on)::date end as first
  from read.wait w
  where {OF_STANDARD} and {STOOD}
  union all
  select {OF_ROW}, -1, g.from_on, g.until, null
  from read.wait w cross join lateral unnest(w.gap_from, w.gap_until) as g(from_on, until)
  where {OF_STANDARD} and {STOOD} and cardinality(w.gap_from) > 0
) c
group by 1, 2, 3, 4, 5, 6, 7, 8, 9, 10
"""


class _MonthTally:
    """What a month has of one version."""

    __slots__ = ("ended", "over", "started", "uncountable", "waiting")

    def __init__(self) -> None:
        self.ended = WaitTally()
        self.started = self.waiting = self.over = self.uncountable = 0


Months = dict[tuple[int, date | None], _MonthTally]
"""By the index of the month and the version."""


def months(
    reader: Reader, viewer: Viewer, directory: Directory, ask: WaitingTimesCriteria
) -> WaitingTimesMonths:
    """The months of the report's period, the oldest first; without a first day, the twelve up to its last; none when it
    ends before it begins. In three statements in addition to those of every report. Raises Refusal as `report` does."""
    service, standard = service_and_standard(directory, ask)
    firsts = _firsts(ask)
    last = _last_day(ask)
    if not firsts:
        return WaitingTimesMonths(rows=(), metric_version=metric_version_of(()))
    ends = [min(_last_of(first), last) for first in firsts]
    with reader.viewing(viewer) as cursor:
        given = parameters(cursor, service, standard, ask, directory)
        given |= {"ends": ends, "first": ends[0], "last": last}
        given["begin"] = max(given["from_on"], firsts[0])
        ended = cursor.execute(ENDED, given).fetchall()
        standing = statement(STANDING, "service", directory, service, standard)
        running = cursor.execute(standing, given).fetchall()
        versions = versions_of(cursor, [*ended, *running], directory, service, standard)
    found: Months = defaultdict(_MonthTally)
    route = route_of(directory, service, standard)
    for row in ended:
        month = found[firsts.index(row["first"]), row["version"]]
        month.ended.add(row, versions[row["version"]], route, None, ask.as_of)
    _add_standing(found, running, firsts, ends, directory)
    for index in set(range(len(ends))) - {
        index for index, _ in found
    }:  # a month with nothing in it is shown, too
        version = version_in_force(directory, service, standard, ends[index])
        versions.setdefault(version.version, version)
        found[index, version.version] = _MonthTally()
    return WaitingTimesMonths(
        rows=tuple(
            _month(firsts[index], ends[index], month, versions[version], ask.few)
            for (index, version), month in sorted(found.items(), key=lambda at: (at[0][0], by_day(at[0][1])))
        ),
        metric_version=metric_version_of(row["metric_version"] for row in (*ended, *running)),
    )


def _month(
    first: date, until: date, month: _MonthTally, version: StandardVersion, few: int
) -> WaitingTimesMonth:
    return WaitingTimesMonth(
        first=first,
        until=until,
        version=version,
        started=month.started,
        completed=completed_of(month.ended.stopped, version, few),
        ended_otherwise=sum(month.ended.ended.values()),
        waiting=month.waiting,
        over_standard=None if version.limit is None else month.over,
        uncountable=month.uncountable + month.ended.uncountable,
    )


def _add_standing(
    found: Months,
    rows: Iterable[Mapping[str, Any]],
    firsts: Sequence[date],
    ends: Sequence[date],
    directory: Directory,
) -> None:
    """Adds to each month what began in it, what had begun and not ended at its end, and how much of that was over."""
    for row in rows:
        version, count = row["version"], row["n"] * row["sign"]
        if row["first"] is not None:
            found[firsts.index(row["first"]), version].started += row["n"]
        terms = directory.school_days(row["calendar"]) if row["since"] is not None else None
        for index in range(row["begun"], min(row["ended"], len(ends))):
            month = found[index, version]
            if row["uncountable"] or not _counted(row["since"], ends[index], terms):
                month.uncountable += count
                continue
            month.waiting += count
            month.over += count if row["late"] is not None and index >= row["late"] else 0


def _counted(since: date | None, until: date, terms: SchoolDays | None) -> bool:
    """Whether every day of a wait in school days is known up to a day; of other units it is."""
    if since is None:
        return True
    if terms is None:
        return False
    try:
        terms.require_counted(since, until)
    except Refusal:
        return False
    return True


def _last_day(ask: WaitingTimesCriteria) -> date:
    """The last day of the period: the day of the report at the latest."""
    return min(ask.to_on or ask.as_of, ask.as_of)


def _firsts(ask: WaitingTimesCriteria) -> list[date]:
    """The first day of each month of the period, at most LONGEST of them."""
    last = _last_day(ask).replace(day=1)
    begin = ask.from_on.replace(day=1) if ask.from_on else _back(last, 11)
    found: list[date] = []
    while begin <= last and len(found) < LONGEST:
        found.append(last)
        if last == date.min.replace(day=1):
            break
        last = _back(last, 1)
    return found[::-1]


def _last_of(first: date) -> date:
    """The last day of a month."""
    return first.replace(day=monthrange(first.year, first.month)[1])


def _back(first: date, months: int) -> date:
    """The first day of the month so many months before; the first of all at the beginning of the calendar."""
    index = max(first.year * 12 + first.month - 1 - months, 12)
    return date(index // 12, index % 12 + 1, 1)
