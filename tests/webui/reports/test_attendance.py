"""The attendance report on the page and as a file, and what it gives a school ground for."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from datetime import date
from uuid import UUID

import psycopg
import pytest
from flask.testing import FlaskClient

from coordination.challenge.commands import DisputeMark, RuleOnDispute
from coordination.service import Coordination
from tests.county import AUDITOR, CAMHS, CLINICIAN, PSYCHOLOGY, THERAPY
from tests.projections.hwb import CHALLENGE, hold, raise_challenge
from tests.webui.looking import counted
from tests.webui.referring import browser, settled
from tests.webui.reports_county import TODAY, does, reports_on, reports_site, row_of, rows_of, words_of
from tests.webui.service import RunningService

DISPUTE = UUID(int=0xD04)


@pytest.fixture(scope="module")
def site(
    postgres: str, template: str, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[RunningService, Coordination]]:
    """One site for the tests that only look."""
    with reports_site(postgres, template, tmp_path_factory.mktemp("reports")) as found:
        yield found


@pytest.fixture
def seen(site: tuple[RunningService, Coordination]) -> RunningService:
    return site[0]


def rows(answer: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(answer.lstrip("\ufeff"))))


CAME = ["4", "3", "1", "1", "1", "0", "0", "0", "33.3%"]


@pytest.mark.parametrize(
    ("username", "line"),
    [
        ("alnco", "Child and adolescent mental health"),
        ("clinician", "Child and adolescent mental health"),
        ("auditor", "Child and adolescent mental health"),
    ],
)
def test_who_was_expected_and_who_came(seen: RunningService, username: str, line: str) -> None:
    page = browser(seen, username).get("/attendance").text
    assert row_of(page, line) == CAME
    welcome = [row for row in rows_of(page) if row[0].startswith(line)][1]
    assert welcome[1:] == ["1", "0", "1", "0", "0", "0", "0", "0"]
    assert "33.3% (1 of 3)" in words_of(page)
    assert "Do not publish" in words_of(page)
    assert "Metric version 2" in words_of(page)


def test_by_school_and_agency_for_the_auditor(seen: RunningService) -> None:
    auditor = browser(seen, "auditor")
    assert row_of(auditor.get("/attendance?by=school").text, "Ysgol y Bryn") == CAME
    assert row_of(auditor.get("/attendance?by=agency").text, "Dyffryn Health Board") == CAME
    assert "No meetings were held in this period." in auditor.get("/attendance?school=6994002").text
    assert "No meetings were held in this period." in auditor.get("/attendance?to_on=2025-01-07").text
    assert "Challenges and enquiries you can raise" not in words_of(auditor.get("/attendance").text)


@pytest.mark.parametrize("username", ["other-alnco", "psychologist"])
def test_others_find_nothing_there(seen: RunningService, username: str) -> None:
    client = browser(seen, username)
    assert "No meetings were held in this period." in client.get("/attendance").text
    assert rows(client.get("/attendance.csv").text) == []


def test_who_may_not_ask(seen: RunningService) -> None:
    for path in ("/attendance", "/attendance.csv"):
        assert browser(seen, "administrator").get(path).status_code == 404
        assert seen.app.test_client().get(path).status_code == 303


def test_a_school_is_told_what_it_gives_ground_for_and_what_will_be_answered(seen: RunningService) -> None:
    said = words_of(browser(seen, "alnco").get("/attendance").text)
    assert "You can raise a challenge" in said
    assert "It missed 2 of the last 3 meetings it was expected at." in said
    assert "At least 2 are needed to raise it." in said
    assert (
        "Most likely answer: It had less notice than its terms of reference require: 5 Feb 2025 (3 "
        "of 10 working days)." in said
    )


def test_the_file_has_the_same_figures(seen: RunningService) -> None:
    answer = browser(seen, "auditor").get("/attendance.csv?by=school")
    [row] = rows(answer.text)
    assert (row["key"], row["name"]) == ("6994001", "Ysgol y Bryn")
    kept = ("meetings", "expected", "attended", "apologies", "absent", "percent_attended")
    assert [row[name] for name in kept] == ["4", "3", "1", "1", "1", "33.3"]
    assert (row["not_expected_short_notice"], row["metric_version"], row["parked"]) == ("1", "2", "0")


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ("from_on=2025-02-30", "From: enter a real date"),
        ("school=1", "School: choose one of the answers offered"),
        ("agency=x", "Agency: choose one of the answers offered"),
        ("service=x", "Service: choose one of the answers offered"),
        ("by=need", "Compare by: choose one of the answers offered"),
        ("from_on=2025-05-02&to_on=2025-05-01", "The end date is before the start date"),
    ],
)
def test_a_wrong_question_is_shown_beside_its_box(seen: RunningService, asked: str, said: str) -> None:
    auditor = browser(seen, "auditor")
    answer = auditor.get(f"/attendance?{asked}")
    assert answer.status_code == 422
    assert said in words_of(answer.text)
    assert auditor.get(f"/attendance.csv?{asked}").status_code == 400


def test_a_school_does_not_ask_about_another(seen: RunningService) -> None:
    alnco = browser(seen, "alnco")
    assert alnco.get("/attendance?school=6994002").status_code == 422
    assert 'id="school"' not in alnco.get("/attendance").text
    assert browser(seen, "clinician").get("/attendance?service=EPS").status_code == 422


def test_looking_is_noted(seen: RunningService) -> None:
    with psycopg.connect(seen.database) as link:
        link.execute("delete from desk.read_log")
    browser(seen, "auditor").get("/attendance")
    with psycopg.connect(seen.database) as link:
        assert link.execute("select kind, ids, purpose from desk.read_log").fetchall() == [
            ("attendance", [], "audit")
        ]


@pytest.fixture
def county(service: RunningService) -> Iterator[Coordination]:
    with reports_on(service) as coordination:
        yield coordination


def test_a_disputed_mark_stands_apart_as_it_was_known_before_and_after(
    service: RunningService, county: Coordination
) -> None:
    from projections.attendance.queries import attendance_evidence
    from tests.county import ALNCO, SCHOOL
    from tests.projections.hwb import viewer

    reader = service.app.extensions["cydlynu"].reader
    marks = attendance_evidence(reader, viewer(ALNCO), SCHOOL, CAMHS, TODAY).marks
    raise_challenge(county, marks, date(2025, 11, 24))
    last = marks[-1]
    dispute = DisputeMark(
        occurred_on=date(2025, 11, 25),
        challenge=CHALLENGE,
        dispute=DISPUTE,
        of_meeting=last.meeting,
        mark_version=last.version,
        why="We were there",
        claims="attended",
    )
    does(county, CLINICIAN, dispute)
    ruled = RuleOnDispute(
        occurred_on=date(2025, 11, 28),
        challenge=CHALLENGE,
        dispute=DISPUTE,
        ruling="upheld",
        reasons="The book",
    )
    does(county, AUDITOR, ruled)
    settled(service, county)
    auditor: FlaskClient = browser(service, "auditor")
    name = "Child and adolescent mental health"
    for known, figures in (
        ("2025-11-24", ["1", "1", "1", "0", "0", "0", "33.3%"]),
        ("2025-11-26", ["1", "1", "0", "0", "1", "0", "50.0%"]),
        ("2025-11-28", ["2", "1", "0", "0", "0", "0", "66.7%"]),
    ):
        page = auditor.get(f"/attendance?known_at={known}").text
        assert row_of(page, name)[2:] == figures
        assert "as known now, 66.7%" in words_of(page)
    page = auditor.get("/attendance").text
    assert "rulings on disputes: 1 for the agency, 0 not" in words_of(page)


def test_the_number_of_statements_does_not_grow(service: RunningService, county: Coordination) -> None:
    alnco = browser(service, "alnco")
    alnco.get("/attendance?known_at=2025-05-07")
    with counted() as few:
        alnco.get("/attendance?known_at=2025-05-07")
    for n in range(4, 9):
        hold(county, n, {CAMHS: "absent", THERAPY: "absent", PSYCHOLOGY: "apologies"})
    settled(service, county)
    with counted() as many:
        page = alnco.get("/attendance?known_at=2025-05-07").text
    assert many == few
    assert many.statements < 32
    assert "You can send an enquiry" in words_of(page)
