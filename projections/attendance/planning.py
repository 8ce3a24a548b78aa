"""Dates for a school's or a county's meetings, so that the services that agreed to come are not asked for twice at
once.

For each school and each month of the period that has school days one meeting of a kind is proposed, unless one is
arranged already. What is arranged keeps its services: they were invited earlier.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import date, time, timedelta
from uuid import UUID

import msgspec

from coordination.directory.state import Directory, Organisation
from coordination.errors import Refusal
from coordination.meeting.rhythm import meets_on
from coordination.meeting.timetable.choosing import choose
from coordination.meeting.timetable.dates import Placed, Slot, Wanted
from coordination.viewer import Viewer
from projections.attendance.free_services import free_among
from projections.reader import Reader, position

HOURS = (
    (time(9, 15), time(10, 45)),
    (time(11), time(12, 30)),
    (time(13, 15), time(14, 45)),
    (time(15), time(16, 30)),
)
"""When a meeting can begin and end on a day, with time for the way between two."""
FEW_DAYS = 5
"""A month of which the period has fewer school days gets no meeting of its own, where another has more."""
LONGEST = timedelta(days=400)
SECONDS = 40.0
"""At most so long; a county of 200 schools and 12 services is to be planned in under a minute."""


class PlanCriteria(msgspec.Struct, frozen=True, kw_only=True):
    """What is to be planned: an authority's schools, or one of them (codes), between two days."""

    authority: str
    from_on: date
    to_on: date
    school: str | None = None
    kind: str = "hwb"


class ProposedDate(msgspec.Struct, frozen=True, kw_only=True):
    """A meeting's proposed date; times are local. `services` are those that agreed to come to this school's meetings
    (codes), `clashes` those of them that cannot, and `reason` why it is this date, or why it is no better."""

    school: str
    kind: str
    held_on: date
    starts_at: time
    ends_at: time
    services: tuple[str, ...]
    clashes: tuple[str, ...]
    reason: str


class Unplanned(msgspec.Struct, frozen=True, kw_only=True):
    """A school and month (2027-03) for which no date is proposed, and why: `already_arranged`, `school_closed`, or
    `few_days` (a month of which the period has less than a week of school)."""

    school: str
    month: str
    because: str


class MeetingPlan(msgspec.Struct, frozen=True, kw_only=True):
    """The proposal. `clashes` counts services that cannot come; no dates have fewer than `bound`. `outings` are the
    days on which a service sets out, summed over the services; no dates with as few clashes have fewer than
    `outings_bound`."""

    authority: str
    kind: str
    from_on: date
    to_on: date
    dates: tuple[ProposedDate, ...]
    clashes: int
    bound: int
    outings: int
    outings_bound: int
    unplanned: tuple[Unplanned, ...]


ARRANGED = """
select school, held_on from read.meeting
where not cancelled and kind = %(kind)s and held_on between %(from_on)s and %(to_on)s and school = any (%(schools)s)
"""


def plan_meetings(
    reader: Reader,
    viewer: Viewer,
    directory: Directory,
    ask: PlanCriteria,
    clock: Callable[[], float],
    seconds: float = SECONDS,
) -> MeetingPlan:
    """The proposal, in at most so many seconds of `clock`. Raises Refusal `unknown_authority`, `unknown_school`,
    `unknown_code` (kind), `ends_before_it_begins`, `period_too_long`."""
    schools = _schools(directory, ask)
    with reader.viewing(viewer) as cursor:
        position(cursor)
        first, last = _first_of(ask.from_on), _last_of(ask.to_on)
        free = free_among(cursor, directory, first, last)
        given = {"from_on": first, "to_on": last, "kind": ask.kind}
        arranged = cursor.execute(ARRANGED, {**given, "schools": [s.id for s in schools]}).fetchall()
    taken = {(row["school"], _month(row["held_on"])) for row in arranged}
    wanted, unplanned = _wanted(directory, schools, ask, taken)
    found = choose(wanted, free, seconds=seconds, clock=clock)
    services = {one.key: one.services for one in wanted}
    return MeetingPlan(
        authority=ask.authority,
        kind=ask.kind,
        from_on=ask.from_on,
        to_on=ask.to_on,
        dates=tuple(
            sorted(
                (_proposed(directory, ask, one, services[one.key]) for one in found.placed),
                key=lambda d: (d.held_on, d.starts_at, d.school),
            )
        ),
        clashes=found.clashes,
        bound=found.bound,
        outings=found.outings,
        outings_bound=found.outings_bound,
        unplanned=tuple(unplanned),
    )


def _schools(directory: Directory, ask: PlanCriteria) -> Sequence[Organisation]:
    if ask.to_on < ask.from_on:
        raise Refusal("ends_before_it_begins", "to_on")
    if ask.to_on - ask.from_on > LONGEST:
        raise Refusal("period_too_long", "to_on", days=LONGEST.days)
    authority = directory.by_code("authority", ask.authority)
    if authority is None:
        raise Refusal("unknown_authority", "authority")
    if not directory.knows("meeting_kind", ask.kind):
        raise Refusal("unknown_code", "kind", table="meeting_kind", value=ask.kind)
    schools = directory.schools_of(authority.id)
    if ask.school is None:
        return schools
    found = [one for one in schools if one.code == ask.school]
    if not found:
        raise Refusal("unknown_school", "school")
    return found


def _wanted(
    directory: Directory, schools: Iterable[Organisation], ask: PlanCriteria, taken: set[tuple[UUID, str]]
) -> tuple[list[Wanted], list[Unplanned]]:
    wanted: list[Wanted] = []
    unplanned: list[Unplanned] = []
    for school in schools:
        months = dict(_days_of(directory, school, ask))
        enough = min(FEW_DAYS, max(map(len, months.values())))
        for month, days in months.items():
            if days and len(days) < enough:
                unplanned.append(Unplanned(school=school.code, month=month, because="few_days"))
            elif not days:
                unplanned.append(Unplanned(school=school.code, month=month, because="school_closed"))
            elif (school.id, month) in taken:
                unplanned.append(Unplanned(school=school.code, month=month, because="already_arranged"))
            else:
                agreed = directory.terms_for(school.id, days[0], ask.kind)
                slots = tuple(Slot(day, *hours) for day in days for hours in HOURS)
                services = tuple(terms.service for terms in agreed)
                wanted.append(Wanted(key=f"{school.code} {month}", services=services, slots=slots))
    return wanted, unplanned


def _days_of(
    directory: Directory, school: Organisation, ask: PlanCriteria
) -> Iterable[tuple[str, list[date]]]:
    """The months of the period with the days on which the school can meet: school days that are no bank holidays;
    working days where no term dates are known."""
    by_month: dict[str, list[date]] = {}
    for n in range((ask.to_on - ask.from_on).days + 1):
        day = ask.from_on + timedelta(days=n)
        days = by_month.setdefault(_month(day), [])
        if meets_on(directory, school.id, day) and school.is_open(day):
            days.append(day)
    return by_month.items()


def _proposed(directory: Directory, ask: PlanCriteria, one: Placed, services: Sequence[UUID]) -> ProposedDate:
    codes = {service: _code(directory, service) for service in services}
    clashes = tuple(sorted(codes[service] for service in one.clashes))
    if not services:
        reason = "No service has agreed terms of reference for these meetings: any school day will do."
    elif clashes:
        reason = f"At every better time more services are asked for elsewhere; then: {', '.join(clashes)}."
    else:
        reason = "Every service that agreed to come is free, on a day with the fewest further journeys."
    return ProposedDate(
        school=one.key.split()[0],
        kind=ask.kind,
        held_on=one.slot.held_on,
        starts_at=one.slot.starts_at,
        ends_at=one.slot.ends_at,
        services=tuple(sorted(codes.values())),
        clashes=clashes,
        reason=reason,
    )


def _code(directory: Directory, service: UUID) -> str:
    found = directory.service(service)
    return found.code if found else str(service)


def _month(day: date) -> str:
    return f"{day:%Y-%m}"


def _first_of(day: date) -> date:
    return day.replace(day=1)


def _last_of(day: date) -> date:
    return (day.replace(day=1) + timedelta(days=32)).replace(day=1) - timedelta(days=1)
