"""A published table in a browser, from the county's figures, in both languages; on a phone; and as it prints."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import expect

from coordination.service import Coordination
from tests.journeys.conftest import NewPage, ServedService
from tests.journeys.test_reports import looked_at, signed_in
from tests.webui.reports_county import reports_on

pytestmark = pytest.mark.browser

WORDS = {
    "en": (
        "Figures for publication",
        "Published figures",
        "Service",
        "Compare by",
        "Schools",
        "Show",
        "Marks",
    ),
    "cy": (
        *(
            "Ffigurau i’w cyhoeddi",
            "Ffigurau i’w cyhoeddi",
            "Gwasanaeth",
            "Cymharu yn ôl",
            "Ysgolion",
            "Dangos",
        ),
        "Marciau",
    ),
}


@pytest.fixture
def county(site: ServedService) -> Iterator[Coordination]:
    with reports_on(site) as coordination:
        yield coordination


@pytest.mark.parametrize("language", ["en", "cy"])
@pytest.mark.usefixtures("county")
def test_the_auditor_publishes_a_table(new_page: NewPage, language: str) -> None:
    link, heading, service, compare, schools, show, marks = WORDS[language]
    page = signed_in(new_page, "auditor", language)
    page.goto("/waiting-times")
    page.get_by_role("link", name=link).click()
    expect(page.locator("h1")).to_have_text(heading)
    looked_at(page, language, "published-1-asked")
    page.get_by_label(service, exact=True).select_option("CAMHS")
    page.get_by_label(compare, exact=True).select_option(label=schools)
    page.get_by_role("button", name=show).click()
    tables = page.locator("table.c-figures")
    expect(tables).to_have_count(3)
    expect(page.get_by_role("heading", name=marks)).to_be_visible()
    for cell in tables.locator("td.govuk-table__cell--numeric").all_inner_texts():
        assert cell in ("c", "z", "x", "k") or "%" in cell or int(cell) % 5 == 0
    looked_at(page, language, "published-2-table")
    page.emulate_media(media="print")
    page.set_viewport_size({"width": 718, "height": 1000})  # what a sheet of A4 with margins of 10 mm has
    expect(tables.first).to_be_visible()
    expect(page.locator("form.c-ask")).to_be_hidden()
    looked_at(page, language, "published-3-print")


@pytest.mark.usefixtures("county")
def test_a_published_table_on_a_phone(new_page: NewPage) -> None:
    page = signed_in(new_page, "auditor", "cy", width=320, height=700)
    page.goto("/published?service=CAMHS&by=school")
    expect(page.locator("table.c-figures")).to_have_count(3)
    looked_at(page, "cy", "published-phone")
