"""The calendar of meetings: the feed, and the reply that a mail program made."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from coordination.desk.calendar_feeds import CalendarFeed
from coordination.errors import NotFound, Refusal
from coordination.meeting.commands import AnswerInvitation
from coordination.meeting.invitation_calendar import CalendarMeeting, CalendarReply, calendar, read_reply
from coordination.viewer import Viewer
from projections.attendance.queries import PartyAttendance
from projections.attendance.queries.feed import FeedMeeting, feed_meeting, feed_meetings
from webui.meeting.reading import MeetingPage, open_meeting
from webui.shell import casework
from webui.shell.authentication import viewer
from webui.shell.runtime import runtime
from webui.words.naming import code_words, directory, organisation_name

BACK, AHEAD = timedelta(days=120), timedelta(days=500)
"""How far the feed reaches."""


def feed_of(found: CalendarFeed) -> bytes:
    """The feed as a calendar program reads it: kinds of meeting, whose they are and when; no name of anybody."""
    today = runtime().today()
    looking = Viewer(
        person=found.feed,
        organisation=found.organisation,
        role=found.role,
        today=today,
        services=tuple(found.services or ()),
        whole_agency=found.services is None and found.role == "clinician",
    )
    meetings = feed_meetings(casework.reader(), looking, today - BACK, today + AHEAD)
    return calendar([_event(one) for one in meetings], "PUBLISH", runtime().now(), "Cydlynu")


def _event(one: FeedMeeting) -> CalendarMeeting:
    known = directory()
    return CalendarMeeting(
        meeting=one.meeting,
        sequence=one.sequence,
        held_on=one.held_on,
        starts_at=one.starts_at,
        ends_at=one.ends_at,
        cancelled=one.cancelled,
        summary=f"{code_words('meeting_kind', one.kind)}, {organisation_name(known.organisation(one.school))}",
    )


def answer_from(text: str) -> AnswerInvitation:
    """The answer in a calendar reply of the viewer's own organisation. Raises NotFound for a meeting or invitation that
    is not its own; Refusal `calendar_reply_outdated` where the meeting was moved after the invitation that it answers,
    `calendar_party_unclear` where several of its services were invited and the reply says none, and as `read_reply`."""
    reply = read_reply(text)
    held = open_meeting(reply.meeting)
    found = feed_meeting(casework.reader(), viewer(), reply.meeting)
    if found is None:
        raise NotFound
    if reply.sequence < found.sequence:
        raise Refusal("calendar_reply_outdated", "calendar", held_on=held.brief.held_on.isoformat())
    seat = _own_seat(held, reply)
    return AnswerInvitation(
        occurred_on=runtime().today(),
        seen=seat.invitation_version,
        meeting=reply.meeting,
        party=seat.party,
        answer=reply.answer,
        way="email",
    )


def _own_seat(held: MeetingPage, reply: CalendarReply) -> PartyAttendance:
    own = [
        s for s in held.found.seats if s.organisation == viewer().organisation and s.invited_on is not None
    ]
    named = [s for s in own if s.party == reply.party]
    if (reply.party is not None and not named) or not own:
        raise NotFound
    if not named and len(own) > 1:
        raise Refusal("calendar_party_unclear", "calendar")
    return (named or own)[0]


def own_services() -> tuple[UUID, ...] | None:
    """The services for which the viewer's feed is; None: the whole organisation."""
    who = viewer()
    return who.services if who.services and not who.whole_agency else None
