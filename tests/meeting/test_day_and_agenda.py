from __future__ import annotations

from datetime import date, time
from uuid import UUID

import pytest
from msgspec.structs import replace

from coordination.event import Command
from coordination.meeting.commands import (
    CancelMeeting,
    ConfirmAgendaItem,
    DeclareConflict,
    NameChair,
    RemoveAgendaItem,
    RescheduleMeeting,
    SendAgenda,
    SetNextMeeting,
)
from coordination.meeting.decisions.agenda import (
    decide_add_item,
    decide_confirm_item,
    decide_remove_item,
    decide_send_agenda,
)
from coordination.meeting.decisions.planning import (
    decide_cancel,
    decide_name_chair,
    decide_next,
    decide_reschedule,
    decide_schedule,
)
from coordination.meeting.decisions.register import decide_conflict
from coordination.meeting.events import (
    AgendaItemAdded,
    AgendaItemConfirmed,
    AgendaItemRemoved,
    AgendaSent,
    ChairNamed,
    ConflictOfInterestDeclared,
    Expectation,
    ExpectationChanged,
    MeetingCancelled,
    MeetingRescheduled,
    MeetingScheduled,
    NextMeetingSet,
)
from coordination.meeting.state import Meeting, evolve
from tests.given import SCHOOL, given, header
from tests.meeting.hwb import (
    ALNCO,
    AS_CLINICIAN,
    AS_STRANGER,
    CAMHS,
    CAMHS_TERMS,
    COUNSELLOR,
    HELD,
    INVITED,
    ITEM,
    MEETING,
    NURSE,
    PUPIL,
    MeetingStory,
    add_item,
    answer,
    finalise,
    invite,
    mark,
    schedule,
    service,
    world,
)


def so_far(*commands: Command) -> given:
    """A meeting after these commands, the first of them its scheduling."""
    return given(evolve, Meeting(), MeetingStory().does(schedule(), *commands).of_meeting())


def test_a_school_schedules_a_meeting_by_its_own_name_for_it() -> None:
    command = schedule(starts_at=time(14, 30), quorum=3, name=" Panel Lles ", place="", series=UUID(int=9))
    given(evolve, Meeting()).when(decide_schedule, command, world()).then(
        [
            MeetingScheduled(
                header=header(),
                kind="hwb",
                school=SCHOOL,
                held_on=HELD,
                starts_at=time(14, 30),
                series=UUID(int=9),
                chair=ALNCO,
                quorum=3,
                name="Panel Lles",
                place=None,
            )
        ]
    )


def test_scheduling_is_refused() -> None:
    nothing = given(evolve, Meeting())
    nothing.when(decide_schedule, schedule(quorum=0), world()).refused("out_of_range", "quorum")
    nothing.when(decide_schedule, schedule(occurred_on=date(2026, 3, 3)), world()).refused("in_the_future")
    nothing.by(**AS_STRANGER).when(decide_schedule, schedule(), world()).refused("not_found")
    nothing.by(**AS_CLINICIAN).when(decide_schedule, schedule(), world()).refused("not_found")
    so_far().when(decide_schedule, schedule(), world()).refused("already_scheduled")


def test_an_agency_cannot_schedule_for_itself() -> None:
    agency = AS_CLINICIAN["organisation"]
    command = schedule(school=agency)
    by_agency = given(evolve, Meeting()).by(role="alnco", organisation=agency)
    by_agency.when(decide_schedule, command, world()).refused("unknown_school")


def test_a_meeting_moved_makes_notice_run_again_and_answers_void() -> None:
    story = MeetingStory().does(schedule(), invite(CAMHS), answer(CAMHS, "attending"))
    move = RescheduleMeeting(occurred_on=HELD, meeting=MEETING, held_on=date(2026, 3, 5), why="Snow")
    moved, changed = story.decided(move)
    assert isinstance(moved, MeetingRescheduled)
    assert moved.why == "Snow"
    assert isinstance(changed, ExpectationChanged)
    assert (changed.expectation.expected, changed.expectation.because) == (False, "short_notice")
    assert (changed.expectation.notice, changed.expectation.notice_required) == (3, 10)
    story.tell([moved, changed])
    assert story.meeting.invitations[CAMHS].answer is None
    assert story.meeting.expected() == ()


def test_a_meeting_moved_with_notice_enough_keeps_its_expectations() -> None:
    story = MeetingStory().does(schedule(), invite(CAMHS))
    story.does(RescheduleMeeting(occurred_on=HELD, meeting=MEETING, held_on=date(2026, 4, 20)))
    assert story.meeting.expected() == (CAMHS,)
    assert story.meeting.invitations[CAMHS].expectation.notice_from == HELD


def test_a_meeting_whose_register_has_begun_is_not_moved() -> None:
    move = RescheduleMeeting(occurred_on=HELD, meeting=MEETING, held_on=date(2026, 4, 20))
    begun = so_far(invite(CAMHS), mark(CAMHS, "attended"))
    begun.when(decide_reschedule, move, world()).refused("register_begun", "held_on")


def test_the_chair_is_named() -> None:
    so_far().when(
        decide_name_chair, NameChair(occurred_on=INVITED, meeting=MEETING, chair=ALNCO), world()
    ).then([ChairNamed(header=header(), chair=ALNCO)])
    unknown = NameChair(occurred_on=INVITED, meeting=MEETING, chair=UUID(int=0xFFF))
    so_far().when(decide_name_chair, unknown, world()).refused("unknown_person", "chair")


def test_a_meeting_is_cancelled_and_then_nothing_more_is_recorded() -> None:
    cancel = CancelMeeting(occurred_on=INVITED, meeting=MEETING)
    so_far().when(decide_cancel, cancel, world()).then([MeetingCancelled(header=header(), why=None)])
    cancelled = MeetingStory().does(schedule(), invite(CAMHS), cancel)
    for late in (
        invite(NURSE),
        mark(CAMHS, "attended"),
        add_item(CAMHS),
        finalise(),
        answer(CAMHS, "apologies"),
    ):
        refusal = cancelled.tries(late)
        assert refusal is not None
        assert refusal.code == "meeting_cancelled"


def test_a_meeting_at_which_somebody_was_is_not_cancelled() -> None:
    cancel = CancelMeeting(occurred_on=HELD, meeting=MEETING)
    so_far(invite(CAMHS), mark(CAMHS, "attended")).when(decide_cancel, cancel, world()).refused(
        "meeting_was_held"
    )


def test_an_item_makes_the_service_it_needs_expected_if_there_is_time() -> None:
    story = MeetingStory().does(schedule(), invite(CAMHS, whole_meeting=False))
    assert story.meeting.invitations[CAMHS].expectation.because == "not_needed"
    added, changed = story.decided(add_item(CAMHS, NURSE, CAMHS))
    assert isinstance(added, AgendaItemAdded)
    assert added.services == (CAMHS, NURSE)
    assert isinstance(changed, ExpectationChanged)
    assert changed.expectation.expected
    assert changed.expectation.items == (ITEM,)


def test_an_item_added_late_gives_short_notice_whenever_the_invitation_was() -> None:
    story = MeetingStory().does(schedule(), invite(CAMHS, whole_meeting=False))
    _, changed = story.decided(add_item(CAMHS, on=date(2026, 2, 20)))
    assert isinstance(changed, ExpectationChanged)
    assert (changed.expectation.because, changed.expectation.notice) == ("short_notice", 6)


def test_a_further_item_does_not_shorten_the_notice_of_who_was_needed_already() -> None:
    story = MeetingStory().does(schedule(), invite(CAMHS, whole_meeting=False), add_item(CAMHS))
    story.does(add_item(CAMHS, on=date(2026, 2, 27), item=UUID(int=0x99)))
    assert story.meeting.expected() == (CAMHS,)
    assert story.meeting.invitations[CAMHS].expectation.notice_from == INVITED


def test_a_service_that_nothing_needs_any_more_is_not_expected() -> None:
    story = MeetingStory().does(schedule(), invite(CAMHS, whole_meeting=False), add_item(CAMHS))
    remove = RemoveAgendaItem(occurred_on=INVITED, meeting=MEETING, item=ITEM)
    removed, changed = story.decided(remove)
    assert isinstance(removed, AgendaItemRemoved)
    assert isinstance(changed, ExpectationChanged)
    assert changed.expectation.because == "not_needed"
    story.does(remove)
    refusal = story.tries(remove)
    assert refusal is not None
    assert refusal.code == "unknown_item"


def test_items_of_the_agenda_are_refused() -> None:
    so_far(add_item(CAMHS)).when(decide_add_item, add_item(CAMHS), world()).refused("already_on_agenda")
    so_far().when(decide_add_item, add_item(UUID(int=0xFFF)), world()).refused("unknown_service", "services")
    so_far().by(**AS_CLINICIAN).when(decide_add_item, add_item(CAMHS), world()).refused("not_found")


def test_a_proposed_item_is_confirmed_once() -> None:
    proposed = so_far(replace(add_item(CAMHS), confirmed=False))
    confirm = ConfirmAgendaItem(occurred_on=INVITED, meeting=MEETING, item=ITEM)
    proposed.when(decide_confirm_item, confirm, world()).then(
        [AgendaItemConfirmed(header=header(), item=ITEM)]
    )
    so_far(add_item(CAMHS)).when(decide_confirm_item, confirm, world()).refused("already_confirmed")


def test_an_item_that_is_only_proposed_asks_no_service_to_come() -> None:
    proposed = replace(add_item(CAMHS), confirmed=False)
    for story in (
        MeetingStory().does(schedule(), invite(CAMHS, whole_meeting=False), proposed),
        MeetingStory().does(schedule(), proposed, invite(CAMHS, whole_meeting=False)),
    ):
        expectation = story.meeting.invitations[CAMHS].expectation
        assert not expectation.expected
        assert expectation.because == "not_needed"
        assert expectation.items == ()


@pytest.mark.parametrize(
    ("confirmed_on", "because"), [(date(2026, 2, 16), None), (date(2026, 2, 17), "short_notice")]
)
def test_a_confirmed_item_asks_the_service_to_come_with_notice_from_that_day(
    confirmed_on: date, because: str | None
) -> None:
    proposed = replace(add_item(CAMHS), confirmed=False)
    so_far(invite(CAMHS, whole_meeting=False), proposed).when(
        decide_confirm_item, ConfirmAgendaItem(occurred_on=confirmed_on, meeting=MEETING, item=ITEM), world()
    ).then(
        [
            AgendaItemConfirmed(header=header(occurred_on=confirmed_on), item=ITEM),
            ExpectationChanged(
                header=header(occurred_on=confirmed_on),
                party=service(CAMHS),
                expectation=Expectation(
                    expected=because is None,
                    notice_from=confirmed_on,
                    notice=10 if because is None else 9,
                    because=because,
                    terms=CAMHS_TERMS,
                    notice_required=10,
                    items=(ITEM,),
                ),
            ),
        ]
    )


def test_an_item_shown_before_it_changed_is_overtaken() -> None:
    story = MeetingStory().does(schedule(), add_item(CAMHS))
    stale = RemoveAgendaItem(occurred_on=INVITED, meeting=MEETING, item=ITEM, seen=1)
    refusal = story.tries(stale)
    assert refusal is not None
    assert refusal.facts == {"seen": 1, "current": 2}
    given(evolve, Meeting(), story.of_meeting()).when(
        decide_remove_item, RemoveAgendaItem(occurred_on=INVITED, meeting=MEETING, item=ITEM, seen=2), world()
    ).happened(AgendaItemRemoved)


def test_the_agenda_goes_to_everybody_invited() -> None:
    ready = so_far(invite(CAMHS), invite(COUNSELLOR), add_item(CAMHS))
    ready.when(decide_send_agenda, SendAgenda(occurred_on=INVITED, meeting=MEETING), world()).then(
        [AgendaSent(header=header(), items=(ITEM,), parties=(CAMHS, COUNSELLOR))]
    )
    so_far().when(decide_send_agenda, SendAgenda(occurred_on=INVITED, meeting=MEETING), world()).refused(
        "nobody_invited"
    )


def test_an_interest_is_declared() -> None:
    declare = DeclareConflict(occurred_on=HELD, meeting=MEETING, person=ALNCO, item=ITEM)
    so_far(add_item(CAMHS)).when(decide_conflict, declare, world()).then(
        [ConflictOfInterestDeclared(header=header(), person=ALNCO, item=ITEM)]
    )
    so_far().when(decide_conflict, declare, world()).refused("unknown_item", "item")
    nobody = DeclareConflict(occurred_on=HELD, meeting=MEETING, person=UUID(int=0xFFF))
    so_far().when(decide_conflict, nobody, world()).refused("unknown_person", "person")


def test_the_next_meeting_is_after_this_one() -> None:
    following = SetNextMeeting(occurred_on=HELD, meeting=MEETING, next_on=date(2026, 4, 6))
    so_far().when(decide_next, following, world()).then(
        [NextMeetingSet(header=header(), next_on=date(2026, 4, 6))]
    )
    same_day = SetNextMeeting(occurred_on=HELD, meeting=MEETING, next_on=HELD)
    so_far().when(decide_next, same_day, world()).refused("not_after_this_meeting", "next_on")


@pytest.mark.parametrize("by", [AS_CLINICIAN, AS_STRANGER])
def test_nobody_else_is_told_that_there_is_a_meeting(by: dict[str, object]) -> None:
    commands = (
        RescheduleMeeting(occurred_on=INVITED, meeting=MEETING, held_on=HELD),
        CancelMeeting(occurred_on=INVITED, meeting=MEETING),
        NameChair(occurred_on=INVITED, meeting=MEETING, chair=ALNCO),
        invite(CAMHS),
        add_item(CAMHS),
        SendAgenda(occurred_on=INVITED, meeting=MEETING),
        mark(CAMHS, "attended"),
        finalise(),
        answer(NURSE, "attending"),
    )
    there_is = MeetingStory().does(schedule(), add_item(NURSE, item=UUID(int=0x98), about=PUPIL))
    there_is_none = MeetingStory()
    for command in commands:
        for story in (there_is, there_is_none):
            refusal = story.tries(command, **by)
            assert refusal is not None
            assert (refusal.code, refusal.facts) == ("not_found", {})
