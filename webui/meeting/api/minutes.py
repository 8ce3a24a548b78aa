"""Minutes about pupils and the actions agreed with them at a meeting."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from coordination.errors import NotFound
from coordination.pupil.actions.decide import (
    AgreeActionAtMeeting,
    DropActionAtMeeting,
    SettleActionAtMeeting,
)
from coordination.pupil.minutes.decide import CorrectMinute, TakeMinute
from coordination.pupil.minutes.events import Dissent
from projections.case_file.queries import ActionSummary
from webui.actions.api import ActionSchema, DropActionBody, action_out
from webui.api.resource import ReadLogNote, RecordingResult, RecordRequest, Resource, ResourceView
from webui.meeting.api.agendas import ITEM
from webui.meeting.api.answers import MinuteSchema, minute_out
from webui.meeting.api.bodies import (
    AgreedBody,
    CorrectedMinuteBody,
    MinuteBody,
    SettledBody,
    owner_of,
)
from webui.meeting.api.meetings import ONE, find_meeting, own_school
from webui.meeting.reading import MeetingPage
from webui.shell import casework
from webui.shell.authentication import viewer
from webui.shell.runtime import runtime

minutes = Resource(
    "minutes",
    "What a meeting discussed and decided about a pupil, and the actions agreed. For the school's named staff and the "
    "services that were present for that pupil.",
)

MINUTE = f"{ONE}/minutes/<uuid:minute>"
ACTION = f"{ONE}/actions/<uuid:action>"


@minutes.shows(MINUTE, scope="meetings:read", answers=MinuteSchema)
def one_minute(meeting: UUID, minute: UUID) -> ResourceView:
    """Get a minute with its earlier versions. An agency can read it if its service was present."""
    held = find_meeting(meeting)
    found = held.minute(minute)
    purpose = "was_present" if held.brief.school != viewer().organisation else "own_pupil"
    return ResourceView(
        minute_out(held, found),
        found.last_version,
        ReadLogNote("minute", [found.pupil], purpose, found.cites),
    )


@minutes.records(f"{ITEM}/minute", scope="meetings:write", takes=MinuteBody, makes=("meeting", "minute"))
def take_minute(typed: dict[str, Any], asked: RecordRequest, meeting: UUID, item: UUID) -> RecordingResult:
    """Record the minute about a pupil on the agenda, one for each pupil. Services marked as present can read it."""
    own_school()
    about, taken = find_meeting(meeting).item(item), asked.new_id("minute")
    asked.perform(
        TakeMinute(
            occurred_on=runtime().today(),
            meeting=meeting,
            pupil=about.pupil,
            minute=taken,
            item=item,
            **_said(typed),
        )
    )
    return _of(meeting, taken)


@minutes.records(
    f"{MINUTE}/correct",
    scope="meetings:write",
    takes=CorrectedMinuteBody,
    makes=("meeting", "minute"),
    thing=one_minute,
)
def correct_minute(
    typed: dict[str, Any], asked: RecordRequest, meeting: UUID, minute: UUID
) -> RecordingResult:
    """Correct a minute: send it whole. After the meeting is finalised, its minutes need approval again."""
    own_school()
    found = find_meeting(meeting).minute(minute)
    asked.perform(
        CorrectMinute(
            occurred_on=runtime().today(),
            meeting=meeting,
            pupil=found.pupil,
            minute=minute,
            seen=asked.seen,
            why=typed["why"],
            **_said(typed),
        )
    )
    return _of(meeting, minute)


def _said(typed: dict[str, Any]) -> dict[str, Any]:
    words = {name: typed[name] for name in ("discussion", "decision", "childs_view", "parents_view")}
    dissent = tuple(Dissent(service=UUID(one["service"]), text=one["text"]) for one in typed["dissent"])
    return words | {"services_present": tuple(typed["services_present"] or ()), "dissent": dissent}


# Actions, until the meeting is final


@minutes.shows(ACTION, scope="meetings:read", answers=ActionSchema)
def one_meeting_action(meeting: UUID, action: UUID) -> ResourceView:
    """Get an action agreed at the meeting."""
    found = _action(find_meeting(meeting), action)
    [words] = casework.open_sealed([found.at])
    return ResourceView(action_out(found, words), found.last_version, ReadLogNote("action", [found.pupil]))


@minutes.records(f"{ITEM}/actions", scope="meetings:write", takes=AgreedBody, makes=("meeting", "action"))
def agree_action(typed: dict[str, Any], asked: RecordRequest, meeting: UUID, item: UUID) -> RecordingResult:
    """Add an action for a pupil on the agenda. You can add the owner and due date later; the meeting cannot be
    finalised without them."""
    school, held = own_school(), find_meeting(meeting)
    about, taken, action = held.item(item), held.at.minute_of(item), asked.new_id("action")
    asked.perform(
        AgreeActionAtMeeting(
            occurred_on=runtime().today(),
            meeting=meeting,
            pupil=about.pupil,
            action=action,
            what=typed["what"],
            minute=taken.minute if taken else None,
            owner=owner_of(typed, school),
            due_on=typed["due_on"],
        )
    )
    return _of_action(meeting, action)


@minutes.records(
    f"{ACTION}/settle",
    scope="meetings:write",
    takes=SettledBody,
    makes=("meeting", "action"),
    thing=one_meeting_action,
)
def settle_action(
    typed: dict[str, Any], asked: RecordRequest, meeting: UUID, action: UUID
) -> RecordingResult:
    """Set the owner and due date before the meeting is final. Fields left out do not change."""
    found = _action(find_meeting(meeting), action)
    asked.perform(
        SettleActionAtMeeting(
            **_about(found, asked, meeting), owner=owner_of(typed, own_school()), due_on=typed["due_on"]
        )
    )
    return _of_action(meeting, action)


@minutes.records(
    f"{ACTION}/drop",
    scope="meetings:write",
    takes=DropActionBody,
    makes=("meeting", "action"),
    thing=one_meeting_action,
)
def drop_action(typed: dict[str, Any], asked: RecordRequest, meeting: UUID, action: UUID) -> RecordingResult:
    """Cancel an action before the meeting is final. It stays on the record."""
    own_school()
    asked.perform(
        DropActionAtMeeting(
            **_about(_action(find_meeting(meeting), action), asked, meeting), why=typed["why"]
        )
    )
    return _of_action(meeting, action)


def _about(found: ActionSummary, asked: RecordRequest, meeting: UUID) -> dict[str, Any]:
    about = {"meeting": meeting, "pupil": found.pupil, "action": found.action}
    return {"occurred_on": runtime().today(), "seen": asked.seen, **about}


def _action(held: MeetingPage, action: UUID) -> ActionSummary:
    """An action of the meeting. Raises NotFound."""
    found = next((a for a in held.at.actions if a.action == action), None)
    if found is None:
        raise NotFound
    return found


def _of(meeting: UUID, minute: UUID) -> RecordingResult:
    return RecordingResult({"meeting": meeting, "minute": minute}, f"/meetings/{meeting}/minutes/{minute}")


def _of_action(meeting: UUID, action: UUID) -> RecordingResult:
    return RecordingResult({"meeting": meeting, "action": action}, f"/meetings/{meeting}/actions/{action}")
