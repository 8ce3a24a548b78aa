"""Meetings of a school, or of an agency's services across schools: scheduling and finalising."""

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
from webui.api.narrowing import service_in
from webui.api.paging import PageRequest
from webui.api.reading import ClosedSchema, IdField, field_problem
from webui.api.resource import (
    ReadLogNote,
    RecordingResult,
    RecordRequest,
    Resource,
    ResourceRows,
    ResourceView,
)
from webui.forms.fields import DateField
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
from webui.meeting.reading import MeetingPage, open_meeting
from webui.shell import casework
from webui.shell.authentication import viewer
from webui.shell.roles import AGENCY_DESK, SCHOOL_DESK
from webui.shell.runtime import runtime
from webui.words.naming import directory

meetings = Resource(
    "meetings",
    "A school's multi-agency meetings (Hwb). A school sees its own. An agency sees those that its services are invited "
    "to, at any school, with its own invitations and the pupils it is needed for.",
)

ONE = "/meetings/<uuid:meeting>"


class MeetingsQuery(ClosedSchema):
    """Filters for the list."""

    service = IdField("A service that was invited or attended", required=False)
    from_on = DateField("Held on or after this date", required=False)
    to_on = DateField("Held on or before this date", required=False)


# Reading


@meetings.lists("/meetings", scope="meetings:read", query=MeetingsQuery, answers=MeetingSchema)
def listed_meetings(query: dict[str, Any], page: PageRequest) -> ResourceRows:
    """List meetings in date order, including cancelled ones."""
    who = viewer()
    if who.role not in (*SCHOOL_DESK, *AGENCY_DESK):
        return ResourceRows([], 0)
    asked = service_in(MeetingsQuery, query)
    found = meetings_query(
        casework.reader(),
        who,
        school=who.organisation if who.role in SCHOOL_DESK else None,
        service=asked.id if asked else None,
        from_on=query["from_on"] or date.min,
        to_on=query["to_on"] or date.max,
    )
    return ResourceRows([brief_out(brief) for brief in found[page.first : page.past]], len(found))


@meetings.shows(ONE, scope="meetings:read", answers=MeetingWholeSchema)
def one_meeting(meeting: UUID) -> ResourceView:
    """Get a meeting with its parties, agenda and actions. Its ETag changes with every entry about it."""
    held = find_meeting(meeting)
    return ResourceView(whole_out(held), held.brief.last_version, ReadLogNote("agenda", list(held.children)))


def find_meeting(meeting: UUID) -> MeetingPage:
    """The meeting as the token's organisation may see it. Raises NotFound."""
    if viewer().role not in (*SCHOOL_DESK, *AGENCY_DESK):
        raise NotFound
    return open_meeting(meeting)


def own_school() -> UUID:
    """The token's own school. Raises NotFound if it belongs to no school."""
    who = viewer()
    if who.role not in SCHOOL_DESK:
        raise NotFound
    return who.organisation


# Scheduling


@meetings.records("/meetings", scope="meetings:write", takes=MeetingBody, makes=("meeting",))
def schedule(typed: dict[str, Any], asked: RecordRequest) -> RecordingResult:
    """Schedule a meeting of the token's school."""
    own_school()
    chair = UUID(typed["chair"]) if typed["chair"] else None
    if chair is not None and directory().person(chair) is None:
        raise field_problem(MeetingBody(), "chair", "not_offered")
    if typed["kind"] and not directory().knows("meeting_kind", typed["kind"]):
        raise field_problem(MeetingBody(), "kind", "not_offered")
    before = find_meeting(UUID(typed["after"])).brief if typed["after"] else None
    scheduled = commands.schedule(asked.command_id, typed, before)
    asked.perform(scheduled)
    return meeting_result(scheduled.meeting)


@meetings.records(
    f"{ONE}/move", scope="meetings:write", takes=MoveMeetingBody, makes=("meeting",), thing=one_meeting
)
def move(typed: dict[str, Any], asked: RecordRequest, meeting: UUID) -> RecordingResult:
    """Change the date, time or place. Notice restarts, and earlier answers no longer count."""
    asked.perform(RescheduleMeeting(occurred_on=_today(), seen=asked.seen, meeting=meeting, **typed))
    return meeting_result(meeting)


@meetings.records(
    f"{ONE}/cancel", scope="meetings:write", takes=CancelMeetingBody, makes=("meeting",), thing=one_meeting
)
def cancel(typed: dict[str, Any], asked: RecordRequest, meeting: UUID) -> RecordingResult:
    """Cancel a meeting. It stays on the record."""
    asked.perform(CancelMeeting(occurred_on=_today(), seen=asked.seen, meeting=meeting, why=typed["why"]))
    return meeting_result(meeting)


@meetings.records(
    f"{ONE}/next", scope="meetings:write", takes=NextMeetingBody, makes=("meeting",), thing=one_meeting
)
def set_next(typed: dict[str, Any], asked: RecordRequest, meeting: UUID) -> RecordingResult:
    """Set the date of the next meeting for the minutes. Schedule that meeting separately."""
    asked.perform(SetNextMeeting(occurred_on=_today(), seen=asked.seen, meeting=meeting, **typed))
    return meeting_result(meeting)


@meetings.records(
    f"{ONE}/chair", scope="meetings:write", takes=ChairBody, makes=("meeting",), thing=one_meeting
)
def name_chair(typed: dict[str, Any], asked: RecordRequest, meeting: UUID) -> RecordingResult:
    """Name the chair, who can be any person in the directory."""
    asked.perform(
        NameChair(occurred_on=_today(), seen=asked.seen, meeting=meeting, chair=UUID(typed["chair"]))
    )
    return meeting_result(meeting)


# Finalising


@meetings.records(
    f"{ONE}/finalise", scope="meetings:write", takes=MeantBody, makes=("meeting",), thing=one_meeting
)
def finalise(_typed: dict[str, Any], asked: RecordRequest, meeting: UUID) -> RecordingResult:
    """Finalise the minutes. If it is refused (not_complete), each gap is an error with a code: nobody_present,
    unmarked, apology_marked_absent, action_without_owner or action_without_due_date; `field` is the address below
    the meeting where it can be fixed."""
    held = find_meeting(meeting)
    asked.perform(commands.finalise(held, asked.seen))
    return meeting_result(meeting)


@meetings.records(
    f"{ONE}/approve", scope="meetings:write", takes=MeantBody, makes=("meeting",), thing=one_meeting
)
def approve_minutes(_typed: dict[str, Any], asked: RecordRequest, meeting: UUID) -> RecordingResult:
    """Approve the current version of the minutes."""
    own_school()
    brief = find_meeting(meeting).brief
    if asked.seen != brief.last_version:
        raise StaleVersion(asked.seen or 0, brief.last_version)
    asked.perform(
        ApproveMinutes(occurred_on=_today(), meeting=meeting, minutes_version=brief.minutes_version)
    )
    return meeting_result(meeting)


def meeting_result(meeting: UUID) -> RecordingResult:
    """The response after recording something about a meeting."""
    return RecordingResult({"meeting": meeting}, f"/meetings/{meeting}")


def _today() -> date:
    return runtime().today()
