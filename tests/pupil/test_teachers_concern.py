"""What a teacher tells the ALNCo, the answer, and when the school's time limit starts."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import pytest

from coordination.pupil.aln.commands import AnswerConcern, DecideAln, RaiseConcern, TellConcern
from coordination.pupil.aln.events import AlnDecided, ConcernAnswered, ConcernRaised
from tests.meeting.hwb import AS_CLINICIAN, AS_STRANGER, PUPIL
from tests.pupil.case import PupilCase, day, registered

CONCERN = UUID(int=0xC0)
AS_TEACHER = {"role": "class_teacher"}


def tell(on: int = 0, **changed: Any) -> TellConcern:
    usual = {"pupil": PUPIL, "concern": CONCERN, "words": "Loses the thread in longer texts."}
    return TellConcern(**{"occurred_on": day(on), **usual, **changed})


def answer(outcome: str, on: int = 3, **changed: Any) -> AnswerConcern:
    usual = {"pupil": PUPIL, "concern": CONCERN, "outcome": outcome}
    return AnswerConcern(**{"occurred_on": day(on), **usual, **changed})


def told() -> PupilCase:
    return registered().does(tell(), **AS_TEACHER)


def phase(case: PupilCase) -> str:
    return case.state.aln.matters[CONCERN].phase


def test_a_teacher_tells_and_no_time_limit_starts() -> None:
    case = registered()
    (event,) = case.happened(tell(), ConcernRaised, **AS_TEACHER)
    assert isinstance(event, ConcernRaised)
    assert (event.decision_asked, event.raised_by, event.told_body) == (False, "school_staff", "school")
    assert case.state.aln.matters[CONCERN].steps == ()
    assert phase(case) == "to_answer"


@pytest.mark.parametrize("who", [AS_CLINICIAN, AS_STRANGER, {**AS_STRANGER, "role": "class_teacher"}])
def test_a_child_of_another_school_is_not_there(who: dict[str, Any]) -> None:
    assert registered().tries(tell(), **who).code == "not_found"


def test_a_concern_has_words_and_is_told_once() -> None:
    registered().refuses(tell(words=" "), "cannot_be_empty", "words", **AS_TEACHER)
    told().refuses(tell(), "concern_already_told", "concern", **AS_TEACHER)


@pytest.mark.parametrize("outcome", ["support", "advice", "panel", "referral", "no_action"])
def test_an_answer_that_leads_elsewhere_starts_no_time_limit(outcome: str) -> None:
    case = told()
    (event,) = case.happened(answer(outcome), ConcernAnswered)
    assert isinstance(event, ConcernAnswered)
    assert not event.starts_decision
    assert phase(case) == "answered"
    assert case.state.aln.matters[CONCERN].steps == ()


def test_the_time_limit_starts_with_the_day_on_which_the_teacher_told() -> None:
    case = told().does(answer("aln_decision", on=9))
    step = case.state.aln.matters[CONCERN].step("concern_raised")
    assert step is not None
    assert step.on == day(0)
    assert phase(case) == "with_school"
    decide = DecideAln(occurred_on=day(20), pupil=PUPIL, concern=CONCERN, outcome="no_aln")
    case.happened(decide, AlnDecided)


def test_an_answer_can_be_given_anew_until_the_decision_begins() -> None:
    case = told().does(answer("advice"))
    case.happened(answer("aln_decision", on=30), ConcernAnswered)
    case.refuses(answer("advice", on=31), "no_concern_to_answer", "concern")


def test_the_answer_is_not_the_teacher_s_and_not_before_the_concern() -> None:
    case = told()
    assert case.tries(answer("advice"), **AS_TEACHER).code == "not_found"
    case.refuses(answer("advice", on=-1), "answer_before_concern", "occurred_on")
    case.refuses(answer("party"), "unknown_code", "outcome")


def test_what_a_teacher_told_is_answered_before_anything_follows() -> None:
    decide = DecideAln(occurred_on=day(20), pupil=PUPIL, concern=CONCERN, outcome="no_aln")
    told().refuses(decide, "concern_not_answered", "concern")
    raised = RaiseConcern(occurred_on=day(0), pupil=PUPIL, concern=CONCERN, raised_by="parent")
    told().refuses(raised, "concern_not_answered", "concern")


def test_a_concern_that_nobody_told_has_no_answer() -> None:
    registered().refuses(answer("advice"), "no_concern_to_answer", "concern")
