"""Asking for the file of a pupil of another school, and the answers."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest

from coordination.directory.decide import RegisterOrganisation
from coordination.errors import NotFound
from coordination.pupil.moves.commands import EscalateFileRequest, WithdrawFileRequest
from coordination.pupil.moves.events import FileRequestAnswered, FileRequested, FileRequestEscalated
from coordination.pupil.moves.time_limits import answer_due, is_silent
from coordination.pupil.profile.commands import EndRegistration
from coordination.pupil.profile.events import RegistrationAdded, RegistrationEnded, SchoolMoved
from tests.given import SCHOOL
from tests.meeting import hwb
from tests.meeting.hwb import (
    AS_ALNCO,
    AS_CLINICIAN,
    AS_FAR_OFFICER,
    BEGAN,
    GWYNEDD,
    OTHER_SCHOOL,
    PUPIL,
    at_noon,
)
from tests.pupil.case import DAY, PupilCase, day, register, registered
from tests.pupil.moving import (
    AS_CASEWORKER,
    AS_NEW_SCHOOL,
    AS_SAFEGUARDING,
    AS_SERVICE,
    JOINED,
    REQUEST,
    THIRD_SCHOOL,
    answer,
    ask,
    asked,
    escalate,
)

AS_THIRD_SCHOOL: dict[str, Any] = {**AS_NEW_SCHOOL, "person": UUID(int=0xD3), "organisation": THIRD_SCHOOL}


FOR_THIRD_SCHOOL: dict[str, Any] = {**AS_SERVICE, "on_behalf_of": THIRD_SCHOOL}


def county_of_three() -> PupilCase:
    third = RegisterOrganisation(
        occurred_on=BEGAN,
        organisation=THIRD_SCHOOL,
        kind="school",
        code="6614003",
        name="Third",
        phase="primary",
        language="welsh",
        authority=GWYNEDD,
    )
    return PupilCase(hwb.world(third))


# Asking


def test_a_request_changes_nothing_but_that_it_was_made() -> None:
    case = registered()
    before = case.state.profile
    (event,) = case.happened(ask(), FileRequested, **AS_NEW_SCHOOL)
    assert isinstance(event, FileRequested)
    assert event.put_to == (SCHOOL,) and event.surname == "Gwyn"
    assert case.state.profile == before
    assert case.state.moves.requests[REQUEST].open


def test_the_same_request_twice_is_one() -> None:
    asked().happened(ask(request=UUID(int=0xF9)), **AS_NEW_SCHOOL)


def test_two_schools_may_ask_and_both_stand_until_answered() -> None:
    case = county_of_three().does(register()).does(ask(), **AS_NEW_SCHOOL)
    second = UUID(int=0xF8)
    case.happened(ask(request=second, school=THIRD_SCHOOL), FileRequested, **AS_THIRD_SCHOOL)
    case.does(answer("released"))
    assert [r.open for r in case.state.moves.requests.values()] == [False, True]
    # the child has moved on: the first school cannot answer any more, the school that has the child now can
    case.refuses(answer("released", request=second), "pupil_moved_on", "answer")
    case.happened(
        answer("kept_on_both", request=second), FileRequestAnswered, RegistrationAdded, **AS_NEW_SCHOOL
    )
    assert case.state.profile.schools() == {OTHER_SCHOOL, THIRD_SCHOOL}


def test_a_school_does_not_ask_for_its_own_pupil() -> None:
    registered().refuses(ask(school=SCHOOL), "already_registered", "upn")


@pytest.mark.parametrize(
    "who", [AS_ALNCO, AS_CLINICIAN, {**AS_NEW_SCHOOL, "role": "class_teacher"}, AS_CASEWORKER]
)
def test_only_named_staff_of_the_school_itself_ask(who: dict[str, Any]) -> None:
    assert isinstance(registered().tries(ask(), **who), NotFound)


def test_there_is_nothing_to_ask_of_a_stream_without_a_pupil() -> None:
    assert isinstance(PupilCase().tries(ask(), **AS_NEW_SCHOOL), NotFound)


def test_a_day_after_today_is_refused() -> None:
    registered().refuses(
        ask(), "in_the_future", "occurred_on", **{**AS_NEW_SCHOOL, "recorded_at": at_noon(day(6))}
    )


# The school's answers


def test_released_moves_the_roll_as_of_that_day() -> None:
    case = asked()
    events = case.happened(answer("released", day(9)), FileRequestAnswered, SchoolMoved)
    assert events[1].header.occurred_on == day(9)
    assert case.state.profile.schools() == {OTHER_SCHOOL}
    assert case.state.moves.departures[SCHOOL].to_school == OTHER_SCHOOL


def test_kept_on_both_adds_the_second_school() -> None:
    case = asked()
    case.happened(answer("kept_on_both"), FileRequestAnswered, RegistrationAdded)
    assert case.state.profile.schools() == {SCHOOL, OTHER_SCHOOL}


def test_not_this_pupil_changes_no_roll() -> None:
    case = asked()
    case.happened(answer("not_this_pupil"), FileRequestAnswered)
    assert case.state.profile.schools() == {SCHOOL}
    case.happened(ask(request=UUID(int=0xF7)), FileRequested, **AS_NEW_SCHOOL)  # it can be asked again


def test_a_dispute_goes_to_the_authority_with_its_reason() -> None:
    asked().refuses(answer("disputed"), "cannot_be_empty", "why")
    case = asked()
    (event,) = case.happened(answer("disputed", why="He still comes here"), FileRequestEscalated)
    assert isinstance(event, FileRequestEscalated)
    assert (event.ground, event.authority, event.why) == ("disputed", GWYNEDD, "He still comes here")
    case.refuses(answer("disputed", why="again"), "request_escalated", "answer")
    case.happened(answer("released"), FileRequestAnswered, SchoolMoved)  # it may still release


@pytest.mark.parametrize(
    "who",
    [
        AS_NEW_SCHOOL,
        AS_CLINICIAN,
        AS_CASEWORKER,
        AS_SAFEGUARDING,
        {"role": "class_teacher"},
        {"role": "auditor"},
    ],
)
@pytest.mark.parametrize("said", ["released", "kept_on_both", "not_this_pupil", "disputed"])
def test_nobody_else_answers(said: str, who: dict[str, Any]) -> None:
    assert isinstance(asked().tries(answer(said, why="Because"), **who), NotFound)
    unknown = answer(said, why="Because", request=UUID(int=1))
    assert isinstance(asked().tries(unknown), NotFound)


def test_an_answer_is_given_once() -> None:
    case = asked().does(answer("not_this_pupil"))
    case.refuses(answer("released"), "request_answered", "answer")


def test_a_move_answered_after_the_child_has_moved_on_is_refused_with_a_reason() -> None:
    case = asked().does(EndRegistration(occurred_on=day(8), pupil=PUPIL, school=SCHOOL))
    case.refuses(answer("released", day(9)), "pupil_moved_on", "answer")


def test_the_roll_does_not_change_before_the_pupil_joined_or_in_the_future() -> None:
    asked().refuses(answer("released", DAY - timedelta(days=1)), "before_registration", "occurred_on")
    asked().refuses(answer("released", day(9)), "in_the_future", "occurred_on", recorded_at=at_noon(day(8)))
    asked().does(answer("released", DAY))


def test_of_two_schools_the_one_that_answers_leaves() -> None:
    case = county_of_three().does(register()).does(register(school=THIRD_SCHOOL), **FOR_THIRD_SCHOOL)
    case.does(ask(), **AS_NEW_SCHOOL)
    case.happened(answer("released", DAY), FileRequestAnswered, SchoolMoved)
    assert case.state.profile.schools() == {THIRD_SCHOOL, OTHER_SCHOOL}


# Withdrawing


def test_the_school_that_asked_takes_it_back() -> None:
    withdraw = WithdrawFileRequest(occurred_on=JOINED, pupil=PUPIL, request=REQUEST)
    assert isinstance(asked().tries(withdraw), NotFound)
    case = asked()
    case.happened(withdraw, FileRequestAnswered, **AS_NEW_SCHOOL)
    case.refuses(withdraw, "request_answered", **AS_NEW_SCHOOL)
    case.refuses(answer("released"), "request_answered", "answer")


# The authority


def test_five_working_days_are_in_time_and_the_next_day_is_not() -> None:
    monday = day(7)
    assert monday.weekday() == 0 and answer_due(monday) == day(14)
    assert not is_silent(monday, day(14))
    assert is_silent(monday, day(15))


def test_a_silent_school_loses_the_answer_to_the_authority() -> None:
    case = asked(JOINED)
    case.refuses(escalate(day(14)), "request_in_time", **{**AS_SERVICE, "recorded_at": at_noon(day(14))})
    (event,) = case.happened(
        escalate(day(15)), FileRequestEscalated, **{**AS_SERVICE, "recorded_at": at_noon(day(15))}
    )
    assert isinstance(event, FileRequestEscalated)
    assert (event.ground, event.authority) == ("no_answer", GWYNEDD)
    case.happened(escalate(day(15)), **AS_SERVICE)  # only once
    case.happened(answer("released"), FileRequestAnswered, SchoolMoved, **AS_CASEWORKER)
    assert case.state.profile.schools() == {OTHER_SCHOOL}


def test_only_the_service_itself_escalates() -> None:
    for who in (AS_ALNCO, AS_NEW_SCHOOL, AS_CASEWORKER):
        assert isinstance(asked().tries(escalate(day(30)), **who), NotFound)
    unknown = EscalateFileRequest(occurred_on=day(30), pupil=PUPIL, request=UUID(int=1))
    assert isinstance(asked().tries(unknown, **AS_SERVICE), NotFound)


def test_the_file_of_a_child_on_no_roll_is_the_authoritys_to_give() -> None:
    case = registered().does(EndRegistration(occurred_on=day(1), pupil=PUPIL, school=SCHOOL))
    events = case.happened(ask(), FileRequested, FileRequestEscalated, **AS_NEW_SCHOOL)
    assert isinstance(events[1], FileRequestEscalated) and events[1].ground == "on_no_roll"
    case.happened(answer("released"), FileRequestAnswered, RegistrationAdded, **AS_CASEWORKER)
    assert case.state.moves.departures[SCHOOL].to_school == OTHER_SCHOOL


def test_the_authority_moves_the_pupil_from_every_school() -> None:
    case = county_of_three().does(register()).does(register(school=THIRD_SCHOOL), **FOR_THIRD_SCHOOL)
    case.does(ask(), **{**AS_NEW_SCHOOL, "recorded_at": at_noon(JOINED)}).does(
        escalate(day(600)), **AS_SERVICE
    )
    case.happened(answer("released"), FileRequestAnswered, SchoolMoved, RegistrationEnded, **AS_CASEWORKER)
    assert case.state.profile.schools() == {OTHER_SCHOOL}


def test_the_authority_cannot_dispute_and_another_authority_says_nothing() -> None:
    case = asked().does(answer("disputed", why="Still here"))
    case.refuses(answer("disputed", why="Hm"), "authority_decides", "answer", **AS_CASEWORKER)
    assert isinstance(case.tries(answer("released"), **AS_FAR_OFFICER), NotFound)
    assert isinstance(case.tries(answer("released"), **AS_SAFEGUARDING), NotFound)


# Confidential moves


def test_a_confidential_request_is_put_to_the_safeguarding_person_alone() -> None:
    registered().refuses(ask(confidential=True), "cannot_be_empty", "why", **AS_NEW_SCHOOL)
    case = registered()
    command = ask(confidential=True, why="The family is in a refuge")
    events = case.happened(command, FileRequested, FileRequestEscalated, **AS_NEW_SCHOOL)
    assert isinstance(events[1], FileRequestEscalated) and events[1].ground == "confidential"
    assert isinstance(case.tries(answer("released")), NotFound)  # the old school
    assert isinstance(case.tries(answer("released"), **AS_CASEWORKER), NotFound)
    case.refuses(answer("kept_on_both"), "confidential_not_on_both", "answer", **AS_SAFEGUARDING)
    case.happened(answer("released"), FileRequestAnswered, SchoolMoved, **AS_SAFEGUARDING)
    assert case.state.moves.departures[SCHOOL].confidential
