"""A mark that a service contests without a challenge, decided by neither party."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import pytest
from msgspec.structs import replace

from coordination.errors import NotFound, StaleVersion
from coordination.meeting.contests import ContestMark, RuleOnContest
from tests.meeting.hwb import (
    AS_ALNCO,
    AS_CLINICIAN,
    AS_COUNSELLOR,
    AS_HEAD,
    AS_MANAGER,
    AS_OFFICER,
    AS_STRANGER,
    CAMHS,
    HELD,
    MEETING,
    MeetingStory,
    at_noon,
    finalise,
    invite,
    mark,
    schedule,
)
from tests.meeting.test_register import STAFF, correct

CONTEST = UUID(int=0xC0)
BY = ContestMark(
    occurred_on=HELD,
    meeting=MEETING,
    contest=CONTEST,
    party=CAMHS,
    mark_version=3,
    claims="attended",
    why="She signed the visitors' book",
)
RULE = RuleOnContest(
    occurred_on=HELD, meeting=MEETING, contest=CONTEST, ruling="upheld", reasons="The book has her name"
)


def held() -> MeetingStory:
    return MeetingStory().does(
        schedule(), invite(CAMHS), mark(CAMHS, "absent"), mark(STAFF, "attended"), finalise()
    )


def as_(who: dict[str, Any]) -> dict[str, Any]:
    return {"recorded_at": at_noon(HELD), **who}


def test_the_service_contests_and_an_officer_of_the_authority_rules() -> None:
    story = held().does(BY, **as_(AS_CLINICIAN)).does(RULE, **as_(AS_OFFICER))
    contest = story.meeting.contests[CONTEST]
    assert (contest.ruling, contest.reads) == ("upheld", "attended")
    assert story.meeting.register[CAMHS].mark == "absent", "the mark stays beside the ruling"
    again = story.tries(RULE, **as_(AS_OFFICER))
    assert again is not None
    assert again.code == "already_ruled"
    # a dispute after the ruling: the same mark is not contested twice
    refused = story.tries(replace(BY, contest=UUID(int=0xC1)), **as_(AS_CLINICIAN))
    assert refused is not None
    assert refused.code == "already_disputed"


@pytest.mark.parametrize("by", [AS_ALNCO, AS_HEAD, AS_COUNSELLOR, AS_STRANGER, AS_OFFICER])
def test_nobody_contests_for_the_service(by: dict[str, Any]) -> None:
    assert isinstance(held().tries(BY, **as_(by)), NotFound)


@pytest.mark.parametrize(
    ("by", "code"),
    [(AS_ALNCO, "ruling_by_a_party"), (AS_HEAD, "ruling_by_a_party"), (AS_MANAGER, "ruling_by_a_party")],
)
def test_neither_party_rules(by: dict[str, Any], code: str) -> None:
    refused = held().does(BY, **as_(AS_CLINICIAN)).tries(RULE, **as_(by))
    assert refused is not None
    assert refused.code == code


def test_another_service_does_not_rule() -> None:
    story = held().does(BY, **as_(AS_CLINICIAN))
    assert isinstance(story.tries(RULE, **as_(AS_COUNSELLOR)), NotFound)


def test_a_mark_corrected_meanwhile_and_a_claim_that_changes_nothing() -> None:
    story = held().does(correct(CAMHS, "late", 3, why="She came"))
    assert isinstance(story.tries(BY, **as_(AS_CLINICIAN)), StaleVersion)
    refused = held().tries(replace(BY, claims="absent"), **as_(AS_CLINICIAN))
    assert refused is not None
    assert refused.code == "nothing_changes"


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"ruling": "partly"}, "cannot_be_empty"),
        ({"ruling": "not_upheld", "reads": "late"}, "mark_stands"),
        ({"reasons": " "}, "cannot_be_empty"),
    ],
)
def test_a_ruling_that_says_too_little_or_too_much(changed: dict[str, Any], code: str) -> None:
    refused = held().does(BY, **as_(AS_CLINICIAN)).tries(replace(RULE, **changed), **as_(AS_OFFICER))
    assert refused is not None
    assert refused.code == code


def test_two_finalisings_at_once_give_one() -> None:
    story = MeetingStory().does(schedule(), invite(CAMHS), mark(CAMHS, "absent"), mark(STAFF, "attended"))
    seen = story.meeting.version
    story.does(finalise(seen=seen))
    again = story.tries(finalise(seen=seen))
    assert again is not None
    assert again.code == "meeting_finalised"
    assert story.meeting.minutes_version == 1
