"""Series of meetings as a page or a program sees them, and the dates that their rhythm gives."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from uuid import UUID

import msgspec

from coordination.directory.dated import in_force
from coordination.directory.meeting_series import MeetingSeries, SeriesMember
from coordination.directory.organisation import SchoolTerm, Service, TermsOfReference
from coordination.errors import NotFound, Refusal
from coordination.meeting.rhythm import SeriesDate, series_dates
from coordination.meeting.timetable.dates import Free, Slot
from projections.attendance.free_services import free_services
from projections.attendance.queries import meetings as meetings_query
from webui.shell import casework
from webui.shell.authentication import viewer
from webui.shell.runtime import runtime
from webui.words.naming import directory

AHEAD = timedelta(days=120)
"""What is planned where no term dates are known."""
TERMS_OFFERED = 4
LONGEST = timedelta(days=400)


class PlannedDate(msgspec.Struct, frozen=True, kw_only=True):
    """A date of a series. `meeting`: what is arranged already in that part of the rhythm; `clashes`: the services that
    are asked for elsewhere then."""

    date: SeriesDate
    meeting: UUID | None
    clashes: tuple[UUID, ...]

    @property
    def free(self) -> bool:
        """Whether a meeting can be scheduled on it."""
        return self.date.skipped is None and self.meeting is None


def own_series() -> list[MeetingSeries]:
    """The series of the viewer's organisation as they are now (one that has not begun: its first version), by name."""
    host = directory().organisation(viewer().organisation)
    today = runtime().today()
    found = host.series.values() if host is not None else ()
    return sorted((in_force(v, today) or v[-1] for v in found), key=lambda one: one.name.casefold())


def one_series(series: UUID) -> MeetingSeries:
    """A series of the viewer's own organisation, as it is now. Raises NotFound."""
    for one in own_series():
        if one.series == series:
            return one
    raise NotFound


def terms_of(one: MeetingSeries, member: SeriesMember) -> TermsOfReference | None:
    """The terms under which a member service comes to these meetings today."""
    if member.service is None:
        return None
    school = one.school or viewer().organisation
    return directory().terms(member.service, school, runtime().today(), one.kind)


def upcoming_terms(organisation: UUID) -> list[SchoolTerm]:
    """The terms that are not over, the present one first; one period where none are known."""
    today = runtime().today()
    known = [term for term in directory().school_terms(organisation) if term.last_day >= today]
    return known[:TERMS_OFFERED] or [SchoolTerm(first_day=today, last_day=today + AHEAD)]


def term_of(organisation: UUID, first_day: str | None) -> SchoolTerm:
    """The upcoming term with this first day (as in an address), else the present or next one."""
    offered = upcoming_terms(organisation)
    return next((term for term in offered if term.first_day.isoformat() == first_day), offered[0])


def planned_dates(one: MeetingSeries, from_on: date, to_on: date) -> list[PlannedDate]:
    """The dates of a series between two days, from today on. Raises Refusal `ends_before_it_begins`,
    `period_too_long`."""
    if to_on < from_on:
        raise Refusal("ends_before_it_begins", "to_on")
    if to_on - from_on > LONGEST:
        raise Refusal("period_too_long", "to_on", days=LONGEST.days)
    known, who = directory(), viewer()
    host = one.school or who.organisation
    first = max(from_on, one.effective_from)
    last = min(to_on, one.effective_to or to_on)
    dates = series_dates(one.rhythm, known.school_terms(host), first, last)
    free = free_services(casework.reader(), who, known, first, max(first, last))
    arranged = meetings_query(casework.reader(), who, series=one.series, from_on=from_on, to_on=to_on)
    held = {_part(one, m.held_on, first): m.meeting for m in arranged if not m.cancelled}
    services = [member.service for member in one.members if member.service is not None]
    return [
        PlannedDate(
            date=on,
            meeting=held.get(_part(one, on.held_on, first)),
            clashes=_clashes(one, on, services, free) if on.skipped is None else (),
        )
        for on in dates
        if on.held_on > runtime().today()
    ]


def _clashes(one: MeetingSeries, on: SeriesDate, services: Sequence[UUID], free: Free) -> tuple[UUID, ...]:
    slot = Slot(on.held_on, one.rhythm.starts_at, one.rhythm.ends_at)
    return tuple(service for service in services if free(service, slot) <= 0)


def _part(one: MeetingSeries, on: date, first: date) -> tuple[int, int]:
    """The part of the rhythm to which a day belongs: a week, two weeks, a month; of a term the half-year."""
    match one.rhythm.every:
        case "month":
            return on.year, on.month
        case "term":
            return on.year, (on.month - 1) // 4
        case "week":
            return on.isocalendar()[:2]
        case "fortnight":
            monday = first - timedelta(days=first.weekday())
            return 0, (on - monday).days // 14


def member_names(one: MeetingSeries) -> Sequence[UUID]:
    """Everybody who is named in a series."""
    people = [member.person for member in one.members if member.person is not None]
    return [*people, *(person for member in one.members for person in member.substitutes)]


def own_capacity_services() -> list[Service]:
    """The open services of the viewer's agency for which they speak."""
    who = viewer()
    own = directory().services_of(who.organisation)
    return [s for s in own if s.is_open(runtime().today()) and (who.whole_agency or s.id in who.services)]
