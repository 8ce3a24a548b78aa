"""What people who have left an organisation still have: allocated referrals, actions and planned meetings."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Literal
from uuid import UUID

import msgspec

from coordination.sensitivity import Coordinates
from coordination.viewer import Viewer
from projections.case_file.queries.children import NAMED_COLUMNS, named_joins
from projections.case_file.queries.results import coordinates
from projections.reader import Reader

# The row policies let through what is the viewer's organisation's.
HELD = f"""
with held as (
    select 'referral' as kind, l.referral as thing, l.pupil, l.person, r.opened_on as since, null::uuid as service
    from read.allocation l join read.referral r on r.referral = l.referral
    where not r.ended and r.agency = %(organisation)s and l.person <> all(%(in_post)s::uuid[])
    union all
    select 'action', a.action, a.pupil, a.owner_person, a.agreed_on, a.owner_service
    from read.action a
    where a.ended is null and a.owner_organisation = %(organisation)s and a.owner_person = any(%(gone)s::uuid[])
    union all
    select 'meeting', m.meeting, null, m.chair, m.held_on, null
    from read.meeting m
    where m.school = %(organisation)s and not m.cancelled and m.minutes_version = 0
      and m.chair = any(%(gone)s::uuid[])
)
select held.*, {NAMED_COLUMNS}
from held
{named_joins("held")}
order by held.person, held.kind, held.since, held.thing
"""

Kind = Literal["referral", "action", "meeting"]


class HeldByLeaver(msgspec.Struct, frozen=True, kw_only=True):
    """One thing that a person who has left still has: a referral allocated to them, an action of theirs, or a meeting
    that they should chair. `since`: opened, agreed, or the day of the meeting. `service`: of an action."""

    kind: Kind
    thing: UUID
    pupil: UUID | None
    person: UUID
    since: date
    service: UUID | None
    identity: Coordinates | None


def held_by_leavers(
    reader: Reader, viewer: Viewer, *, in_post: Iterable[UUID], gone: Iterable[UUID]
) -> tuple[HeldByLeaver, ...]:
    """What those who have left the viewer's organisation (`gone`) still have, by person, in one statement; of allocated
    referrals also those of people who never were there (the service came from another agency)."""
    given = {"organisation": viewer.organisation, "in_post": list(in_post), "gone": list(gone)}
    with reader.viewing(viewer) as cursor:
        return tuple(
            HeldByLeaver(
                kind=row["kind"],
                thing=row["thing"],
                pupil=row["pupil"],
                person=row["person"],
                since=row["since"],
                service=row["service"],
                identity=coordinates(row) if row["pupil"] else None,
            )
            for row in cursor.execute(HELD.encode(), given).fetchall()
        )
