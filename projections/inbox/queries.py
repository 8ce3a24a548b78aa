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

PRIORITIES = ["urgent", "priority", "routine"]
"""In the order in which they are taken up; a priority that is not among them comes after."""

WAITING = f"""
not f.ended and {own_service("f.service")} and f.agency = %(organisation)s
and (%(service)s::uuid is null or f.service = %(service)s)
and case %(who)s when 'mine' then l.person = %(person)s when 'nobody' then l.person is null else true end
"""

# Immediate risk first, then priority, then by the standard: longest overdue, due next, without a clock.
IN_TURN = """
f.immediate_risk desc, array_position(%(priorities)s::text[], f.priority) nulls last, f.due_on nulls last,
coalesce(f.received_on, f.opened_on), f.referral
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
order by r.recorded_at, r.pupil, r.version
limit %(limit)s offset %(offset)s
"""


BESIDE = """
select (select count(*) from read.reported where agency = %(organisation)s) as reported,
       (select count(*) from read.action where owner_organisation = %(organisation)s and ended is null) as actions
"""


Who = Literal["mine", "nobody", "all"]


class InboxCriteria(msgspec.Struct, frozen=True, kw_only=True):
    """One service of the agency (None: all of them); referrals allocated to the viewer, not allocated, or all. Pages of
    `size` from 1."""

    service: UUID | None = None
    who: Who = "all"
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
        asked = {
            "service": ask.service,
            "who": ask.who,
            "person": viewer.person,
            "priorities": PRIORITIES,
        }
        rows, total = referral_rows(cursor, viewer, WAITING, IN_TURN, asked, ask.page, ask.size)
        beside = cursor.execute(BESIDE, given).fetchone() or {"reported": 0, "actions": 0}
        return Inbox(
            services=services,
            rows=rows,
            total=total,
            reported=beside["reported"],
            actions=beside["actions"],
            position=position(cursor),
        )


def reported_milestones(reader: Reader, viewer: Viewer, ask: InboxCriteria) -> ReportedMilestoneList:
    """What was reported in the agency's name and is not answered, in two statements."""
    with reader.viewing(viewer) as cursor:
        rows, total = _reported(cursor, viewer, ask)
        return ReportedMilestoneList(rows=rows, total=total, position=position(cursor))


def _reported(
    cursor: Cursor[DictRow], viewer: Viewer, ask: InboxCriteria
) -> tuple[tuple[ReportedMilestone, ...], int]:
    given = {
        "organisation": viewer.organisation,
        "service": ask.service,
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
