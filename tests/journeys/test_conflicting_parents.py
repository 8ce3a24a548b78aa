"""Two parents who do not agree, walked in a browser in both languages: one objection is recorded and stops nothing, the
school decides with a reason, and the service sees no more than that the school stopped sharing."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from uuid import UUID

import pytest
from playwright.sync_api import Page, expect

from coordination.pupil.profile.commands import ContactDetails, RecordContact
from tests.county import ALNCO, CAMHS, PUPIL
from tests.journeys.conftest import NewPage, ServedService, axe, fits
from tests.projections.casework import TO_CAMHS, RecordedCase
from tests.webui.referring import case_on, settled
from tests.webui.service import PASSWORD

pytestmark = pytest.mark.browser

FATHER = UUID(int=0xC3)
FILE = f"/pupils/{PUPIL}"
OBJECTION = "Dw i ddim am i CAMHS ei gweld."
WORDS = {
    "en": {
        "sign_in": "Sign in", "username": "Username", "password": "Password",
        "against": "Objections and court orders", "new": "Record an objection", "record": "Record",
        "undecided": "Not decided yet", "decide": "Decide", "stops": "Sharing stops",
        "problem": "Error: ", "stopped": "The school stopped sharing, and the referral goes on.",
    },
    "cy": {
        "sign_in": "Mewngofnodi", "username": "Enw defnyddiwr", "password": "Cyfrinair",
        "against": "Gwrthwynebiadau a gorchmynion llys", "new": "Cofnodi gwrthwynebiad", "record": "Cofnodi",
        "undecided": "Heb ei benderfynu eto", "decide": "Penderfynu", "stops": "Mae’r rhannu’n dod i ben",
        "problem": "Gwall: ", "stopped": "Mae’r ysgol wedi rhoi’r gorau i rannu, ac mae’r atgyfeiriad yn parhau.",
    },
}  # fmt: skip
LOCALES = {"en": "en-GB", "cy": "cy-GB"}


@pytest.fixture
def case(site: ServedService) -> Iterator[RecordedCase]:
    """The mother has agreed; the father has parental responsibility too."""
    with case_on(site) as told:
        on = date(2025, 3, 15)
        father = ContactDetails(
            occurred_on=on,
            contact=FATHER,
            name="Huw Llŷr",
            relationship="father",
            parental_responsibility=True,
        )
        told.does(ALNCO, on, RecordContact, pupil=PUPIL, details=father)
        settled(site, told.service)
        yield told


def opened(site: ServedService, new_page: NewPage, language: str, width: int) -> Page:
    page = new_page(width=width, locale=LOCALES[language])
    page.context.add_cookies([{"name": "cydlynu_language", "value": language, "url": site.url}])
    return page


def sign_in(page: Page, words: dict[str, str], username: str, then: str) -> None:
    page.goto(f"/sign-in?next={then}")
    page.get_by_label(words["username"], exact=True).fill(username)
    page.get_by_label(words["password"], exact=True).fill(PASSWORD)
    page.get_by_role("main").get_by_role("button", name=words["sign_in"], exact=True).click()


def looked_at(page: Page, language: str) -> None:
    expect(page.locator("html")).to_have_attribute("lang", language)
    expect(page.locator("h1")).to_have_count(1)
    axe(page)
    fits(page)


@pytest.mark.parametrize(("language", "width"), [("en", 1280), ("cy", 320)])
def test_one_parent_objects_and_the_school_decides(
    site: ServedService, case: RecordedCase, new_page: NewPage, language: str, width: int
) -> None:
    words = WORDS[language]
    page = opened(site, new_page, language, width)
    sign_in(page, words, "alnco", f"{FILE}/agreements")
    page.get_by_role("link", name=words["against"], exact=True).click()
    page.get_by_role("link", name=words["new"], exact=True).click()
    looked_at(page, language)
    page.get_by_label("Huw Llŷr").check()
    page.locator("select[name=service]").select_option(str(CAMHS))
    page.locator("textarea[name=words]").fill(OBJECTION)
    page.locator("input[name=route][value=verbal]").check()
    page.locator("input[name=language][value=cy]").check()
    page.get_by_role("button", name=words["record"], exact=True).click()
    expect(page.get_by_text(words["undecided"])).to_be_visible()
    expect(page.get_by_text(OBJECTION)).to_be_visible()
    looked_at(page, language)

    # it stops nothing: the service still sees the referral, and no word of the objection
    service = opened(site, new_page, language, width)
    sign_in(service, words, "clinician", f"{FILE}/referrals/{TO_CAMHS}")
    expect(service.locator("h1")).to_have_count(1)
    expect(service.get_by_text(OBJECTION)).to_have_count(0)

    # a decision without a reason is not one
    page.get_by_role("link", name=words["decide"]).click()
    page.locator("input[name=outcome][value=stops]").check()
    page.get_by_role("button", name=words["record"], exact=True).click()
    expect(page).to_have_title(page_title_of_problem(words))
    looked_at(page, language)
    page.locator("textarea[name=why]").fill("Er lles y plentyn: siaradwyd â’r ddau riant.")
    page.get_by_role("button", name=words["record"], exact=True).click()
    expect(page.locator(".c-state", has_text=words["stops"])).to_be_visible()
    looked_at(page, language)

    service.reload()
    expect(service.get_by_text(words["stopped"])).to_be_visible()
    expect(service.get_by_text(OBJECTION)).to_have_count(0)
    looked_at(service, language)


def page_title_of_problem(words: dict[str, str]) -> re.Pattern[str]:
    return re.compile("^" + words["problem"])
