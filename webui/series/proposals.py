"""The proposed dates of a term's meetings on a page: with clashes, reasons and the days on which services travel."""

from __future__ import annotations

import time
from collections import defaultdict
from collections.abc import Sequence
from datetime import date
from datetime import time as hour
from uuid import UUID

import msgspec
from flask_babel import gettext as _

from coordination.directory.organisation import SchoolTerm
from coordination.errors import Refusal
from coordination.meeting.rhythm import meets_on
from projections.attendance.planning import MeetingPlan, PlanCriteria, ProposedDate, plan_meetings
from webui.shell import casework
from webui.shell.authentication import viewer
from webui.shell.runtime import runtime
from webui.words.naming import directory, organisation_name, service_name

SECONDS = 8.0
"""At most so long on a page; the command line may take longer and finds as good dates in nearly every county."""


class ProposedView(msgspec.Struct, frozen=True, kw_only=True):
    """A proposed meeting in words; `value` is what a form sends to accept it."""

    value: str
    school: str
    held_on: date
    starts_at: hour
    ends_at: hour
    services: str
    clashes: str
    reason: str


class Journey(msgspec.Struct, frozen=True, kw_only=True):
    """The schools to which a service goes on one day, in order."""

    service: str
    held_on: date
    places: tuple[tuple[hour, str], ...]


class AcceptedDate(msgspec.Struct, frozen=True, kw_only=True):
    """A proposal that a person accepted."""

    value: str
    school: UUID
    held_on: date
    starts_at: hour
    ends_at: hour


def propose(term: SchoolTerm, kind: str) -> MeetingPlan | None:
    """Dates from tomorrow on for the viewer's school, or for all schools of the viewer's authority; None for a school
    without an authority."""
    known, who, today = directory(), viewer(), runtime().today()
    own = known.organisation(who.organisation)
    authority = own if own is not None and own.kind == "authority" else None
    school = own if authority is None else None
    if school is not None:
        authority = known.organisation(known.authority_of(school.id))
    if authority is None:
        return None
    ask = PlanCriteria(
        authority=authority.code,
        from_on=max(term.first_day, today + date.resolution),
        to_on=max(term.last_day, today + date.resolution),
        school=school.code if school is not None else None,
        kind=kind,
    )
    return plan_meetings(casework.reader(), who, known, ask, time.monotonic, SECONDS)


def in_words(plan: MeetingPlan) -> list[ProposedView]:
    """The proposals for a page."""
    return [
        ProposedView(
            value=value_of(one),
            school=organisation_name(directory().by_code("school", one.school)),
            held_on=one.held_on,
            starts_at=one.starts_at,
            ends_at=one.ends_at,
            services=_services(one.services),
            clashes=_services(one.clashes),
            reason=_reason(one),
        )
        for one in plan.dates
    ]


def _services(codes: Sequence[str]) -> str:
    known = directory()
    return ", ".join(sorted(service_name(known.service_by_code(code)) or code for code in codes))


def _reason(one: ProposedDate) -> str:
    if not one.services:
        return _("No service has agreed to come, so any school day will do.")
    if one.clashes:
        return _("At every better time more services are asked for elsewhere.")
    return _("Every service that agreed to come is free, on a day with the fewest further journeys.")


def journeys(plan: MeetingPlan) -> list[Journey]:
    """The days on which a service goes to more than one school."""
    held: dict[tuple[date, str], list[tuple[hour, str]]] = defaultdict(list)
    known = directory()
    for one in plan.dates:
        for service in one.services:
            name = organisation_name(known.by_code("school", one.school))
            held[one.held_on, service].append((one.starts_at, name))
    return [
        Journey(service=_services([service]), held_on=on, places=tuple(sorted(places)))
        for (on, service), places in sorted(held.items())
        if len(places) > 1
    ]


def value_of(one: ProposedDate) -> str:
    """School, date and times of a proposal, as a form sends them back."""
    return f"{one.school} {one.held_on.isoformat()} {one.starts_at:%H:%M} {one.ends_at:%H:%M}"


def accepted(values: Sequence[str]) -> list[AcceptedDate]:
    """The proposals that were accepted. Raises Refusal `unknown_school` for a school for which the viewer plans no
    meetings or for anything that is no proposal, `in_the_holidays`, `ends_before_it_starts`."""
    return [_accepted(value) for value in values]


def _accepted(value: str) -> AcceptedDate:
    known, who = directory(), viewer()
    try:
        code, day, starts, ends = value.split(" ")
        held_on = date.fromisoformat(day)
        starts_at, ends_at = hour.fromisoformat(starts), hour.fromisoformat(ends)
    except ValueError:
        raise Refusal("unknown_school", "proposals") from None
    school = known.by_code("school", code)
    if school is None or who.organisation not in (school.id, known.authority_of(school.id)):
        raise Refusal("unknown_school", "proposals")
    if held_on <= runtime().today() or not meets_on(known, school.id, held_on):
        raise Refusal("in_the_holidays", "proposals", held_on=held_on.isoformat())
    return AcceptedDate(value=value, school=school.id, held_on=held_on, starts_at=starts_at, ends_at=ends_at)
