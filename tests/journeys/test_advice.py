"""Advice in a browser: the school asks from Today, the service answers from its inbox, the pupil is linked, and the
report counts it; by keyboard in English, on a telephone in Welsh. The filtered inbox on a telephone."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import expect

from tests.journeys.conftest import NewPage, ServedService, axe, fits, picture
from tests.journeys.test_clinician import speak
from tests.journeys.test_safety import signed_in
from tests.journeys.walking import Hand, Keyboard, Mouse
from tests.projections.casework import RecordedCase
from tests.webui.referring import case_on

pytestmark = pytest.mark.browser

WORDS = {
    "en": {
        "from_today": "Record advice from a service",
        "record": "Record",
        "answer": "Record the answer",
        "find": "Find",
        "already": "Already referred",
    },
    "cy": {
        "from_today": "Cofnodi cyngor gan wasanaeth",
        "record": "Cofnodi",
        "answer": "Cofnodi’r ateb",
        "find": "Chwilio",
        "already": "Wedi’i atgyfeirio eisoes",
    },
}


@pytest.fixture
def case(site: ServedService) -> Iterator[RecordedCase]:
    with case_on(site) as told:
        yield told


@pytest.mark.parametrize(("language", "width"), [("en", 1280), ("cy", 320)])
def test_advice_is_asked_answered_and_counted(
    case: RecordedCase, new_page: NewPage, language: str, width: int
) -> None:
    say, name = WORDS[language], f"advice-{language}-{width}"
    school, clinic = new_page(width=width), new_page(width=width)
    hand: Hand = Keyboard(school) if language == "en" else Mouse()
    signed_in(school, "alnco", "/today")
    speak(school, language)
    school.goto("/today")
    hand.activates(school.get_by_role("link", name=say["from_today"]))
    hand.picks(school.locator("#service"), "CAMHS")
    hand.types(school.locator("#question"), "Sut i helpu gyda chwsg?")
    axe(school)
    fits(school)
    picture(school, f"{name}-1-ask")
    hand.activates(school.get_by_role("button", name=say["record"], exact=True))
    expect(school.locator(".c-done")).to_be_visible()
    address = school.url

    signed_in(clinic, "clinician", "/inbox")
    speak(clinic, language)
    clinic.goto("/advice?open=yes")
    fits(clinic)
    axe(clinic)
    clinic.locator(".c-item a").first.click()
    clinic.locator("input[value=try_first]").check()
    clinic.locator("#words").fill("Dyddiadur cwsg yn gyntaf.")
    clinic.get_by_role("button", name=say["answer"]).click()
    expect(clinic.locator(".c-done")).to_be_visible()
    fits(clinic)
    axe(clinic)

    school.goto(address)
    hand.types(school.locator("#words-of-pupil"), "gwyn")
    hand.activates(school.get_by_role("button", name=say["find"], exact=True))
    hand.activates(school.locator(".c-item button").first)
    expect(school.locator(".c-done")).to_be_visible()
    axe(school)
    fits(school)
    picture(school, f"{name}-2-linked")
    school.goto("/advice/report")
    expect(school.locator("table thead")).to_contain_text(say["already"])
    expect(school.locator("tbody tr").first.locator("td").first).to_have_text("1")
    axe(school)
    fits(school)
    picture(school, f"{name}-3-report")


def test_the_inbox_does_not_scroll_sideways_on_a_telephone(case: RecordedCase, new_page: NewPage) -> None:
    page = new_page(width=320)
    signed_in(page, "clinician", "/inbox")
    for address in (
        "/inbox?service=CAMHS&sort=school",
        "/inbox?service=CAMHS&new=yes&over=yes",
        "/inbox/reported?service=all",
    ):
        page.goto(address)
        fits(page)
        axe(page)
    page.goto("/inbox?service=CAMHS")
    page.locator("#words").fill("gwyn")
    page.get_by_role("button", name="Find", exact=True).click()
    expect(page.locator(".c-inbox tbody tr")).to_have_count(1)
    assert "gwyn" not in page.url
    fits(page)
    picture(page, "inbox-found-320")
