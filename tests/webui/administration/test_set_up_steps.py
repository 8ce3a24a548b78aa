"""What a county still needs before its first referral: each thing that is missing is found."""

from __future__ import annotations

from datetime import date, timedelta
from uuid import UUID

import pytest

from coordination.directory.commands import AppointPerson, CloseOrganisation, SetRequirements, SetSchoolTerm
from coordination.directory.state import Directory
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
