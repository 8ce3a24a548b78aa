"""Meetings: of a school, of the services of an agency across schools; their day and their end."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

from coordination.errors import NotFound, StaleVersion
from coordination.meeting.commands import (
    ApproveMinutes,
    CancelMeeting,
    NameChair,
    RescheduleMeeting,
    SetNextMeeting,
)
from projections.attendance.queries import meetings as meetings_query
from webui.api.paging import Page
from webui.api.reading import Closed, Id, wrong_field
from webui.api.resource import Asked, Made, Noted, Resource, Rows, Shown
from webui.forms.fields import Day
from webui.meeting import commands
from webui.meeting.api.answers import MeetingSchema, MeetingWholeSchema, brief_out, whole_out
from webui.meeting.api.bodies import (
    CancelMeetingBody,
    ChairBody,
    MeantBody,
    MeetingBody,
    MoveMeetingBody,
    NextMeetingBody,
)
from webui.meeting.reading import Sitting, sitting
from webui.shell import casework
from webui.shell.roles import AGENCY_DESK, SCHOOL_DESK
from webui.shell.signed_in import viewer
from webui.shell.world import world
from webui.words.naming import directory

meetings = Resource(
    "meetings",
    "A school's multi-agency meetings (Hwb): their day and their end. A school finds its own, an agency "
    "those to which its services are asked, at whatever school, with its own seats and the pupils it is needed for.",
)

ONE = "/meetings/<uuid:meeting>"


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


def sat(meeting: UUID) -> Sitting:
    """The meeting as the token's organisation may see it. Raises NotFound."""
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
    at_school()
    chair = UUID(typed["chair"]) if typed["chair"] else None
    if chair is not None and directory().person(chair) is None:
        raise wrong_field(MeetingBody(), "chair", "not_offered")
    before = sat(UUID(typed["after"])).brief if typed["after"] else None
    scheduled = commands.schedule(asked.command_id, typed, before)
    asked.perform(scheduled)
    return of_meeting(scheduled.meeting)


@meetings.records(
    f"{ONE}/move", scope="meetings:write", takes=MoveMeetingBody, makes=("meeting",), thing=one_meeting
)
def move(typed: dict[str, Any], asked: Asked, meeting: UUID) -> Made:
    """Another day, hour or place; whoever answered is asked again, and notice runs anew."""
    asked.perform(RescheduleMeeting(occurred_on=_today(), seen=asked.seen, meeting=meeting, **typed))
    return of_meeting(meeting)


@meetings.records(
    f"{ONE}/cancel", scope="meetings:write", takes=CancelMeetingBody, makes=("meeting",), thing=one_meeting
)
def cancel(typed: dict[str, Any], asked: Asked, meeting: UUID) -> Made:
    """It does not take place; it stays on the record."""
    asked.perform(CancelMeeting(occurred_on=_today(), seen=asked.seen, meeting=meeting, why=typed["why"]))
    return of_meeting(meeting)


@meetings.records(
    f"{ONE}/next", scope="meetings:write", takes=NextMeetingBody, makes=("meeting",), thing=one_meeting
)
def set_next(typed: dict[str, Any], asked: Asked, meeting: UUID) -> Made:
    """The day of the next one, for the minutes; it is scheduled by itself."""
    asked.perform(SetNextMeeting(occurred_on=_today(), seen=asked.seen, meeting=meeting, **typed))
    return of_meeting(meeting)


@meetings.records(
    f"{ONE}/chair", scope="meetings:write", takes=ChairBody, makes=("meeting",), thing=one_meeting
)
def name_chair(typed: dict[str, Any], asked: Asked, meeting: UUID) -> Made:
    """Who chairs it: anybody of the directory."""
    asked.perform(
        NameChair(occurred_on=_today(), seen=asked.seen, meeting=meeting, chair=UUID(typed["chair"]))
    )
    return of_meeting(meeting)


# The end


@meetings.records(
    f"{ONE}/finalise", scope="meetings:write", takes=MeantBody, makes=("meeting",), thing=one_meeting
)
def finalise(_typed: dict[str, Any], asked: Asked, meeting: UUID) -> Made:
    """The minutes are final. Refused (not_complete), each gap is an error with a code: nobody_present, unmarked,
    apology_marked_absent, action_without_owner, action_without_due_date; its field is where it is put right, below the
    meeting."""
    held = sat(meeting)
    asked.perform(commands.finalise(held, asked.seen))
    return of_meeting(meeting)


@meetings.records(
    f"{ONE}/approve", scope="meetings:write", takes=MeantBody, makes=("meeting",), thing=one_meeting
)
def approve_minutes(_typed: dict[str, Any], asked: Asked, meeting: UUID) -> Made:
    """The minutes as they stand are agreed to be right."""
    at_school()
    brief = sat(meeting).brief
    if asked.seen != brief.last_version:
        raise StaleVersion(asked.seen or 0, brief.last_version)
    asked.perform(
        ApproveMinutes(occurred_on=_today(), meeting=meeting, minutes_version=brief.minutes_version)
    )
    return of_meeting(meeting)


def of_meeting(meeting: UUID) -> Made:
    """What is answered of a meeting on which something was recorded."""
    return Made({"meeting": meeting}, f"/meetings/{meeting}")


def _today() -> date:
    return world().today()
