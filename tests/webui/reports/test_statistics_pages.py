"""The pages of survival curves and control charts: who sees them, what they say, and their files."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator

import pytest

from tests.webui.referring import browser
from tests.webui.reports_county import reports_site, words_of
from tests.webui.service import RunningService

CURVES = "/waiting-times/survival?service=CAMHS"
CHARTS = "/waiting-times/control-charts?service=CAMHS"


@pytest.fixture(scope="module")
def service(
    postgres: str, template: str, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[RunningService]:
    with reports_site(postgres, template, tmp_path_factory.mktemp("statistics")) as (running, _county):
        yield running


def table(page: str, heading: str) -> list[list[str]]:
    """The cells of the rows of the table with this caption."""
    found = re.search(
        rf"<table[^>]*>\s*<caption[^>]*>{re.escape(heading)}</caption>(.*?)</table>", page, re.S
    )
    assert found is not None
    rows = re.findall(r"<tr[^>]*>(.*?)</tr>", found[1], re.S)
    return [[words_of(cell) for cell in re.findall(r"<t[dh][^>]*>(.*?)</t[dh]>", row, re.S)] for row in rows]


def test_a_curve_says_in_words_what_it_shows(service: RunningService) -> None:
    """Of two who entered in 2025 one was seen on day 41; the other has waited since July, for 153 days."""
    page = browser(service, "auditor").get(CURVES).text
    said = words_of(page)
    assert "Half of those who entered in 2025 were seen within 41 days." in said
    assert (
        "After 28 days the wait was over for 0.0%, had ended in another way for 0.0% and went on for 100.0%."
        in said
    )
    assert "based on only 2 waits" in said
    rows = table(page, "Still waiting, entered in 2025")
    assert ["28", "100.0%", "100.0% – 100.0%", "2"] in rows
    assert rows[-1][:2] == ["153", "50.0%"]
    assert ["Reached the end of the wait", "1", "50.0%"] in table(page, "How the waits of 2025 ended")
    assert 'role="img"' in page
    assert "style=" not in page


def test_a_month_whose_median_is_not_reached_says_so(service: RunningService) -> None:
    said = words_of(browser(service, "auditor").get(f"{CURVES}&by_entry=month").text)
    assert "Half of those who entered in February 2025 were seen within 41 days." in said
    assert (
        "Median not reached: so far fewer than half of those who entered in July 2025 have reached the end."
        in said
    )


def test_a_chart_says_which_months_a_rule_marks(service: RunningService) -> None:
    page = browser(service, "auditor").get(CHARTS).text
    said = words_of(page)
    assert "No month differs from the others by more than the usual variation." in said
    assert "With fewer than 13 months the limits are provisional." in said
    rows = table(page, "Median of the waits that ended in the month, days")
    assert rows[1:] == [["March 2025", "1", "41", "–", "–"]]
    within = table(page, "Percentage of the waits that ended within the limit")
    assert within[1:] == [["March 2025", "1", "0.0%", "0.0% – 0.0%", "–"]]


@pytest.mark.parametrize("address", [CURVES, CHARTS])
@pytest.mark.parametrize("username", ["other-alnco", "psychologist"])
def test_others_find_nothing_there(service: RunningService, address: str, username: str) -> None:
    said = words_of(browser(service, username).get(address).text)
    assert "41 days" not in said
    assert "March 2025" not in said


def test_the_files_have_the_points(service: RunningService) -> None:
    auditor = browser(service, "auditor")
    curve = list(csv.DictReader(io.StringIO(auditor.get(CURVES.replace("?", ".csv?")).text.lstrip("\ufeff"))))
    assert [(row["entry"], row["day"], row["survival"], row["at_risk"]) for row in curve] == [
        ("2025", "0", "1.0", "2"), ("2025", "41", "0.5", "2"), ("2025", "153", "0.5", "1")
    ]  # fmt: skip
    chart = list(csv.DictReader(io.StringIO(auditor.get(CHARTS.replace("?", ".csv?")).text.lstrip("\ufeff"))))
    assert [(row["chart"], row["month"], row["value"]) for row in chart] == [
        ("median_days", "2025-03", "41.0"), ("percent_within_standard", "2025-03", "0.0")
    ]  # fmt: skip
    for address in (CURVES, CHARTS):
        assert auditor.get(address.replace("?", ".xlsx?")).data.startswith(b"PK")


@pytest.mark.parametrize("page", ["survival", "control-charts"])
def test_a_wrong_question_is_explained(service: RunningService, page: str) -> None:
    auditor = browser(service, "auditor")
    backwards = auditor.get(f"/waiting-times/{page}?service=CAMHS&from_on=2025-05-01&to_on=2025-04-01")
    assert "There is a problem" in words_of(backwards.text)
    assert auditor.get(f"/waiting-times/{page}.csv?service=CAMHS&from_on=nonsense").status_code == 404
    assert "There is a problem" in words_of(auditor.get(f"/waiting-times/{page}?service=NOBODY").text)
