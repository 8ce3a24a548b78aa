"""Meetings: of a school, of the services of an agency across schools; their day, their agenda, their end."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

from coordination.errors import NotFound
from coordination.meeting.decide import (
    AddAgendaItem,
    CancelMeeting,
    ConfirmAgendaItem,
    FinaliseMeeting,
    RemoveAgendaItem,
    RescheduleMeeting,
    ScheduleMeeting,
    SendAgenda,
    SetNextMeeting,
)
from projections.attendance.queries import meetings as meetings_query
from projections.case_file import queries
from webui import casework
from webui.api.paging import Page
from webui.api.reading import Closed, Id, wrong_field
from webui.api.resource import Asked, Made, Noted, Resource, Rows, Shown
from webui.api.resources.meeting_forms import (
    CancelMeetingBody,
    ItemBody,
    MeantBody,
    MeetingBody,
    MoveMeetingBody,
    NextMeetingBody,
)
from webui.api.resources.meetings_out import (
    ItemSchema,
    MeetingSchema,
    MeetingWholeSchema,
    brief_out,
    item_out,
    whole_out,
)
from webui.desks import AGENCY_DESK, SCHOOL_DESK
from webui.forms.fields import Day
from webui.naming import directory
from webui.pages.meetings.desk import Sitting, sitting
from webui.signed_in import viewer
from webui.world import world

meetings = Resource(
    "meetings",
    "A school's multi-agency meetings (Hwb): their day, their agenda, their end. A school finds its own, an agency "
    "those to which its services are asked, at whatever school, with its own seats and the pupils it is needed for.",
)

ONE = "/meetings/<uuid:meeting>"
ITEM = f"{ONE}/items/<uuid:item>"


class MeetingsQuery(Closed):
    """What the list is narrowed to."""

    service = Id("A service that was invited or came", required=False)
    from_on = Day("Held on this day or later", required=False)
    to_on = Day("Held on this day or before", required=False)


# Reading


@meetings.lists("/meetings", scope="meetings:read", query=MeetingsQuery, answers=MeetingSchema)
def listed_meetings(query: dict[str, Any], page: Page) -> Rows:
    """In order of day, the cancelled ones too."""
    who = viewer()
    if who.role not in (*SCHOOL_DESK, *AGENCY_DESK):
        return Rows([], 0)
    found = meetings_query(
        casework.reader(),
        who,
        school=who.organisation if who.role in SCHOOL_DESK else None,
        service=UUID(query["service"]) if query["service"] else None,
        from_on=query["from_on"] or date.min,
        to_on=query["to_on"] or date.max,
    )
    return Rows([brief_out(brief) for brief in found[page.first : page.past]], len(found))


@meetings.shows(ONE, scope="meetings:read", answers=MeetingWholeSchema)
def one_meeting(meeting: UUID) -> Shown:
    """One with its seats, agenda and actions. Its ETag changes with everything that is recorded of it."""
    held = sat(meeting)
    return Shown(whole_out(held), held.brief.last_version, Noted("agenda", list(held.children)))


@meetings.shows(ITEM, scope="meetings:read", answers=ItemSchema)
def one_item(meeting: UUID, item: UUID) -> Shown:
    """A pupil on the agenda."""
    held = sat(meeting)
    found = held.item(item)
    return Shown(item_out(held, found), found.last_version, Noted("agenda", [found.pupil]))


def sat(meeting: UUID) -> Sitting:
    """The meeting as the token's organisation may see it. Raises NotFound, or aborts with 404."""
    if viewer().role not in (*SCHOOL_DESK, *AGENCY_DESK):
        raise NotFound
    return sitting(meeting)


def at_school() -> UUID:
    """The token's own school. Raises NotFound: it is of no school."""
    who = viewer()
    if who.role not in SCHOOL_DESK:
        raise NotFound
    return who.organisation


# The day


@meetings.records("/meetings", scope="meetings:write", takes=MeetingBody, makes=("meeting",))
def schedule(typed: dict[str, Any], asked: Asked) -> Made:
    """A new meeting of the token's school."""
    school, meeting = at_school(), asked.new_id("meeting")
    chair = UUID(typed["chair"]) if typed["chair"] else None
    if chair is not None and directory().person(chair) is None:
        raise wrong_field(MeetingBody(), "chair", "not_offered")
    before = sat(UUID(typed["after"])).brief if typed["after"] else None
    asked.perform(
        ScheduleMeeting(
            occurred_on=_today(),
            meeting=meeting,
            school=school,
            kind=before.kind if before else typed["kind"] or "hwb",
            series=(before.series or before.meeting) if before else asked.new_id("series"),
            chair=chair,
            **{name: typed[name] for name in ("held_on", "starts_at", "quorum", "name", "place")},
        )
    )
    return _of(meeting)


@meetings.records(
    f"{ONE}/move", scope="meetings:write", takes=MoveMeetingBody, makes=("meeting",), thing=one_meeting
)
def move(typed: dict[str, Any], asked: Asked, meeting: UUID) -> Made:
    """Another day, hour or place; whoever answered is asked again, and notice runs anew."""
    asked.perform(RescheduleMeeting(occurred_on=_today(), seen=asked.seen, meeting=meeting, **typed))
    return _of(meeting)


@meetings.records(
    f"{ONE}/cancel", scope="meetings:write", takes=CancelMeetingBody, makes=("meeting",), thing=one_meeting
)
def cancel(typed: dict[str, Any], asked: Asked, meeting: UUID) -> Made:
    """It does not take place; it stays on the record."""
    asked.perform(CancelMeeting(occurred_on=_today(), seen=asked.seen, meeting=meeting, why=typed["why"]))
    return _of(meeting)


@meetings.records(
    f"{ONE}/next", scope="meetings:write", takes=NextMeetingBody, makes=("meeting",), thing=one_meeting
)
def set_next(typed: dict[str, Any], asked: Asked, meeting: UUID) -> Made:
    """The day of the next one, for the minutes; it is scheduled by itself."""
    asked.perform(SetNextMeeting(occurred_on=_today(), seen=asked.seen, meeting=meeting, **typed))
    return _of(meeting)


# The agenda


@meetings.records(f"{ONE}/items", scope="meetings:write", takes=ItemBody, makes=("meeting", "item"))
def add_item(typed: dict[str, Any], asked: Asked, meeting: UUID) -> Made:
    """A pupil of the school on the agenda, and the services needed."""
    at_school()
    pupil, item = UUID(typed["pupil"]), asked.new_id("item")
    queries.pupil(casework.reader(), viewer(), pupil)  # no foreign one
    asked.perform(
        AddAgendaItem(
            occurred_on=_today(),
            meeting=meeting,
            item=item,
            about=pupil,
            services=tuple(typed["services"] or ()),
            confirmed=typed["confirmed"],
        )
    )
    return _of_item(meeting, item)


@meetings.records(
    f"{ITEM}/confirm", scope="meetings:write", takes=MeantBody, makes=("meeting", "item"), thing=one_item
)
def confirm_item(_typed: dict[str, Any], asked: Asked, meeting: UUID, item: UUID) -> Made:
    """A proposed item is certain."""
    asked.perform(ConfirmAgendaItem(occurred_on=_today(), seen=asked.seen, meeting=meeting, item=item))
    return _of_item(meeting, item)


@meetings.records(
    f"{ITEM}/remove", scope="meetings:write", takes=MeantBody, makes=("meeting", "item"), thing=one_item
)
def remove_item(_typed: dict[str, Any], asked: Asked, meeting: UUID, item: UUID) -> Made:
    """The pupil is not talked about after all."""
    asked.perform(RemoveAgendaItem(occurred_on=_today(), seen=asked.seen, meeting=meeting, item=item))
    return _of_item(meeting, item)


@meetings.records(
    f"{ONE}/agenda-sent", scope="meetings:write", takes=MeantBody, makes=("meeting",), thing=one_meeting
)
def send_agenda(_typed: dict[str, Any], asked: Asked, meeting: UUID) -> Made:
    """The agenda went to those invited."""
    asked.perform(SendAgenda(occurred_on=_today(), seen=asked.seen, meeting=meeting))
    return _of(meeting)


# The end


@meetings.records(
    f"{ONE}/finalise", scope="meetings:write", takes=MeantBody, makes=("meeting",), thing=one_meeting
)
def finalise(_typed: dict[str, Any], asked: Asked, meeting: UUID) -> Made:
    """The minutes are final. Refused (not_complete), each gap is an error with a code: nobody_present, unmarked,
    apology_marked_absent, action_without_owner, action_without_due_date; its field is where it is put right, below the
    meeting."""
    held = sat(meeting)
    command = FinaliseMeeting(
        occurred_on=_today(), seen=asked.seen, meeting=meeting, earlier_open=_earlier_open(held)
    )
    asked.perform(command)
    return _of(meeting)


def _earlier_open(held: Sitting) -> tuple[UUID, ...]:
    """Earlier meetings of the series that are not final, which is noted and blocks nothing."""
    if held.brief.series is None:
        return ()
    to_on = held.brief.held_on - date.resolution
    found = meetings_query(casework.reader(), viewer(), series=held.brief.series, to_on=to_on)
    return tuple(brief.meeting for brief in found if not brief.finalised and not brief.cancelled)


def _of(meeting: UUID) -> Made:
    return Made({"meeting": meeting}, f"/meetings/{meeting}")


def _of_item(meeting: UUID, item: UUID) -> Made:
    return Made({"meeting": meeting, "item": item}, f"/meetings/{meeting}/items/{item}")


def _today() -> date:
    return world().today()
