"""Agreeing, reassigning, completing and cancelling actions.

The pupil's schools may record all of this. The owner's organisation may complete its action, change the due date, and
reassign it within the organisation. For anyone else the action does not exist (NotFound).
"""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING
from uuid import UUID

from coordination.authority import (
    SCHOOL_ROLES,
    acting_organisation,
    command_day,
    require_not_in_future,
    require_staff,
)
from coordination.decisions import Decision, decides
from coordination.errors import NotFound, Refusal
from coordination.event import Command, Header
from coordination.guards import require_current_version, require_words, speaks_for_agency, strip_text
from coordination.meeting.decisions.checks import require_day_reached, require_school
from coordination.meeting.events import ActionDropped, ActionMinuted, AnyMeetingEvent
from coordination.meeting.state import MEETING_STREAM, Meeting
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
from coordination.pupil.actions.state import Action
from coordination.pupil.casefile import PUPIL_STREAM
from coordination.world import World

if TYPE_CHECKING:
    from coordination.pupil.casefile import CaseFile


class AgreeAction(Command, frozen=True, kw_only=True):
    """An action agreed outside a meeting. `action` is a new random id."""

    pupil: UUID
    action: UUID
    what: str
    owner: Owner
    due_on: date


class AgreeActionAtMeeting(Command, frozen=True, kw_only=True):
    """An action agreed at a meeting; its owner and due date can be set later, before finalising."""

    meeting: UUID
    pupil: UUID
    action: UUID
    what: str
    minute: UUID | None = None
    owner: Owner | None = None
    due_on: date | None = None


class SettleActionAtMeeting(Command, frozen=True, kw_only=True):
    """Sets the owner, the due date or both for an action of a meeting that is not finalised."""

    meeting: UUID
    pupil: UUID
    action: UUID
    owner: Owner | None = None
    due_on: date | None = None


class DropActionAtMeeting(Command, frozen=True, kw_only=True):
    """Cancels an action noted at a meeting that is not finalised."""

    meeting: UUID
    pupil: UUID
    action: UUID
    why: str


class ReassignAction(Command, frozen=True, kw_only=True):
    pupil: UUID
    action: UUID
    owner: Owner
    why: str | None = None


class ChangeActionDue(Command, frozen=True, kw_only=True):
    pupil: UUID
    action: UUID
    due_on: date
    why: str


class CompleteAction(Command, frozen=True, kw_only=True):
    pupil: UUID
    action: UUID
    how: str | None = None


class CancelAction(Command, frozen=True, kw_only=True):
    pupil: UUID
    action: UUID
    why: str


class ReopenAction(Command, frozen=True, kw_only=True):
    pupil: UUID
    action: UUID
    why: str


# At a meeting


def decide_agree_at_meeting(
    meeting: Meeting, case: CaseFile, command: AgreeActionAtMeeting, header: Header, world: World
) -> list[AnyMeetingEvent | AnyActionEvent]:
    """Refuses `unknown_minute` for a minute of another meeting, and what `_agreed` refuses. Raises NotFound for a
    pupil who is not on the school's roll and was not on the day of the meeting."""
    require_school(meeting, header)
    on_roll = meeting.school in case.profile.schools() or case.profile.on_roll(
        meeting.school, meeting.held_on
    )
    if not on_roll:
        raise NotFound
    require_day_reached(meeting, header)
    if command.minute is not None:
        minute = case.minutes.minutes.get(command.minute)
        if minute is None or minute.meeting != command.meeting:
            raise Refusal("unknown_minute", "minute")
    agreed = ActionAgreed(
        header=header,
        action=command.action,
        school=meeting.school,
        owner=command.owner,
        due_on=command.due_on,
        meeting=command.meeting,
        minute=command.minute,
        what=require_words(command.what, "what"),
    )
    _agreed(case, agreed, header, world)
    return [
        ActionMinuted(
            header=header,
            action=command.action,
            pupil=command.pupil,
            has_owner=command.owner is not None,
            has_due_date=command.due_on is not None,
        ),
        agreed,
    ]


def decide_settle(
    meeting: Meeting, case: CaseFile, command: SettleActionAtMeeting, header: Header, world: World
) -> list[AnyMeetingEvent | AnyActionEvent]:
    """Refuses `nothing_changes`, an owner or a date that `_owner` or `_due` refuses, and `action_ended`."""
    action = _at_meeting(meeting, case, command, header)
    owner, due_on = command.owner or action.owner, command.due_on or action.due_on
    events: list[AnyMeetingEvent | AnyActionEvent] = [
        ActionMinuted(
            header=header,
            action=action.action,
            pupil=command.pupil,
            has_owner=owner is not None,
            has_due_date=due_on is not None,
        )
    ]
    if command.owner is not None and command.owner != action.owner:
        _owner(command.owner, world, command_day(header))
        events.append(ActionReassigned(header=header, action=action.action, owner=command.owner, why=None))
    if command.due_on is not None and command.due_on != action.due_on:
        _due(action.agreed_on, command.due_on)
        events.append(
            ActionDueChanged(
                header=header, action=action.action, due_on=command.due_on, was=action.due_on, why=None
            )
        )
    if len(events) == 1:
        raise Refusal("nothing_changes", "owner")
    return events


def decide_drop(
    meeting: Meeting, case: CaseFile, command: DropActionAtMeeting, header: Header, world: World
) -> list[AnyMeetingEvent | AnyActionEvent]:
    """Cancels the action, with a reason; the meeting can then be finalised without it."""
    action = _at_meeting(meeting, case, command, header)
    why = require_words(command.why, "why")
    return [
        ActionDropped(header=header, action=action.action, pupil=command.pupil),
        ActionCancelled(header=header, action=action.action, why=why),
    ]


def _at_meeting(
    meeting: Meeting, case: CaseFile, command: SettleActionAtMeeting | DropActionAtMeeting, header: Header
) -> Action:
    """An action of this meeting that has not ended, while the meeting is not finalised."""
    require_school(meeting, header)
    action = case.actions.actions.get(command.action)
    if action is None or action.meeting != command.meeting:
        raise NotFound
    require_day_reached(meeting, header)
    require_current_version(command, action.last_version)
    _not_ended(action)
    return action


# At any time


def decide_agree(case: CaseFile, command: AgreeAction, header: Header, world: World) -> list[AnyActionEvent]:
    """A school of the pupil agrees an action with one owner. Refuses what `_agreed` refuses."""
    school = require_staff(header, case.profile.schools())
    require_not_in_future(header, command.occurred_on)
    agreed = ActionAgreed(
        header=header,
        action=command.action,
        school=school,
        owner=command.owner,
        due_on=command.due_on,
        what=require_words(command.what, "what"),
    )
    _agreed(case, agreed, header, world)
    return [agreed]


def decide_reassign(
    case: CaseFile, command: ReassignAction, header: Header, world: World
) -> list[AnyActionEvent]:
    """An owner may reassign only within its own organisation (`not_yours_to_give`). Refuses `nothing_changes`."""
    action, is_school = _running(case, command, command.action, header, world)
    if not is_school and command.owner.organisation != acting_organisation(header):
        raise Refusal("not_yours_to_give", "owner")
    if command.owner == action.owner:
        raise Refusal("nothing_changes", "owner")
    _owner(command.owner, world, command_day(header))
    return [
        ActionReassigned(
            header=header, action=action.action, owner=command.owner, why=strip_text(command.why)
        )
    ]


def decide_change_due(
    case: CaseFile, command: ChangeActionDue, header: Header, world: World
) -> list[AnyActionEvent]:
    """Changes the due date, with a reason. Refuses `nothing_changes`, `due_before_agreed`."""
    action, _ = _running(case, command, command.action, header, world)
    if command.due_on == action.due_on:
        raise Refusal("nothing_changes", "due_on")
    _due(action.agreed_on, command.due_on)
    why = require_words(command.why, "why")
    return [
        ActionDueChanged(
            header=header, action=action.action, due_on=command.due_on, was=action.due_on, why=why
        )
    ]


def decide_complete(
    case: CaseFile, command: CompleteAction, header: Header, world: World
) -> list[AnyActionEvent]:
    """Records that the action was done. Refuses `before_agreed` for a day before the agreement."""
    action, _ = _running(case, command, command.action, header, world)
    if command.occurred_on < action.agreed_on:
        raise Refusal("before_agreed", "occurred_on", agreed_on=action.agreed_on.isoformat())
    return [ActionCompleted(header=header, action=action.action, how=strip_text(command.how))]


def decide_cancel(
    case: CaseFile, command: CancelAction, header: Header, world: World
) -> list[AnyActionEvent]:
    """Only a school may cancel (`not_yours_to_cancel`), with a reason."""
    action, is_school = _running(case, command, command.action, header, world)
    if not is_school:
        raise Refusal("not_yours_to_cancel", "action")
    return [ActionCancelled(header=header, action=action.action, why=require_words(command.why, "why"))]


def decide_reopen(
    case: CaseFile, command: ReopenAction, header: Header, world: World
) -> list[AnyActionEvent]:
    """Corrects a record of completion or cancelling, which stays. Refuses `not_ended`, and `action_incomplete` for an
    action cancelled at its meeting before it had an owner and a due date."""
    action, _ = _reached(case, command, command.action, header, world)
    if action.ended is None:
        raise Refusal("not_ended", "action")
    if action.incomplete:
        raise Refusal("action_incomplete", "action", meeting=action.meeting)
    return [
        ActionReopened(
            header=header,
            action=action.action,
            supersedes=action.last_version,
            why=require_words(command.why, "why"),
        )
    ]


# Checks that several of them share


def _reached(
    case: CaseFile, command: Command, key: UUID, header: Header, world: World
) -> tuple[Action, bool]:
    """The action, and whether a school of the pupil acts rather than the owner. Raises NotFound for anyone else."""
    action = case.actions.actions.get(key)
    if action is None:
        raise NotFound
    speaker = acting_organisation(header)
    is_school = speaker in case.profile.schools() and header.role in SCHOOL_ROLES
    is_owner = action.owner is not None and _speaks_for(action.owner, header, world)
    if not (is_school or is_owner):
        raise NotFound
    require_not_in_future(header, command.occurred_on)
    require_current_version(command, action.last_version)
    return action, is_school


def _speaks_for(owner: Owner, header: Header, world: World) -> bool:
    """Whether the actor is the owner, or acts for the owner's service; for an organisation, anybody who speaks for
    it."""
    nearer = owner.service is not None or owner.person is not None
    own = not nearer or owner.person == header.person or world.acts_for(owner.service)
    return speaks_for_agency(header, owner.organisation) and own


def _running(
    case: CaseFile, command: Command, key: UUID, header: Header, world: World
) -> tuple[Action, bool]:
    """As `_reached`, for an action that has its owner and due date and has not ended."""
    action, is_school = _reached(case, command, key, header, world)
    _not_ended(action)
    if action.incomplete:  # its meeting must record that it was settled
        raise Refusal("action_incomplete", "action", meeting=action.meeting)
    return action, is_school


def _not_ended(action: Action) -> None:
    if action.ended is not None:
        raise Refusal("action_ended", "action", ended=action.ended)


def _agreed(case: CaseFile, agreed: ActionAgreed, header: Header, world: World) -> None:
    """Refuses `already_agreed`, `unknown_owner`, `due_before_agreed`."""
    if agreed.action in case.actions.actions:
        raise Refusal("already_agreed", "action")
    if agreed.owner is not None:
        _owner(agreed.owner, world, command_day(header))
    if agreed.due_on is not None:
        _due(header.occurred_on, agreed.due_on)


def _due(agreed_on: date, due_on: date) -> None:
    if due_on < agreed_on:
        raise Refusal("due_before_agreed", "due_on", agreed_on=agreed_on.isoformat())


def _owner(owner: Owner, world: World, on: date) -> None:
    """Refused `unknown_owner` unless the owner is in the directory, and its service and person belong to its
    organisation."""
    directory = world.directory
    service = directory.service(owner.service)
    known = directory.organisation(owner.organisation) is not None
    if owner.service is not None:
        known = known and service is not None and service.agency == owner.organisation
    if owner.person is not None:
        known = known and bool(directory.roles_of(owner.person, owner.organisation, on))
    if not known:
        raise Refusal("unknown_owner", "owner")


DECISIONS: dict[type[Command], Decision] = dict(
    [
        decides(AgreeAction, decide_agree, PUPIL_STREAM),
        decides(AgreeActionAtMeeting, decide_agree_at_meeting, MEETING_STREAM, PUPIL_STREAM),
        decides(SettleActionAtMeeting, decide_settle, MEETING_STREAM, PUPIL_STREAM),
        decides(DropActionAtMeeting, decide_drop, MEETING_STREAM, PUPIL_STREAM),
        decides(ReassignAction, decide_reassign, PUPIL_STREAM),
        decides(ChangeActionDue, decide_change_due, PUPIL_STREAM),
        decides(CompleteAction, decide_complete, PUPIL_STREAM),
        decides(CancelAction, decide_cancel, PUPIL_STREAM),
        decides(ReopenAction, decide_reopen, PUPIL_STREAM),
    ]
)
