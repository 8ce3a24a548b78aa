"""When an agreement is to be asked for again."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coordination.pupil.ages import end_of_compulsory_school_age
from coordination.pupil.asking.decide import AssessCompetence, ReviewAgreement
from coordination.pupil.asking.events import AgreementReviewed, CompetenceAssessed
from coordination.pupil.asking.state import past_school_age, to_ask_again
from coordination.pupil.profile.commands import EndContact
from tests.meeting.hwb import PUPIL
from tests.pupil.case import AGREED, DAY, MOTHER, UNCLE, PupilCase, agree, contact_recorded, day, registered

FATHER, JUDGE = UUID(int=0x83), UUID(int=0x84)


def agreed(**changed: Any) -> PupilCase:
    return registered().does(agree(**changed))


def asks(case: PupilCase, on: date | int = 10) -> list[tuple[str, date]]:
    when = day(on) if isinstance(on, int) else on
    found = list(to_ask_again(case.state, when))
    assert all(one.consent == AGREED for one in found)
    return [(one.reason, one.since) for one in found]


def assess(competent: bool, on: int = 5, **changed: Any) -> AssessCompetence:
    usual = {"pupil": PUPIL, "assessed_by": JUDGE, "assessment": "Deall beth a rennir a pham."}
    return AssessCompetence(occurred_on=day(on), competent=competent, **{**usual, **changed})


def review(on: int = 7) -> ReviewAgreement:
    return ReviewAgreement(occurred_on=day(on), pupil=PUPIL, consent=AGREED, why="Yr un yw'r ateb.")


def test_nothing_to_ask_while_nothing_changed() -> None:
    assert asks(agreed()) == []


def test_a_child_found_competent_is_asked_what_a_parent_agreed_to() -> None:
    case = agreed()
    case.happened(assess(True), CompetenceAssessed)
    assert asks(case) == [("competence_assessed", day(5))]


def test_a_child_found_not_competent_changes_nothing_of_what_a_parent_agreed_to() -> None:
    assert asks(agreed().does(assess(False))) == []


def test_what_a_child_agreed_to_is_asked_again_where_they_are_found_not_competent() -> None:
    case = agreed(authority="competent_child", contact=None, competence_judged_by=JUDGE, assessment="Do.")
    assert asks(case.does(assess(False))) == [("competence_assessed", day(5))]


def test_an_assessment_for_another_purpose_asks_nothing() -> None:
    assert asks(agreed().does(assess(True, purpose="meeting"))) == []


def test_an_assessment_says_how() -> None:
    agreed().refuses(assess(True, assessment=" "), "cannot_be_empty", "assessment")


@pytest.mark.parametrize(
    "change",
    [
        contact_recorded(FATHER, name="Rhys", parental_responsibility=True),
        contact_recorded(UNCLE, name="Ianto", relationship="other", parental_responsibility=True),
        contact_recorded(MOTHER, parental_responsibility=False),
        EndContact(occurred_on=DAY, pupil=PUPIL, contact=MOTHER),
    ],
    ids=[
        "somebody new has it",
        "a contact gets it",
        "the one who agreed loses it",
        "the one who agreed is gone",
    ],
)
def test_a_change_of_parental_responsibility_asks_again(change: Any) -> None:
    assert asks(agreed().does(change)) == [("responsibility_changed", DAY)]


def test_a_contact_brought_up_to_date_asks_nothing() -> None:
    assert (
        asks(agreed().does(contact_recorded(MOTHER, name="Mair Gŵyn"), contact_recorded(UNCLE, name="I.")))
        == []
    )


def test_a_new_answer_or_a_review_settles_it() -> None:
    case = agreed().does(assess(True))
    again = agreed().does(assess(True)).does(agree(occurred_on=day(6)))
    assert asks(again) == []
    case.happened(review(), AgreementReviewed)
    assert asks(case) == []
    assert asks(case.does(assess(True, on=8))) == [("competence_assessed", day(8))]


def test_what_is_not_agreed_is_not_reviewed() -> None:
    case = registered()
    assert case.tries(review()).code == "not_found"


LAST = day(60)


@pytest.mark.parametrize(
    ("on", "expected"),
    [
        (LAST - timedelta(days=31), []),
        (LAST - timedelta(days=30), [("ends_soon", LAST - timedelta(days=30))]),
        (LAST, [("ends_soon", LAST - timedelta(days=30))]),
        (LAST + timedelta(days=1), [("expired", LAST + timedelta(days=1))]),
    ],
    ids=["a day too early", "thirty days before", "its last day", "the day after"],
)
def test_an_agreement_that_runs_out_is_asked_for_again(on: date, expected: list[tuple[str, date]]) -> None:
    assert asks(agreed(expires_on=LAST), on) == expected


BORN = date(2010, 9, 1)
END = end_of_compulsory_school_age(BORN)


@pytest.mark.parametrize(
    ("on", "given_on", "reviewed_on", "expected"),
    [
        (END, DAY, None, None),
        (END + timedelta(days=1), DAY, None, END + timedelta(days=1)),
        (END + timedelta(days=9), END + timedelta(days=1), None, None),
        (END + timedelta(days=9), END, None, END + timedelta(days=1)),
        (END + timedelta(days=9), DAY, END + timedelta(days=1), None),
        (END + timedelta(days=9), DAY, END, END + timedelta(days=1)),
    ],
    ids=[
        "on the last day",
        "the day after",
        "given after",
        "given on it",
        "reviewed after",
        "reviewed on it",
    ],
)
def test_after_compulsory_school_age_the_young_person_is_asked(
    on: date, given_on: date, reviewed_on: date | None, expected: date | None
) -> None:
    assert past_school_age(given_on, reviewed_on, BORN, on) == expected


@given(st.lists(st.tuples(st.booleans(), st.integers(1, 20)), max_size=6), st.integers(1, 20))
def test_whoever_answers_last_is_not_asked_again(assessed: list[tuple[bool, int]], at: int) -> None:
    """However often competence was assessed: an answer after all of it leaves nothing to ask."""
    case = agreed().does(*(assess(competent, on=on) for competent, on in assessed))
    assert asks(case.does(agree(occurred_on=day(at))), 30) == []
