"""The children on no school's roll whom the viewer's authority holds, with their open referrals."""

from __future__ import annotations

from datetime import date
from uuid import UUID

import msgspec

from coordination.sensitivity import Coordinates
from coordination.viewer import Viewer
from projections.case_file.queries.results import ReferralSummary, coordinates, referral_of
from projections.reader import Reader

# The access itself says since when; read.pupil lets through only what the viewer may see.
CHILDREN = """
select a.pupil, a.opened_on as since, i.version, i.topic, i.sealed, count(*) over () as total,
       (select o.school from read.roll o where o.pupil = a.pupil order by o.until desc nulls last limit 1) as school
from log.pupil_access a
join read.pupil p on p.pupil = a.pupil
left join read.identity i on i.pupil = a.pupil and i.kind = 'identity'
where a.organisation = %(organisation)s and a.basis = 'no_roll' and a.opened_on <= %(today)s
  and (a.closed_on is null or a.closed_on > %(today)s)
order by a.opened_on, a.pupil
limit %(limit)s
"""
REFERRALS = """
select * from read.referral where pupil = any(%(pupils)s) and not ended
order by immediate_risk desc, due_on nulls last, opened_on, referral
"""


class ChildOnNoRoll(msgspec.Struct, frozen=True, kw_only=True):
    """A child held by the authority since a day; `school` is the last school (None: on no roll before), `referrals`
    the open ones, the most urgent first."""

    pupil: UUID
    since: date
    school: UUID | None
    identity: Coordinates | None
    referrals: tuple[ReferralSummary, ...]


class ChildrenOnNoRoll(msgspec.Struct, frozen=True):
    """The first rows, the longest on no roll first, and how many children there are."""

    rows: tuple[ChildOnNoRoll, ...]
    total: int


def children_on_no_roll(reader: Reader, viewer: Viewer, size: int) -> ChildrenOnNoRoll:
    """At most `size` children whom the viewer's authority holds, in two statements."""
    given = {"organisation": viewer.organisation, "today": viewer.today, "limit": size}
    with reader.viewing(viewer) as cursor:
        found = cursor.execute(CHILDREN, given).fetchall()
        open_ones: dict[UUID, list[ReferralSummary]] = {row["pupil"]: [] for row in found}
        for row in cursor.execute(REFERRALS, {"pupils": list(open_ones)}):
            open_ones[row["pupil"]].append(referral_of(row, viewer.today))
    rows = tuple(
        ChildOnNoRoll(
            pupil=row["pupil"],
            since=row["since"],
            school=row["school"],
            identity=coordinates(row),
            referrals=tuple(open_ones[row["pupil"]]),
        )
        for row in found
    )
    return ChildrenOnNoRoll(rows, found[0]["total"] if found else 0)
