"""A school's day: what is overdue and with whom, what to follow up, what was missed, what comes next.

Open challenges come from `projections.challenges`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime, time
from typing import Any, Generic, TypeVar
from uuid import UUID

import msgspec
from psycopg import Cursor
from psycopg.rows import DictRow

from coordination.sensitivity import Coordinates
from coordination.viewer import Viewer
from projections.case_file.queries.actions import ActionCriteria, ActionRow, action_lines
from projections.case_file.queries.children import NAMED_COLUMNS, named_joins
from projections.case_file.queries.referrals import WHOSE, referral_row_of
from projections.case_file.queries.results import DUE_SOON, ReferralRow, coordinates
from projections.case_file.queries.sharing import ON_ROLL
from projections.overdue import due_between, overdue
from projections.reader import Reader, desk, position

T = TypeVar("T")

# The parts of the page that are referrals, and what is in each. A referral may be in several.
PARTS = {
    "overdue": overdue("f.due_on", "%(today)s"),
    "due": due_between("f.due_on", "%(today)s", "%(soon)s"),
    "ours": f"{WHOSE} = 'school'",
    "not_sent": "f.open_clock = 'not_sent'",
    "not_received": "f.open_clock = 'not_received'",
    "no_standard": "f.open_clock = 'none'",
    "terms_unknown": "f.terms_unknown is not null",
}
# by the last day within the limit; of what has none, the longest wait first
BY_DUE = "f.immediate_risk desc, f.due_on nulls last, coalesce(f.open_from, f.opened_on), f.referral"

REFERRALS = f"""
select * from (
    select f.*, l.person as allocated, {NAMED_COLUMNS}, p.part, count(*) over (partition by p.part) as total,
           row_number() over (partition by p.part order by {BY_DUE}) as place
    from read.referral f
    left join read.allocation l on l.referral = f.referral
    {named_joins("f")}
    cross join lateral unnest(array[{", ".join(f"case when {of} then '{part}' end" for part, of in PARTS.items())}])
        as p(part)
    where p.part is not null and not f.ended and f.pupil in {ON_ROLL}
) listed
where place <= %(limit)s
order by part, place
"""

# Agreements that were asked for, and those that an agency needs to pass a referral on.
AGREEMENTS = f"""
select c.consent, c.pupil, c.agency, c.purpose, c.since, c.contact, c.last_version, c.referral, c.service, c.asked_by,
       {NAMED_COLUMNS},
       k.version as contact_version, k.topic as contact_topic, k.sealed as contact_sealed, count(*) over () as total
from (
    select consent, pupil, agency, purpose, since, contact, last_version,
           null::uuid as referral, null::uuid as service, null::uuid as asked_by
    from read.consent where standing = 'requested'
    union all
    select null, pupil, to_agency, 'referral', since, null, last_version, referral, service, agency
    from read.basis_request
) c
{named_joins("c")}
left join read.contact k on k.pupil = c.pupil and k.contact = c.contact
where c.pupil in {{on_roll}}
order by c.referral is null, c.since, c.consent
limit %(limit)s
"""

MISSED = f"""
select m.pupil, m.version as entry, m.referral, m.service, m.agency, m.milestone, m.occurred_on, m.recorded_at,
       f.phase, f.last_version, {NAMED_COLUMNS}, count(*) over () as total
from read.missed m
join read.referral f on f.referral = m.referral
{named_joins("m")}
where m.occurred_on >= %(since)s and m.pupil in {{on_roll}}
order by m.occurred_on desc, m.recorded_at desc, m.pupil, m.version
limit %(limit)s
"""

# The meetings are in the tables of projections.attendance.
MEETINGS = """
select m.meeting, m.kind, m.held_on, m.items, m.agenda_sent_on, m.last_version,
       (select s.starts_at from read.meeting_step s
        where s.meeting = m.meeting and s.topic in ('meeting.scheduled', 'meeting.rescheduled')
        order by s.version desc limit 1) as starts_at,
       (select count(*) from read.attendance a
        where a.meeting = m.meeting and a.known_to is null and a.invited_on is not null) as invited,
       (select count(*) from read.attendance a
        where a.meeting = m.meeting and a.known_to is null and a.invited_on is not null and a.answer is null)
           as unanswered
from read.meeting m
where m.school = %(organisation)s and not m.cancelled and m.minutes_version = 0
  and (m.held_on < %(today)s or m.meeting = (
      select n.meeting from read.meeting n
      where n.school = %(organisation)s and not n.cancelled and n.minutes_version = 0 and n.held_on >= %(today)s
      order by n.held_on, n.meeting limit 1
  ))
order by m.held_on, m.meeting
limit %(limit)s
"""


class TodaySection(msgspec.Struct, Generic[T], frozen=True, kw_only=True):
    """The first rows of a part of the page, and how many there are in all."""

    rows: tuple[T, ...]
    total: int


class AwaitedAgreement(msgspec.Struct, frozen=True, kw_only=True):
    """An agreement that was requested and not answered: `days` calendar days since then. `contact` is None where the
    pupil was asked; otherwise `contact_at` seals their name. Where `asked_by`, an agency, needs it to pass a `referral`
    on to a `service`, nobody was asked yet and `consent` is None."""

    consent: UUID | None
    pupil: UUID
    agency: UUID
    purpose: str
    since: date
    days: int
    contact: UUID | None
    contact_at: Coordinates | None
    identity: Coordinates | None
    last_version: int
    referral: UUID | None = None
    service: UUID | None = None
    asked_by: UUID | None = None


class MissedAppointment(msgspec.Struct, frozen=True, kw_only=True):
    """A missed appointment; `entry` is its version in the pupil's stream. `check_safety`: the child was not brought, so
    the school must ask why and whether the child is safe. `phase` is the referral's phase now."""

    pupil: UUID
    referral: UUID
    entry: int
    service: UUID
    agency: UUID
    milestone: str
    occurred_on: date
    recorded_at: datetime
    check_safety: bool
    phase: str
    identity: Coordinates | None
    last_version: int


class UpcomingMeeting(msgspec.Struct, frozen=True, kw_only=True):
    """A meeting that is not finalised: its day, how many pupils are on its agenda, who has not answered."""

    meeting: UUID
    kind: str
    held_on: date
    starts_at: time | None
    items: int
    invited: int
    unanswered: int
    agenda_sent_on: date | None
    last_version: int


class Today(msgspec.Struct, frozen=True, kw_only=True):
    """`overdue` and `due` (this week) are referrals against their clock, each with whose move it is; `ours` those that
    wait for the school; `not_sent` were decided on and not sent, `not_received` sent and not received, `no_standard`
    received by a service without a standard, and of `terms_unknown` the last day within the limit is not known.
    `actions` are those overdue or due this week; `unfinished` past meetings not finalised."""

    overdue: TodaySection[ReferralRow]
    due: TodaySection[ReferralRow]
    ours: TodaySection[ReferralRow]
    not_sent: TodaySection[ReferralRow]
    not_received: TodaySection[ReferralRow]
    no_standard: TodaySection[ReferralRow]
    terms_unknown: TodaySection[ReferralRow]
    agreements: TodaySection[AwaitedAgreement]
    missed: TodaySection[MissedAppointment]
    actions: TodaySection[ActionRow]
    next_meeting: UpcomingMeeting | None
    unfinished: tuple[UpcomingMeeting, ...]
    position: int


def today(reader: Reader, viewer: Viewer, since: date, size: int = 20) -> Today:
    """The day of the viewer's school, with the appointments missed since a day, whenever they were recorded; at most
    `size` rows a part, in five statements. Empty for who is not of a school."""
    with reader.viewing(viewer) as cursor:
        if desk(viewer) != "school":
            return _nothing(position(cursor))
        soon = viewer.today + DUE_SOON
        meetings = _meetings(cursor, viewer, size)
        rows, total = action_lines(cursor, viewer, ActionCriteria(due_to=soon, size=size))
        return Today(
            **_referrals(cursor, viewer, size),
            agreements=_agreements(cursor, viewer, size),
            missed=_missed(cursor, viewer, since, size),
            actions=TodaySection(rows=rows, total=total),
            next_meeting=next((m for m in meetings if m.held_on >= viewer.today), None),
            unfinished=tuple(m for m in meetings if m.held_on < viewer.today),
            position=position(cursor),
        )


def _nothing(at: int) -> Today:
    none: TodaySection[Any] = TodaySection(rows=(), total=0)
    return Today(
        **dict.fromkeys(PARTS, none),
        agreements=none,
        missed=none,
        actions=none,
        next_meeting=None,
        unfinished=(),
        position=at,
    )


def _referrals(cursor: Cursor[DictRow], viewer: Viewer, size: int) -> dict[str, TodaySection[ReferralRow]]:
    """The referrals of each part of PARTS."""
    given = {
        "organisation": viewer.organisation,
        "today": viewer.today,
        "soon": viewer.today + DUE_SOON,
        "limit": size,
    }
    found: dict[str, list[DictRow]] = {part: [] for part in PARTS}
    for row in cursor.execute(REFERRALS.encode(), given):
        found[row["part"]].append(row)
    return {
        part: TodaySection(rows=tuple(referral_row_of(row, viewer.today) for row in rows), total=_total(rows))
        for part, rows in found.items()
    }


def _agreements(cursor: Cursor[DictRow], viewer: Viewer, size: int) -> TodaySection[AwaitedAgreement]:
    given = {"organisation": viewer.organisation, "today": viewer.today, "limit": size}
    found = cursor.execute(AGREEMENTS.format(on_roll=ON_ROLL).encode(), given).fetchall()
    rows = tuple(
        AwaitedAgreement(
            consent=row["consent"],
            pupil=row["pupil"],
            agency=row["agency"],
            purpose=row["purpose"],
            since=row["since"],
            days=(viewer.today - row["since"]).days,
            contact=row["contact"],
            contact_at=_contact(row),
            identity=coordinates(row),
            last_version=row["last_version"],
            referral=row["referral"],
            service=row["service"],
            asked_by=row["asked_by"],
        )
        for row in found
    )
    return TodaySection(rows=rows, total=_total(found))


def _contact(row: Mapping[str, Any]) -> Coordinates | None:
    if row["contact_version"] is None:
        return None
    return Coordinates(row["pupil"], row["contact_version"], row["contact_topic"], row["contact_sealed"])


def _missed(
    cursor: Cursor[DictRow], viewer: Viewer, since: date, size: int
) -> TodaySection[MissedAppointment]:
    given = {
        "organisation": viewer.organisation,
        "today": viewer.today,
        "since": since,
        "limit": size,
    }
    found = cursor.execute(MISSED.format(on_roll=ON_ROLL).encode(), given).fetchall()
    rows = tuple(
        MissedAppointment(
            pupil=row["pupil"],
            referral=row["referral"],
            entry=row["entry"],
            service=row["service"],
            agency=row["agency"],
            milestone=row["milestone"],
            occurred_on=row["occurred_on"],
            recorded_at=row["recorded_at"],
            check_safety=row["milestone"] == "was_not_brought",
            phase=row["phase"],
            identity=coordinates(row),
            last_version=row["last_version"],
        )
        for row in found
    )
    return TodaySection(rows=rows, total=_total(found))


def _meetings(cursor: Cursor[DictRow], viewer: Viewer, size: int) -> list[UpcomingMeeting]:
    given = {"organisation": viewer.organisation, "today": viewer.today, "limit": size}
    return [UpcomingMeeting(**row) for row in cursor.execute(MEETINGS, given)]


def _total(rows: Iterable[Mapping[str, Any]]) -> int:
    return next((int(row["total"]) for row in rows), 0)
