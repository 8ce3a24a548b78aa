"""Statutory time limits in a directory file."""

from __future__ import annotations

import json
from datetime import date

import pytest

from coordination.directory.commands import SetStatutoryStandard
from coordination.intake.directory import ParsedDirectoryFile, read_directory
from coordination.intake.recording.arrangements import statutory_standard
from tests.directory.county import REFERENCE, TODAY, county, school_limit

LIMIT = {
    "code": "school_decision",
    "body": "school",
    "start": "concern_raised",
    "stop": "aln_decided",
    "limit": 35,
    "unit": "school_days",
    "effective_from": "2021-09-01",
    "source": "ALN Code 2021",
}


def read(**changed: object) -> ParsedDirectoryFile:
    item = {name: value for name, value in (LIMIT | changed).items() if value is not None}
    data = json.dumps({"statutory_standards": [item]}).encode()
    return read_directory(data, lambda *_: "current", TODAY)


def test_a_limit_becomes_the_command_that_a_page_would_give() -> None:
    here = county()
    [item] = read().statutory_standards
    made = statutory_standard(item, here.directory, lambda *_: REFERENCE, TODAY)
    assert made.command == school_limit()
    assert (made.organisation, made.before) == (REFERENCE, None)
    assert isinstance(made.command, SetStatutoryStandard)
    here.does(made.command)
    again = statutory_standard(item, here.directory, lambda *_: REFERENCE, TODAY)
    assert here.does(again.command) == []
    assert again.before is not None


@pytest.mark.parametrize(
    "changed, code",
    [
        ({"body": None}, "missing"),
        ({"limit": 0}, "limit_not_positive"),
        ({"repeats": "yes"}, "true_or_false_expected"),
        ({"effective_from": "1 September"}, "date_format"),
        ({"effective_to": "2020-01-01"}, "end_before_start"),
        ({"service": "CAMHS"}, "unknown_key"),
    ],
)
def test_what_is_wrong_is_said_by_path(changed: dict[str, object], code: str) -> None:
    found = read(**changed)
    assert found.statutory_standards == ()
    assert [problem.code for problem in found.problems] == [code]
    assert (found.problems[0].field or "").startswith("statutory_standards[0]")


def test_dates_are_read_as_they_are_written() -> None:
    [item] = read(effective_to="2027-08-31", repeats=True).statutory_standards
    assert (item.effective_from, item.effective_to, item.repeats) == (
        date(2021, 9, 1),
        date(2027, 8, 31),
        True,
    )
