"""The medians of many services month by month: one scan for a whole page of small charts."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from datetime import date
from uuid import UUID

import msgspec

from coordination.viewer import Viewer
from projections.reader import Reader, position_known_at
from projections.waiting_times.figures import percentile
from projections.waiting_times.queries import OverviewCriteria
from projections.waiting_times.queries.conditions import BEGUN, ENDED_ON, ENDING, KNOWN

MONTHS = 12
"""So many months a trend has at most, the last ones of the period."""

Line = tuple[UUID, str, date | None]
"""Service, code of the standard, and its version."""


class MonthlyMedian(msgspec.Struct, frozen=True):
    """The waits that ended in the month beginning on `first`, and the median of their days (None: none ended)."""

    first: date
    count: int
    median_days: float | None


Trend = tuple[MonthlyMedian, ...]
"""The months in order, without a gap."""

STOPPED = f"""
select c.service, c.standard, c.version, date_trunc('month', c.ended_on)::date as first,
       c.end_ordinal - c.start_ordinal as days, count(*) as n
from (
  select w.service, w.standard, w.version, w.start_ordinal, w.end_ordinal, {ENDED_ON} as ended_on, {ENDING} as ending
  from read.wait w
  where w.service = any(%(services)s) and {KNOWN} and {BEGUN} and w.end_on >= %(from_on)s and w.uncountable is null
) c
where c.ending = 'stopped' and c.ended_on between %(from_on)s and %(to_on)s
group by 1, 2, 3, 4, 5
"""


def trends(
    reader: Reader, viewer: Viewer, span: OverviewCriteria, services: Collection[UUID]
) -> dict[Line, Trend]:
    """The last months of the period for each service, standard and version with a wait that ended in them, in one
    statement beside the position; the first month begins with the period."""
    last = min(span.to_on or span.as_of, span.as_of)
    firsts = _firsts(last, span.from_on)
    if not firsts:
        return {}
    with reader.viewing(viewer) as cursor:
        given = {
            "services": list(services),
            "position": position_known_at(cursor, span.known_at, span.at),
            "as_of": span.as_of,
            "from_on": max(firsts[0], span.from_on or firsts[0]),
            "to_on": last,
        }
        rows = cursor.execute(STOPPED, given).fetchall()
    found: dict[Line, dict[date, dict[int, int]]] = defaultdict(lambda: defaultdict(dict))
    for row in rows:
        found[row["service"], row["standard"], row["version"]][row["first"]][row["days"]] = row["n"]
    return {
        line: tuple(
            MonthlyMedian(first, sum(by_month[first].values()), percentile(by_month[first], 50))
            for first in firsts
        )
        for line, by_month in found.items()
    }


def _firsts(last: date, begin: date | None) -> tuple[date, ...]:
    """The first days of the months up to the one of `last`, from that of `begin`, at most MONTHS of them."""
    index = last.year * 12 + last.month - 1
    from_index = max(index - MONTHS + 1, 12)
    if begin is not None:
        from_index = max(from_index, begin.year * 12 + begin.month - 1)
    return tuple(date(each // 12, each % 12 + 1, 1) for each in range(from_index, index + 1))
