"""Actions from all meetings: which are open, and how the others ended."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import msgspec
from flask_babel import lazy_gettext as _l
from marshmallow import Schema, fields

from coordination.pupil.actions.decide import CancelAction, ChangeActionDue, CompleteAction, ReopenAction
from coordination.sensitivity import Opened
from projections.case_file import queries
from projections.case_file.queries import ActionCriteria, ActionSummary
from webui.actions.forms import DropSchema, ReopenActionSchema
from webui.api.derived import fields_of
from webui.api.paging import PageRequest
from webui.api.reading import ClosedSchema, closed_schema
from webui.api.resource import (
    ReadLogNote,
    RecordingResult,
    RecordRequest,
    Resource,
    ResourceRows,
    ResourceView,
)
from webui.forms.fields import DateField, LongTextField
from webui.pupil.identity import text_of
from webui.shell import casework
from webui.shell.authentication import viewer
from webui.shell.roles import SCHOOL_DESK
from webui.shell.runtime import runtime

actions = Resource(
    "actions",
    "Actions agreed for pupils. A school sees those of its pupils, an agency those that it owns, and both record what "
    "has changed. Until a meeting is final, change its actions on the meeting.",
)

ONE = "/actions/<uuid:action>"


class ActionsQuery(ClosedSchema):
    """Filters for the list."""

    due_to = DateField("Due on or before this date", required=False)


DropActionBody = closed_schema(DropSchema)
ReopenActionBody = closed_schema(ReopenActionSchema)


class DoneBody(ClosedSchema):
    """An action is done."""

    done_on = DateField(_l("Done on"))
    how = LongTextField("How it was done", longest=500, required=False)


class PostponedBody(ClosedSchema):
    """A new due date for an action."""

    due_on = DateField(_l("New due date"))
    why = LongTextField("Why", longest=500)


class ActionSchema(Schema):
    """An action and its one owner. `phase`: incomplete, open, overdue, completed, cancelled."""

    class Meta(Schema.Meta):
        include = fields_of(
            ActionSummary,
            *("action", "pupil", "school", "owner_organisation", "owner_service", "owner_person"),
            *("agreed_on", "due_on", "meeting", "minute", "phase", "ended_on"),
        )

    what = fields.String(required=True, allow_none=True)


def action_out(action: ActionSummary, words: Opened) -> dict[str, Any]:
    """An action as an ActionSchema dict; `words` are its opened sealed fields."""
    return msgspec.structs.asdict(action) | {"what": text_of(words, "what")}


@actions.lists("/actions", scope="meetings:read", query=ActionsQuery, answers=ActionSchema)
def listed_actions(query: dict[str, Any], page: PageRequest) -> ResourceRows:
    """List open actions, earliest due date first."""
    ask = ActionCriteria(due_to=query["due_to"], page=page.number, size=page.size)
    found = queries.actions(casework.reader(), viewer(), ask)
    total = found.total
    if not found.rows and page.number > 1:  # the query does not count rows beyond the last page
        total = queries.actions(casework.reader(), viewer(), ActionCriteria(due_to=query["due_to"])).total
    opened = casework.open_sealed([line.action.at for line in found.rows])
    rows = [action_out(line.action, words) for line, words in zip(found.rows, opened, strict=True)]
    return ResourceRows(
        rows, total, ReadLogNote("actions", [line.action.pupil for line in found.rows], _purpose())
    )


@actions.shows(ONE, scope="meetings:read", answers=ActionSchema)
def one_action(action: UUID) -> ResourceView:
    """Get an action."""
    line, _position = queries.action(casework.reader(), viewer(), action)
    [words] = casework.open_sealed([line.action.at])
    noted = ReadLogNote("action", [line.action.pupil], _purpose())
    return ResourceView(action_out(line.action, words), line.action.last_version, noted)


@actions.records(
    f"{ONE}/complete", scope="meetings:write", takes=DoneBody, makes=("action",), thing=one_action
)
def complete_action(typed: dict[str, Any], asked: RecordRequest, action: UUID) -> RecordingResult:
    """Record that an action is done."""
    asked.perform(CompleteAction(occurred_on=typed["done_on"], how=typed["how"], **_about(action, asked)))
    return _of(action)


@actions.records(
    f"{ONE}/postpone", scope="meetings:write", takes=PostponedBody, makes=("action",), thing=one_action
)
def postpone_action(typed: dict[str, Any], asked: RecordRequest, action: UUID) -> RecordingResult:
    """Change the due date, with a reason."""
    asked.perform(ChangeActionDue(occurred_on=runtime().today(), **typed, **_about(action, asked)))
    return _of(action)


@actions.records(
    f"{ONE}/cancel", scope="meetings:write", takes=DropActionBody, makes=("action",), thing=one_action
)
def cancel_action(typed: dict[str, Any], asked: RecordRequest, action: UUID) -> RecordingResult:
    """Cancel an action. Only the school can do this."""
    asked.perform(CancelAction(occurred_on=runtime().today(), why=typed["why"], **_about(action, asked)))
    return _of(action)


@actions.records(
    f"{ONE}/reopen", scope="meetings:write", takes=ReopenActionBody, makes=("action",), thing=one_action
)
def reopen_action(typed: dict[str, Any], asked: RecordRequest, action: UUID) -> RecordingResult:
    """Reopen an action that was ended in error. The earlier entry is kept."""
    asked.perform(ReopenAction(occurred_on=runtime().today(), why=typed["words"], **_about(action, asked)))
    return _of(action)


def _about(action: UUID, asked: RecordRequest) -> dict[str, Any]:
    line, _position = queries.action(casework.reader(), viewer(), action)
    return {"seen": asked.seen, "pupil": line.action.pupil, "action": action}


def _purpose() -> str:
    return "own_pupil" if viewer().role in SCHOOL_DESK else "disclosed"


def _of(action: UUID) -> RecordingResult:
    return RecordingResult({"action": action}, f"/actions/{action}")
