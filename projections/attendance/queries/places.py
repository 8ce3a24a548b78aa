"""The places of an organisation at meetings, wherever they are held: what it was asked to and how it was marked."""

from __future__ import annotations

from datetime import date, time
from typing import Any
from uuid import UUID

import msgspec
from psycopg.rows import DictRow

from coordination.meeting.events import Answer, Mark, MeetingKind, NotExpected
from coordination.viewer import Viewer
from projections.attendance.queries.clashes import BECAUSE, CLASH, EXPECTED, clash_parameters
from projections.attendance.queries.marks import CONTESTED, DISPUTED, KNOWN, RULED
from projections.reader import Reader, position

PLACES = f"""
select a.*, {EXPECTED} as now_expected, {BECAUSE} as now_because,
       m.minutes_version, m.agenda_sent_on, m.starts_at, {CONTESTED} as contested, {RULED} as ruled, d.reads,
       count(*) over () as total
from read.attendance a
join read.meeting m on m.meeting = a.meeting
{DISPUTED} {CLASH}
where {KNOWN} and a.agency = %(organisation)s
  and (%(service)s::uuid is null or a.service = %(service)s)
  and a.held_on between %(from_on)s and %(to_on)s
order by a.held_on {{direction}}, m.starts_at nulls first, a.meeting, a.party
limit %(limit)s offset %(offset)s
"""


class MeetingPlace(msgspec.Struct, frozen=True, kw_only=True):
    """A party's place at a meeting. `party`, `expected`, `because`, `notice`, `mark`, `contested`, `ruled` and `reads`
    are as in Seat; `starts_at` is local time; `finalised`: the register is closed. `invitation_version` is what an
    answer carries as `seen`, None where it came uninvited."""

    meeting: UUID
    school: UUID
    kind: MeetingKind
    held_on: date
    starts_at: time | None
    cancelled: bool
    finalised: bool
    agenda_sent_on: date | None
    party: UUID
    service: UUID | None
    person: UUID | None
    invited_on: date | None
    whole_meeting: bool
    expected: bool
    because: NotExpected | None
    notice: int | None
    notice_required: int | None
    items: tuple[UUID, ...]
    answer: Answer | None
    own_word: bool
    undelivered: bool
    invitation_version: int | None
    mark: Mark | None
    contested: bool
    ruled: bool
    reads: Mark | None


class MeetingPlaceCriteria(msgspec.Struct, frozen=True, kw_only=True):
    """Places at meetings held between two days, of one service or of all; the earliest day first, or the `latest`.
    Pages of `size` from 1."""

    service: UUID | None = None
    from_on: date = date.min
    to_on: date = date.max
    latest: bool = False
    page: int = 1
    size: int = 50


class MeetingPlaceList(msgspec.Struct, frozen=True, kw_only=True):
    """A page of places and how many there are in all (0 on a page past the end)."""

    rows: tuple[MeetingPlace, ...]
    total: int
    position: int


def places(reader: Reader, viewer: Viewer, ask: MeetingPlaceCriteria) -> MeetingPlaceList:
    """The places of the viewer's organisation, in two statements."""
    with reader.viewing(viewer) as cursor:
        at = position(cursor)
        given = {
            "position": at,
            "organisation": viewer.organisation,
            "service": ask.service,
            "from_on": ask.from_on,
            "to_on": ask.to_on,
            "limit": ask.size,
            "offset": (max(ask.page, 1) - 1) * ask.size,
        }
        given |= clash_parameters(cursor, at, from_on=ask.from_on, to_on=ask.to_on, service=ask.service)
        query = PLACES.format(direction="desc" if ask.latest else "asc")
        found = cursor.execute(query.encode(), given).fetchall()
        return MeetingPlaceList(
            rows=tuple(_place(row) for row in found),
            total=found[0]["total"] if found else 0,
            position=at,
        )


def _place(row: DictRow) -> MeetingPlace:
    made: dict[str, Any] = {
        "expected": row["now_expected"],
        "because": row["now_because"],
        "finalised": row["minutes_version"] > 0,
        "items": tuple(row["items"]),
        "reads": row["reads"] if row["ruled"] else None,
    }
    return MeetingPlace(
        **{name: made[name] if name in made else row[name] for name in MeetingPlace.__struct_fields__}
    )
