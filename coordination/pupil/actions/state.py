"""The state of the actions for a pupil, for decisions and reminders."""

from __future__ import annotations

from datetime import date
from typing import Literal, assert_never
from uuid import UUID

import msgspec
from msgspec.structs import replace

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
    """One action. `ended_on` is the day on which it was completed or cancelled."""

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
        """Noted at a meeting, without an owner or a due date."""
        return self.owner is None or self.due_on is None

    def phase(self, on: date) -> Phase:
        """The phase on a day. Overdue from the day after the due date."""
        if self.ended is not None:
            return self.ended
        if self.owner is None or self.due_on is None:
            return "incomplete"
        return "overdue" if overdue(self.due_on, on) else "open"

    def overdue(self, on: date) -> bool:
        """Whether it is open on a day and its due date has passed."""
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
            return _with(actions, agreed)
        case _:
            changed = replace(_changed(actions.actions[event.action], event), last_version=version)
            return _with(actions, changed)


def _changed(
    action: Action,
    event: ActionReassigned | ActionDueChanged | ActionCompleted | ActionCancelled | ActionReopened,
) -> Action:
    on = event.header.occurred_on
    match event:
        case ActionReassigned(owner=owner):
            return replace(action, owner=owner)
        case ActionDueChanged(due_on=due_on):
            return replace(action, due_on=due_on)
        case ActionCompleted():
            return replace(action, ended="completed", ended_on=on)
        case ActionCancelled():
            return replace(action, ended="cancelled", ended_on=on)
        case ActionReopened():
            return replace(action, ended=None, ended_on=None)
        case _:
            assert_never(event)


def _with(actions: Actions, action: Action) -> Actions:
    return replace(actions, actions={**actions.actions, action.action: action})
