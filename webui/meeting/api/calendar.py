"""Meetings in calendar programs: the addresses of feeds, and the replies of mail programs."""

from __future__ import annotations

import secrets
from typing import Any
from uuid import UUID

from marshmallow import Schema, fields

from coordination.desk.calendar_feeds import CalendarFeed, feeds_of, make_feed, revoke_feed
from coordination.errors import NotFound
from coordination.meeting.invitation_calendar import LARGEST_REPLY
from webui.api.bearer import current_token
from webui.api.derived import fields_of
from webui.api.paging import PageRequest
from webui.api.reading import ClosedSchema
from webui.api.resource import RecordingResult, RecordRequest, Resource, ResourceRows
from webui.forms.fields import LongTextField
from webui.meeting.calendar import answer_from, own_services
from webui.shell.authentication import viewer
from webui.shell.runtime import runtime

calendar = Resource(
    "calendar",
    "Meetings in calendar programs. A feed is an address (/calendar/SECRET) that a calendar program reads; it shows "
    "kinds of meeting, schools and times, and no name. A reply (RFC 5546) answers an invitation.",
)


class FeedBody(ClosedSchema):
    """A new feed. It has no fields."""


class FeedSchema(Schema):
    """A feed without its address. `services`: of an agency, those whose meetings it shows (null: all)."""

    class Meta(Schema.Meta):
        include = fields_of(CalendarFeed, "feed", "made_at", "revoked_at")

    services = fields.List(fields.UUID(), required=True, allow_none=True)


class ReplyBody(ClosedSchema):
    """A calendar object with METHOD:REPLY, as a mail program made it. Only the UID, the SEQUENCE and the PARTSTAT are
    read; what it says beside them is not kept."""

    calendar = LongTextField("The calendar object", longest=LARGEST_REPLY)


@calendar.lists("/calendar", scope="meetings:read", answers=FeedSchema)
def listed_feeds(_query: dict[str, Any], page: PageRequest) -> ResourceRows:
    """List the feeds of the token's organisation, the newest first."""
    with runtime().desk() as desk:
        found = feeds_of(desk, viewer().organisation)
    return ResourceRows(found[page.first : page.past], len(found))


@calendar.records("/calendar", scope="meetings:write", takes=FeedBody, makes=("feed",), once=("address",))
def new_feed(_typed: dict[str, Any], asked: RecordRequest) -> RecordingResult:
    """Make a feed. Its `address` is in the first answer only: whoever has it sees when the meetings are."""
    feed, secret, who = asked.new_id("feed"), secrets.token_urlsafe(32), viewer()
    with runtime().desk() as desk:
        made = make_feed(
            desk,
            feed=feed,
            secret=secret,
            organisation=who.organisation,
            role=who.role,
            services=own_services(),
            by=current_token().token,
            now=runtime().now(),
        )
    return RecordingResult(
        {"feed": feed}, "/calendar", once={"address": f"/calendar/{secret}"} if made else {}
    )


@calendar.removes("/calendar/<uuid:feed>", scope="meetings:write")
def end_feed(feed: UUID) -> None:
    """Revoke a feed: its address shows nothing any more."""
    with runtime().desk() as desk:
        if not revoke_feed(desk, feed, viewer().organisation, runtime().now()):
            raise NotFound


@calendar.records("/calendar/replies", scope="meetings:write", takes=ReplyBody, makes=("meeting", "party"))
def take_reply(typed: dict[str, Any], asked: RecordRequest) -> RecordingResult:
    """Answer an invitation with the reply of a mail program. Accepted is attending, declined is apologies, delegated is
    a substitute. A reply to an invitation before the last change of date is refused."""
    command = answer_from(typed["calendar"])
    asked.perform(command)
    made = {"meeting": command.meeting, "party": command.party}
    return RecordingResult(made, f"/meetings/{command.meeting}/invitations/{command.party}")
