"""The agenda of a meeting: its pupils, the services needed, and when it was sent."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from coordination.meeting.commands import AddAgendaItem, ConfirmAgendaItem, RemoveAgendaItem, SendAgenda
from projections.case_file import queries
from webui.api.resource import ReadLogNote, RecordingResult, RecordRequest, Resource, ResourceView
from webui.meeting.api.answers import ItemSchema, item_out
from webui.meeting.api.bodies import ItemBody, MeantBody
from webui.meeting.api.meetings import ONE, find_meeting, meeting_result, one_meeting, own_school
from webui.shell import casework
from webui.shell.authentication import viewer
from webui.shell.runtime import runtime

agendas = Resource(
    "agendas",
    "The agenda of a meeting: one pupil in each item, with the services needed. An agency sees the items that need it.",
)

ITEM = f"{ONE}/items/<uuid:item>"


@agendas.shows(ITEM, scope="meetings:read", answers=ItemSchema)
def one_item(meeting: UUID, item: UUID) -> ResourceView:
    """Get an agenda item."""
    held = find_meeting(meeting)
    found = held.item(item)
    return ResourceView(item_out(held, found), found.last_version, ReadLogNote("agenda", [found.pupil]))


@agendas.records(f"{ONE}/items", scope="meetings:write", takes=ItemBody, makes=("meeting", "item"))
def add_item(typed: dict[str, Any], asked: RecordRequest, meeting: UUID) -> RecordingResult:
    """Add a pupil of the school to the agenda, with the services needed."""
    own_school()
    pupil, item = UUID(typed["pupil"]), asked.new_id("item")
    queries.pupil(casework.reader(), viewer(), pupil)  # a pupil of another school is refused
    asked.perform(
        AddAgendaItem(
            occurred_on=runtime().today(),
            meeting=meeting,
            item=item,
            about=pupil,
            services=tuple(typed["services"] or ()),
            confirmed=typed["confirmed"],
            without_names=bool(typed["without_names"]),
        )
    )
    return _of_item(meeting, item)


@agendas.records(
    f"{ITEM}/confirm", scope="meetings:write", takes=MeantBody, makes=("meeting", "item"), thing=one_item
)
def confirm_item(_typed: dict[str, Any], asked: RecordRequest, meeting: UUID, item: UUID) -> RecordingResult:
    """Confirm a proposed item."""
    asked.perform(
        ConfirmAgendaItem(occurred_on=runtime().today(), seen=asked.seen, meeting=meeting, item=item)
    )
    return _of_item(meeting, item)


@agendas.records(
    f"{ITEM}/remove", scope="meetings:write", takes=MeantBody, makes=("meeting", "item"), thing=one_item
)
def remove_item(_typed: dict[str, Any], asked: RecordRequest, meeting: UUID, item: UUID) -> RecordingResult:
    """Remove a pupil from the agenda."""
    asked.perform(
        RemoveAgendaItem(occurred_on=runtime().today(), seen=asked.seen, meeting=meeting, item=item)
    )
    return RecordingResult({"meeting": meeting, "item": item}, f"/meetings/{meeting}")


@agendas.records(
    f"{ONE}/agenda-sent", scope="meetings:write", takes=MeantBody, makes=("meeting",), thing=one_meeting
)
def send_agenda(_typed: dict[str, Any], asked: RecordRequest, meeting: UUID) -> RecordingResult:
    """Record that the agenda was sent to the people and services invited."""
    asked.perform(SendAgenda(occurred_on=runtime().today(), seen=asked.seen, meeting=meeting))
    return meeting_result(meeting)


def _of_item(meeting: UUID, item: UUID) -> RecordingResult:
    return RecordingResult({"meeting": meeting, "item": item}, f"/meetings/{meeting}/items/{item}")
