"""`cydlynu report`: exact figures in three forms, on read models that are up to date."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from python_calamine import CalamineWorkbook

from coordination.authority import OPERATOR
from coordination.directory.commands import SetStandard
from coordination.event import CommandContext
from coordination.service import Coordination
from coordination.store.keys import load_or_make
from projections.engine import Engine
from scripts.cli import catching_up
from scripts.cli.tables import align_columns, as_csv
from tests.intake.recorded import history
from tests.intake.samples import pupil, sheet, upn
from tests.scripts.conftest import Cydlynu, one, start, until

FIRST = date(2025, 1, 6)
ENDINGS = (
    "passed_on",
    "declined",
    "advice_given",
    "withdrawn",
    "discharged",
    "place_ended",
    "moved_away",
    "aged_out",
)
NOT_OTHERWISE = dict.fromkeys(ENDINGS, 0)


ALL_TOGETHER = [
    {
        "key": "CAMHS",
        "version": "2017-12-13",
        "started": 7,
        "completed": {
            "count": 6,
            "within_standard": 3,
            "percent_within_standard": 50.0,
            "median_days": 28.5,
            "p95_days": 56.8,
            "bands": [
                {"over": None, "up_to": 28, "count": 3},
                {"over": 28, "up_to": 56, "count": 2},
                {"over": 56, "up_to": None, "count": 1},
            ],
            "few_waits": True,
        },
        "waiting": {
            "count": 1,
            "within_standard": 0,
            "percent_within_standard": 0.0,
            "over_standard": 1,
            "median_days": 56.0,
            "p92_days": 56.0,
            "p95_days": 56.0,
            "longest_days": 56,
            "bands": [
                {"over": None, "up_to": 28, "count": 0},
                {"over": 28, "up_to": 56, "count": 1},
                {"over": 56, "up_to": None, "count": 0},
            ],
            "few_waits": True,
        },
        "ended_otherwise": NOT_OTHERWISE,
        "uncountable": 0,
    }
]


def directory() -> dict[str, Any]:
    standard = {
        "code": "camhs-first",
        "service": "CAMHS",
        "start": "received",
        "stop": "first_contact",
        "limit": 28,
        "unit": "calendar_days",
        "target_percent": 80,
        "bands": [28, 56],
        "effective_from": "2017-12-13",
        "source": "test",
    }
    schools = ("6994001", "6994002")
    return {
        "authorities": [{"code": "699", "name": "Dyffryn"}],
        "schools": [
            {"number": n, "name": n, "phase": "secondary", "language": "welsh", "authority": "699"}
            for n in schools
        ],
        "agencies": [{"code": "BOARD", "name": "Board", "kind": "local_health_board", "ods_code": "7X9"}],
        "services": [
            {"code": code, "agency": "BOARD", "profession": code.lower()} for code in ("CAMHS", "COUNSELLING")
        ],
        "standards": [
            standard,
            standard | {"code": "camhs-ack", "stop": "acknowledged", "limit": 5, "bands": []},
        ],
    }


def rows() -> Iterator[tuple[str, ...]]:
    """Six waits at the first school, of 10, 20, 28, 29, 56 and 57 days; one at the second goes on."""
    for number, days in enumerate((10, 20, 28, 29, 56, 57)):
        yield (f"W{number}", upn(number), "received", FIRST.isoformat())
        yield (f"W{number}", upn(number), "first_contact", (FIRST + timedelta(days=days)).isoformat())
    yield ("W9", upn(9, school="6994002"), "received", "2026-01-05", "", "CAMHS", "6994002")


@pytest.fixture
def county(cydlynu: Cydlynu) -> Cydlynu:
    """The waits above, put in by the command. No worker runs."""
    cydlynu("import", "directory", cydlynu.file("d.json", json.dumps(directory())))
    pupils = [pupil(upn=upn(n), needs="ASD;ADHD" if n == 0 else "ASD") for n in range(6)]
    pupils.append(pupil(upn=upn(9, school="6994002"), school_number="6994002"))
    assert cydlynu("import", "pupils", cydlynu.file("p.csv", sheet(pupils))).status == 0
    assert cydlynu("import", "referrals", cydlynu.file("r.csv", history(rows()))).status == 0
    return cydlynu


def waits(cydlynu: Cydlynu, *arguments: object) -> Any:
    said = cydlynu("report", "waiting-times", "--service", "CAMHS", "--format", "json", *arguments)
    assert (said.status, said.err) == (0, "")
    return said.json


def test_import_then_report_with_no_service_running(county: Cydlynu) -> None:
    found = waits(county)
    assert list(found) == [
        *(
            "service",
            "standard",
            "metric_version",
            "log_position",
            "as_of",
            "known_at",
            "unconfirmed",
            "parked",
        ),
        *("started", "ended_otherwise", "uncountable", "stamp", "versions", "groups"),
    ]
    position = one(county.database, "select max(notification_id) from log.event")
    assert (found["service"], found["standard"]) == ("CAMHS", "camhs-first")
    assert (found["metric_version"], found["log_position"]) == ("2", position)
    measured = directory()["standards"][0]
    shown = ("code", "start", "stop", "unit", "limit", "bands", "target_percent")
    assert found["versions"] == [{name: measured[name] for name in shown} | {"version": "2017-12-13"}]
    assert (found["started"], found["uncountable"]) == (7, 0)
    assert found["ended_otherwise"] == NOT_OTHERWISE
    assert (found["as_of"], found["known_at"], found["unconfirmed"], found["parked"]) == (
        "2026-03-02",
        None,
        13,
        0,
    )
    assert found["groups"] == ALL_TOGETHER


def test_a_service_without_a_standard_says_so_and_has_figures(county: Cydlynu) -> None:
    said = county("report", "waiting-times", "--service", "COUNSELLING", "--format", "json")
    assert said.err.startswith("No standard set: the waits of COUNSELLING are counted from receipt")
    assert (said.json["standard"], said.json["groups"][0]["waiting"]["over_standard"]) == ("none", None)


def test_the_day_is_the_day_in_wales(county: Cydlynu) -> None:
    county.now = datetime(2026, 6, 30, 23, 30, tzinfo=UTC)  # half past midnight on 1 July
    assert waits(county)["as_of"] == "2026-07-01"


@pytest.mark.parametrize(
    ("arguments", "keys", "completed", "waiting"),
    [
        (("--by", "school"), ["6994001", "6994002"], [6, 0], [0, 1]),
        (("--by", "agency"), ["BOARD"], [6], [1]),
        (("--by", "board"), ["7X9"], [6], [1]),
        (("--by", "need"), ["ADHD", "ASD"], [1, 6], [0, 1]),
        (("--by", "holder"), ["CAMHS"], [6], [1]),
        (("--by", "age"), ["12", "13"], [6, 0], [0, 1]),
        (("--by", "priority"), ["routine"], [6], [1]),
        (("--by", "language"), ["cy"], [6], [1]),
        (("--by", "start_month"), ["2025-01", "2026-01"], [6, 0], [0, 1]),
        (("--by", "end_month"), ["2025-01", "2025-02", "2025-03", "not_ended"], [2, 2, 2, 0], [0, 0, 0, 1]),
        (("--standard", "none"), ["CAMHS"], [0], [0]),
        (("--standard", "not_sent"), ["CAMHS"], [0], [0]),
        (("--metric", "2"), ["CAMHS"], [6], [1]),
        (("--from", "2025-02-04", "--to", "2025-03-03"), ["CAMHS"], [2], [1]),
        (("--as-of", "2025-02-03"), ["CAMHS"], [3], [3]),
        (("--standard", "camhs-ack"), ["CAMHS"], [0], [7]),
    ],
)
def test_what_may_be_asked(
    county: Cydlynu, arguments: tuple[str, ...], keys: list[str], completed: list[int], waiting: list[int]
) -> None:
    groups = waits(county, *arguments)["groups"]
    assert [g["key"] for g in groups] == keys
    assert [g["completed"]["count"] for g in groups] == completed
    assert [g["waiting"]["count"] for g in groups] == waiting


def test_as_it_was_known_before_the_last_import(county: Cydlynu) -> None:
    later = [*rows(), ("W9", upn(9, school="6994002"), "first_contact", "2026-02-20", "", "CAMHS", "6994002")]
    county.now += timedelta(days=7)
    assert county("import", "referrals", county.file("r.csv", history(later))).status == 0
    assert waits(county)["groups"][0]["completed"]["count"] == 7
    for instant in ("2026-03-05", "2026-03-05T12:00", "2026-03-05T12:00:00+00:00"):
        known = waits(county, "--known-at", instant)
        assert known["groups"][0]["completed"]["count"] == 6
        assert known["known_at"].startswith("2026-03-05T")
    assert waits(county, "--known-at", "2026-02-01")["groups"][0]["completed"]["count"] == 0


def test_as_csv_and_as_a_table_the_same_numbers(county: Cydlynu) -> None:
    (line,) = csv.DictReader(
        io.StringIO(county("report", "waiting-times", "--service", "CAMHS", "--format", "csv").out)
    )
    assert (line["service"], line["standard"], line["group"]) == ("CAMHS", "camhs-first", "CAMHS")
    assert (line["completed"], line["percent_within_standard"], line["p95_days"]) == ("6", "50.0", "56.8")
    table = county("report", "waiting-times", "--service", "CAMHS").out.splitlines()
    assert "unconfirmed 13" in table[0]
    named = dict(zip(table[2].split(), table[3].split(), strict=True))
    assert list(named) == [
        *("group", "version", "limit", "unit", "group_started", "completed", "within_standard"),
        *("percent_within_standard", "median_days", "p95_days", "up_to_28", "over_28_up_to_56", "over_56"),
        *("waiting", "waiting_within_standard", "waiting_percent_within_standard", "over_standard"),
        *("waiting_median_days", "waiting_p92_days", "waiting_p95_days", "longest_days"),
        *("waiting_up_to_28", "waiting_over_28_up_to_56", "waiting_over_56"),
        *(f"ended_{ending}" for ending in NOT_OTHERWISE),
        *("group_uncountable", "completed_few_waits", "waiting_few_waits"),
    ]
    assert (named["group"], named["version"], named["up_to_28"], named["waiting_over_28_up_to_56"]) == (
        "CAMHS", "2017-12-13", "3", "1",
    )  # fmt: skip
    header = next(
        csv.reader(
            io.StringIO(county("report", "waiting-times", "--service", "CAMHS", "--format", "csv").out)
        )
    )
    assert len(set(header)) == len(header), "no name twice"


@pytest.mark.parametrize(
    "report", [("waiting-times", "--service", "CAMHS", "--by", "school"), ("attendance",)]
)
def test_a_workbook_has_the_numbers_of_the_csv(county: Cydlynu, report: tuple[str, ...]) -> None:
    [header, *lines] = csv.reader(io.StringIO(county("report", *report, "--format", "csv").out))
    process = county.started("report", *report, "--format", "xlsx", "--as-of", county.now.date())
    assert process.stdout is not None
    book = CalamineWorkbook.from_filelike(io.BytesIO(process.stdout.buffer.read()))
    process.communicate()
    assert process.returncode == 0
    sheet, rests_on, columns = (book.get_sheet_by_name(name).to_python() for name in book.sheet_names)
    names = [name for _words, name in columns[1:]]
    assert sheet[0] == [name.replace("_", " ") for name in names]
    assert [[str(cell).removesuffix(".0") for cell in row] for row in sheet[1:]] == [
        [line[header.index(name)].removesuffix(".0") for name in names] for line in lines
    ]
    said = dict(rests_on[1:])
    assert said["log position"] == int(lines[0][header.index("log_position")])
    assert "Do not publish" in said["small numbers"]


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("--service", "NONE"), "unknown_service: "),
        (("--service", "CAMHS", "--standard", "NONE"), "unknown_standard: "),
        (("--service", "CAMHS", "--from", "2026-01-02", "--to", "2026-01-01"), "ends_before_it_begins: "),
        (("--service", "CAMHS", "--as-of", "yesterday"), "Invalid value for '--as-of'"),
        (("--service", "CAMHS", "--known-at", "2026-02-30"), "Invalid value for '--known-at'"),
        (("--service", "CAMHS", "--metric", "1"), "Invalid value for '--metric': '1' is unknown"),
        (("--service", "CAMHS", "--by", "pupil"), "Invalid value for '--by'"),
        ((), "Missing option '--service'"),
    ],
)
def test_a_question_without_an_answer(county: Cydlynu, arguments: tuple[str, ...], said: str) -> None:
    found = county("report", "waiting-times", *arguments)
    assert (found.status, found.out) == (1, "")
    assert found.err.startswith(said)


def test_a_statutory_limit_is_reported_without_a_service(county: Cydlynu) -> None:
    found = county("report", "waiting-times", "--standard", "school_decision", "--format", "json")
    assert found.status == 0, found.err
    report = json.loads(found.out)
    assert (report["standard"], report["service"], report["groups"]) == ("school_decision", "", [])
    assert county("report", "replay", report["stamp"], "--format", "json").out == found.out
    refused = county("report", "waiting-times", "--standard", "school_decision", "--by", "need")
    assert (refused.status, "not reported by need" in refused.err) == (1, True)
    assert county("report", "waiting-times", "--standard", "NONE").err.startswith("unknown_standard: ")


@pytest.mark.slow
def test_where_a_worker_leads_it_is_waited_for(county: Cydlynu, record: Coordination) -> None:
    worker = start(["scripts.worker"], county.database, county.data)
    try:
        until(lambda: "the worker is running" in county("status").out)
        service = record.directory().service_by_code("CAMHS")
        assert service is not None
        for limit in range(20, 28):  # each makes every wait anew
            changed = SetStandard(
                occurred_on=FIRST,
                organisation=service.agency,
                service=service.id,
                code="camhs-first",
                start="received",
                stop="first_contact",
                limit=limit,
                unit="calendar_days",
                bands=(limit,),
                effective_from=date(2017, 12, 13),
                source="test",
            )
            position = record.perform(changed, by_operator(f"set {limit}", county.now)).position
            found = waits(county)
            assert found["log_position"] == position
            assert found["groups"][0]["completed"]["bands"][0]["up_to"] == limit
    finally:
        worker.terminate()
        assert worker.wait(60) == 0
        worker.communicate()


def by_operator(command_id: str, now: datetime) -> CommandContext:
    return CommandContext(
        person=OPERATOR,
        organisation=OPERATOR,
        role="operator",
        source="command_line",
        command_id=command_id,
        recorded_at=now,
    )


def test_a_worker_that_does_not_get_on_is_not_waited_for_for_ever(
    county: Cydlynu, monkeypatch: pytest.MonkeyPatch
) -> None:
    stuck = Engine(county.database, load_or_make(county.keys))
    assert stuck.lead()
    monkeypatch.setattr(catching_up.catch_up, "__defaults__", (0.2, None))
    try:
        said = county("report", "waiting-times", "--service", "CAMHS")
        assert (said.status, said.err.partition(":")[0]) == (1, "read_models_behind")
    finally:
        stuck.close()


class TestTables:
    def test_what_a_spreadsheet_would_run_is_disarmed(self) -> None:
        rows = [(cell, 1, -2, None) for cell in ("=1+1", "+1", "-1", "@x", "\tx", "plain")]
        lines = as_csv(("a", "b", "c", "d"), rows).split("\r\n")
        assert [line.partition(",")[0].strip('"') for line in lines[1:-1]] == [
            "'=1+1",
            "'+1",
            "'-1",
            "'@x",
            "'\tx",
            "plain",
        ]
        assert lines[1].endswith(",1,-2,")  # a number is no formula

    def test_columns_stand_under_each_other(self) -> None:
        assert align_columns(("key", "n"), [("a", 1), ("long", 22), ("b", None)]).splitlines() == [
            "key    n",
            "a      1",
            "long  22",
            "b      -",
        ]
        assert align_columns(("key", "n"), []) == "key  n"
