"""Support: started, reviewed, ended, recorded in error; who may, and on which days."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from coordination.errors import Refusal
from coordination.pupil.profile.commands import EndRegistration
from coordination.pupil.support.commands import EndSupport, ReviewSupport, StartSupport, StrikeOutSupport
from coordination.pupil.support.decide import number_of
from coordination.pupil.support.events import (
    ReviewVoice,
    SupportEnded,
    SupportRecordedInError,
    SupportReviewed,
    SupportStarted,
)
from tests.given import SCHOOL
from tests.meeting.hwb import AS_CLINICIAN, CAMHS, PUPIL
from tests.pupil.case import DAY, REFERRAL, PupilCase, day, register, sent

SUPPORT, NEXT = UUID(int=0x5001), UUID(int=0x5002)
AS_TEACHER = {"role": "class_teacher"}
CHILD = ReviewVoice("child", "Dw i’n gallu darllen yn gynt.", "cy")
TEACHER = ReviewVoice("teacher", "She reads with more confidence.", "en", "nearer")
PARENT = ReviewVoice("parent", "No difference at home yet.", "en", "same")


def start(**changed: Any) -> StartSupport:
    usual: dict[str, Any] = {
        "occurred_on": DAY,
        "pupil": PUPIL,
        "support": SUPPORT,
        "level": 2,
        "ends_by": day(84),
        "activity": "Paired reading, three times a week",
        "aim": "Reads a page without help",
        "measure": "Words read in a minute",
        "unit": "words a minute",
        "starting_point": "42",
        "need": "DYSL",
    }
    return StartSupport(**{**usual, **changed})


def review(on: int = 42, **changed: Any) -> ReviewSupport:
    usual: dict[str, Any] = {
        "pupil": PUPIL,
        "support": SUPPORT,
        "outcome": "nearer",
        "voices": (TEACHER, CHILD, PARENT),
        "next_step": "go_on",
    }
    return ReviewSupport(**{"occurred_on": day(on), **usual, **changed})


def end(on: int = 50, **changed: Any) -> EndSupport:
    usual = {"pupil": PUPIL, "support": SUPPORT, "reason": "aim_met"}
    return EndSupport(**{"occurred_on": day(on), **usual, **changed})


def pupil() -> PupilCase:
    return PupilCase().does(register())


def started(**changed: Any) -> PupilCase:
    return pupil().does(start(**changed))


def test_support_has_a_level_a_phase_an_aim_and_a_first_review_after_half_a_term() -> None:
    case = pupil()
    (event,) = case.happened(start(), SupportStarted)
    assert (event.level, event.phase, event.ends_by) == (2, 1, day(84))
    assert event.review_on == day(42)
    assert event.measurable
    assert (event.measure, event.unit, event.starting_point) == (
        "Words read in a minute",
        "words a minute",
        "42",
    )
    assert case.state.support.given[SUPPORT].runs


def test_the_first_review_is_within_a_short_phase() -> None:
    (event,) = pupil().happened(start(ends_by=day(20)), SupportStarted)
    assert event.review_on == day(20)


def test_an_aim_that_cannot_be_measured_is_recorded_as_such() -> None:
    case = pupil()
    (event,) = case.happened(start(measure=None, unit=None, starting_point=None), SupportStarted)
    assert not event.measurable
    case.refuses(review(value="50"), "value_without_measure", "value")


@pytest.mark.parametrize(
    ("changed", "code", "field"),
    [
        ({"unit": " "}, "measure_without_unit", "unit"),
        ({"starting_point": None}, "measure_without_starting_point", "starting_point"),
        ({"measure": None}, "unit_without_measure", "measure"),
        ({"starting_point": "many"}, "measure_not_a_number", "starting_point"),
        ({"level": 4}, "unknown_support_level", "level"),
        ({"level": 0}, "unknown_support_level", "level"),
        ({"ends_by": day(-1)}, "phase_ends_before_start", "ends_by"),
        ({"review_on": day(85)}, "review_outside_phase", "review_on"),
        ({"review_on": day(-1)}, "review_outside_phase", "review_on"),
        ({"need": "NOPE"}, "unknown_code", "need"),
        ({"programme": "NOPE"}, "unknown_programme", "programme"),
        ({"referral": REFERRAL}, "unknown_referral", "referral"),
        ({"advised_by": UUID(int=9)}, "unknown_service", "advised_by"),
        ({"follows": NEXT}, "unknown_support", "follows"),
        ({"activity": " "}, "cannot_be_empty", "activity"),
        ({"aim": ""}, "cannot_be_empty", "aim"),
        ({"occurred_on": date(2030, 1, 1), "ends_by": date(2030, 2, 1)}, "in_the_future", "occurred_on"),
    ],
)
def test_what_cannot_be_started(changed: dict[str, Any], code: str, field: str) -> None:
    pupil().refuses(start(**changed), code, field)


def test_support_says_which_referral_it_followed_and_who_advised_it() -> None:
    case = sent()
    (event,) = case.happened(start(referral=REFERRAL, advised_by=CAMHS), SupportStarted)
    assert (event.referral, event.advised_by) == (REFERRAL, CAMHS)


def test_nobody_but_the_school_s_staff_starts_or_ends_support() -> None:
    case = started()
    for command in (
        start(support=NEXT),
        end(),
        StrikeOutSupport(occurred_on=day(1), pupil=PUPIL, support=SUPPORT, why="x"),
    ):
        assert case.tries(command, **AS_CLINICIAN).code == "not_found"
        assert case.tries(command, **AS_TEACHER).code == "not_found"
    assert case.tries(review(), **AS_CLINICIAN).code == "not_found"


def test_a_class_teacher_of_the_school_reviews() -> None:
    case = started()
    (reviewed,) = case.does(review(), **AS_TEACHER).events[-1:]
    assert isinstance(reviewed, SupportReviewed)


def test_a_review_holds_each_voice_in_its_own_words_and_language() -> None:
    (event,) = started().happened(review(value="55,5"), SupportReviewed)
    assert event.voices == (TEACHER, CHILD, PARENT)
    assert event.value == "55.5"
    assert event.review_on == day(84)


@pytest.mark.parametrize(
    ("changed", "code", "field"),
    [
        ({"occurred_on": day(-1)}, "review_before_start", "occurred_on"),
        ({"voices": ()}, "no_voice", "voices"),
        ({"voices": (CHILD, CHILD)}, "voice_twice", "voices"),
        ({"voices": (ReviewVoice("judge", "x", "en"),)}, "unknown_voice", "voices"),  # type: ignore[arg-type]
        ({"voices": (ReviewVoice("child", " ", "en"),)}, "cannot_be_empty", "voices"),
        ({"outcome": "splendid"}, "unknown_code", "outcome"),
        ({"next_step": "wait"}, "unknown_next_step", "next_step"),
        ({"review_on": day(85)}, "review_outside_phase", "review_on"),
        ({"ends_by": day(41)}, "phase_ends_before_start", "ends_by"),
    ],
)
def test_what_cannot_be_reviewed(changed: dict[str, Any], code: str, field: str) -> None:
    started().refuses(review(**changed), code, field)


def test_a_review_on_the_first_day_counts() -> None:
    started().happened(review(0), SupportReviewed)


def test_a_review_can_lengthen_the_phase() -> None:
    case = started()
    (event,) = case.happened(review(80, ends_by=day(140)), SupportReviewed)
    assert event.review_on == day(122)
    assert case.state.support.given[SUPPORT].ends_by == day(140)


@pytest.mark.parametrize(
    ("next_step", "outcome", "reason"),
    [
        ("end", "met", "aim_met"),
        ("end", "worse", "did_not_help"),
        ("end", "cannot_tell", "no_longer_needed"),
        ("change", "same", "changed"),
    ],
)
def test_a_review_that_ends_support_says_why(next_step: Any, outcome: str, reason: str) -> None:
    case = started().does(review(next_step=next_step, outcome=outcome))
    ended = case.events[-1]
    assert isinstance(ended, SupportEnded)
    assert ended.reason == reason
    assert case.state.support.given[SUPPORT].ended_on == day(42)


def test_support_that_follows_counts_the_next_phase() -> None:
    case = started().does(review(next_step="change"))
    (event,) = case.happened(start(support=NEXT, occurred_on=day(43), follows=SUPPORT), SupportStarted)
    assert event.phase == 2


def test_a_late_review_of_ended_support_is_recorded_but_changes_nothing() -> None:
    case = started().does(end(50))
    case.happened(review(50), SupportReviewed)
    case.refuses(review(51), "support_has_ended", "occurred_on")
    case.refuses(review(45, next_step="end"), "support_has_ended", "occurred_on")


def test_support_ends_once_and_not_before_its_last_review() -> None:
    case = started().does(review(42))
    case.refuses(end(41), "ends_before_last_entry", "occurred_on")
    case.happened(end(42), SupportEnded)
    case.refuses(end(50), "support_has_ended", "occurred_on")


def test_support_recorded_in_error_counts_nowhere_and_its_id_is_used_up() -> None:
    case = started()
    case.happened(
        StrikeOutSupport(occurred_on=day(1), pupil=PUPIL, support=SUPPORT, why="wrong child"),
        SupportRecordedInError,
    )
    assert case.state.support.given == {}
    case.refuses(start(), "support_already_recorded", "support")


def test_a_school_s_support_ends_when_the_pupil_leaves_it() -> None:
    case = started().does(EndRegistration(occurred_on=day(30), pupil=PUPIL, school=SCHOOL))
    held = case.state.support.given[SUPPORT]
    assert (held.ended_on, held.left) == (day(30), True)


@given(st.decimals(allow_nan=False, allow_infinity=False, places=2, min_value=-9999, max_value=9999))
@settings(max_examples=60, deadline=None)
def test_a_number_is_read_with_a_point_or_a_comma(number: Any) -> None:
    assert number_of(str(number), "value") == number_of(str(number).replace(".", ","), "value")


@given(st.lists(st.integers(0, 84), min_size=1, max_size=6))
@settings(max_examples=40, deadline=None)
def test_the_order_in_which_reviews_are_recorded_changes_nothing(days: list[int]) -> None:
    def after(order: list[int]) -> tuple[Any, ...]:
        case = started()
        for on in order:
            case.does(review(on))
        held = case.state.support.given[SUPPORT]
        return ([r.on for r in held.reviews], held.last_day_recorded, held.review_on)

    assert after(days) == after(sorted(days)) == after(sorted(days, reverse=True))


def test_nonsense_is_no_number() -> None:
    for typed in ("NaN", "Infinity", "1e99999", "12345678901234"):
        with pytest.raises(Refusal) as refused:
            number_of(typed, "value")
        assert refused.value.code == "measure_not_a_number"
    assert number_of("  ", "value") is None
