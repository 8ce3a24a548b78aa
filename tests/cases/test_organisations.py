"""Directory files by which a school closes, a service moves to another health board, and a service closes while pupils
wait: what is right, from the file to what everybody sees."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from coordination.intake.recording.directory import record_directory
from coordination.intake.recording.outcomes import ImportResult
from coordination.service import Coordination

CASES = Path(__file__).with_name("directory")
NOW = datetime(2026, 11, 30, 9, tzinfo=UTC)
BEFORE = NOW - timedelta(days=400)

COUNTY: dict[str, Any] = {
    "authorities": [{"code": "699", "name": "Dyffryn"}],
    "schools": [
        {
            "number": number,
            "name": name,
            "phase": "primary",
            "language": "english",
            "authority": "699",
        }
        for number, name in (
            ("6992004", "St Tudno's Primary School"),
            ("6992005", "Bryn Awel Primary School"),
        )
    ],
    "agencies": [
        {"code": "DYFFRYN", "name": "Dyffryn Health Board", "kind": "local_health_board"},
        {"code": "CYMORTH", "name": "Cymorth", "kind": "third_sector"},
    ],
    "services": [
        {"code": "CAMHS", "agency": "DYFFRYN", "profession": "camhs", "open_from": "2010-04-01"},
        {"code": "LLES", "agency": "CYMORTH", "profession": "family_support", "open_from": "2010-04-01"},
    ],
}


@pytest.fixture
def county(service: Coordination) -> Coordination:
    """The demonstration county's part that the files name."""
    assert record_directory(service, json.dumps(COUNTY).encode(), now=BEFORE).status == 0
    return service


def case(service: Coordination, name: str, **how: Any) -> ImportResult:
    return record_directory(service, (CASES / f"{name}.json").read_bytes(), now=NOW, **how)


def said(result: ImportResult) -> list[tuple[int | str, str, tuple[str, ...], tuple[str, ...]]]:
    return [(o.place, o.word, o.what, tuple(p.code for p in o.problems)) for o in result.outcomes]


def test_17_directory_school_close(county: Coordination) -> None:
    preview = case(county, "17_directory_school_close", preview=True)
    assert said(preview) == [("schools[0]", "changed", ("effective_to",), ("pupils_go_to_authority",))]
    assert case(county, "17_directory_school_close") == preview
    school = county.directory().by_code("school", "6992004")
    assert school is not None
    assert (school.effective_to, school.is_open(date(2026, 11, 29))) == (date(2026, 11, 28), False)
    again = case(county, "17_directory_school_close")
    assert said(again) == [("schools[0]", "unchanged", (), ())]


def test_a_school_that_merges_into_another(county: Coordination) -> None:
    school = COUNTY["schools"][0] | {"effective_to": "2026-11-28", "merged_into": "6992005"}
    result = record_directory(county, json.dumps({"schools": [school]}).encode(), now=NOW)
    assert said(result) == [
        ("schools[0]", "changed", ("effective_to", "merged_into"), ("pupils_go_to_school",))
    ]
    # a file of before, without the last day, leaves it closed
    result = record_directory(county, json.dumps(COUNTY).encode(), now=NOW)
    assert {o.word for o in result.outcomes} == {"unchanged"}


def test_17_directory_merge(county: Coordination) -> None:
    preview = case(county, "17_directory_merge", preview=True)
    assert said(preview) == [
        ("agencies[0]", "new", (), ()),
        ("services[0]", "changed", ("agency",), ("referrals_go_with_service",)),
    ]
    assert case(county, "17_directory_merge") == preview
    known = county.directory()
    service, big = known.service_by_code("CAMHS"), known.by_code("agency", "BIG")
    assert service is not None
    assert big is not None
    assert (service.agency, service.agency_since, service.open_from) == (
        big.id,
        date(2026, 11, 1),
        date(2010, 4, 1),
    )
    assert {word for _, word, _, _ in said(case(county, "17_directory_merge"))} == {"unchanged"}
    # the file of before does not take it back
    result = record_directory(county, json.dumps(COUNTY).encode(), now=NOW)
    assert [(o.place, o.problems[0].code) for o in result.outcomes if o.word == "refused"] == [
        ("services[0]", "end_before_start")
    ]


def test_17_service_close(county: Coordination) -> None:
    preview = case(county, "17_service_close", preview=True)
    assert said(preview) == [("services[0]", "changed", ("open_to",), ("nobody_takes_on_referrals",))]
    assert case(county, "17_service_close") == preview
    service = county.directory().service_by_code("LLES")
    assert service is not None
    assert (service.open_to, service.inherited_by) == (date(2026, 10, 31), None)
    assert said(case(county, "17_service_close")) == [("services[0]", "unchanged", (), ())]


def test_a_service_that_closes_and_is_inherited_later(county: Coordination) -> None:
    case(county, "17_service_close")
    file = json.loads((CASES / "17_service_close.json").read_text())
    file["services"][0]["inherited_by"] = "CAMHS"
    result = record_directory(county, json.dumps(file).encode(), now=NOW)
    assert said(result) == [("services[0]", "changed", ("inherited_by",), ("referrals_are_inherited",))]
    heir = county.directory().taken_on_by(
        county.directory().service_by_code("LLES").id,  # type: ignore[union-attr]
        NOW.date(),
    )
    assert heir is not None
    assert heir.code == "CAMHS"
