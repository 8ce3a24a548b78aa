from __future__ import annotations

from datetime import date, time
from typing import Any
from uuid import UUID

import pytest
from msgspec.structs import replace

from coordination.errors import StaleVersion
from coordination.event import Command
from coordination.meeting.commands import CorrectMark
from coordination.meeting.decisions.register import decide_correct_mark, decide_mark
from coordination.meeting.events import CorrectedAfterwards, MarkCorrected, PresenceMarked
from coordination.meeting.state import Meeting, evolve
from tests.given import given, header
from tests.meeting.hwb import (
    AS_CLINICIAN,
    CAMHS,
    CLINICIAN,
    COUNSELLOR,
    HELD,
    INVITED,
    MEETING,
    NURSE,
    STAFF,
    MeetingStory,
    answer,
    at_noon,
    finalise,
    invite,
    mark,
    schedule,
    service,
    world,
)


def so_far(*commands: Command) -> given:
    return given(evolve, Meeting(), MeetingStory().does(schedule(), *commands).of_meeting())


def correct(of: UUID, how: Any, supersedes: int, **more: Any) -> CorrectMark:
    return CorrectMark(occurred_on=HELD, meeting=MEETING, party=of, mark=how, supersedes=supersedes, **more)


def test_a_party_is_marked_with_its_times() -> None:
    command = mark(CAMHS, "late", arrived_at=time(14, 20), left_at=time(15, 0))
    so_far(invite(CAMHS)).when(decide_mark, command, world()).then(
        [
            PresenceMarked(
                header=header(),
                party=service(CAMHS),
                mark="late",
                arrived_at=time(14, 20),
                left_at=time(15, 0),
            )
        ]
    )


def test_a_substitute_comes_for_somebody_with_or_without_authority() -> None:
    command = mark(CAMHS, "substitute", substitute_for=CLINICIAN, with_authority=False)
    [marked] = so_far(invite(CAMHS)).when(decide_mark, command, world()).happened(PresenceMarked)
    assert isinstance(marked, PresenceMarked)
    assert (marked.substitute_for, marked.with_authority) == (CLINICIAN, False)


@pytest.mark.parametrize(
    ("how", "more", "code", "field"),
    [
        ("absent", {"arrived_at": time(14)}, "was_not_there", "arrived_at"),
        ("apologies", {"left_at": time(14)}, "was_not_there", "left_at"),
        ("written_contribution", {"left_at": time(14)}, "was_not_there", "left_at"),
        (
            "left_early",
            {"arrived_at": time(15), "left_at": time(14)},
            "left_before_arriving",
            "left_at",
        ),
        ("attended", {"substitute_for": CLINICIAN}, "not_a_substitute", "substitute_for"),
        ("attended", {"with_authority": False}, "not_a_substitute", "substitute_for"),
    ],
)
def test_a_mark_that_contradicts_itself_is_refused(
    how: Any, more: dict[str, Any], code: str, field: str
) -> None:
    so_far(invite(CAMHS)).when(decide_mark, mark(CAMHS, how, **more), world()).refused(code, field)


def test_the_register_begins_on_the_day() -> None:
    before = {"recorded_at": at_noon(date(2026, 3, 1))}
    early = CorrectMark(occurred_on=INVITED, meeting=MEETING, party=CAMHS, mark="late", supersedes=1)
    command = mark(CAMHS, "attended")
    so_far(invite(CAMHS)).by(**before).when(decide_mark, command, world()).refused("in_the_future")
    command = replace(command, occurred_on=INVITED)
    so_far(invite(CAMHS)).by(**before).when(decide_mark, command, world()).refused("meeting_not_held")
    so_far(invite(CAMHS)).by(**before).when(decide_correct_mark, early, world()).refused("not_marked")


def test_who_was_not_invited_can_come_and_cannot_be_absent() -> None:
    so_far().when(decide_mark, mark(COUNSELLOR, "attended"), world()).happened(PresenceMarked)
    so_far().when(decide_mark, mark(STAFF, "attended"), world()).happened(PresenceMarked)
    so_far().when(decide_mark, mark(COUNSELLOR, "absent"), world()).refused("not_invited", "party")
    so_far().when(decide_mark, mark(COUNSELLOR, "apologies"), world()).refused("not_invited", "party")


def test_a_given_apology_is_not_an_absence() -> None:
    apologised = so_far(invite(CAMHS), answer(CAMHS, "apologies"))
    apologised.when(decide_mark, mark(CAMHS, "absent"), world()).refused("apology_was_given", "mark")
    apologised.when(decide_mark, mark(CAMHS, "apologies"), world()).happened(PresenceMarked)
    marked = so_far(invite(CAMHS), answer(CAMHS, "apologies"), mark(CAMHS, "apologies"))
    marked.when(decide_correct_mark, correct(CAMHS, "absent", 4), world()).refused("apology_was_given")


def test_a_second_marking_is_a_correction() -> None:
    marked = so_far(invite(CAMHS), mark(CAMHS, "attended"))
    refusal = marked.when(decide_mark, mark(CAMHS, "late"), world()).refused("already_marked", "party")
    assert refusal.facts == {"version": 3}


def test_a_correction_names_the_line_that_it_replaces() -> None:
    marked = so_far(invite(CAMHS), mark(CAMHS, "absent"))
    marked.when(decide_correct_mark, correct(CAMHS, "late", 3, arrived_at=time(15)), world()).then(
        [
            MarkCorrected(
                header=header(),
                party=service(CAMHS),
                mark="late",
                supersedes=3,
                arrived_at=time(15),
                why=None,
            )
        ]
    )
    marked.when(decide_correct_mark, correct(NURSE, "late", 3), world()).refused("not_marked", "party")


def test_two_corrections_of_one_line_do_not_both_pass() -> None:
    story = MeetingStory().does(schedule(), invite(CAMHS), mark(CAMHS, "absent"), correct(CAMHS, "late", 3))
    refusal = story.tries(correct(CAMHS, "attended", 3))
    assert isinstance(refusal, StaleVersion)
    assert refusal.facts == {"seen": 3, "current": 4}


def test_after_finalising_a_correction_says_why_and_makes_new_minutes() -> None:
    story = MeetingStory().does(
        schedule(), invite(CAMHS), mark(CAMHS, "absent"), mark(STAFF, "attended"), finalise()
    )
    wrong = correct(CAMHS, "late", 3)
    refusal = story.tries(wrong)
    assert refusal is not None
    assert (refusal.code, refusal.field) == ("cannot_be_empty", "why")
    corrected, afterwards = story.decided(correct(CAMHS, "late", 3, why="  She came at three. "))
    assert isinstance(corrected, MarkCorrected)
    assert corrected.why == "She came at three."
    assert isinstance(afterwards, CorrectedAfterwards)
    assert (afterwards.minutes_version, afterwards.party) == (2, CAMHS)


def test_the_agency_does_not_mark_itself() -> None:
    invited = so_far(invite(CAMHS)).by(**AS_CLINICIAN)
    invited.when(decide_mark, mark(CAMHS, "attended"), world()).refused("not_found")
    marked = so_far(invite(CAMHS), mark(CAMHS, "absent")).by(**AS_CLINICIAN)
    marked.when(decide_correct_mark, correct(CAMHS, "attended", 3), world()).refused("not_found")
