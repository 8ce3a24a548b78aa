"""The response schemas for meetings."""

from __future__ import annotations

from typing import Any

import msgspec
from marshmallow import Schema, fields

from coordination.meeting.stages import stage
from coordination.meeting.state import AgendaItem
from projections.attendance.queries import MeetingSummary, PartyAttendance
from projections.attendance.queries.meetings import RegisterMarking
from projections.case_file.queries.meeting_records import MinuteHistory, MinuteVersion
from webui.actions.api import ActionSchema, action_out
from webui.api.derived import fields_of
from webui.meeting.reading import MeetingPage, MinuteText, open_minute
from webui.shell import casework
from webui.shell.authentication import viewer


class MeetingSchema(Schema):
    """A meeting in a list. Counts include the parties that the token's organisation can see: all for a school, its
    own for an agency. `stage`: planned, today, to_finish, to_approve, approved, cancelled."""

    class Meta(Schema.Meta):
        include = fields_of(
            MeetingSummary,
            *("meeting", "school", "kind", "series", "held_on", "starts_at", "ends_at", "chair", "quorum"),
            *("agenda_sent_on", "finalised_on", "minutes_version", "approved_version", "next_on", "present"),
            *("items", "minutes", "invited", "unanswered", "expected", "unmarked"),
        )

    stage = fields.String(required=True)


class InvitationSchema(Schema):
    """A party's invitation, the terms of reference that apply, and its answer. Notice is in working days. `because`:
    why it is not expected. `own_word`: the party gave the answer itself."""

    class Meta(Schema.Meta):
        include = fields_of(
            PartyAttendance,
            *("party", "organisation", "service", "person", "invited_on", "whole_meeting", "expected"),
            *("because", "terms", "notice", "notice_required", "items", "answer", "own_word", "undelivered"),
        )

    meeting = fields.UUID(required=True)


class SeatOut(InvitationSchema):
    """A party at a meeting: its invitation and its mark. `contested`: the mark is disputed and has no ruling yet;
    `ruled`: a ruling changed it to `reads` (null: struck out)."""

    class Meta(Schema.Meta):
        include = fields_of(PartyAttendance, "mark", "contested", "ruled", "reads")


class MarkingOut(Schema):
    """One version of a mark. `supersedes` is the version that it corrected; `afterwards`: it was recorded after the
    meeting was finalised."""

    class Meta(Schema.Meta):
        include = fields_of(
            RegisterMarking,
            *("version", "mark", "supersedes", "afterwards", "arrived_at", "left_at", "substitute_for"),
            *("with_authority", "occurred_on", "recorded_at"),
        )


class RegisterLineSchema(Schema):
    """A party's mark in the register with its history, oldest first. The mark is null until it is recorded."""

    class Meta(Schema.Meta):
        include = fields_of(PartyAttendance, "party", "organisation", "mark", "contested", "ruled", "reads")

    meeting = fields.UUID(required=True)
    markings = fields.List(fields.Nested(MarkingOut), required=True)


class ItemSchema(Schema):
    """A pupil on the agenda. Names are null if you cannot see them. `minute` null: no minute that you can read."""

    class Meta(Schema.Meta):
        include = fields_of(AgendaItem, "item", "pupil", "services", "confirmed", "without_names")

    surname = fields.String(required=True, allow_none=True)
    forename = fields.String(required=True, allow_none=True)
    minute = fields.UUID(required=True, allow_none=True)


class DissentOut(Schema):
    """A service that does not agree, and what it recommends instead."""

    service = fields.UUID(required=True)
    text = fields.String(required=True)


class MinuteVersionOut(Schema):
    """One version of the minute. Null: not recorded, or erased."""

    class Meta(Schema.Meta):
        include = fields_of(MinuteVersion, "version", "occurred_on", "recorded_at", "services_present")

    discussion = fields.String(required=True, allow_none=True)
    decision = fields.String(required=True, allow_none=True)
    dissent = fields.List(fields.Nested(DissentOut), required=True)
    childs_view = fields.String(required=True, allow_none=True)
    parents_view = fields.String(required=True, allow_none=True)
    why = fields.String(required=True, allow_none=True)


class MinuteSchema(Schema):
    """The minute about a pupil, for the school's named staff and the services that were present: the current version
    first, then the earlier ones."""

    class Meta(Schema.Meta):
        include = fields_of(MinuteHistory, "minute", "pupil", "item")

    meeting = fields.UUID(required=True)
    versions = fields.List(fields.Nested(MinuteVersionOut), required=True)


class MeetingWholeSchema(MeetingSchema):
    """A meeting as the token's organisation can see it. An agency sees its own invitations and marks, the items that
    need it, minutes of discussions where it was present, and its own actions. `warnings`: gaps when it was
    finalised."""

    name = fields.String(required=True, allow_none=True)
    place = fields.String(required=True, allow_none=True)
    seats = fields.List(fields.Nested(SeatOut), required=True)
    agenda = fields.List(fields.Nested(ItemSchema), required=True)
    minute_list = fields.List(fields.UUID(), required=True)
    actions = fields.List(fields.Nested(ActionSchema), required=True)
    warnings = fields.List(fields.String(), required=True)


def brief_out(brief: MeetingSummary) -> dict[str, Any]:
    """A meeting as a MeetingSchema dict."""
    return msgspec.structs.asdict(brief) | {"stage": stage(brief, viewer().today)}


def whole_out(held: MeetingPage) -> dict[str, Any]:
    """A meeting as a MeetingWholeSchema dict, with its sealed fields opened."""
    opened = casework.open_sealed([action.at for action in held.at.actions])
    return brief_out(held.brief) | {
        "name": held.own_name or None,
        "place": held.place or None,
        "seats": [seat_out(held, seat) for seat in held.found.seats],
        "agenda": [item_out(held, item) for item in held.found.agenda],
        "minute_list": [minute.minute for minute in held.at.minutes],
        "actions": [action_out(a, words) for a, words in zip(held.at.actions, opened, strict=True)],
        "warnings": [code for step in held.found.steps for code in step.warnings],
    }


def seat_out(held: MeetingPage, seat: PartyAttendance) -> dict[str, Any]:
    """A seat as a dict for SeatOut, InvitationSchema and RegisterLineSchema."""
    return msgspec.structs.asdict(seat) | {"meeting": held.id}


def item_out(held: MeetingPage, item: AgendaItem) -> dict[str, Any]:
    """An agenda item as an ItemSchema dict."""
    who, taken = held.child(item.pupil), held.at.minute_of(item.item)
    more = {"surname": who.surname or None, "forename": who.forename or None}
    return msgspec.structs.asdict(item) | more | {"minute": taken.minute if taken else None}


def minute_out(held: MeetingPage, minute: MinuteHistory) -> dict[str, Any]:
    """A minute as a MinuteSchema dict, with every version opened."""
    kept = {"meeting": held.id, "minute": minute.minute, "pupil": minute.pupil, "item": minute.item}
    return kept | {"versions": [_version(words) for words in open_minute(minute).versions]}


def _version(words: MinuteText) -> dict[str, Any]:
    said = ("discussion", "decision", "childs_view", "parents_view", "why")
    dissent = [{"service": service, "text": text} for service, text in words.dissent]
    written = {name: getattr(words, name) or None for name in said}
    return msgspec.structs.asdict(words.version) | written | {"dissent": dissent}
