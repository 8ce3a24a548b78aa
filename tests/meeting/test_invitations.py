from __future__ import annotations

from datetime import date
from uuid import UUID

import pytest
from msgspec.structs import replace

from coordination.errors import NotFound
from coordination.event import Command
from coordination.meeting.commands import RecordDelivery, RescheduleMeeting
from coordination.meeting.decisions.inviting import decide_answer, decide_delivery, decide_invite
from coordination.meeting.events import (
    Expectation,
    ExpectationChanged,
    InvitationAnswered,
    InvitationDelivered,
    Invited,
    Party,
)
from coordination.meeting.state import Meeting, evolve
from coordination.world import World
from tests.given import SCHOOL, given, header
from tests.meeting.hwb import (
    AS_ALNCO,
    AS_CLINICIAN,
    AS_COUNSELLOR,
    BOARD,
    CAMHS,
    CAMHS_TERMS,
    CLINICIAN,
    COUNSELLOR,
    HELD,
    INVITED,
    MEETING,
    NURSE,
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
    service,
    world,
)

BEFORE = {"recorded_at": at_noon(INVITED)}
AFTER = {"recorded_at": at_noon(date(2026, 3, 4))}


def so_far(*commands: Command) -> given:
    return given(evolve, Meeting(), MeetingStory().does(schedule(), *commands).of_meeting())


def test_a_service_under_terms_with_notice_enough_is_expected() -> None:
    so_far().when(decide_invite, invite(CAMHS), world()).then(
        [
            Invited(
                header=header(),
                party=service(CAMHS),
                whole_meeting=True,
                invited_on=INVITED,
                expectation=Expectation(
                    expected=True,
                    notice_from=INVITED,
                    notice=20,
                    terms=CAMHS_TERMS,
                    notice_required=10,
                ),
            )
        ]
    )


def because(story: MeetingStory, of: UUID) -> str | None:
    expectation = story.meeting.invitations[of].expectation
    assert expectation.expected is (expectation.because is None)
    return expectation.because


def test_without_terms_it_is_welcome_and_owes_nothing() -> None:
    assert because(MeetingStory().does(schedule(), invite(COUNSELLOR)), COUNSELLOR) == "no_terms"


@pytest.mark.parametrize(("on", "expected"), [(date(2026, 2, 16), True), (date(2026, 2, 17), False)])
def test_notice_is_counted_in_working_days_up_to_the_day_held(on: date, expected: bool) -> None:
    story = MeetingStory().does(schedule(), invite(CAMHS, on))
    assert (because(story, CAMHS) is None) is expected
    if not expected:
        assert because(story, CAMHS) == "short_notice"


def test_terms_of_one_kind_of_meeting_do_not_bind_for_another() -> None:
    assert because(MeetingStory().does(schedule(kind="idp_review"), invite(CAMHS)), CAMHS) == "no_terms"


def test_terms_must_hold_on_the_day_of_the_meeting() -> None:
    ended = world(end_terms(CAMHS_TERMS, BOARD, date(2026, 3, 1)))
    assert because(MeetingStory(ended).does(schedule(), invite(CAMHS)), CAMHS) == "no_terms"
    on_the_day = world(end_terms(CAMHS_TERMS, BOARD, HELD))
    assert because(MeetingStory(on_the_day).does(schedule(), invite(CAMHS)), CAMHS) is None


def test_an_invitation_as_a_courtesy_asks_nothing() -> None:
    story = MeetingStory().does(schedule(), add_item(NURSE), invite(CAMHS, whole_meeting=False))
    assert because(story, CAMHS) == "not_needed"


def test_school_staff_are_invited_by_person() -> None:
    story = MeetingStory().does(schedule(), invite(STAFF))
    assert because(story, STAFF.key) == "no_terms"


def test_parties_that_do_not_exist_or_do_not_belong_together_are_refused() -> None:
    def refused(party: Party, code: str) -> None:
        so_far().when(decide_invite, invite(party), world()).refused(code, "party")

    refused(Party(organisation=UUID(int=0xFFF)), "unknown_organisation")
    refused(Party(organisation=SCHOOL, service=CAMHS), "unknown_service")
    refused(Party(organisation=BOARD, service=UUID(int=0xFFF)), "unknown_service")
    refused(Party(organisation=SCHOOL, person=CLINICIAN), "unknown_person")


def test_asking_twice_is_refused_and_asking_for_more_is_not() -> None:
    so_far(invite(CAMHS)).when(decide_invite, invite(CAMHS), world()).refused("already_invited")
    story = MeetingStory().does(schedule(), invite(CAMHS, whole_meeting=False))
    story.does(answer(CAMHS, "apologies"), invite(CAMHS, date(2026, 2, 20)))
    assert because(story, CAMHS) == "short_notice"  # it was a courtesy until then
    assert story.meeting.invitations[CAMHS].answer == "apologies"


def test_an_invitation_that_came_back_asks_nothing_until_it_arrives() -> None:
    failed = RecordDelivery(occurred_on=INVITED, meeting=MEETING, party=CAMHS, way="email", arrived=False)
    story = MeetingStory().does(schedule(), invite(CAMHS))
    delivered, changed = story.decided(failed)
    assert delivered == InvitationDelivered(
        header=delivered.header, party=service(CAMHS), way="email", arrived=False
    )
    assert isinstance(changed, ExpectationChanged)
    assert changed.expectation.because == "not_delivered"
    story.tell([delivered, changed])
    arrived = RecordDelivery(occurred_on=date(2026, 2, 10), meeting=MEETING, party=CAMHS, way="letter")
    story.does(arrived)
    assert because(story, CAMHS) is None
    assert story.meeting.invitations[CAMHS].expectation.notice_from == date(2026, 2, 10)


def test_an_invitation_that_came_back_can_be_sent_again_with_notice_from_then() -> None:
    failed = RecordDelivery(occurred_on=INVITED, meeting=MEETING, party=CAMHS, way="email", arrived=False)
    story = MeetingStory().does(schedule(), invite(CAMHS), failed, invite(CAMHS, date(2026, 2, 26)))
    assert because(story, CAMHS) == "short_notice"


def test_an_invitation_that_came_back_stays_so_when_the_meeting_is_moved() -> None:
    failed = RecordDelivery(occurred_on=INVITED, meeting=MEETING, party=CAMHS, way="email", arrived=False)
    move = RescheduleMeeting(
        occurred_on=INVITED, meeting=MEETING, held_on=date(2026, 3, 30), why="The hall is taken"
    )
    story = MeetingStory().does(schedule(), invite(CAMHS), failed, move)
    assert story.meeting.invitations[CAMHS].undelivered
    assert because(story, CAMHS) == "not_delivered"
    # it can be sent again for the new date, and then has notice from that day on
    story.does(invite(CAMHS, date(2026, 2, 10)))
    assert not story.meeting.invitations[CAMHS].undelivered
    assert because(story, CAMHS) is None
    assert story.meeting.invitations[CAMHS].expectation.notice_from == date(2026, 2, 10)


def test_nothing_dated_back_gives_notice_before_the_invitation() -> None:
    story = MeetingStory().does(schedule(), invite(CAMHS, date(2026, 2, 20)))
    story.does(RescheduleMeeting(occurred_on=INVITED, meeting=MEETING, held_on=HELD, why="Another room"))
    assert because(story, CAMHS) == "short_notice"
    story = MeetingStory().does(
        schedule(), invite(CAMHS, date(2026, 2, 20), whole_meeting=False), add_item(CAMHS)
    )
    assert because(story, CAMHS) == "short_notice"


def test_delivery_of_what_was_not_sent_is_refused() -> None:
    nothing = RecordDelivery(occurred_on=INVITED, meeting=MEETING, party=NURSE, way="email")
    so_far(invite(CAMHS)).when(decide_delivery, nothing, world()).refused("not_invited", "party")


def test_an_agency_answers_in_its_own_word_and_the_school_reports() -> None:
    invited = so_far(invite(CAMHS))
    invited.by(**AS_CLINICIAN).when(decide_answer, answer(CAMHS, "apologies"), world()).then(
        [
            InvitationAnswered(
                header=header(), party=service(CAMHS), answer="apologies", reported=False, way="system"
            )
        ]
    )
    invited.by(**AS_ALNCO).when(decide_answer, answer(CAMHS, "substitute", way="telephone"), world()).then(
        [
            InvitationAnswered(
                header=header(), party=service(CAMHS), answer="substitute", reported=True, way="telephone"
            )
        ]
    )


def test_school_staff_answer_for_themselves() -> None:
    [answered] = MeetingStory().does(schedule(), invite(STAFF)).decided(answer(STAFF.key, "attending"))
    assert isinstance(answered, InvitationAnswered)
    assert not answered.reported


def test_no_agency_answers_for_another_nor_lends_its_voice() -> None:
    invited = so_far(invite(CAMHS))
    invited.by(**AS_COUNSELLOR).when(decide_answer, answer(CAMHS, "apologies"), world()).refused("not_found")
    lent = {**AS_COUNSELLOR, "on_behalf_of": BOARD}
    invited.by(**lent).when(decide_answer, answer(CAMHS, "apologies"), world()).refused("not_found")
    silent = {**AS_CLINICIAN, "role": "administrator"}
    invited.by(**silent).when(decide_answer, answer(CAMHS, "apologies"), world()).refused("not_found")


def test_who_was_not_invited_cannot_answer() -> None:
    so_far().when(decide_answer, answer(CAMHS, "attending"), world()).refused("not_invited", "party")
    so_far().by(**AS_CLINICIAN).when(decide_answer, answer(CAMHS, "attending"), world()).refused("not_found")


def test_an_answer_after_the_meeting_is_none() -> None:
    after = date(2026, 3, 4)
    invited = so_far(invite(CAMHS))
    invited.by(**AFTER).when(decide_answer, answer(CAMHS, "apologies", after), world()).refused(
        "after_the_meeting", "occurred_on"
    )
    # the agency says afterwards that it had said so before: that is for a dispute, not for the register
    invited.by(**AS_CLINICIAN, **AFTER).when(decide_answer, answer(CAMHS, "apologies"), world()).refused(
        "after_the_meeting"
    )
    # the school writes down late what it was told in time
    invited.by(**AFTER).when(decide_answer, answer(CAMHS, "apologies"), world()).happened(InvitationAnswered)


def test_the_school_cannot_report_an_apology_away() -> None:
    story = (
        MeetingStory()
        .does(schedule(), invite(CAMHS))
        .does(answer(CAMHS, "apologies"), **AS_CLINICIAN, **BEFORE)
    )
    refusal = story.tries(answer(CAMHS, "attending", way="telephone"))
    assert refusal is not None
    assert (refusal.code, refusal.facts) == ("own_word_stands", {"answer": "apologies"})
    story.does(answer(CAMHS, "attending"), **AS_CLINICIAN, **BEFORE)
    story.does(answer(CAMHS, "apologies", way="telephone"))
    assert story.meeting.invitations[CAMHS].answer == "apologies"


def test_an_answer_to_an_invitation_that_changed_meanwhile_is_overtaken() -> None:
    story = MeetingStory().does(schedule(), invite(CAMHS), answer(CAMHS, "attending"))
    refusal = story.tries(answer(CAMHS, "apologies", seen=2), **AS_CLINICIAN)
    assert refusal is not None
    assert refusal.facts == {"seen": 2, "current": 3}


def test_nothing_is_answered_after_finalising() -> None:
    story = MeetingStory().does(schedule(), invite(CAMHS), mark(CAMHS, "attended"), finalise())
    refusal = story.tries(answer(CAMHS, "apologies"), **AS_CLINICIAN)
    assert refusal is not None
    assert refusal.code == "meeting_finalised"


def of_services(*services: UUID) -> World:
    """The world of somebody who acts for these services of an agency only."""
    return replace(world(), services=services)


def test_another_service_of_the_same_agency_answers_no_invitation() -> None:
    invited = so_far(invite(CAMHS)).by(**AS_CLINICIAN, **BEFORE)
    invited.when(decide_answer, answer(CAMHS, "attending"), of_services(CAMHS)).happened(InvitationAnswered)
    outcome = invited.when(decide_answer, answer(CAMHS, "attending"), of_services(NURSE))
    assert isinstance(outcome.refusal, NotFound)


def test_an_agency_invited_as_a_whole_is_answered_for_by_any_of_its_services() -> None:
    whole = so_far(invite(Party(organisation=BOARD))).by(**AS_CLINICIAN, **BEFORE)
    whole.when(decide_answer, answer(BOARD, "attending"), of_services(NURSE)).happened(InvitationAnswered)
