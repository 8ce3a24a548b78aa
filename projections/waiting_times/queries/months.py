"""Month by month: the waits that ended in each, and those still waiting at its end."""

from __future__ import annotations

from calendar import monthrange
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

import msgspec

from coordination.directory.state import Directory
from coordination.viewer import Viewer
from projections.overdue import first_overdue
from projections.reader import Reader
from projections.waiting_times.queries.conditions import STOPPED_LATE
from projections.waiting_times.queries.report import (
    OF_STANDARD,
    CompletedWaits,
    WaitingTimesCriteria,
    completed_of,
    parameters,
    service_and_standard,
)
from projections.waiting_times.queries.versions import metric_version_of

LONGEST = 60
"""So many months at most, the last ones."""


class WaitingTimesMonth(msgspec.Struct, frozen=True, kw_only=True):
    """`first` is the first day of the month, `until` its last day (of the last month, the day of the report).
    `completed` are the waits that ended in it; `waiting` and `over_standard` stood at `until`, as known at the
    report's instant and not at that time."""

    first: date
    until: date
    completed: CompletedWaits
    waiting: int
    over_standard: int


class WaitingTimesMonths(msgspec.Struct, frozen=True, kw_only=True):
    """The months of a period, the oldest first. `metric_version` is that of the rows counted (several, "1, 2", when
    they differ)."""

    rows: tuple[WaitingTimesMonth, ...]
    metric_version: str


COMPLETED = f"""
select date_trunc('month', w.end_on)::date as first, w.end_ordinal - w.start_ordinal as days,
       not {STOPPED_LATE} as within, w.metric_version, count(*) as n
from read.wait w
where {OF_STANDARD} and w.ending = 'stopped' and w.uncountable is null and w.end_on between %(begin)s and %(to_on)s
group by 1, 2, 3, 4
"""

# One scan however many months: the index (from 0) of the first end at which a wait (a part of it between two gaps) has
# begun, is over its standard, and has ended; past the last index: not yet at any of them.
WAITING = f"""
select width_bucket(s.since - 1, %(ends)s::date[]) as begun,
       {first_overdue("coalesce(w.due_on, 'infinity')", "%(ends)s::date[]")} as late,
       width_bucket(s.until - 1, %(ends)s::date[]) as ended,
       w.metric_version, count(*) as n
from read.wait w
cross join lateral unnest(array[w.begins_on] || w.gap_until,
                          w.gap_from || coalesce(w.end_on, 'infinity'::date)) as s(since, until)
where {OF_STANDARD} and w.uncountable is null
  and s.since <= %(last)s and s.until > %(first)s
group by 1, 2, 3, 4
"""


def months(
    reader: Reader, viewer: Viewer, directory: Directory, ask: WaitingTimesCriteria
) -> WaitingTimesMonths:
    """The months of the report's period, the oldest first; without a first day, the twelve up to its last; none when it
    ends before it begins. In two statements in addition to those of every report. Raises Refusal as `report` does."""
    service, standard = service_and_standard(directory, ask)
    firsts = _firsts(ask)
    last = ask.to_on or ask.as_of
    if not firsts:
        return WaitingTimesMonths(rows=(), metric_version=metric_version_of(()))
    ends = [min(_last_of(first), last) for first in firsts]
    with reader.viewing(viewer) as cursor:
        rest = parameters(cursor, service, standard, ask) | {"ends": ends, "first": ends[0], "last": last}
        rest["begin"] = max(rest["from_on"], firsts[0])
        ended: dict[date, Counter[int]] = defaultdict(Counter)
        within: Counter[date] = Counter()
        completed = cursor.execute(COMPLETED, rest).fetchall()
        for row in completed:
            ended[row["first"]][row["days"]] += row["n"]
            within[row["first"]] += row["n"] if row["within"] else 0
        running = cursor.execute(WAITING, rest).fetchall()
    waiting, over = _standing(running, len(ends))
    return WaitingTimesMonths(
        rows=tuple(
            WaitingTimesMonth(
                first=first,
                until=until,
                completed=completed_of(ended[first], within[first], standard),
                waiting=waiting[index],
                over_standard=over[index],
            )
            for index, (first, until) in enumerate(zip(firsts, ends, strict=True))
        ),
        metric_version=metric_version_of(row["metric_version"] for row in (*completed, *running)),
    )


def _standing(rows: Iterable[Mapping[str, Any]], ends: int) -> tuple[list[int], list[int]]:
    """At each end of a month, how many waits had begun and not ended, and how many of them were over the standard."""
    waiting, over = [0] * ends, [0] * ends
    for row in rows:
        for index in range(row["begun"], min(row["ended"], ends)):
            waiting[index] += row["n"]
            if index >= row["late"]:
                over[index] += row["n"]
    return waiting, over


def _firsts(ask: WaitingTimesCriteria) -> list[date]:
    """The first day of each month of the period, at most LONGEST of them."""
    last = (ask.to_on or ask.as_of).replace(day=1)
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
