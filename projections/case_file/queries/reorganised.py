"""What closed schools and reorganised services have left behind: for the worker, which carries out what the directory
says, and for its progress. Ids only; read by the owner of the database and shown to nobody."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any
from uuid import UUID

import msgspec
from psycopg import Connection
from psycopg.rows import dict_row

ON_ROLL = """
select r.school, r.pupil, exists (
    select from read.roll o where o.pupil = r.pupil and o.school = c.successor and o.until is null
) as on_both
from read.roll r join unnest(%(schools)s::uuid[], %(successors)s::uuid[]) as c(school, successor) using (school)
where r.until is null
order by r.school, r.pupil
"""

PLANNED = """
select m.school, m.meeting
from read.meeting m join unnest(%(schools)s::uuid[], %(last_days)s::date[]) as c(school, last_day) using (school)
where m.held_on > c.last_day and not m.cancelled and m.minutes_version = 0 and m.present = 0 and m.minutes = 0
order by m.school, m.held_on, m.meeting
"""

ELSEWHERE = """
select r.service, r.pupil, r.referral, r.opened_on
from read.referral r join unnest(%(services)s::uuid[], %(agencies)s::uuid[]) as s(service, agency) using (service)
where not r.ended and r.agency <> s.agency
order by r.service, r.pupil, r.referral
"""


class PupilOfClosedSchool(msgspec.Struct, frozen=True):
    """A pupil on the roll of a closed school; `on_both`: on the roll of the school it merged into too."""

    school: UUID
    pupil: UUID
    on_both: bool


class PlannedMeeting(msgspec.Struct, frozen=True):
    """A meeting of a school after its last day, neither held nor cancelled."""

    school: UUID
    meeting: UUID


class ReferralElsewhere(msgspec.Struct, frozen=True):
    """An open referral that is not with the agency that has its service, or takes it on."""

    service: UUID
    pupil: UUID
    referral: UUID
    opened_on: date


def pupils_of_closed_schools(
    connection: Connection[Any], merged_into: Mapping[UUID, UUID | None]
) -> list[PupilOfClosedSchool]:
    """The pupils on the roll of these schools, each with the school that it merged into (None: none)."""
    given = {"schools": list(merged_into), "successors": list(merged_into.values())}
    return _rows(connection, ON_ROLL, given, PupilOfClosedSchool)


def meetings_after(connection: Connection[Any], last_days: Mapping[UUID, date]) -> list[PlannedMeeting]:
    """The meetings planned by these schools for later than their last days."""
    given = {"schools": list(last_days), "last_days": list(last_days.values())}
    return _rows(connection, PLANNED, given, PlannedMeeting)


def referrals_elsewhere(
    connection: Connection[Any], agencies: Mapping[UUID, UUID]
) -> list[ReferralElsewhere]:
    """The open referrals to these services that are with another agency than the one given."""
    given = {"services": list(agencies), "agencies": list(agencies.values())}
    return _rows(connection, ELSEWHERE, given, ReferralElsewhere)


def _rows(connection: Connection[Any], query: str, given: Mapping[str, Any], of: Any) -> list[Any]:
    with connection.cursor(row_factory=dict_row) as cursor:
        return [of(**row) for row in cursor.execute(query, given)]
