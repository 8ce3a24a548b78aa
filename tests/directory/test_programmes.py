"""Programmes of support: dated data of a school or an authority."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from coordination.directory.dated import in_force
from coordination.directory.decisions.programmes import decide_set_programme
from coordination.directory.programmes import SetProgramme
from tests.directory.county import BOARD, GWYNEDD, TODAY, TYWYN, full_county

LATER = date(2026, 9, 1)


def programme(**changed: Any) -> SetProgramme:
    usual: dict[str, Any] = {
        "occurred_on": TODAY,
        "organisation": TYWYN,
        "code": "TALK",
        "name": "Talk Boost",
        "level": 2,
        "needs": ("SLCD",),
        "entry_criteria": "Below the language screen",
        "exit_criteria": "Passes the screen",
        "usual_weeks": 10,
        "effective_from": TODAY,
    }
    return SetProgramme(**{**usual, **changed})


def test_a_programme_has_dated_versions_and_one_is_in_force() -> None:
    here = full_county()
    here.does(programme())
    here.does(programme(effective_from=LATER, usual_weeks=12))
    versions = here.state(TYWYN).programmes["TALK"]
    assert [in_force(versions, on).usual_weeks for on in (TODAY, date(2026, 8, 31), LATER)] == [10, 10, 12]  # type: ignore[union-attr]
    assert here.does(programme()) == []


def test_a_programme_is_ended_by_its_last_day() -> None:
    here = full_county()
    here.does(programme())
    here.does(programme(effective_to=date(2026, 7, 20)))
    versions = here.state(TYWYN).programmes["TALK"]
    assert in_force(versions, date(2026, 7, 20)) is not None
    assert in_force(versions, date(2026, 7, 21)) is None


@pytest.mark.parametrize(
    ("changed", "code", "field"),
    [
        ({"level": 4}, "unknown_support_level", "level"),
        ({"usual_weeks": 0}, "weeks_out_of_range", "usual_weeks"),
        ({"usual_weeks": 157}, "weeks_out_of_range", "usual_weeks"),
        ({"needs": ("NOPE",)}, "unknown_code", "needs"),
        ({"name": " "}, "cannot_be_empty", "name"),
        ({"exit_criteria": ""}, "cannot_be_empty", "exit_criteria"),
        ({"code": "C" * 41}, "programme_code_too_long", "code"),
        ({"effective_to": date(2026, 3, 1)}, "end_before_start", "effective_to"),
    ],
)
def test_what_cannot_be_set(changed: dict[str, Any], code: str, field: str) -> None:
    here = full_county()
    own = here.given(TYWYN).by(role="alnco", organisation=TYWYN)
    own.when(decide_set_programme, programme(**changed), here.world).refused(code, field)


@pytest.mark.parametrize(
    ("who", "allowed"),
    [
        ({"role": "alnco", "organisation": TYWYN}, True),
        ({"role": "head", "organisation": TYWYN}, True),
        ({"role": "class_teacher", "organisation": TYWYN}, False),
        ({"role": "alnco", "organisation": BOARD}, False),
        ({"role": "administrator", "organisation": GWYNEDD}, False),
    ],
)
def test_a_school_sets_its_own(who: dict[str, Any], *, allowed: bool) -> None:
    here = full_county()
    tried = here.given(TYWYN).by(**who).when(decide_set_programme, programme(), here.world)
    if allowed:
        assert [type(event).__name__ for event in tried.events] == ["ProgrammeSet"]
    else:
        tried.refused("not_permitted")


def test_an_authority_s_administrator_sets_those_of_the_authority_and_an_agency_has_none() -> None:
    here = full_county()
    own = programme(organisation=GWYNEDD)
    tried = here.given(GWYNEDD).by(role="administrator", organisation=GWYNEDD)
    assert tried.when(decide_set_programme, own, here.world).events
    here.given(BOARD).when(decide_set_programme, programme(organisation=BOARD), here.world).refused(
        "wrong_kind", "organisation"
    )
