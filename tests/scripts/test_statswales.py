"""A real published table: its waits go in through the real command, its counts and percentages come out."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from tests.intake.samples import pupil, sheet, upn
from tests.scripts.conftest import Cydlynu

TABLE = Path(__file__).parents[1] / "data" / "statswales-lpmhss-interventions.csv"
SCHOOLS = ("6994001", "6994002", "6994003")
ASSESSED = date(2024, 3, 4)
COLUMNS = ("referral_ref", "upn", "school_number", "service_code", "event", "occurred_on", "detail")


class PublishedMonth(NamedTuple):
    """One health board's published month."""

    board: str
    ods_code: str
    within: int
    middle: int
    over: int
    total: int
    percent: float

    def waits(self) -> Iterator[int]:
        """Waits in days, spread over each band with its two ends."""
        yield from _spread(0, 28, self.within)
        yield from _spread(29, 56, self.middle)
        yield from _spread(57, 400, self.over)


def _spread(least: int, most: int, count: int) -> Iterator[int]:
    for number in range(count):
        yield least + (most - least) * number // max(1, count - 1)


def published() -> list[PublishedMonth]:
    with TABLE.open() as file:
        rows = list(csv.reader(file))[1:]
    return [
        PublishedMonth(name, ods, int(a), int(b), int(c), int(t), float(p))
        for name, ods, a, b, c, t, p in rows
    ]


def directory(rows: list[PublishedMonth]) -> dict[str, Any]:
    return {
        "authorities": [{"code": "699", "name": "Dyffryn"}],
        "schools": [
            {
                "number": number,
                "name": f"School {number}",
                "phase": "all_age",
                "language": "bilingual",
                "authority": "699",
            }
            for number in SCHOOLS
        ],
        "agencies": [
            {"code": row.ods_code, "name": row.board, "kind": "local_health_board", "ods_code": row.ods_code}
            for row in rows
        ],
        "services": [
            {"code": f"LPMHSS-{row.ods_code}", "agency": row.ods_code, "profession": "primary_mental_health"}
            for row in rows
        ],
        "standards": [
            {
                "code": "LPMHSS-intervention",
                "service": f"LPMHSS-{row.ods_code}",
                "start": "assessed",
                "stop": "treatment_started",
                "limit": 28,
                "unit": "calendar_days",
                "target_percent": 80,
                "bands": [28, 56],
                "effective_from": "2012-10-01",
                "source": "Mental Health (Wales) Measure 2010, Part 1",
            }
            for row in rows
        ],
    }


def pupils(rows: list[PublishedMonth]) -> Iterator[dict[str, str]]:
    for row, school in zip(rows, SCHOOLS, strict=True):
        for number in range(row.total):
            yield pupil(upn=upn(number, school=school, year="14"), school_number=school)


def referrals(rows: list[PublishedMonth]) -> Iterator[dict[str, str]]:
    """One pupil a referral; the days of assessment are spread over a month, the file's rows mixed."""
    for row, school in zip(rows, SCHOOLS, strict=True):
        for number, wait in enumerate(row.waits()):
            assessed = ASSESSED + timedelta(days=number % 28)
            for event, on in (("treatment_started", assessed + timedelta(days=wait)), ("assessed", assessed)):
                said = (
                    f"{row.ods_code}/{number}",
                    upn(number, school=school, year="14"),
                    school,
                    f"LPMHSS-{row.ods_code}",
                    event,
                    on.isoformat(),
                    "",
                )
                yield dict(zip(COLUMNS, said, strict=True))


@pytest.fixture
def filled(cydlynu: Cydlynu) -> Cydlynu:
    """The table's waits on the record, through the real command."""
    rows = published()
    assert cydlynu("import", "directory", cydlynu.file("d.json", json.dumps(directory(rows)))).status == 0
    assert cydlynu("import", "pupils", cydlynu.file("p.csv", sheet(pupils(rows)))).status == 0
    history = cydlynu.file("r.csv", sheet(referrals(rows), COLUMNS))
    taken = cydlynu("import", "referrals", history, "--quiet")
    assert (taken.status, taken.err) == (0, "")
    expected = 2 * sum(row.total for row in rows)
    assert taken.out == f"referrals: {expected} read; {expected} new.\n"
    return cydlynu


def test_the_report_prints_the_published_counts_and_percentages(filled: Cydlynu) -> None:
    for row in published():
        assert row.within + row.middle + row.over == row.total
        by_board = filled(
            *("report", "waiting-times", "--service", f"LPMHSS-{row.ods_code}"),
            *("--standard", "LPMHSS-intervention", "--by", "board", "--format", "json"),
        ).json
        (group,) = by_board["groups"]
        completed = group["completed"]
        assert group["key"] == row.ods_code
        assert completed["count"] == row.total
        assert completed["within_standard"] == row.within
        assert completed["percent_within_standard"] == row.percent
        assert completed["bands"] == [
            {"over": None, "up_to": 28, "count": row.within},
            {"over": 28, "up_to": 56, "count": row.middle},
            {"over": 56, "up_to": None, "count": row.over},
        ]
        assert group["waiting"]["count"] == 0
        assert by_board["unconfirmed"] == 2 * row.total
        table = filled(
            "report", "waiting-times", "--service", f"LPMHSS-{row.ods_code}", "--format", "csv"
        ).out
        (line,) = csv.DictReader(io.StringIO(table))
        printed = [line[name] for name in ("completed", "up_to_28", "over_28_up_to_56", "over_56")]
        assert printed == [str(row.total), str(row.within), str(row.middle), str(row.over)]
        assert line["percent_within_standard"] == str(row.percent)


def test_the_boards_own_file_is_its_own_word_and_the_figures_stay(filled: Cydlynu) -> None:
    row = published()[0]
    own = [said for said in referrals(published()) if said["service_code"] == f"LPMHSS-{row.ods_code}"]
    taken = filled(
        "import", "referrals", filled.file("own.csv", sheet(own, COLUMNS)), "--word-of", row.ods_code
    )
    assert taken.status == 0
    assert f"{2 * row.total} confirmed by the agency" in taken.out
    found = filled("report", "waiting-times", "--service", f"LPMHSS-{row.ods_code}", "--format", "json").json
    assert found["unconfirmed"] == 0
    assert found["groups"][0]["completed"]["percent_within_standard"] == row.percent
