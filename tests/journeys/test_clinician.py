"""A clinician's day in a browser: what is nobody's is taken, an action is done, the own record is looked at; and an
agency without an account answers by a link."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta

import pytest
from playwright.sync_api import Page, expect

from tests.county import BOARD, CAMHS, PUPIL
from tests.journeys.conftest import NewPage, ServedService, axe, fits, picture
from tests.journeys.test_safety import NEW, signed_in
from tests.projections.casework import FOR_CAMHS, SECOND, TO_CAMHS, RecordedCase
from tests.webui.referring import case_on, page_of, settled

pytestmark = pytest.mark.browser

WORDS = {
    "en": {
        "take": "Allocate to me",
        "mine": "Mine (1)",
        "allocate": "Allocate",
        "later": "Change the due date",
        "record": "Record",
        "own": "Your own record, meeting by meeting",
        "make": "Create a link",
        "telephone": "Give a code by telephone",
        "open": "Open the link",
    },
    "cy": {
        "take": "Dyrannu i mi",
        "mine": "Fi (1)",
        "allocate": "Dyrannu",
        "later": "Newid y dyddiad cwblhau",
        "record": "Cofnodi",
        "own": "Eich cofnod eich hun, fesul cyfarfod",
        "make": "Creu dolen",
        "telephone": "Rhoi cod dros y ffôn",
        "open": "Agor y ddolen",
    },
}
DESKS = [("en", 1280), ("cy", 320)]


@pytest.fixture
def case(site: ServedService) -> Iterator[RecordedCase]:
    """The story, and one more referral that was sent a week ago."""
    with case_on(site) as told:
        sent = site.app.extensions["cydlynu"].today() - timedelta(days=7)
        told.agrees(NEW, BOARD, sent, pupil=SECOND)
        told.refers(NEW, CAMHS, sent, pupil=SECOND)
        settled(site, told.service)
        yield told


def looked_at(page: Page, name: str) -> None:
    """Accessible, no wider than the screen, and kept to be looked at."""
    axe(page)
    fits(page)
    picture(page, name)


def speak(page: Page, language: str) -> None:
    if language == "cy":
        page.goto("/language/cy")


@pytest.mark.parametrize(("language", "width"), DESKS)
def test_a_clinicians_day(case: RecordedCase, new_page: NewPage, language: str, width: int) -> None:
    say, name = WORDS[language], f"clinician-{language}-{width}"
    page = new_page(width=width)
    signed_in(page, "clinician", "/account")
    speak(page, language)

    page.goto("/inbox?service=CAMHS")
    looked_at(page, f"{name}-1-inbox")
    page.reload()  # the picture leaves a style behind, of which an answer in place would complain
    page.get_by_role("button", name=say["take"]).first.click()
    expect(page.get_by_role("link", name=say["mine"])).to_be_visible()
    page.get_by_role("link", name=say["mine"]).click()
    expect(page.locator(".c-inbox tbody tr")).to_have_count(1)

    page.goto(page_of(TO_CAMHS))
    looked_at(page, f"{name}-2-referral")
    page.locator("#person").select_option(index=1)
    page.get_by_role("button", name=say["allocate"], exact=True).click()
    expect(page.locator(".c-done")).to_be_visible()

    page.goto("/inbox/actions")
    looked_at(page, f"{name}-3-actions")
    page.goto(f"/pupils/{PUPIL}/actions/{FOR_CAMHS}")
    page.get_by_label(say["later"]).check()
    looked_at(page, f"{name}-4-action")
    page.get_by_role("button", name=say["record"], exact=True).click()
    expect(page.locator(".govuk-error-summary")).to_be_focused()
    for part, value in (("day", "1"), ("month", "6"), ("year", "2030")):
        page.locator(f"#due_on-{part}").fill(value)
    page.locator("#words").fill("Sâl yr wythnos hon.")
    page.get_by_role("button", name=say["record"], exact=True).click()
    expect(page.locator(".c-done")).to_contain_text("2030")

    page.goto("/attendance?from_on=2025-01-01")
    expect(page.get_by_role("heading", name=say["own"])).to_be_visible()
    looked_at(page, f"{name}-5-attendance")


@pytest.mark.parametrize(("language", "width"), DESKS)
def test_an_answer_by_a_link(
    site: ServedService, case: RecordedCase, new_page: NewPage, language: str, width: int
) -> None:
    say, name = WORDS[language], f"link-{language}-{width}"
    school = new_page(width=width)
    signed_in(school, "alnco", "/account")
    speak(school, language)
    school.goto(f"{page_of(TO_CAMHS)}/link")
    school.get_by_role("button", name=say["make"], exact=True).click()
    address = school.locator("#address").input_value()
    looked_at(school, f"{name}-1-made")
    school.get_by_role("button", name=say["telephone"]).first.click()
    pin = re.search(r"\b\d{6}\b", school.locator(".c-note[role=status]").first.inner_text())
    assert pin is not None

    agency = new_page(width=width, locale="cy" if language == "cy" else "en-GB", scripts=True)
    agency.goto(address)
    looked_at(agency, f"{name}-2-asked")
    agency.locator("#one_time_code").fill(pin[0])
    agency.get_by_role("button", name=say["open"], exact=True).click()
    looked_at(agency, f"{name}-3-opened")
    agency.locator("a[href*='/contest']").first.click()
    agency.locator("main form button[type=submit]").last.click()
    expect(agency.locator(".govuk-error-summary")).to_be_focused()
    looked_at(agency, f"{name}-4-wrong")
    agency.locator("textarea").first.fill("Cynigiwyd yr wythnos wedyn.")
    agency.locator("#answered_by").fill("Eleri Huws")
    agency.locator("#answered_as").fill("Ysgrifennydd y tîm")
    agency.locator("main form button[type=submit]").last.click()
    expect(agency.locator(".govuk-error-summary")).to_have_count(0)
    axe(agency)

    settled(site, case.service)
    school.goto(page_of(TO_CAMHS))
    expect(school.get_by_text("Eleri Huws, Ysgrifennydd y tîm").first).to_be_visible()
    looked_at(school, f"{name}-5-referral")
