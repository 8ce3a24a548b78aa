"""An agency's inbox, in the order in which it should be dealt with."""

from __future__ import annotations

from datetime import date, datetime
from typing import Literal
from uuid import UUID

import msgspec
from psycopg import Cursor
from psycopg.rows import DictRow

from coordination.sensitivity import Coordinates
from coordination.viewer import Viewer
from projections.case_file.queries.children import NAMED_COLUMNS, named_joins
from projections.case_file.queries.referrals import referral_rows
from projections.case_file.queries.results import DUE_SOON, ReferralRow, coordinates
from projections.overdue import due_between, overdue
from projections.policies import own_service
from projections.reader import Reader, position

Who = Literal["mine", "nobody", "all"]
InboxSort = Literal["turn", "waited", "newest", "school"]
"""In turn; the longest wait first; the newest first; by school."""

PRIORITIES = ["urgent", "priority", "routine"]
"""In the order in which they are taken up; a priority that is not among them comes after."""

WAITING = f"""
not f.ended and {own_service("f.service")} and f.agency = %(organisation)s
and (%(service)s::uuid is null or f.service = %(service)s)
and case %(who)s when 'mine' then l.person = %(person)s when 'nobody' then l.person is null else true end
"""

NEW_PHASES = ("submitted", "received", "redirected", "reopened")
"""The phases in which an acknowledgement is still due."""

NARROWED = f"""
{WAITING}
and (not %(new)s or f.phase = any(%(new_phases)s))
and (%(school)s::uuid is null or f.school = %(school)s)
and (%(phase)s::text is null or f.phase = %(phase)s)
and (not %(over)s or {overdue("f.due_on", "%(today)s")})
and (%(first)s::uuid is null or f.referral between %(first)s and %(last)s)
and (%(referrals)s::uuid[] is null or f.referral = any(%(referrals)s))
"""

# Immediate risk first, then priority, then by the standard: longest overdue, due next, without a clock.
IN_TURN = """
f.immediate_risk desc, array_position(%(priorities)s::text[], f.priority) nulls last, f.due_on nulls last,
coalesce(f.received_on, f.opened_on), f.referral
"""

ON_TOP = "f.immediate_risk desc, f.phase = any(%(new_phases)s) desc"
"""Immediate risk, then what is not acknowledged, however the list is sorted."""

SORTS: dict[InboxSort, str] = {
    "turn": f"{ON_TOP}, {IN_TURN}",
    "waited": f"{ON_TOP}, coalesce(f.received_on, f.opened_on), f.referral",
    "newest": f"{ON_TOP}, coalesce(f.received_on, f.opened_on) desc, f.referral",
    "school": f"{ON_TOP}, array_position(%(schools)s::uuid[], f.school), {IN_TURN}",
}

NAMES = f"""
select f.referral, f.pupil, {NAMED_COLUMNS}
from read.referral f
left join read.allocation l on l.referral = f.referral
{named_joins("f")}
where {NARROWED}
"""

PLACES = f"""
select f.school, f.phase, count(*) as open
from read.referral f
where not f.ended and f.agency = %(organisation)s and {own_service("f.service")}
group by f.school, f.phase
"""

SERVICES = f"""
select f.service, count(*) as open, count(*) filter (where f.immediate_risk) as immediate_risk,
       count(*) filter (where {overdue("f.due_on", "%(today)s")}) as overdue,
       count(*) filter (where {due_between("f.due_on", "%(today)s", "%(soon)s")}) as due_this_week,
       count(*) filter (where f.open_clock = 'not_received') as not_received,
       count(*) filter (where f.open_clock = 'none') as no_standard,
       count(*) filter (where f.terms_unknown is not null) as terms_unknown,
       coalesce(sum(f.unconfirmed), 0)::int as unconfirmed,
       count(*) filter (where l.person = %(person)s) as mine, count(*) filter (where l.person is null) as nobodys
from read.referral f
left join read.allocation l on l.referral = f.referral
where not f.ended and f.agency = %(organisation)s and {own_service("f.service")}
group by f.service
order by f.service
"""

REPORTED = f"""
select r.pupil, r.version as entry, r.referral, r.service, r.milestone, r.occurred_on, r.reported_on, r.reported_how,
       r.recorded_at, t.topic as entry_topic, s.sealed as entry_sealed, f.school, f.last_version,
       {NAMED_COLUMNS}, count(*) over () as total
from read.reported r
join read.referral f on f.referral = r.referral
left join read.timeline t on t.pupil = r.pupil and t.version = r.version
left join read.seal s on s.pupil = r.pupil and s.version = r.version
{named_joins("r")}
where r.agency = %(organisation)s and (%(service)s::uuid is null or r.service = %(service)s)
  and (%(school)s::uuid is null or f.school = %(school)s)
  and (%(milestone)s::text is null or r.milestone = %(milestone)s)
  and (%(until)s::timestamptz is null or r.recorded_at <= %(until)s)
order by r.recorded_at, r.pupil, r.version
limit %(limit)s offset %(offset)s
"""


REPORTED_PLACES = """
select f.school, r.milestone, count(*) as entries
from read.reported r
join read.referral f on f.referral = r.referral
where r.agency = %(organisation)s and (%(service)s::uuid is null or r.service = %(service)s)
group by f.school, r.milestone
"""

BESIDE = """
select (select count(*) from read.reported where agency = %(organisation)s) as reported,
       (select count(*) from read.action where owner_organisation = %(organisation)s and ended is null) as actions
"""


class InboxCriteria(msgspec.Struct, frozen=True, kw_only=True):
    """One service of the agency (None: all of them); referrals allocated to the viewer, not allocated, or all; not
    acknowledged yet (`new`), of a school, in a phase, over the standard (`over`), with an id in a range, or among
    some. Pages of `size` from 1. `schools`: all schools in the order of their names, for the sort by school."""

    service: UUID | None = None
    who: Who = "all"
    new: bool = False
    school: UUID | None = None
    phase: str | None = None
    over: bool = False
    ids: tuple[UUID, UUID] | None = None
    referrals: tuple[UUID, ...] | None = None
    sort: InboxSort = "turn"
    schools: tuple[UUID, ...] = ()
    page: int = 1
    size: int = 50


class ServiceCount(msgspec.Struct, frozen=True, kw_only=True):
    """How many open referrals a service has, how many are urgent and in what way, how many wait without a last day and
    why, how many are allocated to the viewer (`mine`), and how many are not allocated."""

    service: UUID
    open: int
    immediate_risk: int
    overdue: int
    due_this_week: int
    not_received: int
    no_standard: int
    terms_unknown: int
    unconfirmed: int
    mine: int
    nobodys: int


class Inbox(msgspec.Struct, frozen=True, kw_only=True):
    """Open referrals in their turn (`total` of them), counts by service, and how many milestones were reported in the
    agency's name that it has not answered (`reported`), and how many actions it has still to do (`actions`), both of
    all its services."""

    services: tuple[ServiceCount, ...]
    rows: tuple[ReferralRow, ...]
    total: int
    reported: int
    actions: int
    position: int


class ReportedMilestone(msgspec.Struct, frozen=True, kw_only=True):
    """A milestone that a school reported in the agency's name. `entry` is its version in the pupil's stream, which
    confirming and contesting name; `said` seals `reported_by` (and `note`); `last_version` is the referral's, for
    `seen`."""

    pupil: UUID
    referral: UUID
    entry: int
    school: UUID
    service: UUID
    milestone: str
    occurred_on: date
    reported_on: date | None
    reported_how: str | None
    recorded_at: datetime
    said: Coordinates
    identity: Coordinates | None
    last_version: int


class ReportedMilestoneList(msgspec.Struct, frozen=True, kw_only=True):
    """Reported milestones that the agency has not answered, the oldest first, and their total number."""

    rows: tuple[ReportedMilestone, ...]
    total: int
    position: int


def inbox(reader: Reader, viewer: Viewer, ask: InboxCriteria) -> Inbox:
    """The open referrals that the viewer's agency holds and may see, in four statements."""
    with reader.viewing(viewer) as cursor:
        given = {
            "organisation": viewer.organisation,
            "person": viewer.person,
            "today": viewer.today,
            "soon": viewer.today + DUE_SOON,
        }
        services = tuple(ServiceCount(**row) for row in cursor.execute(SERVICES, given))
        rows, total = referral_rows(
            cursor, viewer, NARROWED, SORTS[ask.sort], _asked(viewer, ask), ask.page, ask.size
        )
        beside = cursor.execute(BESIDE, given).fetchone() or {"reported": 0, "actions": 0}
        return Inbox(
            services=services,
            rows=rows,
            total=total,
            reported=beside["reported"],
            actions=beside["actions"],
            position=position(cursor),
        )


def _asked(viewer: Viewer, ask: InboxCriteria) -> dict[str, object]:
    first, last = ask.ids or (None, None)
    return {
        "service": ask.service,
        "who": ask.who,
        "person": viewer.person,
        "priorities": PRIORITIES,
        "new": ask.new,
        "new_phases": list(NEW_PHASES),
        "school": ask.school,
        "phase": ask.phase,
        "over": ask.over,
        "first": first,
        "last": last,
        "referrals": list(ask.referrals) if ask.referrals is not None else None,
        "schools": list(ask.schools),
    }


class InboxName(msgspec.Struct, frozen=True):
    """A referral of the inbox with where the pupil's identity is sealed."""

    referral: UUID
    pupil: UUID
    identity: Coordinates


def inbox_names(reader: Reader, viewer: Viewer, ask: InboxCriteria) -> tuple[InboxName, ...]:
    """The referrals whose pupil's name the viewer may see, for a search by name, in one statement."""
    given = _asked(viewer, ask) | {"organisation": viewer.organisation, "today": viewer.today}
    with reader.viewing(viewer) as cursor:
        found = cursor.execute(NAMES.encode(), given).fetchall()
    places = ((row["referral"], row["pupil"], coordinates(row)) for row in found)
    return tuple(InboxName(referral, pupil, place) for referral, pupil, place in places if place is not None)


class InboxPlaces(msgspec.Struct, frozen=True):
    """The schools that have something in a list, and the phases or steps that occur in it."""

    schools: frozenset[UUID]
    codes: frozenset[str]


def inbox_places(reader: Reader, viewer: Viewer) -> InboxPlaces:
    """The schools and phases of the open referrals, in one statement."""
    with reader.viewing(viewer) as cursor:
        rows = cursor.execute(PLACES.encode(), {"organisation": viewer.organisation}).fetchall()
    return InboxPlaces(frozenset(r["school"] for r in rows), frozenset(r["phase"] for r in rows))


def reported_places(reader: Reader, viewer: Viewer, service: UUID | None) -> InboxPlaces:
    """The schools and steps of what waits for confirmation, in one statement."""
    given = {"organisation": viewer.organisation, "service": service}
    with reader.viewing(viewer) as cursor:
        rows = cursor.execute(REPORTED_PLACES, given).fetchall()
    return InboxPlaces(frozenset(r["school"] for r in rows), frozenset(r["milestone"] for r in rows))


class ReportedCriteria(msgspec.Struct, frozen=True, kw_only=True):
    """What was reported about a service (None: all), by a school, of one step, recorded by an instant."""

    service: UUID | None = None
    school: UUID | None = None
    milestone: str | None = None
    until: datetime | None = None
    page: int = 1
    size: int = 50


def reported_milestones(reader: Reader, viewer: Viewer, ask: ReportedCriteria) -> ReportedMilestoneList:
    """What was reported in the agency's name and is not answered, in two statements."""
    with reader.viewing(viewer) as cursor:
        rows, total = _reported(cursor, viewer, ask)
        return ReportedMilestoneList(rows=rows, total=total, position=position(cursor))


def _reported(
    cursor: Cursor[DictRow], viewer: Viewer, ask: ReportedCriteria
) -> tuple[tuple[ReportedMilestone, ...], int]:
    given = {
        "organisation": viewer.organisation,
        "service": ask.service,
        "school": ask.school,
        "milestone": ask.milestone,
        "until": ask.until,
        "limit": ask.size,
        "offset": (max(ask.page, 1) - 1) * ask.size,
    }
    found = cursor.execute(REPORTED, given).fetchall()
    shown = tuple(
        ReportedMilestone(
            pupil=row["pupil"],
            referral=row["referral"],
            entry=row["entry"],
            school=row["school"],
            service=row["service"],
            milestone=row["milestone"],
            occurred_on=row["occurred_on"],
            reported_on=row["reported_on"],
            reported_how=row["reported_how"],
            recorded_at=row["recorded_at"],
            said=Coordinates(row["pupil"], row["entry"], row["entry_topic"] or "", row["entry_sealed"] or ""),
            identity=coordinates(row),
            last_version=row["last_version"],
        )
        for row in found
    )
    return shown, found[0]["total"] if found else 0
