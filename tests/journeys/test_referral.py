"""A referral walked in a browser: the school refers, the clinician answers, in both languages; two answers at once."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Page, expect

from tests.county import CAMHS, MOTHER
from tests.journeys.conftest import NewPage, ServedService, axe, fits, picture
from tests.projections.casework import SECOND, TO_CAMHS, RecordedCase
from tests.webui.referring import case_on, page_of
from tests.webui.service import NOW, PASSWORD

pytestmark = pytest.mark.browser

LOCALES = {"en": "en-GB", "cy": "cy-GB"}
WORDS = {
    "en": {
        "yes": "Yes",
        "no": "No",
        "go_on": "Continue",
        "first": "Answer first whether anyone is at immediate risk.",
        "now": "Do this first. A referral is not fast enough.",
        "why": "Why are you referring, and what have you tried?",
        "agree": "Yes, they have agreed",
        "refer": "Refer",
        "sent": "The referral was sent to",
        "pick": "Select: Gŵyn-Llŷr, Siân",
        "acknowledge": "Acknowledge selected",
        "left": "28 days left",
        "accept": "Accept today",
        "offer": "Offer an appointment",
        "day": "Day of the appointment",
        "time": "Time",
        "record": "Record",
        "offered": "Appointment offered",
        "seen": "Record the first contact",
        "within": "Within the limit",
    },
    "cy": {
        "yes": "Oes",
        "no": "Nac oes",
        "go_on": "Parhau",
        "first": "Nodwch yn gyntaf a oes risg uniongyrchol i rywun.",
        "now": "Gwnewch hyn yn gyntaf. Nid yw atgyfeiriad yn ddigon cyflym.",
        "why": "Pam rydych yn atgyfeirio, a beth rydych wedi rhoi cynnig arno?",
        "agree": "Ydy, mae wedi cydsynio",
        "refer": "Atgyfeirio",
        "sent": "Anfonwyd yr atgyfeiriad",
        "pick": "Dewis: Gŵyn-Llŷr, Siân",
        "acknowledge": "Cydnabod y rhai a ddewiswyd",
        "left": "28 diwrnod ar ôl",
        "accept": "Derbyn heddiw",
        "offer": "Cynnig apwyntiad",
        "day": "Dyddiad yr apwyntiad",
        "time": "Amser",
        "record": "Cofnodi",
        "offered": "Cynigiwyd apwyntiad",
        "seen": "Cofnodi’r cyswllt cyntaf",
        "within": "O fewn y terfyn",
    },
}


@pytest.fixture
def case(site: ServedService) -> Iterator[RecordedCase]:
    with case_on(site) as told:
        yield told


def signed_in(new_page: NewPage, username: str, language: str = "en", **more: object) -> Page:
    page = new_page(locale=LOCALES[language], **more)
    page.goto("/sign-in")
    page.fill("#username", username)
    page.fill("#password", PASSWORD)
    page.locator("main form button[type=submit]").last.click()
    expect(page.locator("#username")).to_have_count(0)
    page.goto(f"/language/{language}?to=/account")
    expect(page.locator("html")).to_have_attribute("lang", language)
    return page


def looked_at(page: Page, name: str = "") -> None:
    """What holds on every page."""
    expect(page.locator("h1")).to_have_count(1)
    axe(page)
    fits(page)
    if name:
        picture(page, f"referral-{name}")


def refers(page: Page, words: dict[str, str], name: str) -> None:
    """The ALNCo refers."""
    page.goto(f"/pupils/{SECOND}/refer")
    looked_at(page, f"{name}-1-begin")
    page.get_by_role("button", name=words["go_on"], exact=True).click()
    summary = page.locator(".govuk-error-summary")
    expect(summary).to_be_focused()
    expect(summary).to_contain_text(words["first"])
    page.get_by_label(words["yes"], exact=True).check()
    expect(page.get_by_text(words["now"])).to_be_visible()
    looked_at(page, f"{name}-2-danger")
    page.get_by_label(words["no"], exact=True).check()
    expect(page.get_by_text(words["now"])).to_be_hidden()
    page.locator(f"input[name=service][value='{CAMHS}']").check()
    page.get_by_role("button", name=words["go_on"], exact=True).click()
    page.get_by_label(words["why"]).fill("Nid yw’n cysgu, ac mae’n osgoi’r ysgol.")
    page.locator("input[name=informed][value=yes]").check()
    page.get_by_label(words["agree"]).check()
    page.locator(f"input[name=giver][value='{MOTHER}']").check()
    looked_at(page, f"{name}-3-details")
    page.get_by_role("button", name=words["refer"], exact=True).click()
    expect(page.locator(".c-done")).to_contain_text(words["sent"])
    looked_at(page, f"{name}-4-sent")


@pytest.mark.parametrize("language", ["en", "cy"])
def test_the_school_refers_and_the_clinician_answers(
    site: ServedService, case: RecordedCase, new_page: NewPage, language: str
) -> None:
    words = WORDS[language]
    school = signed_in(new_page, "alnco", language)
    refers(school, words, language)
    where = school.url

    desk = signed_in(new_page, "clinician", language)
    desk.goto("/inbox")
    looked_at(desk, f"{language}-5-inbox")
    own = desk.locator(f"a[href*='{urlsplit(where).path}']")
    desk.locator("tbody tr", has=own).get_by_label(words["pick"]).check()
    desk.get_by_role("button", name=words["acknowledge"]).click()
    row = desk.locator("tbody tr", has_text=words["left"])
    expect(row).to_have_count(1)
    row.get_by_role("link").first.click()
    desk.get_by_role("button", name=words["accept"]).click()
    desk.get_by_role("button", name=words["offer"]).click()
    looked_at(desk, f"{language}-6-offer")
    on = NOW.date() + timedelta(days=12)
    day = desk.get_by_role("group", name=words["day"])
    for index, part in enumerate((on.day, on.month, on.year)):
        day.get_by_role("textbox").nth(index).fill(str(part))
    desk.get_by_label(words["time"], exact=True).fill("9.30")
    desk.get_by_role("button", name=words["record"], exact=True).click()
    expect(desk.locator(".c-step__name").first).to_contain_text(words["offered"])
    looked_at(desk, f"{language}-7-answered")
    desk.get_by_role("button", name=words["seen"]).click()
    desk.get_by_role("button", name=words["record"], exact=True).click()
    expect(desk.locator(".c-wait .c-tag").first).to_have_text(words["within"])

    school.goto(where)
    expect(school.locator(".c-wait .c-tag").first).to_have_text(words["within"])
    looked_at(school, f"{language}-8-school")


def test_two_answers_at_once(site: ServedService, case: RecordedCase, new_page: NewPage) -> None:
    maya, sam = signed_in(new_page, "clinician"), signed_in(new_page, "therapist")
    maya.goto(page_of(TO_CAMHS) + "/steps/declined")
    looked_at(maya, "decline")
    maya.get_by_label("Another service fits better").check()
    turn = maya.get_by_label("Where can the family and the school turn instead?")
    turn.fill("Nyrs yr ysgol,\nbob dydd Mawrth")
    sam.goto(page_of(TO_CAMHS) + "/steps/accepted")
    sam.get_by_label("Note").fill("We take this on.")
    sam.get_by_role("button", name="Record", exact=True).click()
    expect(sam.locator(".c-done")).to_contain_text("Recorded: Accepted.")

    maya.get_by_role("button", name="Record", exact=True).click()
    expect(maya).to_have_title(re.compile("^Error: "))
    expect(maya.locator(".govuk-error-summary")).to_be_focused()
    news = maya.locator(".c-news")
    expect(news).to_contain_text("CAMHS accepted the referral on")
    expect(news).to_contain_text("We take this on.")
    expect(turn).to_have_value("Nyrs yr ysgol,\nbob dydd Mawrth")
    expect(maya.get_by_label("Another service fits better")).to_be_checked()
    looked_at(maya, "two-at-once")
    maya.get_by_role("button", name="Record", exact=True).click()
    expect(maya.locator(".c-step__name").first).to_contain_text("Declined")


def test_on_a_phone_without_scripts_a_report_is_contested(
    site: ServedService, case: RecordedCase, new_page: NewPage
) -> None:
    school = signed_in(new_page, "alnco", width=320, scripts=False)
    school.goto(page_of(TO_CAMHS) + "/steps/was_not_brought")
    school.get_by_label("Who told you?").fill("The receptionist")
    school.get_by_label("How?").select_option("telephone")
    school.get_by_role("button", name="Record", exact=True).click()
    expect(school.get_by_text("Ask today how the child is")).to_be_visible()
    picture(school, "phone-1-reported")

    desk = signed_in(new_page, "clinician", width=320, scripts=False)
    desk.goto("/inbox/reported")
    picture(desk, "phone-2-inbox")
    desk.get_by_role("link", name="Contest Was not brought").click()
    desk.get_by_label("What is not right?").fill("They came, late.")
    desk.get_by_role("button", name="Contest", exact=True).click()
    expect(desk.locator(".c-step__name").first).to_contain_text("Contested")
    expect(desk.get_by_text("They came, late.")).to_be_visible()


def test_narrow_every_page_fits(site: ServedService, case: RecordedCase, new_page: NewPage) -> None:
    desk = signed_in(new_page, "clinician", width=320)
    for path in (
        "/inbox",
        "/inbox/reported",
        page_of(TO_CAMHS),
        page_of(TO_CAMHS) + "/steps/appointment_offered",
        page_of(TO_CAMHS) + "/immediate-risk",
    ):
        desk.goto(path)
        looked_at(desk, "narrow-" + path.rpartition("/")[2])
    school = signed_in(new_page, "alnco", width=320)
    school.goto(f"/pupils/{SECOND}/refer")
    looked_at(school, "narrow-refer")


def test_by_keyboard_alone(site: ServedService, case: RecordedCase, new_page: NewPage) -> None:
    desk = signed_in(new_page, "clinician")
    desk.goto("/inbox/reported")
    tab_to(desk, "input[name=entry]")
    desk.keyboard.press("Space")
    tab_to(desk, "main button")
    desk.keyboard.press("Enter")
    expect(desk.locator(".c-done")).to_contain_text("1 entry recorded.")
    desk.goto(page_of(TO_CAMHS))
    tab_to(desk, ".c-do__buttons a")
    desk.keyboard.press("Enter")
    expect(desk.locator("h1")).to_contain_text("Record the family’s answer")
    tab_to(desk, "input[name=answer]")
    desk.keyboard.press("ArrowDown")
    tab_to(desk, "main button")
    desk.keyboard.press("Enter")
    expect(desk.locator(".c-step__said").first).to_contain_text("asked CAMHS on")


def tab_to(page: Page, selector: str) -> None:
    """Press Tab until the focus is on one of these; each stop on the way can be seen."""
    for _ in range(60):
        page.keyboard.press("Tab")
        focused = page.locator(":focus")
        expect(focused).to_be_in_viewport()
        if focused.evaluate("(element, selector) => element.matches(selector)", selector):
            return
    pytest.fail(f"no way by Tab to {selector}")
