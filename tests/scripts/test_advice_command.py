"""`cydlynu report advice`: the counts in each form, by each grouping."""

from __future__ import annotations

import csv
import io
from datetime import date
from typing import Any
from uuid import UUID

from coordination.advice.commands import AskAdvice
from coordination.service import Coordination
from tests.county import ALNCO, CAMHS, SCHOOL, THERAPY, build, order
from tests.scripts.conftest import Cydlynu

DAY = date(2026, 2, 10)


def test_the_counts_in_each_form(cydlynu: Cydlynu, record: Coordination) -> None:
    build(record)
    for number, more in enumerate(
        [
            {"service": CAMHS},
            {"service": CAMHS, "answer": "refer"},
            {"service": THERAPY, "answer": "try_first"},
        ]
    ):
        asked: dict[str, Any] = {"school": SCHOOL, "channel": "call", **more}
        record.perform(
            AskAdvice(occurred_on=DAY, advice=UUID(int=0xADC0 + number), **asked), order(ALNCO, DAY)
        )
    found = cydlynu("report", "advice", "--format", "json").json
    assert [(group["key"], group["asked"], group["unanswered"]) for group in found["groups"]] == [
        ("CAMHS", 2, 1),
        ("SALT", 1, 0),
    ]
    assert (found["total"]["without_name"], found["total"]["percent_no_referral"], found["days"]) == (
        2,
        None,
        90,
    )
    said = cydlynu("report", "advice", "--by", "month", "--service", "CAMHS", "--format", "csv")
    lines = list(csv.DictReader(io.StringIO(said.out)))
    assert [(line["group"], line["asked"]) for line in lines] == [("2026-02", "2"), ("all", "2")]
    refused = cydlynu("report", "advice", "--school", "1234567")
    assert (refused.status, refused.err.partition(":")[0]) == (1, "unknown_school")
