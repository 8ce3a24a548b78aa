"""What will be late soon, and whether to trust the record: on the page, as a file, for those whose it is."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.webui.referring import browser
from tests.webui.reports_county import reports_site, row_of, words_of
from tests.webui.service import RunningService


@pytest.fixture(scope="module")
def service(
    postgres: str, template: str, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[RunningService]:
    with reports_site(postgres, template, tmp_path_factory.mktemp("trust")) as (running, _county):
        yield running


@pytest.mark.parametrize("username", ["auditor", "alnco", "clinician"])
def test_what_is_late_and_will_be(service: RunningService, username: str) -> None:
    page = browser(service, username).get("/waiting-times/due-soon").text
    assert row_of(page, "Child and adolescent mental health") == ["1", "1", "0", "0", "0", "0"]
    assert "Over the limit: 1. Over it within 28 days: 0 more." in words_of(page)
    assert "Siân" not in page


def test_others_find_nothing_there(service: RunningService) -> None:
    assert "No one was waiting" in browser(service, "other-alnco").get("/waiting-times/due-soon").text


def test_the_auditor_checks_the_record(service: RunningService) -> None:
    auditor = browser(service, "auditor")
    assert "/waiting-times/data-quality" in auditor.get("/waiting-times").text
    page = auditor.get("/waiting-times/data-quality").text
    assert "Late entries" in page and "Ysgol y Bryn" in page and "Siân" not in page
    assert browser(service, "alnco").get("/waiting-times/data-quality").status_code == 404


@pytest.mark.parametrize("kind", ["due-soon", "data-quality"])
def test_as_a_file(service: RunningService, kind: str) -> None:
    answer = browser(service, "auditor").get(f"/waiting-times/{kind}.csv")
    assert answer.status_code == 200 and "stamp" in answer.text.splitlines()[0]
    assert browser(service, "auditor").get(f"/waiting-times/{kind}.xlsx").status_code == 200
