"""The agenda of a meeting: which pupils, whom it needs, and when it went out."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from coordination.meeting.commands import AddAgendaItem, ConfirmAgendaItem, RemoveAgendaItem, SendAgenda
from projections.case_file import queries
from webui.api.resource import Asked, Made, Noted, Resource, Shown
from webui.meeting.api.answers import ItemSchema, item_out
from webui.meeting.api.bodies import ItemBody, MeantBody
from webui.meeting.api.meetings import ONE, at_school, of_meeting, one_meeting, sat
from webui.shell import casework
from webui.shell.signed_in import viewer
from webui.shell.world import world

agendas = Resource(
    "agendas",
    "The agenda of a meeting: a pupil each, and the services needed. An agency finds the items that need it.",
)

ITEM = f"{ONE}/items/<uuid:item>"


@agendas.shows(ITEM, scope="meetings:read", answers=ItemSchema)
def one_item(meeting: UUID, item: UUID) -> Shown:
    """A pupil on the agenda."""
    held = sat(meeting)
    found = held.item(item)
    return Shown(item_out(held, found), found.last_version, Noted("agenda", [found.pupil]))


@agendas.records(f"{ONE}/items", scope="meetings:write", takes=ItemBody, makes=("meeting", "item"))
def add_item(typed: dict[str, Any], asked: Asked, meeting: UUID) -> Made:
    """A pupil of the school on the agenda, and the services needed."""
    at_school()
    pupil, item = UUID(typed["pupil"]), asked.new_id("item")
    queries.pupil(casework.reader(), viewer(), pupil)  # no foreign one
    asked.perform(
        AddAgendaItem(
            occurred_on=world().today(),
            meeting=meeting,
            item=item,
            about=pupil,
            services=tuple(typed["services"] or ()),
            confirmed=typed["confirmed"],
        )
    )
    return _of_item(meeting, item)


@agendas.records(
    f"{ITEM}/confirm", scope="meetings:write", takes=MeantBody, makes=("meeting", "item"), thing=one_item
)
def confirm_item(_typed: dict[str, Any], asked: Asked, meeting: UUID, item: UUID) -> Made:
    """A proposed item is certain."""
    asked.perform(ConfirmAgendaItem(occurred_on=world().today(), seen=asked.seen, meeting=meeting, item=item))
    return _of_item(meeting, item)


@agendas.records(
    f"{ITEM}/remove", scope="meetings:write", takes=MeantBody, makes=("meeting", "item"), thing=one_item
)
def remove_item(_typed: dict[str, Any], asked: Asked, meeting: UUID, item: UUID) -> Made:
    """The pupil is not talked about after all."""
    asked.perform(RemoveAgendaItem(occurred_on=world().today(), seen=asked.seen, meeting=meeting, item=item))
    return Made({"meeting": meeting, "item": item}, f"/meetings/{meeting}")


@agendas.records(
    f"{ONE}/agenda-sent", scope="meetings:write", takes=MeantBody, makes=("meeting",), thing=one_meeting
)
def send_agenda(_typed: dict[str, Any], asked: Asked, meeting: UUID) -> Made:
    """The agenda went to those invited."""
    asked.perform(SendAgenda(occurred_on=world().today(), seen=asked.seen, meeting=meeting))
    return of_meeting(meeting)


def _of_item(meeting: UUID, item: UUID) -> Made:
    return Made({"meeting": meeting, "item": item}, f"/meetings/{meeting}/items/{item}")
