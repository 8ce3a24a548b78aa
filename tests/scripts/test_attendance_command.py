"""`cydlynu report attendance`: the figures of the meetings in each form."""

from __future__ import annotations

import csv
import io

import pytest

from coordination.service import Coordination
from tests.county import CAMHS, PSYCHOLOGY, build
from tests.projections.hwb import accept_terms, hold
from tests.scripts.conftest import Cydlynu


@pytest.fixture
def hwb(cydlynu: Cydlynu, record: Coordination) -> Cydlynu:
    """Four meetings at the first school: CAMHS, under terms, comes once, sends apologies once, and is absent twice;
    the psychologists, without terms, come once."""
    build(record)
    accept_terms(record, CAMHS, notice=10)
    for number, how in enumerate(("attended", "apologies", "absent", "absent")):
        hold(record, number, {CAMHS: how} | ({PSYCHOLOGY: "attended"} if number == 0 else {}))
    return cydlynu


def test_the_figures_of_the_meetings(hwb: Cydlynu) -> None:
    found = hwb("report", "attendance", "--school", "6994001", "--format", "json").json
    assert (found["school"], found["by"], found["as_of"]) == ("6994001", "service", "2026-03-02")
    by_key = {group["key"]: group for group in found["groups"]}
    camhs = by_key["CAMHS"]
    assert [camhs[n] for n in ("meetings", "expected", "attended", "apologies", "absent")] == [
        4,
        4,
        1,
        1,
        2,
    ]
    assert camhs["percent_attended"] == 25.0
    assert by_key["EPS"]["not_expected"]["no_terms"] == 1
    assert found["total"]["meetings"] == 4


def test_as_csv_by_agency_with_a_line_for_all(hwb: Cydlynu) -> None:
    said = hwb("report", "attendance", "--by", "agency", "--format", "csv")
    lines = list(csv.DictReader(io.StringIO(said.out)))
    assert [(line["group"], line["expected"], line["percent_attended"]) for line in lines] == [
        ("BOARD", "4", "25.0"),
        ("EDUCATION", "0", ""),
        ("all", "4", "25.0"),
    ]


def test_of_one_agency_in_a_period_as_a_table(hwb: Cydlynu) -> None:
    said = hwb("report", "attendance", "--agency", "BOARD", "--to", "2025-01-31")
    assert said.out.splitlines()[3].split()[:5] == ["CAMHS", "1", "1", "1", "1"]


def test_a_school_that_is_not_there(hwb: Cydlynu) -> None:
    said = hwb("report", "attendance", "--school", "1234567")
    assert (said.status, said.err.partition(":")[0]) == (1, "unknown_school")
