"""A school's meetings, a service's meetings across schools, and one meeting with its agenda and register."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, time
from typing import Any
from uuid import UUID

import msgspec
from psycopg import Cursor
from psycopg.rows import DictRow

from coordination.directory.meeting_series import SeatPart
from coordination.meeting.events import Answer, Language, Mark, MeetingKind, NotExpected, Warning
from coordination.meeting.state import AgendaItem
from coordination.sensitivity import Coordinates
from coordination.viewer import Viewer
from projections.attendance.queries.clashes import BECAUSE, CLASH, EXPECTED, clash_parameters
from projections.attendance.queries.marks import CONTESTED, DISPUTED, KNOWN, RULED
from projections.reader import Reader, position


class MeetingSummary(msgspec.Struct, frozen=True, kw_only=True):
    """A meeting in a list. `starts_at` is local time. `minutes_version` 0: not finalised; `approved_version` below
    it: the minutes as they stand are still to be approved. Counts are of the parties that the viewer may see (a
    school: all; an agency: its own): `expected`, of them `unmarked`; `invited`, of them `unanswered`.
    `last_version` is what a command on the meeting carries as `seen`."""

    meeting: UUID
    school: UUID
    kind: MeetingKind
    series: UUID | None
    held_on: date
    starts_at: time | None
    ends_at: time | None
    chair: UUID | None
    quorum: int | None
    cancelled: bool
    agenda_sent_on: date | None
    finalised_on: date | None
    minutes_version: int
    approved_version: int
    next_on: date | None
    present: int
    items: int
    minutes: int
    actions_unsettled: int
    invited: int
    unanswered: int
    expected: int
    unmarked: int
    last_version: int

    @property
    def finalised(self) -> bool:
        return self.minutes_version > 0

    @property
    def quorate(self) -> bool | None:
        """None when no quorum was set."""
        return None if self.quorum is None else self.present >= self.quorum


class RegisterMarking(msgspec.Struct, frozen=True, kw_only=True):
    """One marking of the register; `supersedes` is the version of the line it corrected, `afterwards`: when the
    meeting had been finalised. `why` is the place of the sealed reason, where one was given. Times are local."""

    version: int
    mark: Mark
    supersedes: int | None
    afterwards: bool
    arrived_at: time | None
    left_at: time | None
    substitute_for: UUID | None
    with_authority: bool | None
    occurred_on: date
    recorded_at: datetime
    marked_by: UUID
    why: Coordinates | None


class PartyAttendance(msgspec.Struct, frozen=True, kw_only=True):
    """A party at a meeting: what was asked of it, what it answered, how it was marked, and what is disputed of that.

    `party` is its key in commands. `invited_on` None: it came without an invitation. Notice is in working days.
    `contested`: disputed and not ruled on; `ruled`: a ruling changed the mark, to `reads` (None: struck out).
    `invitation_version` and `mark_version` are what commands on the invitation and the line carry as `seen`.
    `markings` is the line's history, oldest first (not for auditors).
    """

    party: UUID
    organisation: UUID
    service: UUID | None
    person: UUID | None
    part: SeatPart | None
    language: Language | None
    in_figures: bool
    invited_on: date | None
    whole_meeting: bool
    expected: bool
    because: NotExpected | None
    terms: UUID | None
    notice_from: date | None
    notice: int | None
    notice_required: int | None
    items: tuple[UUID, ...]
    answer: Answer | None
    own_word: bool
    undelivered: bool
    invitation_version: int | None
    mark: Mark | None
    mark_version: int | None
    contested: bool
    ruled: bool
    reads: Mark | None
    markings: tuple[RegisterMarking, ...]


class MeetingStep(msgspec.Struct, frozen=True, kw_only=True):
    """What was done with the meeting, by whom. `held_on` and `starts_at` are those that it set; `about_person` the
    chair named or who declared an interest (in `item`); `text` the place of the sealed words."""

    version: int
    topic: str
    occurred_on: date
    recorded_at: datetime
    person: UUID
    organisation: UUID
    held_on: date | None
    starts_at: time | None
    minutes_version: int | None
    warnings: tuple[Warning, ...]
    about_person: UUID | None
    item: UUID | None
    next_meeting: UUID | None
    text: Coordinates | None


class MeetingDetails(msgspec.Struct, frozen=True, kw_only=True):
    """A meeting as the viewer may see it: an agency finds its own seats and items only, an auditor no items, no words
    and no school staff. Its name and place are in the `text` of the steps `meeting.scheduled` and
    `meeting.rescheduled` (name, place; of several the last that has one)."""

    brief: MeetingSummary
    seats: tuple[PartyAttendance, ...]
    agenda: tuple[AgendaItem, ...]
    steps: tuple[MeetingStep, ...]
    log_position: int


BRIEFS = f"""
select m.*, f.finalised_on, coalesce(c.invited, 0) as invited, coalesce(c.unanswered, 0) as unanswered,
       coalesce(c.expected, 0) as expected, coalesce(c.unmarked, 0) as unmarked
from read.meeting m
left join lateral (
    select min(f.occurred_on) as finalised_on from read.meeting_step f
    where f.meeting = m.meeting and f.topic = 'meeting.finalised'
) f on true
left join lateral (
    select count(a.invited_on) as invited, count(a.invited_on) filter (where a.answer is null) as unanswered,
           count(*) filter (where a.expected) as expected,
           count(*) filter (where a.expected and a.mark is null) as unmarked
    from read.attendance a where a.meeting = m.meeting and {KNOWN}
) c on true
"""

LISTED = (
    BRIEFS
    + f"""
where (%(school)s::uuid is null or m.school = %(school)s)
  and (%(service)s::uuid is null or exists (
      select from read.attendance a where a.meeting = m.meeting and a.party = %(service)s and {KNOWN}))
  and (%(series)s::uuid is null or m.series = %(series)s)
  and m.held_on between %(from_on)s and %(to_on)s
order by m.held_on, m.starts_at nulls first, m.meeting
"""
)

ONE = BRIEFS + " where m.meeting = %(meeting)s"

SEATS = f"""
select a.*, {EXPECTED} as now_expected, {BECAUSE} as now_because, {CONTESTED} as contested, {RULED} as ruled, d.reads
from read.attendance a {DISPUTED} {CLASH} where a.meeting = %(meeting)s and {KNOWN}
order by now_expected desc, a.in_figures desc, a.invited_on nulls last, a.party
"""

MARKINGS = """
select l.*, t.topic as text_topic, t.sealed from read.register_line l
left join read.meeting_text t on t.meeting = l.meeting and t.version = l.version
where l.meeting = %(meeting)s order by l.version
"""

AGENDA = """
select item, pupil, services, confirmed, last_version, without_names, by_disclosure
from read.agenda_item where meeting = %(meeting)s order by place
"""

STEPS = """
select s.*, t.topic as text_topic, t.sealed from read.meeting_step s
left join read.meeting_text t on t.meeting = s.meeting and t.version = s.version
where s.meeting = %(meeting)s order by s.version
"""


def meetings(
    reader: Reader,
    viewer: Viewer,
    *,
    school: UUID | None = None,
    service: UUID | None = None,
    series: UUID | None = None,
    from_on: date = date.min,
    to_on: date = date.max,
) -> tuple[MeetingSummary, ...]:
    """The meetings held (or to be held) between two days, in order of day; the cancelled ones too. Of a school, of a
    series, or those to which a service was invited or came, at whatever school."""
    given: dict[str, object] = {
        "school": school,
        "service": service,
        "series": series,
        "from_on": from_on,
        "to_on": to_on,
    }
    with reader.viewing(viewer) as cursor:
        given["position"] = position(cursor)
        return tuple(_brief(row) for row in cursor.execute(LISTED, given))


def meeting(reader: Reader, viewer: Viewer, meeting: UUID) -> MeetingDetails | None:
    """One meeting; None when there is none that the viewer may see."""
    with reader.viewing(viewer) as cursor:
        at = position(cursor)
        given: dict[str, object] = {"meeting": meeting, "position": at}
        row = cursor.execute(ONE, given).fetchone()
        if row is None:
            return None
        given |= clash_parameters(cursor, at, from_on=row["held_on"], to_on=row["held_on"])
        return MeetingDetails(
            brief=_brief(row),
            seats=_seats(cursor, given),
            agenda=tuple(_item(found) for found in cursor.execute(AGENDA, given)),
            steps=tuple(_step(found) for found in cursor.execute(STEPS, given)),
            log_position=at,
        )


def _brief(row: DictRow) -> MeetingSummary:
    return MeetingSummary(**_fields(MeetingSummary, row))


def _seats(cursor: Cursor[DictRow], given: dict[str, object]) -> tuple[PartyAttendance, ...]:
    markings: dict[UUID, list[RegisterMarking]] = {}
    for row in cursor.execute(MARKINGS, given).fetchall():
        marking = RegisterMarking(**_fields(RegisterMarking, row, why=_place(row)))
        markings.setdefault(row["party"], []).append(marking)
    return tuple(
        _seat(
            {**row, "expected": row["now_expected"], "because": row["now_because"]},
            markings.get(row["party"], ()),
        )
        for row in cursor.execute(SEATS, given).fetchall()
    )


def _seat(row: DictRow, markings: Iterable[RegisterMarking]) -> PartyAttendance:
    return PartyAttendance(
        **_fields(
            PartyAttendance,
            row,
            organisation=row["agency"],
            items=tuple(row["items"]),
            reads=row["reads"] if row["ruled"] else None,
            markings=tuple(markings),
        )
    )


def _item(row: DictRow) -> AgendaItem:
    return AgendaItem(**_fields(AgendaItem, row, services=tuple(row["services"])))


def _step(row: DictRow) -> MeetingStep:
    return MeetingStep(**_fields(MeetingStep, row, warnings=tuple(row["warnings"]), text=_place(row)))


def _place(row: DictRow) -> Coordinates | None:
    if row["sealed"] is None:
        return None
    return Coordinates(row["meeting"], row["version"], row["text_topic"], row["sealed"])


def _fields(of: type[msgspec.Struct], row: DictRow, **other: Any) -> dict[str, Any]:
    """The columns that a struct has fields for, and what is made otherwise."""
    return {name: other[name] if name in other else row[name] for name in of.__struct_fields__}
