"""`cydlynu report waiting-times --published`: no exact figure in any form, and the stamp makes it again."""

from __future__ import annotations

import csv
import io
import json
from collections import Counter
from collections.abc import Iterator
from datetime import date, timedelta

import pytest
from python_calamine import CalamineWorkbook

from tests.intake.samples import pupil, sheet, upn
from tests.scripts.conftest import Cydlynu
from tests.scripts.test_report_command import directory

COLUMNS = ("referral_ref", "upn", "school_number", "service_code", "event", "occurred_on", "detail")
MARCH = date(2025, 3, 1)
ENDED = {"6994001": (16, 6, 2), "6994002": (3, 0, 0)}
"""Waits that ended in March by school: within 28 days, up to 56, over 56."""
WAITING = {"6994001": 9, "6994002": 1}
ASK = ("report", "waiting-times", "--service", "CAMHS", "--standard", "camhs-first", "--published")


def waits() -> Iterator[tuple[str, int, date, date | None]]:
    """School, number of the pupil, received and first seen."""
    for school, bands in ENDED.items():
        days = [20] * bands[0] + [40] * bands[1] + [70] * bands[2]
        for number, lasted in enumerate(days):
            stopped = MARCH + timedelta(days=number)
            yield school, number, stopped - timedelta(days=lasted), stopped
        for number in range(WAITING[school]):
            yield school, len(days) + number, MARCH + timedelta(days=number), None


def history() -> Iterator[dict[str, str]]:
    for school, number, received, stopped in waits():
        for event, on in (("received", received), ("first_contact", stopped)):
            if on is not None:
                said = (f"{school}/{number}", upn(number, school=school, year="14"), school, "CAMHS", event)
                yield dict(zip(COLUMNS, (*said, on.isoformat(), ""), strict=True))


@pytest.fixture
def filled(cydlynu: Cydlynu) -> Cydlynu:
    people = [
        pupil(upn=upn(n, school=school, year="14"), school_number=school) for school, n, _, _ in waits()
    ]
    for what, content in (
        ("directory", json.dumps(directory())),
        ("pupils", sheet(people)),
        ("referrals", sheet(history(), COLUMNS)),
    ):
        assert cydlynu("import", what, cydlynu.file(f"{what}.csv", content), "--quiet").status == 0
    return cydlynu


def test_no_form_of_a_published_report_has_an_exact_count(filled: Cydlynu) -> None:
    """Recounted here from the referrals themselves."""
    march = ("--from", "2025-03-01", "--to", "2025-03-31", "--by", "school")
    whole = filled(*ASK, *march, "--format", "json")
    assert whole.status == 0, whole.err
    found = whole.json
    by_school = {row["key"]: row for row in found["groups"]}
    (total,) = found["totals"]
    ended = Counter(school for school, _, _, stopped in waits() if stopped)
    began = Counter(school for school, _, received, _ in waits() if received >= MARCH)
    assert (ended, began) == ({"6994001": 24, "6994002": 3}, {"6994001": 9, "6994002": 1})
    assert total["completed"]["count"] == 25, "27, rounded"
    assert total["waiting"]["count"] == 10
    assert (by_school["6994001"]["started"], by_school["6994002"]["started"]) == (10, "c")
    assert by_school["6994002"]["completed"]["count"] == "c"
    assert by_school["6994002"]["waiting"]["percent_within_standard"] == "c"
    for row in (*found["groups"], total):
        counts = [row["started"], row["uncountable"], *row["ended_otherwise"].values()]
        for part in ("completed", "waiting"):
            counts += [
                figure for name, figure in row[part].items() if "percent" not in name and "days" not in name
            ]
        assert all(figure == "c" or figure % 5 == 0 for figure in counts), row
    lines = list(csv.DictReader(io.StringIO(filled(*ASK, *march, "--format", "csv").out)))
    assert [line["completed_count"] for line in lines if line["group"] == "total"] == ["25"]
    assert "completed_longest_days" not in lines[0]
    process = filled.started(*ASK, *march, "--format", "xlsx")
    assert process.stdout is not None
    book = process.stdout.buffer.read()
    cells = CalamineWorkbook.from_filelike(io.BytesIO(book)).get_sheet_by_index(0).to_python()
    assert len(cells) == 1 + len(lines)
    assert process.wait() == 0
    table = filled(*ASK, *march).out
    assert "c: a count from 1 to 4" in table


def test_the_stamp_of_a_published_report_makes_the_same_bytes(filled: Cydlynu) -> None:
    first = filled(*ASK, "--as-of", "2025-04-15", "--format", "json")
    assert (first.json["from"], first.json["to"]) == ("2025-03-01", "2025-03-31")
    assert filled("report", "replay", first.json["stamp"]).out == first.out


@pytest.mark.parametrize(
    ("options", "reason"),
    [
        (("--from", "2025-03-02", "--to", "2025-03-31"), "whole month"),
        (("--from", "2025-02-01", "--to", "2025-03-31"), "whole month"),
        (("--from", "2025-03-01", "--to", "2025-03-31", "--as-of", "2025-03-30"), "whole month"),
        (("--by", "need"), "not published"),
        (("--by", "end_month"), "not published"),
    ],
)
def test_other_periods_and_groupings_are_not_published(
    cydlynu: Cydlynu, options: tuple[str, ...], reason: str
) -> None:
    """Two periods that differ by a few days would give back who is in one and not in the other."""
    assert (
        cydlynu("import", "directory", cydlynu.file("d.json", json.dumps(directory())), "--quiet").status == 0
    )
    refused = cydlynu(*ASK, *options)
    assert refused.status != 0
    assert reason in refused.err
