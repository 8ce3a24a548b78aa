"""Requests to see or correct a record: who answers, what must come first, and by when, to the day."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any
from uuid import UUID

import pytest

from coordination.calendars import SchoolDays, Term
from coordination.pupil.rights.commands import (
    AcknowledgeRightsRequest,
    AnswerRightsRequest,
    PassOnRightsRequest,
    ReceiveRightsRequest,
    RecordHealthOpinion,
    StartRequestClock,
    StopRequestClock,
    WeighParentsRequest,
)
from coordination.pupil.rights.due import due_on, opinion_counts
from coordination.pupil.rights.events import RequestAnswered, RequestPassedOn, RightsRequestReceived
from coordination.pupil.rights.request_state import ClockStop, HealthOpinion, RightsRequest
from tests.given import SCHOOL
from tests.meeting.hwb import (
    AS_CLINICIAN,
    AS_HEAD,
    AS_MANAGER,
    AS_OFFICER,
    AS_STRANGER,
    BOARD,
    GWYNEDD,
    PUPIL,
)
from tests.pupil.case import PupilCase, day, registered, sent

REQUEST = UUID(int=0xF7)
ABOUT: dict[str, Any] = {"pupil": PUPIL, "request": REQUEST}


def ask(**changed: Any) -> ReceiveRightsRequest:
    usual = {"occurred_on": day(9), "kind": "subject_access", "asked_by": "pupil", "controller": SCHOOL}
    return ReceiveRightsRequest(**{**ABOUT, **usual, **changed})


def answer(outcome: str = "given", on: int = 20, **changed: Any) -> AnswerRightsRequest:
    return AnswerRightsRequest(**ABOUT, occurred_on=day(on), outcome=outcome, **changed)  # type: ignore[arg-type]


def opinion(on: int = 12, harm: bool = False) -> RecordHealthOpinion:
    return RecordHealthOpinion(**ABOUT, occurred_on=day(on), serious_harm=harm, professional="Dr Dychmygol")


def weigh(competent: bool, agrees: bool | None) -> WeighParentsRequest:
    return WeighParentsRequest(
        **ABOUT, occurred_on=day(10), competent=competent, agrees=agrees, why="Met with her"
    )


def held(**changed: Any) -> RightsRequest:
    usual = {
        "request": REQUEST,
        "kind": "subject_access",
        "asked_by": "pupil",
        "controller": SCHOOL,
        "received_on": date(2026, 3, 3),
        "version": 1,
    }
    return RightsRequest(**{**usual, **changed})


@pytest.mark.parametrize(
    ("received", "due"),
    [
        (date(2026, 3, 3), date(2026, 4, 7)),  # 3 April is Good Friday, 6 April Easter Monday
        (date(2026, 3, 10), date(2026, 4, 10)),
        (date(2026, 3, 11), date(2026, 4, 13)),  # 11 April is a Saturday
        (date(2026, 1, 31), date(2026, 3, 2)),  # the last day of February is a Saturday
        (date(2025, 8, 31), date(2025, 9, 30)),
    ],
)
def test_access_is_due_after_a_month_on_a_working_day(received: date, due: date) -> None:
    assert due_on(held(received_on=received), None) == due


def test_the_days_on_which_the_time_stood_still_are_added() -> None:
    stops = (ClockStop(date(2026, 3, 12), "identity", date(2026, 3, 17)),)
    received = date(2026, 3, 10)
    assert due_on(held(received_on=received, stops=stops), None) == date(2026, 4, 15)
    standing = (*stops, ClockStop(date(2026, 4, 1), "scope"))
    assert due_on(held(received_on=received, stops=standing), None) is None


def test_the_educational_record_is_due_in_fifteen_school_days() -> None:
    """Half-term is not counted; without terms there is no day."""
    terms = SchoolDays(
        (
            Term(date(2026, 1, 5), date(2026, 2, 13), frozenset()),
            Term(date(2026, 2, 23), date(2026, 3, 27), frozenset()),
        )
    )
    record = held(kind="educational_record", received_on=date(2026, 2, 6))
    assert due_on(record, terms) == date(2026, 3, 6)
    assert due_on(record, None) is None
    assert due_on(held(kind="educational_record", received_on=date(2026, 3, 26)), terms) is None


def test_a_complaint_is_acknowledged_within_thirty_days() -> None:
    assert due_on(held(kind="complaint", received_on=date(2026, 7, 1)), None) == date(2026, 7, 31)


def test_an_opinion_counts_for_six_months() -> None:
    given = held(opinion=HealthOpinion(date(2025, 9, 3), serious_harm=False))
    assert opinion_counts(given, date(2026, 3, 3))
    assert not opinion_counts(given, date(2026, 3, 4))
    assert not opinion_counts(held(), date(2026, 3, 3))


@pytest.mark.parametrize("by", [AS_STRANGER, AS_CLINICIAN, AS_OFFICER, {"role": "class_teacher"}])
def test_only_the_controller_that_was_asked_records_it(by: dict[str, Any]) -> None:
    sent().refuses(ask(), "not_found", **by)


def test_each_controller_answers_for_itself() -> None:
    sent().happened(ask(), RightsRequestReceived, **AS_HEAD)
    sent().happened(ask(controller=BOARD), RightsRequestReceived, **AS_MANAGER)
    sent().happened(ask(controller=GWYNEDD), RightsRequestReceived, **AS_OFFICER)
    registered().refuses(ask(controller=BOARD), "not_found", **AS_MANAGER)
    sent().refuses(ask(controller=BOARD, kind="educational_record"), "only_a_school", "kind", **AS_MANAGER)


def test_health_data_needs_an_opinion_and_serious_harm_is_left_out() -> None:
    case = sent().does(ask())
    case.refuses(answer(), "health_opinion_missing")
    case.does(opinion(harm=True))
    case.refuses(answer(), "serious_harm", "outcome")
    case.refuses(answer("given_in_part", withheld=(2,)), "cannot_be_empty", "why")
    (given,) = case.happened(answer("given_in_part", withheld=(2,), why="Serious harm"), RequestAnswered)
    assert isinstance(given, RequestAnswered)
    assert given.withheld == (2,)
    case.refuses(answer(), "already_answered")


def test_a_health_body_and_a_record_without_health_data_need_none() -> None:
    sent().does(ask(controller=BOARD), **AS_MANAGER).happened(answer(), RequestAnswered, **AS_MANAGER)
    registered().does(ask()).happened(answer(), RequestAnswered)


@pytest.mark.parametrize("kind", ["subject_access", "educational_record"])
def test_a_parents_request_is_weighed_against_the_childs_competence(kind: str) -> None:
    def asked() -> PupilCase:
        return registered().does(ask(asked_by="parent", kind=kind))

    asked().refuses(answer(), "competence_not_weighed")
    asked().refuses(weigh(True, None), "cannot_be_empty", "agrees")
    refused = asked().does(weigh(True, False))
    refused.refuses(answer(), "child_does_not_agree")
    refused.happened(answer("refused", why="The child said no"), RequestAnswered)
    asked().does(weigh(True, True)).happened(answer(), RequestAnswered)
    asked().does(weigh(False, None)).happened(answer(), RequestAnswered)
    registered().does(ask()).refuses(weigh(False, None), "not_a_parents_request")


def test_the_clock_stops_and_goes_on_and_never_twice() -> None:
    stop = StopRequestClock(**ABOUT, occurred_on=day(10), reason="identity")
    start = StartRequestClock(**ABOUT, occurred_on=day(14))
    case = registered().does(ask())
    case.refuses(start, "clock_runs")
    case.does(stop)
    case.refuses(stop, "clock_stopped_already")
    early = StartRequestClock(**ABOUT, occurred_on=day(9))
    case.refuses(early, "end_before_start", "occurred_on")
    case.does(start)
    assert case.state.rights.requests[REQUEST].stops == (ClockStop(day(10), "identity", day(14)),)
    complaint = registered().does(ask(kind="complaint"))
    complaint.refuses(stop, "clock_does_not_stop")


def test_another_controllers_part_is_passed_on_once_with_its_day() -> None:
    on = PassOnRightsRequest(**ABOUT, occurred_on=day(11), to=BOARD)
    case = sent().does(ask())
    case.happened(on, RequestPassedOn)
    case.happened(on)
    assert case.state.rights.requests[REQUEST].passed_on == ((BOARD, day(11)),)
    own = PassOnRightsRequest(**ABOUT, occurred_on=day(11), to=SCHOOL)
    case.refuses(own, "unknown_organisation", "to")


def test_a_correction_names_the_entry_that_corrects() -> None:
    case = registered().does(ask(kind="rectification"))
    case.refuses(answer("corrected"), "correction_missing", "corrected_by")
    case.refuses(answer("given"), "unknown_code", "outcome")
    case.refuses(answer("corrected", corrected_by=(99,)), "unknown_code", "withheld")
    case.happened(answer("corrected", corrected_by=(1,)), RequestAnswered)


def test_a_complaint_is_acknowledged_and_decided() -> None:
    case = registered().does(ask(kind="complaint"))
    case.does(AcknowledgeRightsRequest(**ABOUT, occurred_on=day(12)))
    assert case.state.rights.requests[REQUEST].acknowledged_on == day(12)
    case.happened(answer("upheld"), RequestAnswered)


def test_no_day_before_the_request() -> None:
    before = AcknowledgeRightsRequest(**ABOUT, occurred_on=day(9) - timedelta(days=1))
    registered().does(ask()).refuses(before, "before_the_request", "occurred_on")
