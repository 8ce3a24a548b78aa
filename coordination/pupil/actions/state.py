"""The actions for a pupil as decisions and reminders need them."""

from __future__ import annotations

from datetime import date
from typing import Any, Literal, assert_never
from uuid import UUID

import msgspec

from coordination.clocks import overdue
from coordination.pupil.actions.events import (
    ActionAgreed,
    ActionCancelled,
    ActionCompleted,
    ActionDueChanged,
    ActionReassigned,
    ActionReopened,
    AnyActionEvent,
    Owner,
)

Ended = Literal["completed", "cancelled"]
Phase = Literal["incomplete", "open", "overdue", "completed", "cancelled"]


class Action(msgspec.Struct, frozen=True):
    """One action. `ended_on` is the day of completion or cancelling."""

    action: UUID
    school: UUID
    agreed_on: date
    last_version: int
    owner: Owner | None = None
    due_on: date | None = None
    meeting: UUID | None = None
    minute: UUID | None = None
    ended: Ended | None = None
    ended_on: date | None = None

    @property
    def incomplete(self) -> bool:
        """Noted at a meeting without an owner or a due date."""
        return self.owner is None or self.due_on is None

    def phase(self, on: date) -> Phase:
        """Where the action stands on a day. Overdue from the day after it was due."""
        if self.ended is not None:
            return self.ended
        if self.owner is None or self.due_on is None:
            return "incomplete"
        return "overdue" if overdue(self.due_on, on) else "open"

    def overdue(self, on: date) -> bool:
        """Whether it is open and its due date has passed on that day."""
        return self.phase(on) == "overdue"


class Actions(msgspec.Struct, frozen=True):
    actions: dict[UUID, Action] = {}


def evolve(actions: Actions, event: AnyActionEvent, version: int) -> Actions:
    """The actions after the event; `version` is its place in the pupil's stream."""
    match event:
        case ActionAgreed():
            agreed = Action(
                action=event.action,
                school=event.school,
                agreed_on=event.header.occurred_on,
                last_version=version,
                owner=event.owner,
                due_on=event.due_on,
                meeting=event.meeting,
                minute=event.minute,
            )
            return msgspec.structs.replace(actions, actions={**actions.actions, agreed.action: agreed})
        case ActionReassigned(owner=owner):
            return _changed(actions, event, version, owner=owner)
        case ActionDueChanged(due_on=due_on):
            return _changed(actions, event, version, due_on=due_on)
        case ActionCompleted():
            return _changed(actions, event, version, ended="completed", ended_on=event.header.occurred_on)
        case ActionCancelled():
            return _changed(actions, event, version, ended="cancelled", ended_on=event.header.occurred_on)
        case ActionReopened():
            return _changed(actions, event, version, ended=None, ended_on=None)
        case _:
            assert_never(event)


def _changed(actions: Actions, event: AnyActionEvent, version: int, **changes: Any) -> Actions:
    changed = msgspec.structs.replace(actions.actions[event.action], last_version=version, **changes)
    return msgspec.structs.replace(actions, actions={**actions.actions, event.action: changed})
