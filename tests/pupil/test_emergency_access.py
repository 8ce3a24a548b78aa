"""Emergency access to a file that was asked for, and its review."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest

from coordination.errors import NotFound
from coordination.pupil.moves.commands import OpenEmergencyAccess, ReviewEmergencyAccess
from coordination.pupil.moves.events import EmergencyAccessOpened, EmergencyAccessReviewed
from tests.meeting.hwb import AS_ALNCO, AS_CLINICIAN, GWYNEDD, PUPIL, at_noon
from tests.pupil.case import day, registered
from tests.pupil.moving import (
    ACCESS,
    AS_CASEWORKER,
    AS_NEW_SCHOOL,
    AS_SAFEGUARDING,
    REQUEST,
    answer,
    asked,
)

NOON = at_noon(day(7))


def open_access(**changed: Any) -> OpenEmergencyAccess:
    usual: dict[str, Any] = {
        "occurred_on": day(7),
        "pupil": PUPIL,
        "access": ACCESS,
        "request": REQUEST,
        "why": "The child fainted in class",
    }
    return OpenEmergencyAccess(**{**usual, **changed})


def review(**changed: Any) -> ReviewEmergencyAccess:
    usual: dict[str, Any] = {
        "occurred_on": day(8),
        "pupil": PUPIL,
        "access": ACCESS,
        "finding": "justified",
        "why": "An ambulance was called",
    }
    return ReviewEmergencyAccess(**{**usual, **changed})


BY_NEW_SCHOOL: dict[str, Any] = {**AS_NEW_SCHOOL, "recorded_at": NOON}


def test_it_opens_for_a_day_with_a_reason() -> None:
    case = asked()
    (event,) = case.happened(open_access(), EmergencyAccessOpened, **BY_NEW_SCHOOL)
    assert isinstance(event, EmergencyAccessOpened)
    assert event.closes_at == NOON + timedelta(hours=24)
    assert event.authority == GWYNEDD
    asked().refuses(open_access(why=" "), "cannot_be_empty", "why", **BY_NEW_SCHOOL)


def test_one_at_a_time_and_another_when_it_is_over() -> None:
    case = asked().does(open_access(), **BY_NEW_SCHOOL)
    again = open_access(access=UUID(int=1))
    last = {**AS_NEW_SCHOOL, "recorded_at": NOON + timedelta(hours=24) - timedelta(seconds=1)}
    case.refuses(again, "emergency_access_open", **last)
    over = {**AS_NEW_SCHOOL, "recorded_at": NOON + timedelta(hours=24)}
    case.happened(again, EmergencyAccessOpened, **over)


@pytest.mark.parametrize(
    "who", [AS_ALNCO, AS_CLINICIAN, AS_CASEWORKER, {**AS_NEW_SCHOOL, "role": "class_teacher"}]
)
def test_only_for_the_school_that_asked(who: dict[str, Any]) -> None:
    assert isinstance(asked().tries(open_access(), **who), NotFound)
    assert isinstance(registered().tries(open_access(), **AS_NEW_SCHOOL), NotFound)


def test_not_once_the_request_is_answered() -> None:
    asked().does(answer("not_this_pupil")).refuses(open_access(), "request_answered", **AS_NEW_SCHOOL)


def test_the_safeguarding_person_reviews_it_once() -> None:
    case = asked().does(open_access(), **BY_NEW_SCHOOL)
    for who in (AS_ALNCO, AS_NEW_SCHOOL, AS_CASEWORKER):
        assert isinstance(case.tries(review(), **who), NotFound)
    unknown = review(access=UUID(int=1))
    assert isinstance(case.tries(unknown, **AS_SAFEGUARDING), NotFound)
    case.refuses(review(why=""), "cannot_be_empty", "why", **AS_SAFEGUARDING)
    case.happened(review(), EmergencyAccessReviewed, **AS_SAFEGUARDING)
    case.refuses(review(), "reviewed_before", **AS_SAFEGUARDING)
