from __future__ import annotations

from typing import Any
from uuid import UUID

import pytest
from msgspec.structs import replace

from coordination.event import Command
from coordination.meeting.commands import CancelMeeting, CorrectMark
from coordination.meeting.events import CorrectedAfterwards, MinuteTaken
from coordination.meeting.state import Meeting, evolve
from coordination.pupil import casefile
from coordination.pupil.casefile import CaseFile
from coordination.pupil.minutes.decide import CorrectMinute, TakeMinute, decide_correct, decide_take
from coordination.pupil.minutes.events import Dissent, MinuteCorrected, MinuteRecorded
from tests.given import SCHOOL, given, header
from tests.meeting.hwb import (
    AS_CLINICIAN,
    AS_STRANGER,
    CAMHS,
    COUNSELLOR,
    HELD,
    INVITED,
    ITEM,
    MEETING,
    MINUTE,
    NURSE,
    OTHER_SCHOOL,
    PUPIL,
    SIBLING,
    STAFF,
    MeetingStory,
    add_item,
    at_noon,
    finalise,
    invite,
    mark,
    registered,
    schedule,
    world,
)

HELD_MEETING = (
    schedule(),
    add_item(CAMHS),
    invite(CAMHS),
    invite(NURSE),
    mark(CAMHS, "attended"),
    mark(NURSE, "written_contribution"),
    mark(STAFF, "attended"),
)


def take(**changed: Any) -> TakeMinute:
    usual = TakeMinute(
        occurred_on=HELD,
        meeting=MEETING,
        pupil=PUPIL,
        minute=MINUTE,
        item=ITEM,
        services_present=(CAMHS,),
        discussion="  What was said ",
        decision="Refer",
    )
    return replace(usual, **changed)


def correct(**changed: Any) -> CorrectMinute:
    usual = CorrectMinute(
        occurred_on=HELD,
        meeting=MEETING,
        pupil=PUPIL,
        minute=MINUTE,
        why="Names were mixed up",
        services_present=(CAMHS,),
        decision="Do not refer",
    )
    return replace(usual, **changed)


def held(*more: Command) -> MeetingStory:
    return MeetingStory().does(*HELD_MEETING, *more)


def refused(story: MeetingStory, command: object, **by: Any) -> tuple[str, str | None]:
    refusal = story.tries(command, **by)  # type: ignore[arg-type]
    assert refusal is not None
    return refusal.code, refusal.field


def test_a_minute_is_taken_on_both_streams() -> None:
    story = held()
    dissent = (Dissent(service=NURSE, text=" Wait first "),)
    command = take(dissent=dissent, childs_view="I am fine", parents_view="  ")
    given(evolve, Meeting(), story.of_meeting()).when(decide_take, command, world(), story.case).then(
        [
            MinuteTaken(header=header(), minute=MINUTE, pupil=PUPIL, item=ITEM),
            MinuteRecorded(
                header=header(),
                minute=MINUTE,
                meeting=MEETING,
                school=SCHOOL,
                services_present=(CAMHS,),
                item=ITEM,
                by_disclosure=True,
                discussion="What was said",
                decision="Refer",
                dissent=(Dissent(service=NURSE, text="Wait first"),),
                childs_view="I am fine",
                parents_view=None,
            ),
        ]
    )


def test_there_is_one_minute_for_each_pupil_and_item() -> None:
    story = held(take())
    assert refused(story, take()) == ("already_minuted", "minute")
    refusal = story.tries(take(minute=UUID(int=0x99)))
    assert refusal is not None
    assert (refusal.code, refusal.facts) == ("already_minuted", {"minute": MINUTE})
    story.does(take(minute=UUID(int=0x99), item=None))
    assert len(story.case.minutes.minutes) == len(story.meeting.minutes) == 2


def test_an_item_of_another_pupil_is_not_this_pupils() -> None:
    other = UUID(int=0x98)
    story = held(add_item(CAMHS, item=other, about=SIBLING))
    assert refused(story, take(item=other)) == ("unknown_item", "item")
    assert refused(story, take(item=UUID(int=0x97))) == ("unknown_item", "item")


def test_a_pupil_of_another_school_is_not_told_of() -> None:
    story = held()
    story.case = casefile.evolve(CaseFile(), registered(OTHER_SCHOOL))
    assert refused(story, take()) == ("not_found", None)


@pytest.mark.parametrize("by", [AS_CLINICIAN, AS_STRANGER])
def test_only_the_school_takes_and_corrects_minutes(by: dict[str, Any]) -> None:
    assert refused(held(), take(), **by) == ("not_found", None)
    assert refused(held(take()), correct(), **by) == ("not_found", None)


def test_who_was_not_there_may_not_read_it_and_who_wrote_may_dissent() -> None:
    story = held()
    assert refused(story, take(services_present=(NURSE,))) == ("service_not_present", "services_present")
    assert refused(story, take(services_present=(COUNSELLOR,))) == ("service_not_present", "services_present")
    assert refused(story, take(services_present=(STAFF.key,))) == ("service_not_present", "services_present")
    absent = (Dissent(service=COUNSELLOR, text="No"),)
    assert refused(story, take(dissent=absent)) == ("service_not_present", "dissent")
    assert refused(story, take(dissent=(Dissent(service=CAMHS, text=" "),))) == ("cannot_be_empty", "dissent")


def test_a_minute_says_something() -> None:
    assert refused(held(), take(discussion=None, decision=" ")) == ("cannot_be_empty", "discussion")
    held(take(discussion="Only this", decision=None))
    held(take(discussion=None, decision="Only this"))


def test_minutes_are_taken_from_the_day_on_until_finalised() -> None:
    early = MeetingStory().does(schedule(), add_item(CAMHS), invite(CAMHS))
    before = {"recorded_at": at_noon(INVITED)}
    assert refused(early, take(occurred_on=INVITED, services_present=()), **before)[0] == "meeting_not_held"
    assert refused(early, take(), **before) == ("in_the_future", "occurred_on")
    assert refused(held(finalise()), take())[0] == "meeting_finalised"
    cancelled = MeetingStory().does(schedule(), CancelMeeting(occurred_on=INVITED, meeting=MEETING))
    assert refused(cancelled, take())[0] == "meeting_cancelled"


def test_a_correction_before_finalising_is_the_pupils_matter_only() -> None:
    story = held(take())
    given(evolve, Meeting(), story.of_meeting()).when(decide_correct, correct(), world(), story.case).then(
        [
            MinuteCorrected(
                header=header(),
                minute=MINUTE,
                meeting=MEETING,
                supersedes=2,
                services_present=(CAMHS,),
                why="Names were mixed up",
                discussion=None,
                decision="Do not refer",
                dissent=(),
                childs_view=None,
                parents_view=None,
            )
        ]
    )


def test_a_correction_after_finalising_makes_new_minutes_of_the_meeting() -> None:
    story = held(take(), finalise())
    afterwards, corrected = story.decided(correct())
    assert isinstance(afterwards, CorrectedAfterwards)
    assert (afterwards.minutes_version, afterwards.minute, afterwards.pupil) == (2, MINUTE, PUPIL)
    assert isinstance(corrected, MinuteCorrected)
    story.tell([afterwards, corrected])
    [again, _] = story.decided(correct())
    assert isinstance(again, CorrectedAfterwards)
    assert again.minutes_version == 3
    assert story.case.minutes.minutes[MINUTE].last_version == 3


def test_a_correction_is_refused() -> None:
    story = held(take())
    assert refused(story, correct(why=" ")) == ("cannot_be_empty", "why")
    assert refused(story, correct(decision=None)) == ("cannot_be_empty", "discussion")
    assert refused(story, correct(minute=UUID(int=0x99))) == ("not_found", None)
    assert refused(story, correct(seen=1)) == ("overtaken", "seen")
    assert refused(story, correct(services_present=(NURSE,)))[0] == "service_not_present"


def test_a_minute_of_another_meeting_is_not_found() -> None:
    story = held(take())
    story.does(correct(seen=2))
    other = MeetingStory()
    other.case = story.case
    other.does(*HELD_MEETING)
    elsewhere = correct(meeting=UUID(int=0x12))
    assert refused(other, elsewhere) == ("not_found", None)


def test_the_school_corrects_its_minute_also_when_the_pupil_has_left() -> None:
    story = held(take())
    moved = casefile.evolve(CaseFile(), registered(OTHER_SCHOOL))
    story.case = replace(moved, minutes=story.case.minutes)
    story.does(correct())


def test_a_service_marked_absent_afterwards_is_taken_off_by_a_correction() -> None:
    story = held(take())
    wrong = CorrectMark(
        occurred_on=HELD, meeting=MEETING, party=CAMHS, mark="absent", supersedes=5, why="She rang"
    )
    story.does(wrong)
    assert refused(story, correct())[0] == "service_not_present"
    story.does(correct(services_present=()))
    assert story.case.minutes.minutes[MINUTE].services_present == ()
