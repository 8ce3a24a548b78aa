"""`cydlynu report returns`: the counts of each return, recounted here from the referrals that were put in."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date, timedelta
from itertools import pairwise
from typing import Any, NamedTuple

import pytest

from tests.intake.samples import pupil, sheet, upn
from tests.scripts.conftest import Cydlynu

COLUMNS = ("referral_ref", "upn", "school_number", "service_code", "event", "occurred_on", "detail")
SCHOOL = "6994001"
LAST = date(2025, 3, 31)
EDGES = (0, 27, 28, 84, 85, 126, 127, 182, 183, 252, 253, 364, 365, 400)
"""Days waited on the last day of the month: both sides of each border."""


class Sent(NamedTuple):
    service: str
    steps: tuple[tuple[str, date], ...]


def sent() -> Iterator[Sent]:
    for days in EDGES:
        for service in ("ND", "CAMHS"):
            yield Sent(service, (("received", LAST - timedelta(days=days)),))
    for step in ("accepted", "declined", "withdrawn", "first_contact"):
        yield Sent("ND", (("received", date(2025, 3, 3)), (step, date(2025, 3, 10))))
    # decided after the month: not yet decided in it
    yield Sent("ND", (("received", date(2025, 3, 3)), ("accepted", date(2025, 4, 1))))
    for days in (28, 29, 56, 57):
        assessed = date(2025, 3, 31) - timedelta(days=days)
        yield Sent(
            "PMH",
            (
                ("received", assessed - timedelta(days=28)),
                ("assessed", assessed),
                ("treatment_started", date(2025, 3, 31)),
            ),
        )


def directory() -> dict[str, Any]:
    def standard(service: str, code: str, start: str, stop: str, limit: int) -> dict[str, Any]:
        common = {"unit": "calendar_days", "target_percent": 80, "bands": [], "effective_from": "2012-10-01"}
        named = {
            "code": code,
            "service": service,
            "start": start,
            "stop": stop,
            "limit": limit,
            "source": "test",
        }
        return common | named

    return {
        "authorities": [{"code": "699", "name": "Dyffryn"}],
        "schools": [
            {"number": SCHOOL, "name": SCHOOL, "phase": "secondary", "language": "welsh", "authority": "699"}
        ],
        "agencies": [{"code": "BOARD", "name": "Board", "kind": "local_health_board", "ods_code": "7X9"}],
        "services": [
            {"code": "ND", "agency": "BOARD", "profession": "neurodevelopment"},
            {"code": "CAMHS", "agency": "BOARD", "profession": "camhs"},
            {"code": "PMH", "agency": "BOARD", "profession": "primary_mental_health"},
        ],
        "standards": [
            standard("ND", "nd", "received", "first_contact", 182),
            standard("CAMHS", "camhs", "received", "first_contact", 28),
            standard("PMH", "pmh-assessment", "received", "assessed", 28),
            standard("PMH", "pmh-intervention", "assessed", "treatment_started", 28),
        ],
    }


def history() -> Iterator[dict[str, str]]:
    for number, one in enumerate(sent()):
        for event, on in one.steps:
            detail = "duplicate" if event in ("declined", "withdrawn") else ""
            said = (
                str(number),
                upn(number, school=SCHOOL, year="14"),
                SCHOOL,
                one.service,
                event,
                on.isoformat(),
                detail,
            )
            yield dict(zip(COLUMNS, said, strict=True))


@pytest.fixture
def filled(cydlynu: Cydlynu) -> Cydlynu:
    """Everybody was born on 1 October 2007: 17 years and 6 months (210 months) from 1 April 2025 on."""
    people = [
        pupil(upn=upn(n, school=SCHOOL, year="14"), school_number=SCHOOL, date_of_birth="2007-10-01")
        for n, _ in enumerate(sent())
    ]
    for what, content in (
        ("directory", json.dumps(directory())),
        ("pupils", sheet(people)),
        ("referrals", sheet(history(), COLUMNS)),
    ):
        taken = cydlynu("import", what, cydlynu.file(f"{what}.csv", content), "--quiet")
        assert taken.status == 0, taken.out
    return cydlynu


def asked(filled: Cydlynu, kind: str, *more: str) -> dict[str, Any]:
    found = filled("report", "returns", "--kind", kind, "--month", "2025-03", "--format", "json", *more)
    assert found.status == 0, found.err
    return found.json


def in_bands(days: list[int], *limits: int) -> list[int]:
    edges = [-1, *limits, 10_000]
    return [sum(low < d <= high for d in days) for low, high in pairwise(edges)]


def test_the_neurodevelopment_return(filled: Cydlynu) -> None:
    row = next(row for row in asked(filled, "neurodevelopment")["rows"] if row["key"] == "7X9")
    # the accepted one and the one decided later still wait
    days = [*EDGES, 28, 28]
    names = ("up_to_84", "85_to_126", "127_to_182", "183_to_252", "253_to_364")
    shown = [*(row["waiting"][f"{name}_days"] for name in names), row["waiting"]["365_days_and_over"]]
    assert shown == in_bands(days, 84, 126, 182, 252, 364)
    assert row["waiting"]["count"] == len(days)
    within = sum(d <= 182 for d in days)
    assert row["waiting"]["percent_within_26_weeks"] == pytest.approx(100 * within / len(days), abs=0.05)
    received = row["received"]
    assert received == {
        # of those that still wait: received in March
        "count": sum(d < 31 for d in EDGES) + 5,
        "accepted": 2,
        "rejected": 1,
        "not_yet_decided": sum(d < 31 for d in EDGES) + 2,
    }


def test_the_camhs_series(filled: Cydlynu) -> None:
    row = next(row for row in asked(filled, "camhs")["rows"] if row["key"] == "7X9")
    under = sum(d < 28 for d in EDGES)
    assert row["waiting"]["count"] == len(EDGES)
    assert row["waiting"]["up_to_27_days"] == under
    assert row["waiting"]["percent_under_4_weeks"] == pytest.approx(100 * under / len(EDGES), abs=0.05)
    assert row["age_not_known"] == 0


def test_the_primary_mental_health_series(filled: Cydlynu) -> None:
    by_age = {row["key"]: row for row in asked(filled, "primary_mental_health", "--by", "age")["rows"]}
    assert set(by_age) == {"under_18", "total"}
    interventions = by_age["under_18"]["interventions"]
    assert interventions == {
        "count": 4,
        "up_to_28_days": 1,
        "29_to_56_days": 2,
        "57_days_and_over": 1,
        "percent_within_28_days": 25.0,
    }
    # assessed in March: 28 and 29 days before its last day
    assert by_age["total"]["assessments"]["count"] == 2
    assert by_age["total"]["assessments"]["up_to_28_days"] == 2


def test_a_published_return_has_no_exact_count_and_its_stamp_makes_it_again(filled: Cydlynu) -> None:
    found = asked(filled, "neurodevelopment", "--published")
    for row in found["rows"]:
        counts = [*row["received"].values(), *(v for k, v in row["waiting"].items() if "percent" not in k)]
        assert all(count == "c" or count % 5 == 0 for count in counts)
    printed = filled("report", "replay", found["stamp"]).out
    assert json.loads(printed) == found


def test_a_month_that_is_not_over_and_no_month_are_refused(cydlynu: Cydlynu) -> None:
    for month in (f"{cydlynu.now.date():%Y-%m}", "2025-13", "March"):
        assert cydlynu("report", "returns", "--kind", "camhs", "--month", month).status != 0
