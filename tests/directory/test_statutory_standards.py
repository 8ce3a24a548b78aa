"""Statutory time limits on the reference stream: dated, with their sources."""

from __future__ import annotations

from datetime import date

import msgspec
import pytest

from coordination.directory.codes import first_statutory_standards, statutory_templates
from coordination.directory.commands import EndStatutoryStandard
from coordination.directory.decisions.statutory import (
    decide_end_statutory_standard,
    decide_set_statutory_standard,
)
from coordination.directory.events import StatutoryStandardEnded, StatutoryStandardSet
from coordination.directory.organisation import StatutoryStandard
from tests.directory.county import REFERENCE, TODAY, TYWYN, County, county, school_limit
from tests.given import header

BEGAN = date(2021, 9, 1)


def in_force(here: County, on: date) -> list[tuple[str, int]]:
    found = here.directory.statutory_standards()
    return [
        (s.code, s.limit)
        for s in found
        if s.effective_from <= on and (s.effective_to is None or on <= s.effective_to)
    ]


def test_a_limit_is_set_and_set_again_is_nothing_new() -> None:
    here = county()
    wanted = {name: getattr(school_limit(), name) for name in StatutoryStandard.__struct_fields__}
    here.given(REFERENCE).when(decide_set_statutory_standard, school_limit(), here.world).then(
        [StatutoryStandardSet(header=header(), **wanted)]
    )
    here.does(school_limit())
    here.given(REFERENCE).when(decide_set_statutory_standard, school_limit(), here.world).then([])


def test_a_later_version_ends_the_earlier_one_the_day_before() -> None:
    here = county(school_limit())
    later = school_limit(limit=30, effective_from=date(2026, 9, 1))
    [ended, _] = here.does(later)
    assert isinstance(ended, StatutoryStandardEnded)
    assert (ended.effective_from, ended.effective_to) == (BEGAN, date(2026, 8, 31))
    days = (date(2021, 8, 31), BEGAN, date(2026, 8, 31), date(2026, 9, 1))
    assert [in_force(here, on) for on in days] == [
        [],
        [("school_decision", 35)],
        [("school_decision", 35)],
        [("school_decision", 30)],
    ]


def test_a_limit_ends_on_a_day() -> None:
    here = county(school_limit())
    end = EndStatutoryStandard(
        occurred_on=TODAY, organisation=REFERENCE, code="school_decision", effective_to=date(2027, 7, 31)
    )
    here.does(end)
    assert in_force(here, date(2027, 7, 31)) == [("school_decision", 35)]
    assert in_force(here, date(2027, 8, 1)) == []
    assert here.does(end) == []
    other = msgspec.structs.replace(end, effective_to=date(2020, 1, 1))
    here.given(REFERENCE).when(decide_end_statutory_standard, other, here.world).refused(
        "not_in_force", "effective_to"
    )


@pytest.mark.parametrize(
    "changed, code, field",
    [
        ({"body": "agency"}, "unknown_body", "body"),
        ({"start": "received"}, "unknown_aln_step", "start"),
        ({"stop": "concern_raised"}, "start_is_stop", "stop"),
        ({"unit": "years"}, "unknown_unit", "unit"),
        ({"limit": 0}, "limit_not_positive", "limit"),
        ({"bands": (35, 20)}, "bands_not_ascending", "bands"),
        ({"unit": "months", "bands": (6, 12)}, "months_without_bands", "bands"),
        ({"source": " "}, "cannot_be_empty", "source"),
        ({"target_percent": 101}, "percent_out_of_range", "target_percent"),
        ({"effective_to": date(2021, 8, 31)}, "end_before_start", "effective_to"),
        ({"organisation": TYWYN}, "wrong_kind", "organisation"),
    ],
)
def test_what_is_no_limit_is_refused(changed: dict[str, object], code: str, field: str) -> None:
    here = county()
    command = school_limit(**changed)
    here.given(command.organisation).when(decide_set_statutory_standard, command, here.world).refused(
        code, field
    )


def test_only_an_administrator_sets_it() -> None:
    here = county()
    here.given(REFERENCE).by(role="alnco", organisation=TYWYN, source="screen").when(
        decide_set_statutory_standard, school_limit(), here.world
    ).refused("not_permitted")


def test_the_first_limits_leave_alone_what_is_there() -> None:
    here = county(school_limit(limit=30))
    for command in first_statutory_standards(REFERENCE, TODAY, here.directory):
        here.does(command)
    found = {s.code: s for s in here.directory.statutory_standards()}
    assert found.keys() == {t.code for t in statutory_templates()}
    assert found["school_decision"].limit == 30
    limits = {code: (s.body, s.limit, s.unit) for code, s in found.items() if code != "school_decision"}
    assert limits == {
        "school_plan": ("school", 35, "school_days"),
        "authority_decision": ("authority", 12, "weeks"),
        "authority_plan": ("authority", 12, "weeks"),
        "reconsideration": ("authority", 7, "weeks"),
        "school_review": ("school", 12, "months"),
        "authority_review": ("authority", 12, "months"),
    }
    assert first_statutory_standards(REFERENCE, TODAY, here.directory) == ()
