"""Lists of the referrals of which the viewer's organisation no longer receives what is new."""

from __future__ import annotations

from datetime import date
from uuid import UUID

import msgspec

from coordination.viewer import Viewer
from projections.reader import Reader, position

LIST = """
select e.referral, e.pupil, e.service, e.school, e.since, e.because, e.referral_open, e.received,
       count(*) over () as total
from read.sight_end e
where e.organisation = %(organisation)s and e.because <> 'shared_again'
      and (%(referral)s::uuid is null or e.referral = %(referral)s)
order by e.since desc, e.position desc
limit %(limit)s offset %(offset)s
"""


class SightEnd(msgspec.Struct, frozen=True, kw_only=True):
    """That the organisation receives nothing new of a referral `since` a day, and why: agreement_withdrawn, passed_on,
    recorded_in_error, not_passed_on, service_moved; of a school's own pupil moved, left. `referral_open`: whether the
    referral was open then. `received`: what it had received and written can still be read."""

    referral: UUID
    pupil: UUID
    service: UUID
    school: UUID
    since: date
    because: str
    referral_open: bool
    received: bool


class SightEndList(msgspec.Struct, frozen=True, kw_only=True):
    """A page of them, the newest first, and how many there are in all."""

    rows: tuple[SightEnd, ...]
    total: int
    position: int


def sight_ends(
    reader: Reader, viewer: Viewer, *, referral: UUID | None = None, page: int = 1, size: int = 50
) -> SightEndList:
    """The referrals, or one of them, of which sight has ended for the viewer's organisation, in two statements."""
    given = {
        "organisation": viewer.organisation,
        "referral": referral,
        "limit": size,
        "offset": (max(page, 1) - 1) * size,
    }
    with reader.viewing(viewer) as cursor:
        found = cursor.execute(LIST, given).fetchall()
        rows = tuple(SightEnd(**{k: v for k, v in row.items() if k != "total"}) for row in found)
        return SightEndList(rows=rows, total=found[0]["total"] if found else 0, position=position(cursor))
