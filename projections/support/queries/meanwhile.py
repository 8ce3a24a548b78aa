"""What children had while they waited: the days of each wait on which nothing was in place."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any, Literal, get_args
from uuid import UUID

import msgspec

from coordination.directory.state import Directory
from coordination.errors import Refusal
from coordination.viewer import Viewer
from projections.reader import Reader
from projections.waiting_times.queries.conditions import BEGUN, ENDED_ON, ENDING

MeanwhileBy = Literal["service", "school", "need"]
KEYS: Mapping[MeanwhileBy, str] = {
    "service": "''",
    "school": "w.school::text",
    "need": "coalesce(need.code, '')",
}
JOINS: Mapping[MeanwhileBy, str] = {
    "service": "",
    "school": "",
    "need": (
        "left join read.referral_need n on n.referral = w.referral "
        "left join lateral unnest(n.needs) need(code) on true"
    ),
}
NOTHING = """
(select coalesce(sum(upper(r) - lower(r)), 0) from unnest(
    datemultirange(daterange(c.begins_on, c.last_on)) - coalesce((
        select range_agg(daterange(d.from_on, d.until + 1)) from read.support_days d
        where d.from_on < c.last_on and (d.until is null or d.until >= c.begins_on) and d.pupil = any(array(
            select c.pupil union select j.child from read.joined j where j.pupil = c.pupil and j.known_to is null
            union select o.pupil from read.joined o where o.child = c.pupil and o.known_to is null))
    ), '{{}}'::datemultirange)) r)
"""
"""The days from the first day of a wait up to the last, which does not count, on which no support was in place."""
WAITS = f"""
select g.service, g.standard, g.key, count(*) as waits, sum(g.days) as days, sum(g.nothing) as days_without_support,
       percentile_cont(0.5) within group (order by g.days) as median_days,
       percentile_cont(0.5) within group (order by g.nothing) as median_days_without_support,
       count(*) filter (where g.nothing = g.days and g.days > 0) as never_supported
from (
  select c.service, c.standard, c.key, c.last_on - c.begins_on as days, {NOTHING} as nothing
  from (
    select w.service, w.standard, w.pupil, w.begins_on, {{key}} as key, coalesce({ENDED_ON}, %(as_of)s) as last_on,
           {ENDED_ON} as ended_on, {ENDING} as ending
    from read.wait w {{joins}}
    where w.known_to is null and {BEGUN} and w.standard not in ('not_sent', 'not_received')
      and (%(service)s::uuid is null or w.service = %(service)s)
  ) c
  where c.ending is null or c.ending = 'stopped' and c.ended_on between %(from_on)s and %(to_on)s
) g
group by 1, 2, 3 order by 1, 2, 3
"""


class MeanwhileCriteria(msgspec.Struct, frozen=True, kw_only=True):
    """Which waits: those that stopped in the period, and those that run on `as_of`; of one service, or of all."""

    as_of: date
    from_on: date | None = None
    to_on: date | None = None
    service: UUID | None = None
    by: MeanwhileBy = "service"


class DaysWithoutSupport(msgspec.Struct, frozen=True, kw_only=True):
    """Of the waits of one service and standard, by a school's number or a need's code (`key`; empty where the group is
    the service): their calendar days, and how many of those had nothing in place. `never_supported`: waits without a
    single day of support."""

    service: str
    standard: str
    key: str
    waits: int
    days: int
    days_without_support: int
    median_days: float
    median_days_without_support: float
    never_supported: int


def days_without_support(
    reader: Reader, viewer: Viewer, directory: Directory, ask: MeanwhileCriteria
) -> tuple[DaysWithoutSupport, ...]:
    """By need, a wait appears under each of the child's needs. Raises Refusal `unknown_grouping`,
    `ends_before_it_begins`. An agency sees none: it is told of support only where that was agreed, so that a figure of
    its own would be wrong."""
    if ask.by not in get_args(MeanwhileBy):
        raise Refusal("unknown_grouping", "by", value=ask.by)
    if ask.from_on and ask.to_on and ask.to_on < ask.from_on:
        raise Refusal("ends_before_it_begins", "to_on")
    given = {
        "as_of": ask.as_of,
        "from_on": ask.from_on or date.min,
        "to_on": min(ask.to_on or ask.as_of, ask.as_of),
        "service": ask.service,
    }
    asked = WAITS.format(key=KEYS[ask.by], joins=JOINS[ask.by])
    with reader.viewing(viewer) as cursor:
        rows = cursor.execute(asked.encode(), given).fetchall()
    return tuple(_group(row, ask.by, directory) for row in rows)


def _group(row: dict[str, Any], by: MeanwhileBy, directory: Directory) -> DaysWithoutSupport:
    service = directory.service(row["service"])
    key = row["key"]
    if by == "school":
        school = directory.organisation(UUID(key))
        key = school.code if school is not None else key
    return DaysWithoutSupport(
        service=service.code if service is not None else str(row["service"]),
        standard=row["standard"],
        key=key,
        waits=row["waits"],
        days=int(row["days"]),
        days_without_support=int(row["days_without_support"]),
        median_days=round(float(row["median_days"]), 1),
        median_days_without_support=round(float(row["median_days_without_support"]), 1),
        never_supported=row["never_supported"],
    )
