"""Published figures on their page and in its files: no exact count, in both languages, for agency and auditor."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator

import pytest

from tests.county import REFERENCE
from tests.webui.referring import browser
from tests.webui.reports_county import reports_site, words_of
from tests.webui.service import RunningService


@pytest.fixture(scope="module")
def site(postgres: str, template: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningService]:
    with reports_site(postgres, template, tmp_path_factory.mktemp("published")) as (service, _county):
        yield service


def test_the_page_has_no_count_that_is_not_withheld_or_rounded(site: RunningService) -> None:
    auditor = browser(site, "auditor")
    auditor.get("/language/en?to=/account")
    assert "Figures for publication" in auditor.get("/waiting-times").text
    page = auditor.get("/published?service=CAMHS&by=school")
    assert page.status_code == 200
    cells = re.findall(r'<td class="govuk-table__cell govuk-table__cell--numeric">([^<]*)</td>', page.text)
    assert cells
    for cell in cells:
        assert cell in ("c", "z", "x", "k") or "%" in cell or int(cell.replace(",", "")) % 5 == 0, cell
    assert "Numbers from 1 to 4 are withheld" in words_of(page.text)


def test_its_file_has_the_figures_of_the_page(site: RunningService) -> None:
    auditor = browser(site, "auditor")
    sent = auditor.get("/published.csv?service=CAMHS&by=school")
    assert sent.status_code == 200
    lines = list(csv.DictReader(io.StringIO(sent.text.removeprefix("\ufeff"))))
    assert lines[-1]["group"] == "total"
    for line in lines:
        counts = [line[name] for name in line if name.endswith("_count") or name == "started"]
        assert all(count == "c" or int(count) % 5 == 0 for count in counts)
    assert auditor.get("/published.xlsx?service=CAMHS").status_code == 200


def test_a_month_or_grouping_that_is_not_offered_is_refused(site: RunningService) -> None:
    auditor = browser(site, "auditor")
    assert auditor.get("/published?service=CAMHS&from_on=2025-11-15").status_code == 422
    assert auditor.get("/published?service=CAMHS&by=need").status_code == 422
    assert auditor.get("/published.csv?service=CAMHS&by=need").status_code == 400


def test_the_page_is_in_welsh_too_and_not_for_a_school(site: RunningService) -> None:
    auditor = browser(site, "auditor")
    auditor.get("/language/cy?to=/account")
    assert "Ffigurau i’w cyhoeddi" in auditor.get("/published?service=CAMHS").text
    assert browser(site, "alnco").get("/published?service=CAMHS").status_code in (403, 404)


def test_a_national_analyst_sees_published_figures_and_no_others(site: RunningService) -> None:
    site.person("national_analyst", organisation=REFERENCE, username="analyst")
    analyst = browser(site, "analyst")
    cells = r'<td class="govuk-table__cell govuk-table__cell--numeric">([^<]*)</td>'
    path = "/published?service=CAMHS&by=school"
    page = analyst.get(path)
    assert page.status_code == 200
    found = re.findall(cells, page.text)
    assert found and found == re.findall(cells, browser(site, "auditor").get(path).text)
    assert 'href="/published"' in analyst.get("/account").text
    for other in (
        "/waiting-times",
        "/waiting-times/CAMHS",
        "/attendance",
        "/challenges",
        "/pupils",
        "/today",
    ):
        assert analyst.get(other).status_code == 404, other
