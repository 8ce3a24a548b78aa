from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given as for_all
from hypothesis import settings
from hypothesis import strategies as st
from msgspec.structs import replace

from coordination.calendars import wales
from coordination.errors import StaleVersion
from coordination.event import Command
from coordination.meeting.commands import (
    ApproveMinutes,
    CancelMeeting,
    CorrectMark,
    RecordDelivery,
    RemoveAgendaItem,
    RescheduleMeeting,
)
from coordination.meeting.decisions.finalising import decide_approve, decide_finalise
from coordination.meeting.events import (
    PRESENT,
    ActionMinuted,
    CorrectedAfterwards,
    ExpectationChanged,
    Invited,
    MarkCorrected,
    MeetingFinalised,
    MinutesApproved,
    PresenceMarked,
)
from coordination.meeting.state import Meeting, evolve
from coordination.pupil.actions.decide import AgreeActionAtMeeting, DropActionAtMeeting, SettleActionAtMeeting
from coordination.pupil.actions.events import ActionAgreed, ActionCancelled, Owner
from coordination.pupil.minutes.decide import CorrectMinute, TakeMinute
from tests.given import SCHOOL, given, header
from tests.meeting.hwb import (
    ACTION,
    ALNCO,
    AS_CLINICIAN,
    BOARD,
    CAMHS,
    CAMHS_TERMS,
    COUNSELLOR,
    HELD,
    INVITED,
    MEETING,
    MINUTE,
    NURSE,
    PUPIL,
    STAFF,
    MeetingStory,
    add_item,
    answer,
    at_noon,
    end_terms,
    finalise,
    invite,
    mark,
    schedule,
    world,
)

DUE = date(2026, 3, 20)


def so_far(*commands: Command) -> given:
    return given(evolve, Meeting(), MeetingStory().does(schedule(), *commands).of_meeting())


def note(action: UUID = ACTION, **more: Any) -> AgreeActionAtMeeting:
    return AgreeActionAtMeeting(
        occurred_on=HELD, meeting=MEETING, pupil=PUPIL, action=action, what="Ring the clinic", **more
    )


def test_a_complete_meeting_is_finalised() -> None:
    complete = so_far(invite(CAMHS), invite(COUNSELLOR), mark(CAMHS, "absent"), mark(STAFF, "attended"))
    complete.when(decide_finalise, finalise(), world()).then(
        [MeetingFinalised(header=header(), minutes_version=1, present=1)]
    )


def test_every_gap_is_named() -> None:
    story = MeetingStory().does(schedule(), invite(CAMHS), invite(NURSE), invite(COUNSELLOR), note())
    refusal = story.tries(finalise())
    assert refusal is not None
    assert refusal.code == "not_complete"
    assert refusal.facts["gaps"] == (
        {"gap": "nobody_present"},
        {"gap": "unmarked", "party": CAMHS},
        {"gap": "unmarked", "party": NURSE},
        {"gap": "action_without_owner", "action": ACTION, "pupil": PUPIL},
        {"gap": "action_without_due_date", "action": ACTION, "pupil": PUPIL},
    )


def test_an_unmarked_agency_that_is_not_expected_is_no_gap() -> None:
    so_far(invite(COUNSELLOR), mark(STAFF, "attended")).when(decide_finalise, finalise(), world()).happened(
        MeetingFinalised
    )


def test_an_apology_written_down_after_the_register_must_be_put_right() -> None:
    story = MeetingStory().does(
        schedule(), invite(CAMHS), mark(CAMHS, "absent"), mark(STAFF, "attended"), answer(CAMHS, "apologies")
    )
    refusal = story.tries(finalise())
    assert refusal is not None
    assert refusal.facts["gaps"] == ({"gap": "apology_marked_absent", "party": CAMHS},)


def test_terms_that_ended_meanwhile_are_judged_once_more() -> None:
    story = MeetingStory().does(schedule(), invite(CAMHS), mark(STAFF, "attended"))
    assert story.tries(finalise()) is not None
    story.world = world(end_terms(CAMHS_TERMS, BOARD, date(2026, 2, 20)))
    changed, finalised = story.decided(finalise())
    assert isinstance(changed, ExpectationChanged)
    assert changed.expectation.because == "no_terms"
    assert isinstance(finalised, MeetingFinalised)


def test_an_action_is_settled_or_dropped_before_finalising() -> None:
    other = UUID(int=0x99)
    story = MeetingStory().does(schedule(), mark(STAFF, "attended"), note(), note(other))
    owner = Owner(organisation=SCHOOL, person=ALNCO)
    story.does(
        SettleActionAtMeeting(
            occurred_on=HELD, meeting=MEETING, pupil=PUPIL, action=ACTION, owner=owner, due_on=DUE
        ),
        DropActionAtMeeting(occurred_on=HELD, meeting=MEETING, pupil=PUPIL, action=other, why="Twice"),
        finalise(),
    )
    assert story.meeting.finalised


def test_quorum_chair_and_an_earlier_open_meeting_warn_only() -> None:
    story = MeetingStory().does(schedule(chair=None, quorum=2), mark(STAFF, "attended"))
    [finalised] = story.decided(finalise(earlier_open=(UUID(int=0x12),)))
    assert isinstance(finalised, MeetingFinalised)
    assert finalised.warnings == ("earlier_meeting_open", "not_quorate", "no_chair")


def test_finalising_is_of_what_was_seen_on_the_day_or_after_it_and_once() -> None:
    ready = so_far(mark(STAFF, "attended"))
    ready.when(decide_finalise, finalise(seen=1), world()).refused("overtaken")
    ready.by(**AS_CLINICIAN).when(decide_finalise, finalise(), world()).refused("not_found")
    early = so_far().by(recorded_at=at_noon(INVITED))
    early.when(decide_finalise, replace(finalise(), occurred_on=INVITED), world()).refused("meeting_not_held")
    done = so_far(mark(STAFF, "attended"), finalise())
    done.when(decide_finalise, finalise(), world()).refused("meeting_finalised")


def test_minutes_are_approved_as_they_stand() -> None:
    done = so_far(mark(STAFF, "attended"), finalise())
    approve = ApproveMinutes(occurred_on=HELD, meeting=MEETING, minutes_version=1)
    done.when(decide_approve, approve, world()).then([MinutesApproved(header=header(), minutes_version=1)])
    so_far().when(decide_approve, approve, world()).refused("not_finalised")
    story = MeetingStory().does(schedule(), mark(STAFF, "attended"), finalise(), approve)
    refusal = story.tries(approve)
    assert refusal is not None
    assert refusal.code == "already_approved"
    story.does(
        CorrectMark(
            occurred_on=HELD,
            meeting=MEETING,
            party=STAFF.key,
            mark="late",
            supersedes=2,
            why="Late",
        )
    )
    refusal = story.tries(approve)
    assert isinstance(refusal, StaleVersion)
    story.does(ApproveMinutes(occurred_on=HELD, meeting=MEETING, minutes_version=2))
    assert story.meeting.approved_version == 2


# The law: no order of commands finalises a meeting with an expected agency unmarked, or an action loose.

SERVICES = (CAMHS, NURSE, COUNSELLOR)
MARKS = ("attended", "late", "apologies", "absent", "substitute", "written_contribution")
DAYS = (INVITED, date(2026, 2, 20), HELD)
_items = st.sampled_from([UUID(int=0x41), UUID(int=0x42)])
_actions = st.sampled_from([UUID(int=0x43), UUID(int=0x44)])
_owners = st.sampled_from([None, Owner(organisation=SCHOOL), Owner(organisation=BOARD, service=CAMHS)])
_services = st.sampled_from(SERVICES)
_dues = st.sampled_from([None, DUE])
_days = st.sampled_from(DAYS)


def _correction(of: UUID, how: Any, supersedes: int, why: str | None) -> CorrectMark:
    return CorrectMark(occurred_on=HELD, meeting=MEETING, party=of, mark=how, supersedes=supersedes, why=why)


_asking: st.SearchStrategy[Command] = st.one_of(
    st.builds(
        lambda s, on, whole: invite(s, on, whole_meeting=whole),
        _services,
        _days,
        st.booleans(),
    ),
    st.builds(
        lambda s, on, ok: RecordDelivery(occurred_on=on, meeting=MEETING, party=s, way="email", arrived=ok),
        _services,
        _days,
        st.booleans(),
    ),
    st.builds(lambda s, on, item: add_item(s, on=on, item=item), _services, _days, _items),
    st.builds(lambda item: RemoveAgendaItem(occurred_on=HELD, meeting=MEETING, item=item), _items),
    st.builds(
        lambda on, day: RescheduleMeeting(occurred_on=on, meeting=MEETING, held_on=day),
        _days,
        st.sampled_from([date(2026, 2, 10), HELD, date(2026, 4, 1)]),
    ),
)
_commands: st.SearchStrategy[Command] = st.one_of(
    _asking,
    _asking,
    st.builds(lambda s, how: mark(s, how), _services, st.sampled_from(MARKS)),
    st.just(mark(STAFF, "attended")),
    st.builds(
        _correction, _services, st.sampled_from(MARKS), st.integers(1, 12), st.sampled_from([None, "Wrong"])
    ),
    st.builds(answer, _services, st.sampled_from(["attending", "apologies"])),
    st.builds(lambda action, owner, due: note(action, owner=owner, due_on=due), _actions, _owners, _dues),
    st.builds(
        lambda action, owner, due: SettleActionAtMeeting(
            occurred_on=HELD, meeting=MEETING, pupil=PUPIL, action=action, owner=owner, due_on=due
        ),
        _actions,
        _owners,
        _dues,
    ),
    st.builds(
        lambda action: DropActionAtMeeting(
            occurred_on=HELD, meeting=MEETING, pupil=PUPIL, action=action, why="Not to be"
        ),
        _actions,
    ),
    st.just(TakeMinute(occurred_on=HELD, meeting=MEETING, pupil=PUPIL, minute=MINUTE, discussion="Said")),
    st.just(
        CorrectMinute(
            occurred_on=HELD, meeting=MEETING, pupil=PUPIL, minute=MINUTE, discussion="Said", why="Wrong"
        )
    ),
    st.just(CancelMeeting(occurred_on=HELD, meeting=MEETING)),
    st.builds(finalise),
    st.builds(finalise),
)


def _told(story: MeetingStory) -> list[Any]:
    """Events up to the finalising, read without the state that decided it."""
    kinds = [type(e) for e in story.events]
    return list(story.events[: kinds.index(MeetingFinalised)])


@settings(max_examples=400, deadline=None)
@for_all(st.lists(_commands, max_size=12), st.lists(_commands, max_size=12))
def test_no_order_of_commands_finalises_an_incomplete_meeting(
    before: list[Command], after_it: list[Command]
) -> None:
    story = MeetingStory().does(schedule(), invite(CAMHS))
    for command in (*before, mark(STAFF, "attended"), finalise(), *after_it, finalise()):
        story.tries(command)
    if not story.meeting.finalised:
        return
    told = _told(story)
    expected = {}
    for event in told:
        if isinstance(event, Invited | ExpectationChanged):
            expected[event.party.key] = event.expectation.expected
    marks = {e.party.key: e.mark for e in told if isinstance(e, PresenceMarked | MarkCorrected)}
    assert {party for party, is_expected in expected.items() if is_expected} <= set(marks)
    assert any(how in PRESENT for how in marks.values())
    agreed = {e.action for e in told if isinstance(e, ActionAgreed)}
    dropped = {e.action for e in told if isinstance(e, ActionCancelled)}
    for key in agreed - dropped:
        action = story.case.actions.actions[key]
        assert action.owner is not None
        assert action.due_on is not None
    after = {
        type(e) for e in story.of_meeting()[[type(e) for e in story.of_meeting()].index(MeetingFinalised) :]
    }
    assert after <= {MeetingFinalised, MarkCorrected, CorrectedAfterwards}


@settings(max_examples=150, deadline=None)
@for_all(st.lists(_asking, min_size=1, max_size=12))
def test_who_is_expected_accepted_terms_and_had_the_notice_they_require(commands: list[Command]) -> None:
    story = MeetingStory().does(schedule())
    for command in commands:
        story.tries(command)
    days = wales()
    for key in story.meeting.expected():
        invitation = story.meeting.invitations[key]
        rests_on = invitation.expectation
        terms = story.world.directory.terms(key, SCHOOL, story.meeting.held_on)
        assert terms is not None
        assert rests_on.terms == terms.id
        notice = days.ordinal(story.meeting.held_on) - days.ordinal(rests_on.notice_from)
        assert notice >= terms.notice_working_days
        asked = [e.invited_on for e in story.events if isinstance(e, Invited) and e.party.key == key]
        assert rests_on.notice_from >= min(asked)
        assert invitation.whole_meeting or story.meeting.items_needing(key)
        assert not invitation.undelivered


def test_the_law_can_fail() -> None:
    """The commands do reach a finalised meeting, so the law above says something."""
    story = MeetingStory().does(
        schedule(),
        invite(CAMHS, whole_meeting=True),
        mark(CAMHS, "absent"),
        mark(STAFF, "attended"),
        note(owner=Owner(organisation=SCHOOL), due_on=DUE),
        finalise(),
    )
    assert story.meeting.finalised
    assert [type(e) for e in _told(story)].count(ActionMinuted) == 1


@pytest.mark.parametrize("how", ["apologies", "absent", "written_contribution"])
def test_nobody_in_the_room_is_no_meeting(how: str) -> None:
    so_far(invite(CAMHS), mark(CAMHS, how)).when(decide_finalise, finalise(), world()).refused("not_complete")
