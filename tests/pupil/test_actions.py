from __future__ import annotations

from datetime import date, timedelta
from itertools import count
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given as for_all
from hypothesis import strategies as st
from msgspec.structs import replace

from coordination.event import Command
from coordination.meeting.events import ActionDropped, ActionMinuted
from coordination.pupil import casefile
from coordination.pupil.actions.decide import (
    AgreeAction,
    AgreeActionAtMeeting,
    CancelAction,
    ChangeActionDue,
    CompleteAction,
    DropActionAtMeeting,
    ReassignAction,
    ReopenAction,
    SettleActionAtMeeting,
    decide_agree,
    decide_complete,
)
from coordination.pupil.actions.events import (
    ActionAgreed,
    ActionCancelled,
    ActionCompleted,
    ActionDueChanged,
    ActionReassigned,
    ActionReopened,
    Owner,
)
from coordination.pupil.actions.state import Action, Actions, evolve
from coordination.pupil.casefile import CaseFile
from coordination.pupil.minutes.decide import TakeMinute
from tests.given import SCHOOL, given, header
from tests.meeting.hwb import (
    ACTION,
    ALNCO,
    AS_CLINICIAN,
    AS_COUNSELLOR,
    AS_HEAD,
    AS_STRANGER,
    BOARD,
    CAMHS,
    CLINICIAN,
    COUNSELLOR,
    HELD,
    MEETING,
    MINUTE,
    OTHER_SCHOOL,
    PUPIL,
    STAFF,
    MeetingStory,
    finalise,
    mark,
    registered,
    schedule,
    world,
)

AGREED = date(2026, 2, 20)
DUE = date(2026, 3, 20)
OF_CAMHS = Owner(organisation=BOARD, service=CAMHS, person=CLINICIAN)
OF_SCHOOL = Owner(organisation=SCHOOL, person=ALNCO)


def agree(**changed: Any) -> AgreeAction:
    usual = AgreeAction(
        occurred_on=AGREED, pupil=PUPIL, action=ACTION, what=" Ring ", owner=OF_CAMHS, due_on=DUE
    )
    return replace(usual, **changed)


def note(**changed: Any) -> AgreeActionAtMeeting:
    usual = AgreeActionAtMeeting(occurred_on=HELD, meeting=MEETING, pupil=PUPIL, action=ACTION, what="Ring")
    return replace(usual, **changed)


def settle(**changed: Any) -> SettleActionAtMeeting:
    return SettleActionAtMeeting(occurred_on=HELD, meeting=MEETING, pupil=PUPIL, action=ACTION, **changed)


def drop(why: str = "Twice") -> DropActionAtMeeting:
    return DropActionAtMeeting(occurred_on=HELD, meeting=MEETING, pupil=PUPIL, action=ACTION, why=why)


def complete(on: date = HELD, **more: Any) -> CompleteAction:
    return CompleteAction(occurred_on=on, pupil=PUPIL, action=ACTION, **more)


def cancel(why: str = "Moved") -> CancelAction:
    return CancelAction(occurred_on=HELD, pupil=PUPIL, action=ACTION, why=why)


def change_due(to: date, why: str = "Ill", **more: Any) -> ChangeActionDue:
    return ChangeActionDue(occurred_on=HELD, pupil=PUPIL, action=ACTION, due_on=to, why=why, **more)


def reassign(owner: Owner, **more: Any) -> ReassignAction:
    return ReassignAction(occurred_on=HELD, pupil=PUPIL, action=ACTION, owner=owner, **more)


def reopen(why: str = "Not so") -> ReopenAction:
    return ReopenAction(occurred_on=HELD, pupil=PUPIL, action=ACTION, why=why)


def held(*more: Command) -> MeetingStory:
    return MeetingStory().does(schedule(), mark(STAFF, "attended"), *more)


def refused(story: MeetingStory, command: Command, **by: Any) -> tuple[str, str | None]:
    refusal = story.tries(command, **by)
    assert refusal is not None
    return refusal.code, refusal.field


def of_pupil(*events: object) -> given:
    return given(casefile.evolve, CaseFile(), [registered(), *events])  # type: ignore[list-item]


def agreed(**changed: Any) -> ActionAgreed:
    usual = ActionAgreed(
        header=header(AGREED), action=ACTION, school=SCHOOL, owner=OF_CAMHS, due_on=DUE, what="Ring"
    )
    return replace(usual, **changed)


# Agreeing


def test_a_school_agrees_an_action_with_its_one_owner() -> None:
    of_pupil().when(decide_agree, agree(), world()).then([agreed()])


@pytest.mark.parametrize(
    "owner",
    [
        Owner(organisation=UUID(int=0xFFF)),
        Owner(organisation=BOARD, service=COUNSELLOR),
        Owner(organisation=BOARD, service=UUID(int=0xFFF)),
        Owner(organisation=BOARD, person=ALNCO),
        Owner(organisation=SCHOOL, person=CLINICIAN),
    ],
)
def test_an_owner_whose_parts_do_not_belong_together_is_refused(owner: Owner) -> None:
    of_pupil().when(decide_agree, agree(owner=owner), world()).refused("unknown_owner", "owner")


def test_agreeing_is_refused() -> None:
    of_pupil().when(decide_agree, agree(due_on=date(2026, 2, 19)), world()).refused("due_before_agreed")
    of_pupil().when(decide_agree, agree(what=" "), world()).refused("cannot_be_empty", "what")
    of_pupil().when(decide_agree, agree(occurred_on=date(2026, 3, 3)), world()).refused("in_the_future")
    of_pupil(agreed()).when(decide_agree, agree(), world()).refused("already_agreed", "action")
    of_pupil().by(**AS_STRANGER).when(decide_agree, agree(), world()).refused("not_found")
    of_pupil().by(**AS_CLINICIAN).when(decide_agree, agree(), world()).refused("not_found")


# At a meeting


def test_an_action_can_be_noted_first_and_settled_before_the_end() -> None:
    story = held()
    minuted, first = story.decided(note())
    assert isinstance(minuted, ActionMinuted)
    assert (minuted.has_owner, minuted.has_due_date) == (False, False)
    assert isinstance(first, ActionAgreed)
    assert (first.owner, first.due_on, first.meeting, first.school) == (None, None, MEETING, SCHOOL)
    story.tell([minuted, first])
    assert story.case.actions.actions[ACTION].phase(HELD) == "incomplete"
    minuted, owned = story.decided(settle(owner=OF_CAMHS))
    assert isinstance(minuted, ActionMinuted)
    assert (minuted.has_owner, minuted.has_due_date) == (True, False)
    assert isinstance(owned, ActionReassigned)
    story.tell([minuted, owned])
    minuted, dated = story.decided(settle(due_on=DUE))
    assert isinstance(minuted, ActionMinuted)
    assert (minuted.has_owner, minuted.has_due_date) == (True, True)
    assert isinstance(dated, ActionDueChanged)
    assert (dated.due_on, dated.was) == (DUE, None)
    story.tell([minuted, dated])
    assert story.case.actions.actions[ACTION].phase(HELD) == "open"


def test_an_action_of_a_minute_is_of_the_same_meeting() -> None:
    minute = TakeMinute(occurred_on=HELD, meeting=MEETING, pupil=PUPIL, minute=MINUTE, discussion="Said")
    story = held(minute, note(minute=MINUTE))
    assert story.case.actions.actions[ACTION].minute == MINUTE
    assert refused(held(), note(minute=MINUTE)) == ("unknown_minute", "minute")


def test_actions_at_a_meeting_are_refused() -> None:
    assert refused(held(note()), note()) == ("already_agreed", "action")
    assert refused(held(), note(what="")) == ("cannot_be_empty", "what")
    assert refused(held(), note(due_on=AGREED)) == ("due_before_agreed", "due_on")
    assert refused(held(), note(owner=Owner(organisation=BOARD, service=COUNSELLOR)))[0] == "unknown_owner"
    assert refused(held(finalise()), note())[0] == "meeting_finalised"
    assert refused(held(), note(), **AS_CLINICIAN)[0] == "not_found"
    assert refused(held(), settle(due_on=DUE))[0] == "not_found"
    assert refused(held(note()), settle())[0] == "nothing_changes"
    assert refused(held(note()), settle(due_on=DUE, seen=1))[0] == "overtaken"
    assert refused(held(note()), drop(" ")) == ("cannot_be_empty", "why")
    assert refused(held(note(), drop()), settle(due_on=DUE))[0] == "action_ended"
    elsewhere = held()
    elsewhere.case = casefile.evolve(CaseFile(), registered(OTHER_SCHOOL))
    assert refused(elsewhere, note()) == ("not_found", None)


def test_an_action_of_another_meeting_is_not_settled_here() -> None:
    story = held(note())
    other = replace(settle(due_on=DUE), meeting=UUID(int=0x12))
    assert refused(story, other)[0] == "not_found"


def test_an_action_is_dropped_with_its_reason() -> None:
    story = held(note())
    dropped, cancelled = story.decided(drop())
    assert isinstance(dropped, ActionDropped)
    assert isinstance(cancelled, ActionCancelled)
    assert cancelled.why == "Twice"


def test_an_incomplete_action_is_dealt_with_at_its_meeting() -> None:
    for command in (complete(), cancel(), change_due(DUE), reassign(OF_SCHOOL)):
        refusal = held(note()).tries(command)
        assert refusal is not None
        assert (refusal.code, refusal.facts) == ("action_incomplete", {"meeting": MEETING})
    assert refused(held(note(), drop()), reopen())[0] == "action_incomplete"


# Afterwards


def test_the_owners_organisation_and_the_school_complete() -> None:
    for by in (AS_CLINICIAN, AS_HEAD):
        of_pupil(agreed()).by(**by).when(decide_complete, complete(how=" Rang "), world()).then(
            [ActionCompleted(header=header(), action=ACTION, how="Rang")]
        )
    for by in (AS_COUNSELLOR, AS_STRANGER, {**AS_CLINICIAN, "role": "administrator"}):
        of_pupil(agreed()).by(**by).when(decide_complete, complete(), world()).refused("not_found")
    of_pupil().when(decide_complete, complete(), world()).refused("not_found")


def test_completing_is_refused() -> None:
    known = of_pupil(agreed())
    known.when(decide_complete, complete(date(2026, 2, 19)), world()).refused("before_agreed", "occurred_on")
    known.when(decide_complete, complete(date(2026, 3, 3)), world()).refused("in_the_future", "occurred_on")
    known.when(decide_complete, complete(seen=1), world()).refused("overtaken", "seen")
    done = of_pupil(agreed(), ActionCompleted(header=header(), action=ACTION, how=None))
    assert done.when(decide_complete, complete(), world()).refused("action_ended").facts == {
        "ended": "completed"
    }


def test_an_owner_hands_on_only_inside_its_own_house() -> None:
    story = MeetingStory().does(agree())
    assert refused(story, reassign(OF_SCHOOL), **AS_CLINICIAN) == ("not_yours_to_give", "owner")
    assert refused(story, reassign(OF_CAMHS)) == ("nothing_changes", "owner")
    assert refused(story, reassign(Owner(organisation=BOARD, service=COUNSELLOR)))[0] == "unknown_owner"
    story.does(reassign(Owner(organisation=BOARD), why="Leave"), **AS_CLINICIAN)
    story.does(reassign(OF_SCHOOL))
    assert story.case.actions.actions[ACTION].owner == OF_SCHOOL
    assert refused(story, complete(), **AS_CLINICIAN) == ("not_found", None)


def test_another_day_needs_a_reason() -> None:
    story = MeetingStory().does(agree())
    later = DUE + timedelta(days=7)
    assert refused(story, change_due(DUE)) == ("nothing_changes", "due_on")
    assert refused(story, change_due(date(2026, 2, 19))) == ("due_before_agreed", "due_on")
    assert refused(story, change_due(later, why="")) == ("cannot_be_empty", "why")
    [changed] = story.decided(change_due(later), **AS_CLINICIAN)
    assert isinstance(changed, ActionDueChanged)
    assert (changed.was, changed.due_on, changed.why) == (DUE, later, "Ill")


def test_cancelling_is_the_schools() -> None:
    story = MeetingStory().does(agree())
    assert refused(story, cancel(), **AS_CLINICIAN) == ("not_yours_to_cancel", "action")
    assert refused(story, cancel(" ")) == ("cannot_be_empty", "why")
    story.does(cancel())
    assert story.case.actions.actions[ACTION].phase(date(2027, 1, 1)) == "cancelled"


def test_an_ending_recorded_wrongly_is_reopened_and_stays_on_the_record() -> None:
    story = MeetingStory().does(agree())
    assert refused(story, reopen()) == ("not_ended", "action")
    story.does(complete())
    [reopened] = story.decided(reopen())
    assert isinstance(reopened, ActionReopened)
    assert reopened.supersedes == 3
    story.tell([reopened])
    assert story.case.actions.actions[ACTION].phase(HELD) == "open"


def test_the_next_school_takes_the_actions_over() -> None:
    story = MeetingStory().does(agree())
    story.case = replace(casefile.evolve(CaseFile(), registered(OTHER_SCHOOL)), actions=story.case.actions)
    assert refused(story, complete()) == ("not_found", None)
    story.does(complete(), **AS_STRANGER)


# Derived


@pytest.mark.parametrize(("on", "overdue"), [(DUE, False), (DUE + timedelta(days=1), True)])
def test_overdue_from_the_day_after(on: date, overdue: bool) -> None:
    state = evolve(Actions(), agreed(), 1)
    assert state.actions[ACTION].overdue(on) is overdue


_days = st.dates(date(2026, 1, 1), date(2026, 12, 31))
_steps = st.sampled_from(
    [
        ActionCompleted(header=header(), action=ACTION, how=None),
        ActionCancelled(header=header(), action=ACTION, why="No"),
        ActionReopened(header=header(), action=ACTION, supersedes=1, why="No"),
        ActionReassigned(header=header(), action=ACTION, owner=OF_SCHOOL, why=None),
    ]
)


@for_all(st.lists(_steps, max_size=6), _days, _days)
def test_once_overdue_always_overdue_until_it_ends_or_moves(steps: list[Any], one: date, other: date) -> None:
    versions = count(1)
    state = evolve(Actions(), agreed(), next(versions))
    for step in steps:
        state = evolve(state, step, next(versions))
    action: Action = state.actions[ACTION]
    first, last = sorted((one, other))
    if action.overdue(first):
        assert action.overdue(last)
    if action.ended:
        assert not action.overdue(last)
    assert action.last_version == len(steps) + 1
