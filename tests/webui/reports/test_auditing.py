"""The auditor's workspace: samples with their seed and findings, what if, two periods side by side, saved reports."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from typing import Any

import psycopg
import pytest
from flask.testing import FlaskClient

from tests.webui.referring import browser
from tests.webui.reports_county import reports_site, rows_of, words_of
from tests.webui.service import RunningService


@pytest.fixture(scope="module")
def service(
    postgres: str, template: str, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[RunningService]:
    with reports_site(postgres, template, tmp_path_factory.mktemp("auditing")) as (running, _county):
        yield running


@pytest.fixture
def auditor(service: RunningService) -> FlaskClient:
    return browser(service, "auditor")


def send(client: FlaskClient, page: str, *, to: str | None = None, **given: str) -> Any:
    """A form of a page, sent with what is typed."""
    shown = client.get(page).text
    hidden = dict(re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', shown))
    return client.post(to or page, data=hidden | given)


def draw(auditor: FlaskClient, **given: str) -> str:
    answer = send(auditor, "/waiting-times/audit", size="20", **given)
    assert answer.status_code == 303
    return str(answer.location)


PERIOD = {
    "from_on-day": "1",
    "from_on-month": "1",
    "from_on-year": "2025",
    "as_of-day": "1",
    "as_of-month": "12",
    "as_of-year": "2025",
}


def lines(page: str) -> list[str]:
    """The waits, each by its referral and standard, in the order in which they stand."""
    return re.findall(r'c-reference" href="/waiting-times/waits/([^"]*)"', page)


def test_the_same_seed_draws_the_same_waits_and_another_seed_others(auditor: FlaskClient) -> None:
    first = auditor.get(draw(auditor, seed="7", **PERIOD)).text
    again = auditor.get(draw(auditor, seed="7", **PERIOD)).text
    assert lines(first) == lines(again) and len(lines(first)) > 3
    one = {tuple(lines(auditor.get(draw(auditor, seed=str(seed), **PERIOD)).text)) for seed in range(4)}
    assert len(one) > 1 and len({frozenset(order) for order in one}) == 1
    assert "Seed 7" in words_of(first) and "Siân" not in first


def test_without_a_seed_one_is_drawn_and_recorded(auditor: FlaskClient, service: RunningService) -> None:
    address = draw(auditor, **PERIOD)
    with psycopg.connect(service.database) as link:
        [(seed,)] = link.execute(
            "select seed from desk.audit_sample where sample = %s", (address.rpartition("/")[2],)
        ).fetchall()
    assert f"Seed {seed}" in words_of(auditor.get(address).text)
    assert str(seed) in auditor.get("/waiting-times/audit").text


def test_a_finding_is_written_down_sealed_and_changed(auditor: FlaskClient, service: RunningService) -> None:
    sample = draw(auditor, seed="11", **PERIOD)
    written = send(auditor, f"{sample}/1", verdict="other_day", words="The letter says the 14th")
    assert (written.status_code, written.location) == (303, sample)
    page = words_of(auditor.get(sample).text)
    assert "The evidence gives another day The letter says the 14th" in page and "1 checked" in page
    send(auditor, f"{sample}/1", verdict="agrees", words="")
    page = words_of(auditor.get(sample).text)
    assert "The letter says" not in page and "The record agrees with the evidence" in page
    assert send(auditor, f"{sample}/1", verdict="other", words="").status_code == 422
    send(auditor, f"{sample}/2", verdict="no_evidence", words="Nothing in the folder")
    with psycopg.connect(service.database) as link:
        rows = link.execute("select sealed from desk.audit_finding where sealed is not null").fetchall()
    assert rows and all(b"folder" not in bytes(sealed) for (sealed,) in rows)
    file = auditor.get(f"{sample}.csv").text
    assert "no_evidence" in file and "Nothing in the folder" in file and "seed" in file.splitlines()[0]
    assert auditor.get(f"{sample}/9999").status_code == 404


def test_samples_are_the_authority_s_alone(auditor: FlaskClient, service: RunningService) -> None:
    sample = draw(auditor, seed="3", **PERIOD)
    for username in ("alnco", "clinician"):
        assert browser(service, username).get(sample).status_code == 404
        assert browser(service, username).get("/waiting-times/audit").status_code == 404


def test_nothing_to_draw_says_so(auditor: FlaskClient) -> None:
    long_ago = {"as_of-day": "1", "as_of-month": "1", "as_of-year": "1990"}
    answer = send(auditor, "/waiting-times/audit", size="5", **long_ago)
    assert answer.status_code == 422 and "There is no wait to draw" in words_of(answer.text)


def test_what_if_stands_beside_the_real_figure(auditor: FlaskClient) -> None:
    asked = "/waiting-times/what-if?service=CAMHS&from_on=2025-01-01&as_of=2025-12-01"
    real = auditor.get(asked).text
    within = [row for row in rows_of(real) if "Within the limit" in row]
    assert all(row[-1] == row[-2] for row in within) and "Nothing is changed yet" in words_of(real)
    changed = auditor.get(f"{asked}&limit=60").text
    [ended, _waiting] = [row for row in rows_of(changed) if "Within the limit" in row]
    assert ended[-2:] == ["0.0% (0 of 1)", "100.0% (1 of 1)"]
    assert "Changed: the limit is 60 days." in words_of(changed)
    for kind in ("csv", "xlsx", "pdf"):
        assert auditor.get(asked.replace("what-if?", f"what-if.{kind}?") + "&limit=60").status_code == 200
    assert auditor.get(f"{asked}&without=nobody").status_code == 422


def test_two_periods_side_by_side_are_the_figures_of_each(auditor: FlaskClient) -> None:
    page = auditor.get(
        "/waiting-times/periods?service=CAMHS&from_on=2025-01-01&to_on=2025-06-30&as_of=2025-06-30"
        "&second_from_on=2025-07-01&second_as_of=2025-12-01"
    ).text
    numbers = [row for row in rows_of(page) if row[1:2] == ["Number"]]
    assert numbers == [["Ended", "Number", "1", "0"], ["Still waiting", "Number", "0", "1"]]
    first, second = re.findall(r'href="([^"]+)">The figures of the (?:first|second) period', page)
    for address, place in ((first, -2), (second, -1)):
        figures = auditor.get(html.unescape(address)).text
        [count, *_] = [row for row in rows_of(figures) if row[0] == "Number"]
        assert [row[place] for row in numbers][:1] == [count[1].split(" ")[0]]
    earlier = words_of(
        auditor.get("/waiting-times/periods?service=CAMHS&from_on=2025-01-01&as_of=2025-12-01").text
    )
    assert "Ended 1 Jan 2024 to 1 Dec 2024; waiting on 1 Dec 2024" in earlier


def test_a_report_is_saved_opened_and_deleted_by_its_owner_alone(
    auditor: FlaskClient, service: RunningService
) -> None:
    shown = auditor.get("/waiting-times?service=CAMHS&by=need&from_on=2025-01-01&as_of=2025-11-01").text
    [save] = set(re.findall(r'href="(/saved-reports/new[^"]+)"', shown))
    for name, days in (("Needs then", "kept"), ("Needs now", "current")):
        assert send(auditor, html.unescape(save), name=name, days=days).status_code == 303
    page = auditor.get("/saved-reports").text
    [then] = re.findall(r'href="([^"]+)">Needs then', page)
    [now] = re.findall(r'href="([^"]+)">Needs now', page)
    assert "as_of=2025-11-01" in then and "by=need" in then
    assert "as_of" not in now and "by=need" in now
    assert (
        words_of(auditor.get(html.unescape(then)).text).split(" Stamp ")[0]
        == words_of(shown).split(" Stamp ")[0]
    )
    other = browser(service, "alnco")
    assert "Needs then" not in other.get("/saved-reports").text
    [drop, *_] = re.findall(r'action="(/saved-reports/[^"]+/drop)"', page)
    assert send(other, "/account", to=drop).status_code == 404
    assert send(auditor, "/saved-reports", to=drop).status_code == 303
    assert send(auditor, "/saved-reports", to=drop).status_code == 404
    assert auditor.get("/saved-reports/new?report=sign_in.leave&question=").status_code == 404
