"""What a county still needs before its first referral: each thing that is missing is found."""

from __future__ import annotations

from datetime import date, timedelta
from uuid import UUID

import pytest

from coordination.directory.commands import (
    AppointPerson,
    CloseOrganisation,
    SetRequirements,
    SetSchoolTerm,
    SetStandard,
)
from coordination.directory.state import Directory
from coordination.directory.term_gaps import TermGap
from tests.directory.county import BALA, BOARD, CAMHS, CONWY, GWYNEDD, TYWYN, County, full_county
from webui.administration.set_up import SetUpStep, set_up_steps

ON = date(2026, 11, 30)
DAY = timedelta(days=1)


@pytest.fixture
def whole() -> County:
    return full_county()


def step(directory: Directory, name: str, on: date = ON) -> SetUpStep:
    return next(s for s in set_up_steps(directory, on) if s.name == name)


def test_an_empty_directory_lacks_everything() -> None:
    assert {s.name for s in set_up_steps(Directory(), ON) if not s.done} == {
        s.name for s in set_up_steps(Directory(), ON)
    }


def test_terms_are_needed_until_their_last_day(whole: County) -> None:
    term = SetSchoolTerm(
        occurred_on=ON, organisation=GWYNEDD, first_day=date(2040, 9, 3), last_day=date(2040, 12, 20)
    )
    whole.does(term)
    assert GWYNEDD not in step(whole.directory, "terms_of_school", term.last_day).lacking
    assert GWYNEDD in step(whole.directory, "terms_of_school", term.last_day + DAY).lacking
    assert CONWY in step(whole.directory, "terms_of_school", term.last_day).lacking


def with_terms(whole: County, *terms: tuple[date, date]) -> None:
    for first, last in terms:
        whole.does(SetSchoolTerm(occurred_on=ON, organisation=CONWY, first_day=first, last_day=last))


@pytest.mark.parametrize(("begins", "hole"), [(date(2041, 9, 30), False), (date(2041, 10, 1), True)])
def test_more_than_70_days_between_two_terms_are_a_gap(whole: County, begins: date, hole: bool) -> None:
    summer = (date(2041, 4, 20), date(2041, 7, 22))
    with_terms(whole, summer, (begins, date(2041, 12, 19)))
    found = step(whole.directory, "terms_of_school", summer[0])
    gaps = [gap for gap in found.gaps if gap.organisation == CONWY]
    assert gaps == ([TermGap(CONWY, summer[1], begins)] if hole else [])
    assert found.done is False


def test_terms_that_end_before_a_limit_in_school_days_are_a_gap(whole: County) -> None:
    # 1 to 12 September 2042 are ten school days: a limit of 5 that begins on the 5th ends on the 12th
    with_terms(whole, (date(2042, 9, 1), date(2042, 9, 12)))
    whole.does(
        SetStandard(
            occurred_on=ON,
            organisation=BOARD,
            service=CAMHS,
            code="SCHOOL-5",
            start="received",
            stop="first_contact",
            limit=5,
            unit="school_days",
            effective_from=ON,
            source="test",
        )
    )
    in_time = step(whole.directory, "terms_of_school", date(2042, 9, 5)).gaps
    assert [gap for gap in in_time if gap.organisation == CONWY] == []
    too_late = step(whole.directory, "terms_of_school", date(2042, 9, 8)).gaps
    assert [gap for gap in too_late if gap.organisation == CONWY] == [TermGap(CONWY, date(2042, 9, 12), None)]


def test_what_a_service_asks_for(whole: County) -> None:
    whole.does(
        SetRequirements(
            occurred_on=ON, organisation=BOARD, service=CAMHS, effective_from=ON + DAY, requirements=()
        )
    )
    assert CAMHS in step(whole.directory, "requirements", ON + DAY).lacking


def test_a_role_that_is_missing_and_one_that_has_come(whole: County) -> None:
    assert TYWYN in step(whole.directory, "people").lacking
    for number, role in enumerate(("alnco", "head")):
        whole.does(
            AppointPerson(
                occurred_on=ON,
                organisation=TYWYN,
                person=UUID(int=0xF00 + number),
                role=role,
                effective_from=ON,
                name="Somebody",
            )
        )
    assert TYWYN not in step(whole.directory, "people").lacking
    assert TYWYN in step(whole.directory, "people", ON - DAY).lacking


def test_a_closed_school_needs_nothing(whole: County) -> None:
    assert BALA in step(whole.directory, "people").lacking
    whole.does(CloseOrganisation(occurred_on=ON, organisation=BALA, effective_to=ON))
    assert BALA in step(whole.directory, "people", ON).lacking
    assert BALA not in step(whole.directory, "people", ON + DAY).lacking
