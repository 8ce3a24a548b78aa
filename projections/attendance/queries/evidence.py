"""What a school could found a challenge on, and what the agency would most likely answer to it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any, Literal
from uuid import UUID

import msgspec
from psycopg import Cursor
from psycopg.rows import DictRow

from coordination.challenge.events import Kind
from coordination.challenge.rule import (
    MISSED,
    AttendanceCode,
    AttendanceFinding,
    AttendanceRule,
    MarkEvidence,
    assess,
)
from coordination.meeting.events import Mark
from coordination.viewer import Viewer
from projections.attendance.queries.clashes import BECAUSE, CLASH, EXPECTED, clash_parameters
from projections.attendance.queries.marks import CONTESTED, DISPUTED, KNOWN, RULED
from projections.reader import Reader, parked, position

Ground = Literal[
    "clash",
    "no_terms",
    "short_notice",
    "not_needed",
    "not_delivered",
    "contested",
    "ruled",
    "apologies",
    "register_open",
    "corrected_afterwards",
]


class Rebuttal(msgspec.Struct, frozen=True):
    """What the agency can say of a meeting it missed, from the school's own record. The first five: it was not
    expected there, and why (`notice` and `notice_required` in working days). `contested`: it disputes the mark;
    `ruled`: a ruling changed it; `apologies`: it sent some; `register_open`: the meeting is not finalised;
    `corrected_afterwards`: the school changed the line after finalising."""

    meeting: UUID
    held_on: date
    ground: Ground
    notice: int | None = None
    notice_required: int | None = None


class AttendanceEvidence(msgspec.Struct, frozen=True):
    """A service's lines at a school's meetings of one kind (`meetings`) up to `as_of`, oldest first, as
    RaiseAttendanceChallenge wants them (`marks`), read at `log_position`.

    `met`: whether one of the rules is met; then `kind` says whether a challenge or only an enquiry can be raised, and
    `code`, `counted`, `threshold`, `window` by which rule: `counted` of the last `window` of the `considered` lines
    were missed, from `threshold` on it is met. Not met, they are the numbers of the first rule, over the meetings at
    which the service was expected. `rebuttals` are of the missed meetings since the oldest considered one.
    `open_challenge`: a challenge about this service's attendance that is not ended yet. `parked`: streams that could
    not be read.
    """

    school: UUID
    service: UUID
    meetings: str
    agency: UUID | None
    as_of: date
    log_position: int
    rule: AttendanceRule
    marks: tuple[MarkEvidence, ...]
    met: bool
    kind: Kind | None
    code: AttendanceCode
    counted: int
    threshold: int
    window: int
    considered: tuple[MarkEvidence, ...]
    rebuttals: tuple[Rebuttal, ...]
    open_challenge: UUID | None
    parked: int


MARKS = f"""
select a.meeting, a.held_on, a.party as service, a.agency, a.mark, a.mark_version, {EXPECTED} as expected,
       {BECAUSE} as because, a.terms, a.kind as meetings,
       a.notice, a.notice_required, {RULED} as ruled, d.reads, {CONTESTED} as contested,
       m.minutes_version = 0 as register_open,
       exists (select from read.register_line l
               where l.meeting = a.meeting and l.party = a.party and l.afterwards) as corrected
from read.attendance a {DISPUTED} {CLASH} left join read.meeting m on m.meeting = a.meeting
where {KNOWN} and a.in_figures and a.service is not null and not a.cancelled and a.mark is not null
  and a.school = %(school)s
  and (%(meetings)s::text is null or a.kind = %(meetings)s)
  and (%(service)s::uuid is null or a.party = %(service)s)
  and a.held_on between %(from_on)s and %(as_of)s
order by a.held_on, a.meeting
"""

OPEN = """
select service, challenge from read.challenge
where about = 'attendance' and school = %(school)s and phase not in ('not_approved', 'resolved', 'withdrawn')
order by last_version
"""


def attendance_evidence(
    reader: Reader,
    viewer: Viewer,
    school: UUID,
    service: UUID,
    as_of: date,
    *,
    meetings: str | None = None,
    from_on: date = date.min,
    rule: AttendanceRule = AttendanceRule(),  # noqa: B008 - frozen
) -> AttendanceEvidence:
    """One service's attendance at one school's meetings of one kind held from `from_on` to `as_of`, as known now, and
    whether it gives ground for a challenge. Without `meetings`, of the kind that gives the most ground. Meetings with
    no mark yet are left out."""
    found = _gather(reader, viewer, school, service, as_of, from_on, rule, meetings)
    return min(found, key=_most_ground)


def suggestions(
    reader: Reader,
    viewer: Viewer,
    school: UUID,
    as_of: date,
    *,
    from_on: date = date.min,
    rule: AttendanceRule = AttendanceRule(),  # noqa: B008 - frozen
) -> tuple[AttendanceEvidence, ...]:
    """The same for every service and kind of meeting with a line at the school: those by which a rule is met first (a
    challenge before an enquiry), then by the number missed."""
    return tuple(sorted(_gather(reader, viewer, school, None, as_of, from_on, rule, None), key=_most_ground))


def _most_ground(found: AttendanceEvidence) -> tuple[str, int, int, str]:
    return found.kind or "none", -found.counted, found.service.int, found.meetings


def _gather(
    reader: Reader,
    viewer: Viewer,
    school: UUID,
    service: UUID | None,
    as_of: date,
    from_on: date,
    rule: AttendanceRule,
    meetings: str | None,
) -> list[AttendanceEvidence]:
    with reader.viewing(viewer) as cursor:
        at = position(cursor)
        given = {
            "position": at,
            "school": school,
            "service": service,
            "meetings": meetings,
            "from_on": from_on,
            "as_of": as_of,
            **clash_parameters(cursor, at, from_on=from_on, to_on=as_of, service=service),
        }
        lines = cursor.execute(MARKS, given).fetchall()
        by_kind: dict[tuple[UUID, str], list[dict[str, Any]]] = {}
        for row in lines:
            by_kind.setdefault((row["service"], row["meetings"]), []).append(row)
        if not by_kind and service is not None:
            by_kind[service, meetings or "hwb"] = []
        opened = _open(cursor, school)
        unread = parked(cursor, "attendance")
    return [
        _evidence(school, of, kind, rows, as_of, at, rule, opened.get(of), unread)
        for (of, kind), rows in by_kind.items()
    ]


def _open(cursor: Cursor[DictRow], school: UUID) -> dict[UUID, UUID]:
    return {row["service"]: row["challenge"] for row in cursor.execute(OPEN, {"school": school})}


def _evidence(
    school: UUID,
    service: UUID,
    meetings: str,
    rows: Sequence[DictRow],
    as_of: date,
    at: int,
    rule: AttendanceRule,
    open_challenge: UUID | None,
    unread: int,
) -> AttendanceEvidence:
    marks = tuple(_mark(row, at) for row in rows)
    kind, finding = _finding(marks, rule)
    return AttendanceEvidence(
        school=school,
        service=service,
        meetings=meetings,
        agency=rows[0]["agency"] if rows else None,
        as_of=as_of,
        log_position=at,
        rule=rule,
        marks=marks,
        met=finding.met,
        kind=kind,
        code=finding.code,
        counted=finding.counted,
        threshold=finding.threshold,
        window=finding.window,
        considered=finding.considered,
        rebuttals=tuple(_rebuttals(rows, finding)),
        open_challenge=open_challenge,
        parked=unread,
    )


def _mark(row: DictRow, at: int) -> MarkEvidence:
    return MarkEvidence(
        meeting=row["meeting"],
        held_on=row["held_on"],
        mark=row["mark"],
        version=row["mark_version"],
        expected=row["expected"],
        because=row["because"],
        terms=row["terms"],
        position=at,
        meetings=row["meetings"],
        contested=row["contested"],
        ruled=row["ruled"],
        reads=row["reads"] if row["ruled"] else None,
    )


def _finding(marks: tuple[MarkEvidence, ...], rule: AttendanceRule) -> tuple[Kind | None, AttendanceFinding]:
    """As raising decides it: a challenge on what was owed, else an enquiry on everything."""
    owed = assess(marks, rule)
    if owed.met:
        return "challenge", owed
    every = assess(marks, rule, only_owed=False)
    return ("enquiry", every) if every.met else (None, owed)


def _rebuttals(rows: Sequence[DictRow], finding: AttendanceFinding) -> Iterable[Rebuttal]:
    since = finding.considered[0].held_on if finding.considered else date.min
    for row in rows:
        mark: Mark = row["mark"]
        if row["held_on"] < since or mark not in MISSED:
            continue
        for ground in _grounds(row):
            yield Rebuttal(row["meeting"], row["held_on"], ground, row["notice"], row["notice_required"])


def _grounds(row: DictRow) -> Iterable[Ground]:
    if row["because"] is not None:
        yield row["because"]
    if row["ruled"]:
        yield "ruled"
    elif row["contested"]:
        yield "contested"
    if row["mark"] == "apologies":
        yield "apologies"
    if row["register_open"]:
        yield "register_open"
    if row["corrected"]:
        yield "corrected_afterwards"
