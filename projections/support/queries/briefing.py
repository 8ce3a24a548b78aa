"""What staff are told each week of the children of a school or a class: support that began, was reviewed or ended, what
is due, and new one-page profiles. Nothing of a referral, and not which service advised."""

from __future__ import annotations

from datetime import date
from typing import Any, Literal
from uuid import UUID

import msgspec

from coordination.sensitivity import Coordinates
from coordination.viewer import Viewer
from projections.case_file.queries.children import NAMED_COLUMNS, named_joins
from projections.reader import Reader, position

News = Literal["started", "reviewed", "ended", "due", "profile"]
BRIEFING = f"""
select n.kind, n.pupil, n.on_day, n.level, c.need, {NAMED_COLUMNS}
from (
    select 'started' as kind, s.support, s.pupil, s.started_on as on_day, s.level from read.support s
    where s.started_on between %(first)s and %(last)s
    union all
    select 'ended', s.support, s.pupil, s.ended_on, s.level from read.support s
    where s.ended_on between %(first)s and %(last)s and not s.left_school
    union all
    select 'reviewed', s.support, s.pupil, r.reviewed_on, s.level
    from read.support s join read.support_review r on r.support = s.support
    where r.reviewed_on between %(first)s and %(last)s
    union all
    select 'due', s.support, s.pupil, least(s.review_on, s.ends_by), s.level from read.support s
    where s.ended_on is null and least(s.review_on, s.ends_by) <= %(last)s + 7
    union all
    select 'profile', null, o.pupil, o.written_on, null from read.one_page_profile o
    where o.written_on between %(first)s and %(last)s
) n
left join read.support_need d on d.support = n.support
cross join lateral (select coalesce(d.need, '') as need) c
{named_joins("n")}
order by n.on_day, n.kind
"""


class BriefingLine(msgspec.Struct, frozen=True, kw_only=True):
    """One piece of news of a child, and where the name is sealed. `level` None: a profile."""

    kind: News
    pupil: UUID
    on_day: date
    level: int | None
    need: str
    identity: Coordinates | None


class Briefing(msgspec.Struct, frozen=True):
    """The news of the week that ends on a day, as of a log position."""

    first: date
    last: date
    lines: tuple[BriefingLine, ...]
    position: int


def weekly_briefing(reader: Reader, viewer: Viewer, first: date, last: date) -> Briefing:
    """The news between two days of the children whom the viewer may see: a class teacher's own classes."""
    with reader.viewing(viewer) as cursor:
        rows = cursor.execute(BRIEFING.encode(), {"first": first, "last": last}).fetchall()
        return Briefing(first, last, tuple(_line(row) for row in rows), position(cursor))


def _line(row: dict[str, Any]) -> BriefingLine:
    sealed = row["version"] is not None
    return BriefingLine(
        kind=row["kind"],
        pupil=row["pupil"],
        on_day=row["on_day"],
        level=row["level"],
        need=row["need"],
        identity=Coordinates(row["named"], row["version"], row["topic"], row["sealed"]) if sealed else None,
    )
