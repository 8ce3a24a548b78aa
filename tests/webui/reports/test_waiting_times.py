"""The waiting-time report on the page and as a file: the same figures, to those whose they are."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator
from uuid import UUID

import psycopg
import pytest
from flask.testing import FlaskClient

from coordination.service import Coordination
from tests.county import CAMHS
from tests.webui.looking import counted
from tests.webui.referring import browser, settled
from tests.webui.reports_county import SEEN, day, refer, reports_site, row_of, rows_of, words_of
from tests.webui.service import RunningService
from webui.reports.pages.files import as_csv

CAMHS_REPORT = "/waiting-times?service=CAMHS"


@pytest.fixture(scope="module")
def site(
    postgres: str, template: str, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[RunningService, Coordination]]:
    """One site for the tests that only look."""
    with reports_site(postgres, template, tmp_path_factory.mktemp("reports")) as found:
        yield found


@pytest.fixture
def service(site: tuple[RunningService, Coordination]) -> RunningService:
    return site[0]


@pytest.fixture
def county(site: tuple[RunningService, Coordination]) -> Coordination:
    return site[1]


@pytest.fixture
def auditor(service: RunningService) -> FlaskClient:
    return browser(service, "auditor")


def rows(answer: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(answer.lstrip("\ufeff"))))


@pytest.mark.parametrize("username", ["auditor", "alnco", "clinician", "head"])
def test_services_side_by_side_for_those_whose_they_are(
    service: RunningService, county: Coordination, username: str
) -> None:
    page = browser(service, username).get("/waiting-times").text
    assert row_of(page, "Child and adolescent mental health") == [
        "1",
        "0.0%",
        "41",
        "41",
        "1",
        "1",
        "153",
        "153",
        "Median of each month, in days: Jan 2025 –; Feb 2025 –; Mar 2025 41; Apr 2025 –; May 2025 –; Jun 2025 –; "
        "Jul 2025 –; Aug 2025 –; Sept 2025 –; Oct 2025 –; Nov 2025 –; Dec 2025 –. "
        "Length of the waits that ended: Up to 28 days 0; Over 28 to 56 days 1; Over 56 days 0.",
    ]
    if username == "clinician":  # of CAMHS: another service of the board is not theirs
        assert not any(cell.startswith("Speech and language") for row in rows_of(page) for cell in row)
    else:
        assert row_of(page, "Speech and language therapy")[:3] == ["1", "100.0%", "60"]
    assert "Siân" not in page
    assert ("Schools side by side" in words_of(page)) is (username not in ("alnco", "head"))
    said = words_of(page)
    assert "Do not publish" in said
    assert "Metric version 2" in said
    assert "Reported only, not confirmed 1 milestone" in said


@pytest.mark.parametrize("username", ["other-alnco", "psychologist"])
def test_others_find_nothing_there(service: RunningService, county: Coordination, username: str) -> None:
    client = browser(service, username)
    assert "No waits ended in this period, and no one was waiting." in client.get("/waiting-times").text
    for path in (f"/waiting-times/waits/{SEEN}?standard=CAMHS-28", "/waiting-times/waits?service=NONE"):
        assert client.get(path).status_code == 404
    # an agency does not even choose another's service
    if username == "psychologist":
        assert client.get(CAMHS_REPORT).status_code == 422


def test_who_may_not_ask(service: RunningService, county: Coordination) -> None:
    administrator = browser(service, "administrator")
    paths = ("/waiting-times", "/waiting-times.csv", "/waiting-times/waits?service=CAMHS")
    for path in paths:
        assert administrator.get(path).status_code == 404
        assert service.app.test_client().get(path).status_code == 303


def test_one_service_with_bands_and_whose_days_they_were(auditor: FlaskClient) -> None:
    page = auditor.get(CAMHS_REPORT).text
    said = words_of(page)
    assert "Received to first contact, within 28 days" in said
    assert row_of(page, "Within 28 days") == ["0.0% (0 of 1)"]
    assert row_of(page, "Median so far") == ["153 days"]
    assert row_of(page, "95th percentile") == ["41 days"]
    assert "The target of 80% is not met." in said
    assert row_of(page, "Up to 28 days") == ["0", "0.0%", "0", "0.0%"]
    assert row_of(page, "Over 28 to 56 days") == ["1", "100.0%", "0", "0.0%"]
    assert "Fewer than 10 waits: the figures on them are not reliable." in said
    assert row_of(page, "Started") == ["2"]
    assert row_of(page, "Ended: the clock stopped") == ["1"]
    assert row_of(page, "Ended otherwise") == row_of(page, "Cannot be counted") == ["0"]
    assert row_of(page, "Agency") == ["41", "100.0%", "153", "100.0%"]
    assert row_of(page, "March 2025") == ["0", "1", "0.0%", "41", "41", "0", "0", "0"]
    assert row_of(page, "August 2025") == ["0", "0", "–", "–", "–", "0", "1", "1"]
    # pictures have words, and numbers beside them
    assert page.count('role="img"') == page.count("<title id=") == 3


def test_as_it_was_known_a_month_ago_and_now(auditor: FlaskClient) -> None:
    page = auditor.get(f"{CAMHS_REPORT}&as_of=2025-11-01&known_at=2025-11-01").text
    assert row_of(page, "Number") == ["0", "1"]
    assert row_of(page, "Over 28 days already") == ["2", "1"]
    assert row_of(page, "Longest so far") == ["271 days", "123 days"]
    assert "As known on 1 Nov 2025" in words_of(page)
    today = auditor.get(CAMHS_REPORT).text
    assert "As known on 1 Nov 2025" not in words_of(today)
    quick = auditor.get("/waiting-times").text
    assert "known_at=2025-11-01" in quick and "As known a month ago" in quick


def test_schools_and_needs_side_by_side_in_the_order_asked_for(auditor: FlaskClient) -> None:
    page = auditor.get(f"{CAMHS_REPORT}&by=school").text
    assert row_of(page, "Ysgol y Bryn")[:4] == ["1", "0.0%", "41", "41"]
    needs = auditor.get(f"{CAMHS_REPORT}&by=need&sort=waiting").text
    assert row_of(needs, "Autistic spectrum disorders")[0] == "1"
    assert row_of(needs, "Speech, language and communication")[0] == "1"
    assert 'aria-sort="descending"' in needs
    assert "so the rows add up to more than the total" in words_of(needs)
    welsh = auditor.get("/language/cy?to=/waiting-times", follow_redirects=True).text
    assert row_of(welsh, "Iechyd meddwl plant a’r glasoed")[0] == "1"
    auditor.get("/language/en")


def test_the_file_has_the_same_figures(auditor: FlaskClient) -> None:
    answer = auditor.get("/waiting-times.csv?service=CAMHS&by=school&as_of=2025-11-01&known_at=2025-11-01")
    assert answer.mimetype == "text/csv"
    assert answer.headers["Content-Disposition"].endswith('"waiting-times-CAMHS-2025-11-01.csv"')
    [row] = rows(answer.text)
    assert row["key"] == "6994001"
    assert (row["completed_count"], row["waiting_count"], row["waiting_longest_days"]) == ("0", "2", "271")
    assert row["waiting_days_agency"] == str(271 + 123)
    assert row["known_at"] == "2025-11-01T23:59:59.999999+00:00"
    assert (row["metric_version"], row["parked"]) == ("2", "0")
    everything = rows(auditor.get("/waiting-times.csv").text)
    assert [(r["by"], r["key"], r["standard"], r["completed_count"]) for r in everything] == [
        ("service", "CAMHS", "CAMHS-28", "1"),
        ("service", "CAMHS", "not_received", "2"),
        ("service", "SALT", "SALT-14W", "1"),
        ("service", "SALT", "not_received", "1"),
        ("school", "6994001", "", "2"),
    ]


def test_nothing_in_a_file_is_taken_for_a_formula(service: RunningService) -> None:
    with service.app.test_request_context():
        answer = as_csv("x", [{"name": '=HYPERLINK("x")', "n": -3}, {"name": "@a"}, {"name": "Llŷr"}])
    text = answer.get_data(as_text=True)
    assert [r["name"] for r in rows(text)] == ['\'=HYPERLINK("x")', "'@a", "Llŷr"]
    assert rows(text)[0]["n"] == "-3"


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ("from_on=2025-02-30", "From: enter a real date"),
        ("as_of=today", "As of: enter a day, a month and a year"),
        ("known_at=9999-12-31", "As known on: enter a real date"),
        ("service=NONE", "Service: choose one of the answers offered"),
        ("service=CAMHS&by=everything", "Compare by: choose one of the answers offered"),
        ("from_on=2025-05-02&to_on=2025-05-01", "The end date is before the start date"),
        ("service=CAMHS&from_on=2025-05-02&to_on=2025-05-01", "The end date is before the start date"),
        ("service=" + "x" * 5000, "choose one of the answers offered"),
        ("from_on=<script>alert(1)</script>", "From: enter a day, a month and a year"),
    ],
)
def test_a_wrong_question_is_shown_beside_its_box(auditor: FlaskClient, asked: str, said: str) -> None:
    answer = auditor.get(f"/waiting-times?{asked}")
    assert answer.status_code == 422
    assert said in words_of(answer.text)
    assert "<script>alert" not in answer.text
    assert "Services side by side" not in answer.text
    assert auditor.get(f"/waiting-times.csv?{asked}").status_code == 400


def test_every_standard_of_every_service_is_named_and_a_service_without_one(auditor: FlaskClient) -> None:
    words = words_of(auditor.get("/waiting-times?from_on=2025-01-01&as_of=2025-12-01").text)
    assert "Educational psychology : No standard set: from receipt to first contact" in words
    assert "Child and adolescent mental health : Received to first contact" not in words
    # before its first referral every standard is there, each once
    early = words_of(auditor.get("/waiting-times?from_on=2025-01-01&as_of=2025-01-02").text)
    assert early.count("Child and adolescent mental health : Received to first contact, within 28 days") == 1
    assert early.count("Speech and language therapy : Received to assessed, within 14 weeks") == 1


def standards_in(page: str) -> list[str]:
    """The standards that the form offers."""
    (box,) = re.findall(r'<select[^>]*name="standard".*?</select>', page, re.DOTALL)
    return re.findall(r'<option value="([^"]+)"', box)


def test_the_form_offers_only_the_standards_of_the_chosen_service(auditor: FlaskClient) -> None:
    built_in = ["none", "not_received", "not_sent"]
    assert 'name="standard"' not in auditor.get("/waiting-times").text
    assert standards_in(auditor.get(CAMHS_REPORT).text) == ["CAMHS-28", *built_in]
    assert standards_in(auditor.get("/waiting-times?service=SALT&standard=CAMHS-28").text) == [
        "SALT-14W",
        *built_in,
    ]
    survival = auditor.get("/waiting-times/survival?service=SALT")
    assert standards_in(survival.text) == ["SALT-14W", *built_in]


def test_dates_are_asked_for_as_day_month_and_year(auditor: FlaskClient) -> None:
    page = auditor.get("/waiting-times?as_of=2025-11-01").text
    for part, value in (("day", "1"), ("month", "11"), ("year", "2025")):
        assert re.search(rf'name="as_of-{part}" value="{value}"', page)
    sent = {"as_of-day": "1", "as_of-month": "Tachwedd", "as_of-year": "2025", "from_on-day": ""}
    typed = auditor.get("/waiting-times", query_string=sent)
    assert typed.status_code == 200
    assert "as_of=2025-11-01" in typed.text
    # the boxes of the first day were sent empty: no default takes their place
    assert re.search(r'service=CAMHS[^"]*from_on=("|&amp;)', typed.text)
    half = auditor.get("/waiting-times?as_of-day=1&as_of-month=11")
    assert half.status_code == 422
    assert "As of: enter a day, a month and a year" in words_of(half.text)
    assert 'href="#as_of-year"' in half.text
    american = auditor.get("/waiting-times?as_of-day=11&as_of-month=25&as_of-year=2025")
    assert "As of: enter a real date" in words_of(american.text)


def test_days_far_away_and_open_periods(auditor: FlaskClient) -> None:
    for asked in ("from_on=&to_on=", "as_of=1900-01-01", "from_on=1900-01-01&as_of=2199-12-31"):
        assert auditor.get(f"/waiting-times?{asked}").status_code == 200
        assert auditor.get(f"{CAMHS_REPORT}&{asked}").status_code == 200
    # an emptied box stays empty wherever the question goes
    emptied = auditor.get("/waiting-times?from_on=&as_of=2025-11-01").text
    assert re.search(r'service=CAMHS[^"]*from_on=("|&amp;)', emptied)


def test_a_standard_left_over_from_another_service_is_forgotten(auditor: FlaskClient) -> None:
    page = auditor.get("/waiting-times?service=SALT&standard=CAMHS-28")
    assert "within 14 weeks" in words_of(page.text)


def test_looking_at_figures_is_noted_without_ids(auditor: FlaskClient, service: RunningService) -> None:
    with psycopg.connect(service.database) as link:
        link.execute("delete from desk.read_log")
    for path in ("/waiting-times", CAMHS_REPORT, "/waiting-times.csv"):
        auditor.get(path)
    with psycopg.connect(service.database) as link:
        noted = link.execute("select kind, ids, purpose from desk.read_log order by at, kind").fetchall()
    assert sorted(noted) == [
        ("waiting_times", [], "audit"),
        ("waiting_times", [], "audit"),
        ("waiting_times_file", [], "audit"),
    ]


def test_the_number_of_statements_does_not_grow(
    auditor: FlaskClient, service: RunningService, county: Coordination
) -> None:
    paths = (
        "/waiting-times",
        f"{CAMHS_REPORT}&by=school&known_at=2025-11-01",
        "/waiting-times/waits?service=CAMHS",
        "/waiting-times.csv",
    )
    few = {}
    for path in paths:
        auditor.get(path)
        with counted() as few[path]:
            auditor.get(path)
    for number in range(8):
        refer(county, UUID(int=0xD100 + number), CAMHS, day(100 + number))
    settled(service, county)
    for path in paths:
        with counted() as many:
            auditor.get(path)
        assert many == few[path], path
        assert many.statements < 40
