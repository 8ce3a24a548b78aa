from __future__ import annotations

from datetime import date
from uuid import UUID

import msgspec
import pytest

from coordination.directory.decide import SetSchoolTerm
from coordination.directory.decisions.school_terms import decide_set_school_term
from coordination.directory.events import SchoolTermSet
from tests.directory.county import BALA, BOARD, CONWY, GWYNEDD, TODAY, TYWYN, county
from tests.given import header


def autumn(organisation: UUID = GWYNEDD, **changed: object) -> SetSchoolTerm:
    usual = SetSchoolTerm(
        occurred_on=TODAY,
        organisation=organisation,
        first_day=date(2025, 9, 1),
        last_day=date(2025, 12, 19),
        closed=tuple(date(2025, 10, day) for day in range(27, 32)),
    )
    return msgspec.structs.replace(usual, **changed)


def spring(organisation: UUID = GWYNEDD) -> SetSchoolTerm:
    return SetSchoolTerm(
        occurred_on=TODAY,
        organisation=organisation,
        first_day=date(2026, 1, 5),
        last_day=date(2026, 3, 27),
    )


def test_a_term_is_set_and_set_again_is_nothing_new() -> None:
    here = county()
    shuffled = autumn(closed=(date(2025, 10, 31), *autumn().closed))
    here.given(GWYNEDD).when(decide_set_school_term, shuffled, here.world).then(
        [
            SchoolTermSet(
                header=header(),
                first_day=date(2025, 9, 1),
                last_day=date(2025, 12, 19),
                closed=autumn().closed,
            )
        ]
    )
    here.does(autumn())
    here.given(GWYNEDD).when(decide_set_school_term, shuffled, here.world).then([])


def test_a_term_put_right_takes_the_place_of_the_one_it_overlaps() -> None:
    here = county(autumn(), spring())
    here.does(autumn(last_day=date(2025, 12, 22)))
    assert [(t.first_day, t.last_day) for t in here.state(GWYNEDD).school_terms] == [
        (date(2025, 9, 1), date(2025, 12, 22)),
        (date(2026, 1, 5), date(2026, 3, 27)),
    ]


@pytest.mark.parametrize(
    ("command", "code", "field"),
    [
        (autumn(last_day=date(2025, 8, 31), closed=()), "end_before_start", "last_day"),
        (autumn(closed=(date(2025, 12, 20),)), "closed_day_outside_term", "closed"),
        (autumn(last_day=date(2026, 2, 1)), "overlaps_two_terms", "first_day"),
    ],
)
def test_what_is_no_term(command: SetSchoolTerm, code: str, field: str) -> None:
    here = county(autumn(), spring())
    here.given(GWYNEDD).when(decide_set_school_term, command, here.world).refused(code, field)


def test_an_agency_has_no_terms() -> None:
    here = county()
    here.given(BOARD).when(decide_set_school_term, autumn(BOARD), here.world).refused("wrong_kind")


def test_school_days_are_the_authoritys_unless_the_school_keeps_its_own_term() -> None:
    training = date(2025, 9, 1)
    own = autumn(TYWYN, closed=(training, *autumn().closed))
    here = county(autumn(), spring(), own)
    general, school = here.directory.school_days(BALA), here.directory.school_days(TYWYN)
    assert general is not None and school is not None
    assert general == here.directory.school_days(GWYNEDD)
    assert general.is_working_day(training) and not school.is_working_day(training)
    assert not general.is_working_day(date(2025, 10, 27))
    assert school.is_working_day(date(2026, 1, 5))
    assert general.ordinal(date(2025, 12, 19)) == school.ordinal(date(2025, 12, 19)) + 1 == 75


def test_no_school_days_are_known_without_terms() -> None:
    here = county(autumn())
    assert here.directory.school_days(CONWY) is None
    assert here.directory.school_days(BOARD) is None
    assert here.directory.school_days(UUID(int=404)) is None
