"""The waits behind a figure, one wait, and the way back to the same filters."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from uuid import UUID

import psycopg
import pytest
from flask.testing import FlaskClient

from tests.county import PUPIL
from tests.webui.referring import browser
from tests.webui.reports_county import SEEN, WAITS, reports_site, row_of, rows_of, words_of
from tests.webui.service import RunningService


@pytest.fixture(scope="module")
def service(
    postgres: str, template: str, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[RunningService]:
    with reports_site(postgres, template, tmp_path_factory.mktemp("behind")) as (running, _county):
        yield running


@pytest.fixture
def auditor(service: RunningService) -> FlaskClient:
    return browser(service, "auditor")


def test_the_waits_behind_a_figure_without_names(auditor: FlaskClient, service: RunningService) -> None:
    page = auditor.get("/waiting-times/waits?service=CAMHS&which=ended_late").text
    assert row_of(page, str(SEEN)[:8]) == [
        "Ysgol y Bryn",
        "3 Feb 2025",
        "3 Mar 2025",
        "16 Mar 2025",
        "41",
        "13",
        "reported",
    ]
    for which in ("waiting", "waiting_over"):
        waiting = auditor.get(f"/waiting-times/waits?service=CAMHS&which={which}&school=6994001").text
        assert row_of(waiting, str(WAITS)[:8])[4] == "153"
        assert "Siân" not in waiting and str(PUPIL) not in waiting
    none = auditor.get("/waiting-times/waits?service=CAMHS&school=6994002").text
    assert "There are none." in none
    for wrong in ("service=CAMHS&which=all", "service=CAMHS&school=1", "service=NONE"):
        assert auditor.get(f"/waiting-times/waits?{wrong}").status_code == 404
    chosen_first = auditor.get("/waiting-times/waits?which=waiting")
    assert (chosen_first.status_code, chosen_first.location) == (303, "/waiting-times")
    assert auditor.get("/waiting-times/waits?service=CAMHS&page=1000000000").status_code == 200
    with psycopg.connect(service.database) as link:
        noted = link.execute("select ids from desk.read_log where kind = 'waits'").fetchall()
    assert ([PUPIL],) in noted


def test_one_wait_and_how_it_was_known(auditor: FlaskClient, service: RunningService) -> None:
    page = auditor.get(f"/waiting-times/waits/{SEEN}?standard=CAMHS-28").text
    assert "It ended after 41 days, unadjusted. over the limit" in words_of(page)
    assert "Day 28 Last day within the limit, 3 Mar 2025." in words_of(page)
    assert row_of(page, "20 November 2025")[3] == "16 Mar 2025"
    assert row_of(page, "3 February 2025 at")[3] == "–"
    assert "Siân" not in page and str(PUPIL) not in page
    for path in (
        f"{SEEN}?standard=SALT-14W",
        f"{UUID(int=9)}?standard=CAMHS-28",
        f"{UUID(int=9)}",
        "nonsense",
    ):
        assert auditor.get(f"/waiting-times/waits/{path}").status_code == 404
    with psycopg.connect(service.database) as link:
        noted = link.execute("select ids, role from desk.read_log where kind = 'wait'").fetchall()
    assert ([PUPIL], "auditor") in noted


def test_what_a_wait_rests_on_is_on_the_auditors_page(auditor: FlaskClient, service: RunningService) -> None:
    page = auditor.get(f"/waiting-times/waits/{SEEN}").text
    said = words_of(page)
    assert "16 Mar 2025 First contact reported Ysgol y Bryn, recorded on 20 November 2025 at" in said
    assert "3 Feb 2025 Received by the agency Dyffryn Health Board" in said or "Received own word" in said
    # neither what the secretary said, nor who wrote it down, nor a way into the case file
    assert "secretary" not in page and f"/pupils/{PUPIL}" not in page
    school = browser(service, "alnco").get(f"/waiting-times/waits/{SEEN}").text
    assert f"/pupils/{PUPIL}/referrals/{SEEN}" in school
    assert "Evidence" not in school and "by the agency" not in school


def test_the_days_of_the_report_lead_on_to_the_wait(auditor: FlaskClient) -> None:
    listed = auditor.get(
        "/waiting-times/waits?service=CAMHS&which=waiting&as_of=2025-11-01&known_at=2025-11-01"
    ).text
    [link] = re.findall(rf'href="(/waiting-times/waits/{SEEN}[^"]*)"', listed)
    page = auditor.get(link.replace("&amp;", "&")).text
    said = words_of(page)
    assert "Still open: 271 days so far, unadjusted. over the limit" in said
    assert "First contact" not in said.split("Evidence")[1]
    assert "As of 1 November 2025 As known 1 November 2025" in said
    assert 'name="as_of-month" value="11"' in page
    early = words_of(auditor.get(f"/waiting-times/waits/{SEEN}?as_of=2025-01-01").text)
    assert "It had not started by this date." in early and "Nothing had been recorded by then." in early
    wrong = auditor.get(f"/waiting-times/waits/{SEEN}?as_of=2025-02-30")
    assert wrong.status_code == 422 and "enter a real date" in words_of(wrong.text)


@pytest.mark.parametrize("by", ["need", "age", "school", "end_month"])
def test_from_a_group_to_its_lines_to_one_wait_and_back_with_the_same_filters(
    auditor: FlaskClient, by: str
) -> None:
    figures = "/waiting-times?service=CAMHS&from_on=2025-01-01&as_of=2025-12-01"
    page = auditor.get(f"{figures}&by={by}").text
    [listed] = set(
        re.findall(
            rf'href="(/waiting-times/waits[?][^"]*by={by}[^"]*which=ended&amp;key=(?!SLCD)[^"]*)"', page
        )
    )
    lines = auditor.get(html.unescape(listed))
    said = words_of(lines.text)
    assert lines.status_code == 200 and "Only: " in said and str(SEEN)[:8] in said
    [link] = re.findall(rf'href="(/waiting-times/waits/{SEEN}[^"]*)"', lines.text)
    one = auditor.get(html.unescape(link)).text
    [back] = re.findall(r'href="([^"]*)" class="govuk-back-link"|class="govuk-back-link" href="([^"]*)"', one)
    again = auditor.get(html.unescape("".join(back)))
    assert words_of(again.text).split(" Stamp ")[0] == said.split(" Stamp ")[0]
    [figures_again] = re.findall(r'class="govuk-back-link" href="([^"]*)"', again.text)
    assert (
        words_of(auditor.get(html.unescape(figures_again)).text).split(" Stamp ")[0]
        == words_of(page).split(" Stamp ")[0]
    )


def test_every_stretch_of_a_wait_says_why_with_both_times(auditor: FlaskClient) -> None:
    page = auditor.get(f"/waiting-times/waits/{SEEN}?standard=CAMHS-28").text
    [cells] = [row for row in rows_of(page) if row[:2] == ["3 February 2025", "16 March 2025"]]
    assert cells[2:4] == ["41", "Agency: Child and adolescent mental health"]
    assert cells[4].startswith("Received, 3 Feb 2025 recorded on 3 February 2025 at")


@pytest.mark.parametrize(
    "wrong", ["ending=all", "band=x", "by=need&key=%00", "key=adhd", f"by=need&key={'x' * 61}"]
)
def test_a_group_that_there_is_not_gives_no_details(auditor: FlaskClient, wrong: str) -> None:
    assert auditor.get(f"/waiting-times/waits?service=CAMHS&which=ended&{wrong}").status_code == 404
