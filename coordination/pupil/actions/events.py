"""The actions agreed for the pupil: owner, due date, result."""

from __future__ import annotations

from datetime import date
from uuid import UUID

import msgspec

from coordination.event import PupilEvent
from coordination.sensitivity import SEALED, Operational, Special


class Owner(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """The one owner of an action: a person, a service, or an organisation; the most specific one named is responsible.
    Service and person belong to the organisation."""

    organisation: UUID
    service: UUID | None = None
    person: UUID | None = None


class ActionEvent(PupilEvent, frozen=True, kw_only=True):
    """About one action."""

    action: Operational[UUID]


class ActionAgreed(ActionEvent, frozen=True, kw_only=True):
    """An action was agreed. Only one noted at a meeting can lack its owner or due date, until the meeting is
    finalised. `school` is the school whose action it is."""

    topic = "action.agreed"
    school: Operational[UUID]
    owner: Operational[Owner | None] = None
    due_on: Operational[date | None] = None
    meeting: Operational[UUID | None] = None
    minute: Operational[UUID | None] = None
    what: Special[str] = SEALED


class ActionReassigned(ActionEvent, frozen=True, kw_only=True):
    """The action has another owner."""

    topic = "action.reassigned"
    owner: Operational[Owner]
    why: Special[str | None] = SEALED


class ActionDueChanged(ActionEvent, frozen=True, kw_only=True):
    """The due date changed; `was` is the earlier one (None: there was none yet)."""

    topic = "action.due_changed"
    due_on: Operational[date]
    was: Operational[date | None] = None
    why: Special[str | None] = SEALED


class ActionCompleted(ActionEvent, frozen=True, kw_only=True):
    """The action was done, on the day of the event."""

    topic = "action.completed"
    how: Special[str | None] = SEALED


class ActionCancelled(ActionEvent, frozen=True, kw_only=True):
    """The action was cancelled."""

    topic = "action.cancelled"
    why: Special[str] = SEALED


class ActionReopened(ActionEvent, frozen=True, kw_only=True):
    """The action was recorded as completed or cancelled in error; `supersedes` is the version of that record."""

    topic = "action.reopened"
    supersedes: Operational[int]
    why: Special[str] = SEALED


AnyActionEvent = (
    ActionAgreed | ActionReassigned | ActionDueChanged | ActionCompleted | ActionCancelled | ActionReopened
)
"""All of them, so that the type checker finds a `match` that forgets one."""
