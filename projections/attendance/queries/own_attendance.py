"""An agency's own record: each meeting that one of its services was invited to or came to, as the school wrote it down
and as it counts, line by line."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any
from uuid import UUID

import msgspec

from coordination.meeting.events import Answer, Mark, MeetingKind, NotExpected
from coordination.sensitivity import Coordinates
from coordination.viewer import Viewer
from projections.attendance.queries.clashes import BECAUSE, CLASH, EXPECTED, clash_parameters
from projections.attendance.queries.marks import CONTESTED, DISPUTED, KNOWN, READING, RULED
from projections.reader import Reader, position_known_at


class OwnAttendanceCriteria(msgspec.Struct, frozen=True, kw_only=True):
    """Meetings held between two days, the newest first, of all services or one, at all schools or one, as known at an
    instant (None: now). Pages of `size` from 1."""

    to_on: date
    from_on: date = date.min
    service: UUID | None = None
    school: UUID | None = None
    known_at: datetime | None = None
    at: int | None = None
    page: int = 1
    size: int = 25


class OwnAttendanceRow(msgspec.Struct, frozen=True, kw_only=True):
    """A service at a meeting. `mark` is what the school wrote, `counts_as` how reports read it: a mark, or not_marked,
    contested, struck_out. `why` is the place of the school's sealed words on the line, where it wrote some. `challenge`
    is the last challenge based on this mark as it is now, in `challenge_phase`; `answered_there`: it was disputed
    there already. Notice is in working days."""

    meeting: UUID
    school: UUID
    kind: MeetingKind
    held_on: date
    party: UUID
    expected: bool
    because: NotExpected | None
    invited_on: date | None
    notice: int | None
    notice_required: int | None
    answer: Answer | None
    own_word: bool
    mark: Mark | None
    counts_as: str
    reads: Mark | None
    contested: bool
    ruled: bool
    corrected: bool
    why: Coordinates | None
    challenge: UUID | None
    challenge_phase: str | None
    answered_there: bool


class OwnAttendanceList(msgspec.Struct, frozen=True, kw_only=True):
    """A page of the record and how many lines there are in all (0 on a page past the end)."""

    rows: tuple[OwnAttendanceRow, ...]
    total: int


LINES = f"""
select a.*, {EXPECTED} as now_expected, {BECAUSE} as now_because,
       {READING} as counts_as, {CONTESTED} as contested, {RULED} as ruled, d.reads,
       w.version as why_version, w.topic as why_topic, w.sealed as why_sealed,
       coalesce(w.corrected, false) as corrected,
       c.challenge, c.phase as challenge_phase, coalesce(c.disputed, false) as answered_there,
       count(*) over () as total
from read.attendance a
{DISPUTED}
{CLASH}
left join lateral (
    select l.version, t.topic, t.sealed, l.supersedes is not null as corrected
    from read.register_line l
    left join read.meeting_text t on t.meeting = l.meeting and t.version = l.version
    where l.meeting = a.meeting and l.party = a.party and l.version = a.mark_version
) w on true
left join lateral (
    select c.challenge, c.phase, k.contested or k.ruled as disputed
    from read.challenge_mark k join read.challenge c on c.challenge = k.challenge
    where k.meeting = a.meeting and k.mark_version = a.mark_version and c.service = a.party
    order by c.since desc, c.challenge limit 1
) c on true
where {KNOWN} and a.in_figures and not a.cancelled and a.agency = %(organisation)s
  and a.held_on between %(from_on)s and %(to_on)s
  and (%(service)s::uuid is null or a.party = %(service)s)
  and (%(school)s::uuid is null or a.school = %(school)s)
order by a.held_on desc, a.meeting, a.party
limit %(limit)s offset %(offset)s
"""


def own_record(reader: Reader, viewer: Viewer, ask: OwnAttendanceCriteria) -> OwnAttendanceList:
    """The lines of the viewer's own agency, in two statements (one more for a past instant)."""
    with reader.viewing(viewer) as cursor:
        at = position_known_at(cursor, ask.known_at, ask.at)
        given: dict[str, object] = {
            "organisation": viewer.organisation,
            "position": at,
            "from_on": ask.from_on,
            "to_on": ask.to_on,
            "service": ask.service,
            "school": ask.school,
            "limit": ask.size,
            "offset": (max(ask.page, 1) - 1) * ask.size,
        }
        given |= clash_parameters(cursor, at, from_on=ask.from_on, to_on=ask.to_on, service=ask.service)
        found = cursor.execute(LINES, given).fetchall()
    return OwnAttendanceList(rows=tuple(_line(row) for row in found), total=found[0]["total"] if found else 0)


def _line(row: Mapping[str, Any]) -> OwnAttendanceRow:
    why = None
    if row["why_sealed"] is not None:
        why = Coordinates(row["meeting"], row["why_version"], row["why_topic"], row["why_sealed"])
    row = {**row, "expected": row["now_expected"], "because": row["now_because"]}
    own = {name: row[name] for name in OwnAttendanceRow.__struct_fields__ if name not in ("why", "reads")}
    return OwnAttendanceRow(**own, why=why, reads=row["reads"] if row["ruled"] else None)
