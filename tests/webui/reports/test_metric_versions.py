"""A report that counted rows of more than one metric version says so: on the page, in its files and in the API."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from zipfile import ZipFile

import psycopg
import pytest

from coordination.clocks import METRIC_VERSION
from tests.county import AUTHORITY, CAMHS
from tests.webui.api.conftest import ApiClient, program
from tests.webui.referring import browser
from tests.webui.reports_county import SEEN, WAITS, reports_site, words_of
from tests.webui.service import RunningService

ENGLISH = "These waits were counted under different metric versions (1, 2)."
WELSH = "Cafodd y cyfnodau aros hyn eu cyfrif o dan fersiynau gwahanol o’r mesur (1, 2)."
PAGES = ["/waiting-times", "/waiting-times?service=CAMHS"]
FILES = ["/waiting-times", "/waiting-times/months"]
API = "/reports/waiting-times"
OF_CAMHS = f"{API}/services/{CAMHS}"


@pytest.fixture(scope="module")
def service(
    postgres: str, template: str, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[RunningService]:
    """A year of waits for the tests that only look."""
    with reports_site(postgres, template, tmp_path_factory.mktemp("reports")) as (running, _):
        yield running


@pytest.fixture
def mixed(service: RunningService) -> Iterator[None]:
    """The rows of one of the two waits for CAMHS are of another version."""
    with psycopg.connect(service.database, autocommit=True) as connection:
        connection.execute("update read.wait set metric_version = '1' where referral = %s", (WAITS,))
        yield
        connection.execute("update read.wait set metric_version = %s", (METRIC_VERSION,))


@pytest.fixture
def auditor(service: RunningService) -> ApiClient:
    return program(service, AUTHORITY, "reports:read")


@pytest.mark.parametrize("path", PAGES)
@pytest.mark.parametrize(("language", "warning"), [("en", ENGLISH), ("cy", WELSH)])
def test_the_page_says_so(
    service: RunningService, mixed: None, path: str, language: str, warning: str
) -> None:
    client = browser(service, "auditor")
    client.set_cookie("cydlynu_language", language)
    page = words_of(client.get(path).text)
    assert warning in page
    assert "1, 2" in page.split(warning)[1], "the stamp names both"


@pytest.mark.parametrize("path", PAGES)
def test_rows_of_one_version_have_no_warning(service: RunningService, path: str) -> None:
    assert "different metric versions" not in words_of(browser(service, "auditor").get(path).text)


@pytest.mark.parametrize("path", FILES)
def test_the_csv_says_so_in_every_row(service: RunningService, mixed: None, path: str) -> None:
    answer = browser(service, "auditor").get(f"{path}.csv?service=CAMHS")
    rows = list(csv.DictReader(io.StringIO(answer.text.removeprefix("\ufeff"))))
    assert rows
    for row in rows:
        assert row["metric_version"] == "1, 2"
        assert row["warning"].startswith(ENGLISH)


@pytest.mark.parametrize("path", FILES)
@pytest.mark.parametrize(("language", "warning"), [("en", ENGLISH), ("cy", WELSH)])
def test_the_workbook_says_so_among_its_facts(
    service: RunningService, mixed: None, path: str, language: str, warning: str
) -> None:
    client = browser(service, "auditor")
    client.set_cookie("cydlynu_language", language)
    with ZipFile(io.BytesIO(client.get(f"{path}.xlsx?service=CAMHS").data)) as book:
        assert warning in book.read("xl/worksheets/sheet2.xml").decode()


def test_a_file_of_one_version_has_no_warning(service: RunningService) -> None:
    answer = browser(service, "auditor").get("/waiting-times.csv?service=CAMHS")
    assert "warning" not in answer.text.splitlines()[0]


@pytest.mark.parametrize("path", [API, OF_CAMHS, f"{OF_CAMHS}/months"])
def test_the_api_says_so(auditor: ApiClient, mixed: None, path: str) -> None:
    found = auditor.get(path).json
    assert found["metric_version"] == "1, 2"
    assert found["warning"].startswith(ENGLISH)


@pytest.mark.parametrize("path", [API, OF_CAMHS, f"{OF_CAMHS}/months"])
def test_the_api_has_no_warning_for_one_version(auditor: ApiClient, path: str) -> None:
    found = auditor.get(path).json
    assert (found["metric_version"], found["warning"]) == ("2", None)


def test_single_waits_name_the_version_of_their_own_rows(auditor: ApiClient, mixed: None) -> None:
    [line] = auditor.get(f"{OF_CAMHS}/waits?which=waiting").json["items"]
    assert (line["referral"], line["metric_version"], line["warning"]) == (str(WAITS), "1", None)
    one = auditor.get(f"{API}/waits/{SEEN}").json
    assert (one["metric_version"], one["warning"]) == ("2", None)
