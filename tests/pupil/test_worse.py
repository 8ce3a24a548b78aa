"""It got worse while waiting: who says it, by when it is answered, and by whom."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

import pytest

from coordination.errors import NotFound, Refusal
from coordination.pupil.casefile import PUPIL_STREAM
from coordination.pupil.worse.decide import AnswerWorse, TellWorse, answer_by
from coordination.service import Coordination
from tests.county import (
    ALNCO,
    CLINICIAN,
    OTHER_ALNCO,
    PSYCHOLOGIST,
    PUPIL,
)
from tests.projections.casework import TO_CAMHS, RecordedCase, day, told

WORSE, AGAIN = UUID(int=0x30A5E), UUID(int=0x30A5F)


def test_five_working_days_over_a_bank_holiday() -> None:
    assert answer_by(date(2025, 4, 14)) == date(2025, 4, 23)  # Good Friday and Easter Monday lie between
    assert answer_by(date(2025, 3, 1)) == date(2025, 3, 7)  # told on a Saturday


@pytest.fixture
def case(county: Coordination) -> RecordedCase:
    return told(county)


def tells(case: RecordedCase, on: int = 20, person: UUID = ALNCO, **more: Any) -> None:
    usual: dict[str, Any] = {
        "pupil": PUPIL,
        "worse": WORSE,
        "voice": "parent",
        "words": "Mae’n crio bob bore.",
        "referral": TO_CAMHS,
    }
    case.does(person, day(on), TellWorse, **{**usual, **more})


def answers(case: RecordedCase, on: int, person: UUID = CLINICIAN, **more: Any) -> None:
    usual: dict[str, Any] = {"pupil": PUPIL, "worse": WORSE, "outcome": "sooner", "words": "Wythnos nesaf."}
    case.does(person, day(on), AnswerWorse, **{**usual, **more})


def test_it_is_told_and_answered_and_the_first_answer_stops_the_days(case: RecordedCase) -> None:
    tells(case)
    answers(case, 24)
    answers(case, 26, outcome="urgent")
    held = case.service.batch().state(PUPIL_STREAM, PUPIL).worse[WORSE]
    assert (held.told_on, held.answer_by) == (day(20), answer_by(day(20)))
    assert (held.answered_on, held.outcome) == (day(24), "urgent")


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"voice": "neighbour"}, "unknown_voice"),
        ({"words": "  "}, "cannot_be_empty"),
        ({"referral": UUID(int=9)}, "unknown_referral"),
        ({"on": -400}, "worse_before_referral"),
    ],
)
def test_what_is_refused(case: RecordedCase, changed: dict[str, Any], code: str) -> None:
    with pytest.raises(Refusal) as refused:
        tells(case, **changed)
    assert refused.value.code == code


def test_an_id_that_was_used_is_refused(case: RecordedCase) -> None:
    tells(case)
    with pytest.raises(Refusal, match="worse_already_told"):
        tells(case, on=21)


def test_an_answer_is_not_before_what_was_said(case: RecordedCase) -> None:
    tells(case)
    with pytest.raises(Refusal, match="answer_before_worse"):
        answers(case, 19)
    with pytest.raises(Refusal, match="unknown_worse_outcome"):
        answers(case, 21, outcome="ignored")


def test_another_school_says_nothing_and_another_service_answers_nothing(case: RecordedCase) -> None:
    with pytest.raises(NotFound):
        tells(case, person=OTHER_ALNCO)
    tells(case)
    with pytest.raises(NotFound):
        answers(case, 22, person=PSYCHOLOGIST)
