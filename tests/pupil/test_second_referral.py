"""A second open referral of one pupil to one service is questioned, as far as whoever refers may know of the first."""

from __future__ import annotations

from uuid import UUID

import pytest

from coordination.errors import Refusal
from coordination.pupil.referral.decide import SubmitReferral
from coordination.pupil.referral.decisions.checks import require_intended
from tests.given import header
from tests.meeting.hwb import (
    AS_ALNCO,
    AS_CLINICIAN,
    AS_OPERATOR,
    AS_PSYCHOLOGIST,
    AS_STRANGER,
    CAMHS,
    EDPSYCH,
    NURSE,
    OTHER_SCHOOL,
    PUPIL,
)
from tests.pupil.case import DAY, day, reach, refer, sent
from tests.pupil.test_recorded_fields import moved

SECOND = UUID(int=0x93)
TO_CAMHS = refer(occurred_on=day(9), referral=SECOND)
INTENDED = refer(occurred_on=day(9), referral=SECOND, second_referral=True)


def submit_second(**more: object) -> SubmitReferral:
    return SubmitReferral(occurred_on=day(9), pupil=PUPIL, referral=SECOND, **more)  # type: ignore[arg-type]


def test_it_is_questioned_before_it_is_begun_and_before_it_is_sent() -> None:
    case = sent()
    case.refuses(TO_CAMHS, "second_open_referral", "second_referral")
    case.does(INTENDED)
    case.refuses(submit_second(), "second_open_referral", "second_referral")
    case.does(submit_second(second_referral=True))


def test_another_service_or_one_that_has_ended_is_no_question() -> None:
    sent().does(refer(occurred_on=day(9), referral=SECOND, service=EDPSYCH))
    ended = sent().does(reach("received", 1), reach("discharged", 5), **AS_CLINICIAN)
    ended.does(TO_CAMHS, submit_second())


def test_history_files_are_warned_and_not_refused() -> None:
    case = sent()
    history = refer(occurred_on=day(9), referral=SECOND, historical=True)
    by_file = {**AS_OPERATOR, "source": "import", "on_behalf_of": case.referral.school}
    case.does(history, **by_file)


def test_the_school_that_has_the_pupil_now_knows_of_the_first() -> None:
    theirs = refer(occurred_on=day(25), referral=SECOND, school=OTHER_SCHOOL)
    moved(sent()).refuses(theirs, "second_open_referral", "second_referral", **AS_STRANGER)


def test_a_referral_that_is_hidden_leaves_no_trace() -> None:
    case = sent()
    for who in (AS_STRANGER, AS_PSYCHOLOGIST):
        require_intended(case.state, SECOND, CAMHS, header(DAY, **who), None)
    for who in (AS_ALNCO, AS_CLINICIAN):
        with pytest.raises(Refusal, match="second_open_referral"):
            require_intended(case.state, SECOND, CAMHS, header(DAY, **who), None)
    with pytest.raises(Refusal, match="second_open_referral"):
        require_intended(case.state, SECOND, CAMHS, header(DAY, **AS_CLINICIAN), (CAMHS,))
    require_intended(case.state, SECOND, CAMHS, header(DAY, **AS_CLINICIAN), (NURSE,))
