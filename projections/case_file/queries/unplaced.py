"""Open referrals that no person or desk can see, or that have no next step: there must be none."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any
from uuid import UUID

import msgspec
from psycopg import Connection, Cursor
from psycopg.rows import DictRow, dict_row

from coordination.viewer import Viewer
from projections.reader import Reader

UNPLACED = """
select f.referral, f.pupil, f.school, f.service, f.phase, f.opened_on,
       f.move_party is null as without_next_step
from read.referral f
where not f.ended and not f.in_error
  and (f.move_party is null or not log.referral_seen(f.pupil, f.referral, %(today)s, %(closed)s))
order by f.opened_on, f.referral
"""


LEFT = """
select pupil, max(until) from read.roll where pupil = any(%s)
group by pupil having count(*) filter (where until is null) = 0
"""
ERASED = """
select f.referral, f.pupil, f.school, f.service, f.phase, f.opened_on, false as without_next_step, true as erased
from read.referral f
where not f.ended and not f.in_error and not exists (select from log.stream_key k where k.stream = f.pupil)
order by f.opened_on, f.referral
"""


class UnplacedReferral(msgspec.Struct, frozen=True, kw_only=True):
    """An open referral of nobody: ids and days only. `without_next_step`: somebody may see it, and nobody is to act;
    `erased`: nothing can be added to the record of the child any more."""

    referral: UUID
    pupil: UUID
    school: UUID
    service: UUID
    phase: str
    opened_on: date
    without_next_step: bool
    erased: bool = False


def unplaced_referrals(
    reader: Reader, viewer: Viewer, closed: Sequence[UUID] = ()
) -> tuple[UnplacedReferral, ...]:
    """Those of the viewer's authority; `closed` are organisations that have closed, whose desks do not count."""
    with reader.viewing(viewer) as cursor:
        return _found(cursor, viewer.today, closed)


def all_unplaced_referrals(
    owner: Connection[Any], today: date, closed: Sequence[UUID]
) -> tuple[UnplacedReferral, ...]:
    """Those of the whole record, for the operator; read by the owner of the database."""
    with owner.cursor(row_factory=dict_row) as cursor:
        erased = [UnplacedReferral(**row) for row in cursor.execute(ERASED)]
        gone = {one.referral for one in erased}
        return (*erased, *(one for one in _found(cursor, today, closed) if one.referral not in gone))


def _found(cursor: Cursor[DictRow], today: date, closed: Sequence[UUID]) -> tuple[UnplacedReferral, ...]:
    given = {"today": today, "closed": list(closed)}
    return tuple(UnplacedReferral(**row) for row in cursor.execute(UNPLACED.encode(), given))


def days_of_leaving(owner: Connection[Any], pupils: Sequence[UUID]) -> dict[UUID, date]:
    """Of these pupils, those on no school's roll, with the day on which they left the last one."""
    found = owner.execute(LEFT, (list(pupils),)).fetchall()
    return dict(found)
