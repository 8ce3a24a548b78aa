"""A school's pupils and a child's case file, walked in a browser: in both languages, on a phone, without scripts, by
keyboard alone."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from uuid import UUID

import pytest
from playwright.sync_api import Page, expect

from coordination.pupil.consent.decide import RefuseConsent
from coordination.pupil.profile.commands import ContactDetails, RecordContact
from tests.county import ALNCO, BOARD, MOTHER, PUPIL
from tests.intake.samples import pupil, sheet, upn
from tests.journeys.conftest import NewPage, ServedService, axe, fits, picture
from tests.projections.casework import AGREED_CAMHS, RecordedCase
from tests.webui.referring import case_on, settled
from tests.webui.service import PASSWORD

pytestmark = pytest.mark.browser

FATHER, CONFLICT = UUID(int=0xC3), UUID(int=0xE9)
FILE = f"/pupils/{PUPIL}"
WORDS = {
    "en": {
        "sign_in": "Sign in", "username": "Username", "password": "Password", "pupils": "Pupils", "show": "Show",
        "find": "Name or unique pupil number", "all": "Show all pupils", "change_needs": "Change Needs",
        "record": "Record", "needs": "Visual impairment", "done": "The needs are recorded.",
        "timeline": "Whole timeline", "agreements": "Agreements", "details": "Details", "withdraw": "Withdraw",
        "record_withdrawal": "Record the withdrawal", "closed": "Nothing new since", "problem": "Error: ",
        "conflict": "Conflict",
    },
    "cy": {
        "sign_in": "Mewngofnodi", "username": "Enw defnyddiwr", "password": "Cyfrinair", "pupils": "Disgyblion",
        "show": "Dangos", "find": "Enw neu rif unigryw disgybl", "all": "Dangos pob disgybl",
        "change_needs": "Newid Anghenion", "record": "Cofnodi", "needs": "Nam ar y golwg",
        "done": "Cofnodwyd yr anghenion.", "timeline": "Y llinell amser gyfan", "agreements": "Cydsyniadau",
        "details": "Manylion", "withdraw": "Tynnu’n ôl",
        "record_withdrawal": "Cofnodi bod y cydsyniad wedi’i dynnu’n ôl",
        "closed": "Dim byd newydd ers", "problem": "Gwall: ", "conflict": "Gwrthdaro",
    },
}  # fmt: skip
LOCALES = {"en": "en-GB", "cy": "cy-GB"}


@pytest.fixture
def case(site: ServedService) -> Iterator[RecordedCase]:
    """The case, with a father who does not agree."""
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
        told.does(
            ALNCO, on, RefuseConsent, pupil=PUPIL, consent=CONFLICT, agency=BOARD, contact=FATHER, words="No.",
            authority="parental_responsibility",
        )  # fmt: skip
        settled(site, told.service)
        yield told


def signed_in(page: Page, words: dict[str, str]) -> None:
    page.goto("/sign-in?next=/pupils")
    page.get_by_label(words["username"], exact=True).fill("alnco")
    page.get_by_label(words["password"], exact=True).fill(PASSWORD)
    page.get_by_role("main").get_by_role("button", name=words["sign_in"], exact=True).click()
    expect(page.locator("h1")).to_have_text(words["pupils"])


def looked_at(page: Page, language: str, name: str) -> None:
    """What holds on every page."""
    expect(page.locator("html")).to_have_attribute("lang", language)
    expect(page.locator("h1")).to_have_count(1)
    axe(page)
    fits(page)
    picture(page, name)


@pytest.mark.parametrize(("language", "width"), [("en", 1280), ("cy", 320)])
def test_from_the_list_to_a_withdrawal(
    site: ServedService, case: RecordedCase, new_page: NewPage, language: str, width: int
) -> None:
    words, name = WORDS[language], f"case-file-{language}-{width}"
    page = new_page(width=width, locale=LOCALES[language])
    page.context.add_cookies([{"name": "cydlynu_language", "value": language, "url": site.url}])
    signed_in(page, words)
    looked_at(page, language, f"{name}-1-pupils")

    def finds(typed: str) -> None:
        """With scripts the list has come before the button is pressed, or comes as a whole page, or both."""
        page.get_by_label(words["find"]).fill(typed)
        with page.expect_event("domcontentloaded"):
            page.get_by_role("button", name=words["show"], exact=True).click()

    finds("nobody")
    expect(page.locator(".c-empty")).to_be_visible()
    looked_at(page, language, f"{name}-2-nobody")
    finds("llyr sian")
    expect(page.locator("tbody tr")).to_have_count(2)
    assert "llyr" not in page.url
    found = page.url
    page.locator(f'a[href="{FILE}"]').click()
    expect(page.locator("h1")).to_have_text("Siân Gŵyn-Llŷr")
    expect(page.locator(".c-voice__words").first).to_have_text("Dw i wedi blino.")
    expect(page.get_by_text(words["conflict"], exact=True)).to_be_visible()
    looked_at(page, language, f"{name}-3-file")
    page.go_back()
    expect(page).to_have_url(found)
    expect(page.locator("tbody tr")).to_have_count(2)
    page.go_forward()

    page.get_by_role("link", name=words["change_needs"]).click()
    page.get_by_label(words["needs"]).check()
    looked_at(page, language, f"{name}-4-needs")
    page.get_by_role("button", name=words["record"], exact=True).click()
    expect(page.locator(".c-done")).to_have_text(words["done"])
    expect(page.locator(".c-facts")).to_contain_text(words["needs"])

    page.get_by_role("link", name=words["timeline"]).first.click()
    looked_at(page, language, f"{name}-5-timeline")
    page.get_by_role("link", name=words["agreements"], exact=True).click()
    expect(page.locator(".c-line__entry:not(.c-line__entry--consent)")).to_have_count(0)

    page.goto(f"{FILE}/agreements")
    looked_at(page, language, f"{name}-6-agreements")
    page.locator(f'a[href$="{AGREED_CAMHS}/withdraw"]').click()
    looked_at(page, language, f"{name}-7-withdraw")
    page.locator('input[name="meaning"][value="stop_sharing"]').check()
    page.get_by_role("button", name=words["record_withdrawal"]).click()
    expect(page.get_by_text(words["closed"])).to_be_visible()


FORMS = ["provision", "year", "language", "looked-after", "identity", "views", "leave", "contacts/add",
         f"contacts/{MOTHER}", f"contacts/{MOTHER}/end", "agreements/ask", "agreements/answer",
         "agreements/basis"]  # fmt: skip


EMPTY = """() => {
    const form = document.querySelector('main form');
    for (const field of form.querySelectorAll('input[type=text], input:not([type]), textarea')) field.value = '';
    for (const field of form.querySelectorAll('[type=radio]')) field.checked = false;
    for (const field of form.querySelectorAll('select')) field.value = '';
}"""


@pytest.mark.parametrize(("language", "width"), [("cy", 1280), ("en", 320)])
def test_every_form_and_what_is_wrong_with_it(
    site: ServedService, case: RecordedCase, new_page: NewPage, language: str, width: int
) -> None:
    words = WORDS[language]
    page = new_page(width=width, locale=LOCALES[language])
    page.context.add_cookies([{"name": "cydlynu_language", "value": language, "url": site.url}])
    signed_in(page, words)
    for path in [f"{FILE}/{form}" for form in FORMS] + ["/pupils/register"]:
        page.goto(path)
        name = f"form-{language}-{width}-{path.rsplit('/', 1)[1][:12]}"
        fits(page)
        picture(page, name)
        page.evaluate(EMPTY)
        page.locator("main form button:not([name=draft])").last.click()
        expect(page).to_have_title(re.compile("^" + words["problem"]))
        expect(page.locator(".govuk-error-summary")).to_be_focused()
        looked_at(page, language, f"{name}-wrong")


def test_pupils_come_in_by_file(
    site: ServedService, case: RecordedCase, new_page: NewPage, tmp_path: Path
) -> None:
    words = WORDS["cy"]
    page = new_page(width=320, locale="cy-GB")
    page.context.add_cookies([{"name": "cydlynu_language", "value": "cy", "url": site.url}])
    signed_in(page, words)
    page.get_by_role("link", name="Mewnforio disgyblion").click()
    looked_at(page, "cy", "import-cy-320-1-choose")
    page.get_by_role("button", name="Gweld rhagolwg o’r mewnforio").click()
    expect(page.locator(".govuk-error-summary")).to_be_focused()
    file = tmp_path / "disgyblion.csv"
    file.write_bytes(sheet([pupil(), pupil(upn="A801200005001"), pupil(upn=upn(2), forename="Gŵyn")]))
    page.locator("#file").set_input_files(file)
    page.get_by_role("button", name="Gweld rhagolwg o’r mewnforio").click()
    expect(page.get_by_text("ni ellir ei fewnforio: 1")).to_be_visible()
    looked_at(page, "cy", "import-cy-320-2-preview")
    page.get_by_role("button", name="Mewnforio 2 res").click()
    expect(page.get_by_text("wedi’i gofrestru: 2")).to_be_visible()
    looked_at(page, "cy", "import-cy-320-3-taken")
    page.get_by_role("link", name="Mynd i’r disgyblion").click()
    expect(page.get_by_role("link", name="Prydderch, Gŵyn")).to_be_visible()


def test_without_scripts(site: ServedService, case: RecordedCase, new_page: NewPage) -> None:
    words = WORDS["en"]
    page = new_page(width=320, scripts=False)
    signed_in(page, words)
    page.get_by_label(words["find"]).fill("GWYN")
    page.get_by_role("button", name=words["show"], exact=True).click()
    page.locator(f'a[href="{FILE}"]').click()
    page.get_by_role("link", name="Enter what was said").click()
    page.get_by_label("What was said, in their own words").fill("I like\nmaths.")
    page.get_by_label("English", exact=True).check()
    page.get_by_role("button", name="Record", exact=True).click()
    expect(page.get_by_text("The words are recorded.")).to_be_visible()
    expect(page.locator(".c-voice__words").first).to_have_text("I like maths.")
    page.get_by_role("link", name="Record an answer").click()
    page.get_by_label("Share with which agency?").select_option(label="Dyffryn Education")
    page.get_by_label("Agrees to share").check()
    page.get_by_label("Huw Llŷr").check()
    page.get_by_label("Spoken").check()
    page.get_by_role("group", name="In which language?").get_by_label("Welsh").check()
    page.get_by_role("button", name="Record", exact=True).click()
    expect(page.get_by_text("The agreement is recorded.")).to_be_visible()


def test_by_keyboard_alone(site: ServedService, case: RecordedCase, page: Page) -> None:
    signed_in(page, WORDS["en"])
    tab_to(page, "#words")
    page.keyboard.type("sian")
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile("found="))
    tab_to(page, f'a[href="{FILE}"]')
    page.keyboard.press("Enter")
    expect(page.locator("h1")).to_have_text("Siân Gŵyn-Llŷr")
    tab_to(page, f'a[href="{FILE}/year"]')
    page.keyboard.press("Enter")
    expect(page.locator("#year")).to_be_visible()
    tab_to(page, "#year")
    page.keyboard.type("Year 9")
    page.keyboard.press("Tab")
    expect(page.get_by_role("button", name="Record", exact=True)).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator(".c-facts")).to_contain_text("Year 9")


def tab_to(page: Page, selector: str) -> None:
    """Press Tab until it has the focus; each stop on the way must be in view."""
    for _ in range(60):
        page.keyboard.press("Tab")
        focused = page.locator(":focus")
        expect(focused).to_be_in_viewport()
        if focused.evaluate("(element, selector) => element.matches(selector)", selector):
            return
    pytest.fail(f"no way by Tab to {selector}")
