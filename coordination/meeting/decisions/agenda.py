"""The agenda: the pupils to be discussed, and the services needed for each."""

from __future__ import annotations

from uuid import UUID

from coordination.errors import Refusal
from coordination.event import Command, Header
from coordination.guards import require_current_version
from coordination.meeting.commands import (
    AddAgendaItem,
    ConfirmAgendaItem,
    OrderAgenda,
    RemoveAgendaItem,
    SendAgenda,
)
from coordination.meeting.decisions.checks import require_changeable, require_open, require_school
from coordination.meeting.events import (
    AgendaItemAdded,
    AgendaItemConfirmed,
    AgendaItemRemoved,
    AgendaOrdered,
    AgendaSent,
    AnyMeetingEvent,
)
from coordination.meeting.expectation import changed_expectations
from coordination.meeting.state import AgendaItem, Meeting, evolve
from coordination.world import World


def decide_add_item(
    meeting: Meeting, command: AddAgendaItem, header: Header, world: World
) -> list[AnyMeetingEvent]:
    """Adds a pupil to the agenda. A service needed for a confirmed item may become expected. Refuses
    `already_on_agenda`, `unknown_service`."""
    require_changeable(meeting, command, header)
    if command.item in meeting.items:
        raise Refusal("already_on_agenda", "item")
    for service in command.services:
        if world.directory.service(service) is None:
            raise Refusal("unknown_service", "services")
    added = AgendaItemAdded(
        header=header,
        item=command.item,
        pupil=command.about,
        services=tuple(dict.fromkeys(command.services)),
        confirmed=command.confirmed,
        without_names=command.without_names,
        by_disclosure=True,
    )
    return [added, *changed_expectations(meeting, evolve(meeting, added), header, world.directory)]


def decide_confirm_item(
    meeting: Meeting, command: ConfirmAgendaItem, header: Header, world: World
) -> list[AnyMeetingEvent]:
    """Confirms a proposed item. A service needed for it may become expected, with notice from this day. Refuses
    `already_confirmed`."""
    item = _require_item(meeting, command, command.item, header)
    if item.confirmed:
        raise Refusal("already_confirmed", "item")
    confirmed = AgendaItemConfirmed(header=header, item=item.item)
    return [confirmed, *changed_expectations(meeting, evolve(meeting, confirmed), header, world.directory)]


def decide_remove_item(
    meeting: Meeting, command: RemoveAgendaItem, header: Header, world: World
) -> list[AnyMeetingEvent]:
    """Removes an item. A service that no other item needs is no longer expected. Refuses `item_minuted`."""
    item = _require_item(meeting, command, command.item, header)
    if any(taken.item == item.item for taken in meeting.minutes.values()):
        raise Refusal("item_minuted", "item")
    removed = AgendaItemRemoved(header=header, item=item.item)
    return [removed, *changed_expectations(meeting, evolve(meeting, removed), header, world.directory)]


def decide_order(
    meeting: Meeting, command: OrderAgenda, header: Header, world: World
) -> list[AnyMeetingEvent]:
    """Sets the order in which the items are heard; nobody's expectation changes. Refuses `not_the_whole_agenda` when
    an item is missing, unknown or named twice."""
    require_changeable(meeting, command, header)
    if sorted(command.items, key=str) != sorted(meeting.items, key=str):
        raise Refusal("not_the_whole_agenda", "items")
    if command.items == tuple(meeting.items):
        return []
    return [AgendaOrdered(header=header, items=command.items)]


def decide_send_agenda(
    meeting: Meeting, command: SendAgenda, header: Header, world: World
) -> list[AnyMeetingEvent]:
    """Sends the confirmed items to every invited party. Refuses `nobody_invited`."""
    require_changeable(meeting, command, header)
    if not meeting.invitations:
        raise Refusal("nobody_invited", "meeting")
    confirmed = tuple(i.item for i in meeting.items.values() if i.confirmed)
    return [AgendaSent(header=header, items=confirmed, parties=tuple(meeting.invitations))]


def _require_item(meeting: Meeting, command: Command, item: UUID, header: Header) -> AgendaItem:
    """The agenda item, while the meeting is open and the item has not changed since the actor saw it. Refused
    `unknown_item`."""
    require_school(meeting, header)
    require_open(meeting)
    found = meeting.items.get(item)
    if found is None:
        raise Refusal("unknown_item", "item")
    require_current_version(command, found.last_version)
    return found
