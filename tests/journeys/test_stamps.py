"""An old stamp replayed in a browser, in both languages: from the foot of a report to the report as it was, after the
end of a wait was recorded that was not known then, and what has changed since."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import pytest
from playwright.sync_api import expect

from coordination.pupil.referral.decide import RecordMilestone
from coordination.service import Coordination
from tests.county import CLINICIAN, PUPIL
from tests.journeys.conftest import NewPage, ServedService, axe, fits
from tests.journeys.test_reports import signed_in
from tests.webui.referring import settled
from tests.webui.reports_county import WAITS, does, reports_on

pytestmark = pytest.mark.browser

ADDRESS = "/waiting-times?service=CAMHS&by=school&as_of=2025-12-01"
WORDS = {
    "en": ("Stamp of a report", "Waits that changed: 1 (position", "Show the report as it was", "Show"),
    "cy": (
        "Stamp adroddiad",
        "Cyfnodau aros a newidiodd: 1 (safle",
        "Dangos yr adroddiad fel yr oedd",
        "Dangos",
    ),
}


@pytest.fixture
def county(site: ServedService) -> Iterator[Coordination]:
    with reports_on(site) as coordination:
        yield coordination


@pytest.mark.parametrize("language", ["en", "cy"])
def test_an_old_stamp(site: ServedService, county: Coordination, new_page: NewPage, language: str) -> None:
    title, changed, show, button = WORDS[language]
    page = signed_in(new_page, "auditor", language)
    page.goto(ADDRESS)
    figures = page.get_by_role("row", name="Ysgol y Bryn")
    before = figures.all_inner_texts()
    page.locator(".c-stamp a").click()
    expect(page.locator("h1")).to_have_text(title)
    stamp = page.locator("#stamp").input_value()
    assert stamp.startswith("cyd1-")
    axe(page)

    ended = date(2025, 11, 28)
    does(
        county,
        CLINICIAN,
        RecordMilestone(occurred_on=ended, pupil=PUPIL, referral=WAITS, milestone="first_contact"),
    )
    settled(site, county)
    page.goto(ADDRESS)
    assert figures.all_inner_texts() != before

    page.goto("/stamp")  # the stamp as it came in a letter, over two lines
    page.fill("#stamp", f"{stamp[:40]}\n{stamp[40:]}")
    page.get_by_role("button", name=button, exact=True).click()
    expect(page.locator("main")).to_contain_text(changed)
    axe(page)
    page.set_viewport_size({"width": 320, "height": 800})
    fits(page)
    page.get_by_role("link", name=show).click()
    expect(page.locator("#at")).to_be_visible()
    assert before and figures.all_inner_texts() == before
    axe(page)
    fits(page)
