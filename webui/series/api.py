"""Series of meetings and the capacity of services in the API."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

from marshmallow import Schema, fields

from coordination.directory.commands import SetServiceCapacity
from coordination.directory.meeting_series import MeetingSeries, Rhythm, SeriesMember, SetMeetingSeries
from coordination.errors import NotFound, Refusal
from webui.api.derived import HourOut, fields_of
from webui.api.paging import PageRequest
from webui.api.reading import ClosedSchema, IdField, IdsField, ObjectsField
from webui.api.resource import RecordingResult, RecordRequest, Resource, ResourceRows, ResourceView
from webui.forms.fields import ChoiceField, ChoicesField, DateField, TextField, WholeNumberField
from webui.meeting.api.bodies import HourField
from webui.meeting.words import PARTS
from webui.series.commands import schedule_series
from webui.series.forms import EVERY
from webui.series.reading import one_series, own_capacity_services, own_series, planned_dates
from webui.shell.authentication import viewer
from webui.shell.roles import AGENCY_DESK, SERIES_DESK
from webui.shell.runtime import runtime
from webui.words.naming import directory

series = Resource(
    "series",
    "Series of meetings of the token's school or authority: who is a member, how often they meet, how many must be "
    "present. The dates of a term are derived from its rhythm; meetings are scheduled on them in one step.",
)
capacity = Resource(
    "capacity",
    "To how many meetings at the same time each service of the token's agency can send somebody. Beyond that, a "
    "service is not expected at the meeting that asked for it later.",
)
ONE = "/series/<uuid:held>"
USUAL = {"week": 1, "notice_working_days": 10, "papers_working_days": 5}


class MemberOut(Schema):
    """A member. `part`: a seat without a name (parents, pupil, gp, police, interpreter)."""

    class Meta(Schema.Meta):
        include = fields_of(SeriesMember, "organisation", "service", "person", "part", "substitutes")


class SeriesOut(Schema):
    """A series as it is now. `weekday`: 0 is Monday. `week`: of a month its first to fourth such weekday, or 5 the
    last."""

    class Meta(Schema.Meta):
        include = fields_of(
            MeetingSeries,
            *("series", "kind", "name", "school", "quorum", "notice_working_days", "papers_working_days"),
            *("effective_from", "effective_to"),
        )

    every = fields.String(attribute="rhythm.every", required=True)
    weekday = fields.Integer(attribute="rhythm.weekday", required=True)
    week = fields.Integer(attribute="rhythm.week", required=True)
    starts_at = HourOut(attribute="rhythm.starts_at", required=True)
    ends_at = HourOut(attribute="rhythm.ends_at", required=True)
    members = fields.List(fields.Nested(MemberOut), required=True)


class DateOut(Schema):
    """A date of the series. `skipped`: bank_holiday or holidays, with the next possible day of that month in
    `instead`; `meeting`: what is arranged already; `clashes`: services that are asked for elsewhere then."""

    held_on = fields.Date(attribute="date.held_on", required=True)
    skipped = fields.String(attribute="date.skipped", required=True, allow_none=True)
    instead = fields.Date(attribute="date.instead", required=True, allow_none=True)
    meeting = fields.UUID(required=True, allow_none=True)
    clashes = fields.List(fields.UUID(), required=True)


class DatesQuery(ClosedSchema):
    """The period."""

    from_on = DateField("The first day")
    to_on = DateField("The last day")


class MemberBody(ClosedSchema):
    """A member: a service, a person, another organisation as a whole, or a seat of the host."""

    service = IdField("The service", required=False)
    person = IdField("The person", required=False)
    organisation = IdField("The organisation; left out for a service and for one's own", required=False)
    part = ChoiceField("The seat", choices=[(part, part) for part in PARTS], required=False)
    substitutes = IdsField("People of the same organisation who may come instead", required=False)


class SeriesBody(ClosedSchema):
    """A series from its first day on; the same first day again replaces that version."""

    name = TextField("The name", longest=80)
    kind = TextField("The kind of meeting", longest=40)
    every = ChoiceField("How often", choices=[(code, code) for code, _words in EVERY])
    weekday = WholeNumberField("0 is Monday", least=0, most=4)
    week = WholeNumberField("Which of these days, of a month or a term", least=1, most=5, required=False)
    starts_at = HourField("Starts at")
    ends_at = HourField("Ends at")
    members = ObjectsField("The members", MemberBody, most=60)
    school = IdField("Of an authority's series, the school that it is about", required=False)
    quorum = WholeNumberField("How many must be present", least=1, most=60, required=False)
    notice_working_days = WholeNumberField("Working days; left out: 10", least=0, most=60, required=False)
    papers_working_days = WholeNumberField("Working days; left out: 5", least=0, most=60, required=False)
    effective_from = DateField("The first day")
    effective_to = DateField("The last day", required=False)


class ScheduleBody(ClosedSchema):
    """Dates of the series, or the days instead of skipped ones."""

    dates = ChoicesField("The dates")


class CapacityBody(ClosedSchema):
    """What a service says."""

    service = IdField("The service")
    people = WholeNumberField("Meetings at the same time", least=1, most=99)
    effective_from = DateField("The first day")
    effective_to = DateField("The last day", required=False)


class CapacityOut(Schema):
    """What a service says today; `people` is 1 where it said nothing."""

    service = fields.UUID(required=True)
    people = fields.Integer(required=True)


def _own_desk() -> None:
    """Raises NotFound unless the token's role sets up series."""
    if viewer().role not in SERIES_DESK:
        raise NotFound


@series.lists("/series", scope="meetings:read", answers=SeriesOut)
def listed_series(_query: dict[str, Any], page: PageRequest) -> ResourceRows:
    """List the series of the token's school or authority, by name."""
    found = own_series() if viewer().role in SERIES_DESK else []
    return ResourceRows(found[page.first : page.past], len(found))


@series.shows(ONE, scope="meetings:read", answers=SeriesOut)
def the_series(held: UUID) -> ResourceView:
    """Get a series with its members."""
    _own_desk()
    return ResourceView(one_series(held))


@series.lists(f"{ONE}/dates", scope="meetings:read", query=DatesQuery, answers=DateOut)
def dates_of_series(query: dict[str, Any], page: PageRequest, held: UUID) -> ResourceRows:
    """List the dates of a series after today, the skipped ones with their reason."""
    _own_desk()
    found = planned_dates(one_series(held), query["from_on"], query["to_on"])
    return ResourceRows(found[page.first : page.past], len(found))


@series.records("/series", scope="meetings:write", takes=SeriesBody, makes=("series",))
def new_series(typed: dict[str, Any], asked: RecordRequest) -> RecordingResult:
    """Set up a series."""
    return _recorded(asked.new_id("series"), typed, asked)


@series.records(ONE, scope="meetings:write", takes=SeriesBody, makes=("series",))
def changed_series(typed: dict[str, Any], asked: RecordRequest, held: UUID) -> RecordingResult:
    """Change a series from a day on, or end it."""
    _own_desk()
    return _recorded(one_series(held).series, typed, asked)


def _recorded(held: UUID, typed: dict[str, Any], asked: RecordRequest) -> RecordingResult:
    _own_desk()
    who, known = viewer(), directory()
    typed = typed | {name: usual for name, usual in USUAL.items() if typed[name] is None}
    own = known.organisation(who.organisation)
    rhythm = Rhythm(**{name: typed[name] for name in ("every", "weekday", "week", "starts_at", "ends_at")})
    school = UUID(typed["school"]) if typed["school"] else None
    asked.perform(
        SetMeetingSeries(
            occurred_on=runtime().today(),
            organisation=who.organisation,
            series=held,
            rhythm=rhythm,
            members=tuple(_member(one) for one in typed["members"]),
            school=own.id if own is not None and own.kind == "school" else school,
            **{
                name: typed[name]
                for name in (
                    *("name", "kind", "quorum", "notice_working_days", "papers_working_days"),
                    *("effective_from", "effective_to"),
                )
            },
        )
    )
    return RecordingResult({"series": held}, f"/series/{held}")


def _member(typed: dict[str, Any]) -> SeriesMember:
    named = {name: UUID(typed[name]) if typed.get(name) else None for name in ("service", "person")}
    service = directory().service(named["service"])
    given = UUID(typed["organisation"]) if typed.get("organisation") else None
    return SeriesMember(
        organisation=given or (service.agency if service is not None else viewer().organisation),
        part=typed.get("part"),
        substitutes=tuple(typed.get("substitutes") or ()),
        **named,
    )


@series.records(f"{ONE}/schedule", scope="meetings:write", takes=ScheduleBody, makes=("series",))
def schedule(typed: dict[str, Any], asked: RecordRequest, held: UUID) -> RecordingResult:
    """Schedule a meeting on each of these dates and invite the members, all or none."""
    _own_desk()
    one = one_series(held)
    days = [_day(text) for text in typed["dates"]]
    for on in days:
        planned = planned_dates(one, on.replace(day=1), on)
        offered = {p.date.held_on: p for p in planned} | {
            p.date.instead: p for p in planned if p.date.skipped
        }
        if on not in offered:
            raise Refusal("not_a_date_of_the_series", "dates", held_on=on.isoformat())
        if offered[on].meeting is not None:
            raise Refusal("already_arranged", "dates")
    asked.perform_all(schedule_series(asked.command_id, one, days))
    return RecordingResult({"series": held}, f"/series/{held}")


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise Refusal("not_a_date_of_the_series", "dates", held_on=text[:20]) from None


@capacity.lists("/capacity", scope="meetings:read", answers=CapacityOut)
def listed_capacity(_query: dict[str, Any], page: PageRequest) -> ResourceRows:
    """List the services of the token's agency with what each can send today."""
    own = own_capacity_services() if viewer().role in AGENCY_DESK else []
    today = runtime().today()
    found = [{"service": s.id, "people": directory().people_to_send(s.id, today)} for s in own]
    return ResourceRows(found[page.first : page.past], len(found))


@capacity.records("/capacity", scope="meetings:write", takes=CapacityBody, makes=("service",))
def set_capacity(typed: dict[str, Any], asked: RecordRequest) -> RecordingResult:
    """Say to how many meetings at the same time a service can send somebody, from a day on."""
    service = UUID(typed.pop("service"))
    if viewer().role not in AGENCY_DESK or service not in {s.id for s in own_capacity_services()}:
        raise NotFound
    asked.perform(
        SetServiceCapacity(
            occurred_on=runtime().today(), organisation=viewer().organisation, service=service, **typed
        )
    )
    return RecordingResult({"service": service}, "/capacity")
