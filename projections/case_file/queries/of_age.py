"""The pupils whom the viewer's organisation holds and who are near the end of school, for the ages that change things.

The date of birth is sealed: the page opens it. The year group, where an event says it, leaves the younger ones out.
"""

from __future__ import annotations

from uuid import UUID

from coordination.sensitivity import Coordinates
from coordination.viewer import Viewer
from projections.case_file.queries.children import NAMED_COLUMNS, named_joins
from projections.case_file.queries.people import YEAR_NOW
from projections.case_file.queries.results import coordinates
from projections.reader import Reader

FIRST_YEAR = 10
"""The youngest year group opened: the year before a pupil turns 16, taught a year down."""

OLDER = f"""
select p.pupil, {NAMED_COLUMNS}
from (
    select o.pupil from read.roll o
    where o.school = %(organisation)s and (o.until is null or o.until > %(today)s)
    union
    select a.pupil from log.pupil_access a
    where a.organisation = %(organisation)s and a.basis = 'no_roll' and a.opened_on <= %(today)s
      and (a.closed_on is null or a.closed_on > %(today)s)
) held
join read.pupil p on p.pupil = held.pupil
{named_joins("p")}
where p.year is null or {YEAR_NOW} >= %(first)s
order by p.pupil
"""


def older_pupils(reader: Reader, viewer: Viewer) -> dict[UUID, Coordinates]:
    """Where the identity of each is sealed, in one statement: on the roll of the viewer's school, or, for the
    authority's caseworker, on no roll."""
    given = {"organisation": viewer.organisation, "today": viewer.today, "first": FIRST_YEAR}
    with reader.viewing(viewer) as cursor:
        found = cursor.execute(OLDER.encode(), given).fetchall()
    return {row["pupil"]: place for row in found if (place := coordinates(row)) is not None}
