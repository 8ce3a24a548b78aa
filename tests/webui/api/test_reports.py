"""The reports through the API: the same numbers as the query, the page's file and each desk's sight."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from datetime import date
from typing import Any
from uuid import uuid4

import psycopg
import pytest

from coordination.service import Coordination
from coordination.viewer import Viewer
from projections.attendance import queries as attendance
from projections.waiting_times import queries as waiting
from tests.county import AUTHORITY, BOARD, CAMHS, PSYCHOLOGY, SCHOOL, THERAPY
from tests.webui.api.conftest import ApiClient, fields, problem, program
from tests.webui.referring import browser
from tests.webui.reports_county import SEEN, TODAY, WAITS, reports_site
from tests.webui.service import RunningService

WAITING = "/reports/waiting-times"
OF_CAMHS = f"{WAITING}/services/{CAMHS}"
ATTENDANCE = "/reports/attendance"
SPAN = "from_on=2025-01-01&to_on=2025-12-01&as_of=2025-12-01"


@pytest.fixture(scope="module")
def site(
    postgres: str, template: str, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[RunningService, Coordination]]:
    """A year of waits and meetings, in place of the one case."""
    with reports_site(postgres, template, tmp_path_factory.mktemp("reports")) as found:
        yield found


@pytest.fixture
def auditor(running: RunningService) -> ApiClient:
    return program(running, AUTHORITY, "reports:read")


def file_of(service: RunningService, username: str, path: str) -> list[dict[str, str]]:
    """The rows of a file of the pages."""
    answer = browser(service, username).get(path)
    assert answer.status_code == 200
    return list(csv.DictReader(io.StringIO(answer.text.removeprefix("\ufeff"))))


def as_cell(value: Any) -> str:
    return "" if value is None else str(value)


def asked(running: RunningService, **more: Any) -> tuple[Any, Viewer, Any]:
    world = running.app.extensions["cydlynu"]
    viewer = Viewer(person=uuid4(), organisation=AUTHORITY, role="auditor", today=TODAY)
    return world.reader, viewer, world.coordination.directory()


@pytest.mark.parametrize("known_at", ["", "&known_at=2025-11-01"])
@pytest.mark.parametrize("by", ["service", "school", "need"])
def test_waiting_times_are_those_of_query_and_file(
    auditor: ApiClient, running: RunningService, by: str, known_at: str
) -> None:
    found = auditor.get(f"{OF_CAMHS}?{SPAN}{known_at}&by={by}").json
    rows = file_of(running, "auditor", f"/waiting-times.csv?service=CAMHS&{SPAN}{known_at}&by={by}")
    assert [g["key"] for g in found["groups"]] == [row["key"] for row in rows]
    for group, row in zip(found["groups"], rows, strict=True):
        for name in ("count", "within_standard", "percent_within_standard", "median_days", "p95_days"):
            assert as_cell(group["completed"][name]) == row[f"completed_{name}"], name
        for name in ("count", "over_standard", "median_days", "longest_days"):
            assert as_cell(group["waiting"][name]) == row[f"waiting_{name}"], name
        for number, band in enumerate(group["completed"]["bands"], 1):
            assert as_cell(band["count"]) == row[f"completed_band_{number}"]
        for party, days in group["whose_days"]["completed"].items():
            assert as_cell(days) == row[f"completed_days_{party}"]
        for name in ("metric_version", "log_position", "parked", "unconfirmed", "as_of"):
            assert as_cell(found[name]) == row[name], name
        assert (found["known_at"] or "")[:10] == row["known_at"][:10]
        assert (found["from_on"], found["to_on"], found["standard"]["code"]) == (
            row["from"],
            row["to"],
            "CAMHS-28",
        )
    if not known_at:
        ask = waiting.WaitingTimesCriteria(
            service="CAMHS", as_of=TODAY, from_on=date(2025, 1, 1), to_on=TODAY, by=by
        )  # type: ignore[arg-type]
        report = waiting.report(*asked(running), ask)
        assert [g["completed"]["count"] for g in found["groups"]] == [
            g.completed.count for g in report.groups
        ]
        assert sum(g["completed"]["count"] for g in found["groups"]) >= 1
        assert found["log_position"] == report.log_position


def test_all_services_and_months(auditor: ApiClient, running: RunningService) -> None:
    found = auditor.get(f"{WAITING}?{SPAN}").json
    rows = file_of(running, "auditor", f"/waiting-times.csv?{SPAN}")
    services = [row for row in rows if row["by"] == "service"]
    assert [as_cell(s["waiting"]["count"]) for s in found["services"]] == [
        r["waiting_count"] for r in services
    ]
    assert {s["service"] for s in found["services"]} == {str(CAMHS), str(THERAPY)}
    assert [s["school"] for s in found["schools"]] == [str(SCHOOL)]
    months = auditor.get(f"{OF_CAMHS}/months?{SPAN}").json
    rows = file_of(running, "auditor", f"/waiting-times/months.csv?service=CAMHS&{SPAN}")
    assert [m["first"][:7] for m in months["months"]] == [row["month"] for row in rows]
    assert [as_cell(m["waiting"]) for m in months["months"]] == [row["waiting_count"] for row in rows]


def test_the_auditor_s_lines_name_nobody(auditor: ApiClient, running: RunningService) -> None:
    path = f"{OF_CAMHS}/waits?{SPAN}&which=ended"
    answer = auditor.get(path)
    [line] = answer.json["items"]
    [row] = file_of(running, "auditor", f"/waiting-times/waits.csv?service=CAMHS&{SPAN}&which=ended")
    assert line["referral"] == str(SEEN)
    assert line["referral"].startswith(row["referral"])
    for name, column in (("elapsed", "elapsed_days"), ("days_over", "days_over"), ("due_on", "due_on")):
        assert as_cell(line[name]) == row[column]
    assert as_cell(line["log_position"]) == row["log_position"]
    assert (line["elapsed"], line["late"], line["unconfirmed"]) == (41, True, 1)
    assert "pupil" not in answer.text
    far = auditor.get(f"{path}&page=1000000000&per_page=1")
    assert (far.json["items"], far.json["total"]) == ([], 1)
    # known then it was still waiting
    then = auditor.get(f"{OF_CAMHS}/waits?{SPAN}&known_at=2025-11-01").json
    assert {line["referral"] for line in then["items"]} == {str(SEEN), str(WAITS)}
    one = auditor.get(f"{WAITING}/waits/{SEEN}").json
    assert (one["clocks"][0]["line"]["elapsed"], one["clocks"][0]["line"]["stop_on"]) == (41, line["stop_on"])
    assert {"received", "first_contact"} <= {entry["kind"] for entry in one["entries"]}
    with psycopg.connect(running.database) as conn:
        noted = conn.execute(
            "select kind, purpose from desk.read_log where person = %s", (auditor.token.token,)
        ).fetchall()
    assert {("waits", "audit"), ("wait", "audit")} <= set(noted)


@pytest.mark.parametrize("by", ["service", "agency", "school"])
def test_attendance_is_that_of_query_and_file(auditor: ApiClient, running: RunningService, by: str) -> None:
    found = auditor.get(f"{ATTENDANCE}?{SPAN}&by={by}").json
    rows = {row["key"]: row for row in file_of(running, "auditor", f"/attendance.csv?{SPAN}&by={by}")}
    ask = attendance.AttendanceCriteria(as_of=TODAY, from_on=date(2025, 1, 1), to_on=TODAY, by=by)  # type: ignore[arg-type]
    report = attendance.report(*asked(running), ask)
    assert [g["key"] for g in found["groups"]] == [g.key for g in report.groups]
    assert set(rows) == {g["key"] for g in found["groups"]}
    for group in found["groups"]:
        row = rows[group["key"]]
        for name in set(group) - {"key", "not_expected"}:
            assert as_cell(group[name]) == row[name], name
        for name, value in group["not_expected"].items():
            assert as_cell(value) == row[f"not_expected_{name}"], name
        for name in ("metric_version", "log_position", "parked"):
            assert as_cell(found[name]) == row[name], name
    assert found["total"]["absent"] == report.total.absent >= 1
    narrowed = auditor.get(f"{ATTENDANCE}?{SPAN}&service={CAMHS}&school={SCHOOL}&agency={BOARD}").json
    assert [g["key"] for g in narrowed["groups"]] == ["CAMHS"]


def test_attendance_by_month_is_that_of_the_file(auditor: ApiClient, running: RunningService) -> None:
    found = auditor.get(f"{ATTENDANCE}/months?{SPAN}").json
    rows = file_of(running, "auditor", f"/attendance/months.csv?{SPAN}")
    assert len(found["months"]) == len(rows) >= 4
    for name in ("expected", "attended", "apologies", "absent", "percent_attended"):
        assert [as_cell(month[name]) for month in found["months"]] == [row[name] for row in rows], name
    assert as_cell(found["log_position"]) == rows[0]["log_position"]


@pytest.mark.parametrize(
    ("path", "code", "field", "why"),
    [
        (f"{OF_CAMHS}?as_of=2025-02-30", "not_as_described", "as_of", "no_such_day"),
        (f"{OF_CAMHS}?known_at=0001-01-01", "not_as_described", "known_at", "no_such_day"),
        (f"{OF_CAMHS}?by=pupil", "not_as_described", "by", "not_offered"),
        (f"{OF_CAMHS}?standard=NONE", "unknown_standard", "standard", "unknown_standard"),
        (
            f"{OF_CAMHS}?from_on=2025-02-01&to_on=2025-01-01",
            "ends_before_it_begins",
            "to_on",
            "ends_before_it_begins",
        ),
        (f"{OF_CAMHS}/waits?which=all", "not_as_described", "which", "not_offered"),
        (f"{ATTENDANCE}?service=CAMHS", "not_as_described", "service", "not_an_id"),
        (f"{ATTENDANCE}?school={BOARD}", "not_as_described", "school", "not_offered"),
        (f"{ATTENDANCE}?name=Sian", "not_as_described", "name", "unknown_field"),
    ],
)
def test_a_question_that_makes_no_sense(
    auditor: ApiClient, path: str, code: str, field: str, why: str
) -> None:
    assert fields(problem(auditor.get(path), 422, code)) == {field: why}


def test_each_sees_its_own(
    running: RunningService, board: ApiClient, education: ApiClient, other_school: ApiClient
) -> None:
    # a school may not set schools side by side, nor see another's pupils
    wrong = problem(other_school.get(f"{OF_CAMHS}?by=school"), 422, "not_as_described")
    assert fields(wrong) == {"by": "not_offered"}
    [nothing] = other_school.get(f"{OF_CAMHS}?{SPAN}").json["groups"]
    assert (nothing["completed"]["count"], nothing["waiting"]["count"]) == (0, 0)
    assert other_school.get(f"{OF_CAMHS}/waits?{SPAN}").json["items"] == []
    nobodys = problem(other_school.get(f"{WAITING}/waits/{uuid4()}"), 404, "not_found")
    assert problem(other_school.get(f"{WAITING}/waits/{SEEN}"), 404, "not_found") == nobodys
    # an agency asks about its own services
    assert board.get(f"{OF_CAMHS}?{SPAN}").json["groups"][0]["completed"]["count"] == 1
    assert problem(education.get(OF_CAMHS), 404, "not_found") == nobodys
    assert problem(board.get(f"{WAITING}/services/{PSYCHOLOGY}"), 404, "not_found") == nobodys
    narrow = program(running, BOARD, "referrals:read")
    for path in (WAITING, OF_CAMHS, ATTENDANCE):
        problem(narrow.get(path), 403, "scope_missing")
