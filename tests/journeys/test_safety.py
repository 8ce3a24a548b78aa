"""Work that is not lost: drafts by themselves, answers in place, lost races, two tabs, the back button."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import timedelta
from uuid import UUID

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.county import BOARD, CAMHS, CLINICIAN, THERAPY
from tests.journeys.conftest import NewPage, ServedService, axe, fits, picture
from tests.projections.casework import SECOND, TO_CAMHS, RecordedCase
from tests.webui.referring import case_on, page_of, settled
from tests.webui.service import PASSWORD

pytestmark = pytest.mark.browser

NEW = UUID(int=0xF0)
CONTEST = f"{page_of(TO_CAMHS)}/steps/advice_given"


@pytest.fixture
def case(site: ServedService) -> Iterator[RecordedCase]:
    with case_on(site) as told:
        yield told


def signed_in(page: Page, username: str, path: str, language: str = "en") -> None:
    page.goto(f"/sign-in?next={path}")
    page.locator("#username").fill(username)
    page.locator("#password").fill(PASSWORD)
    page.locator("main form button[type=submit]").click()
    expect(page.locator("html")).to_have_attribute("lang", language)
    expect(page.locator("#username")).to_have_count(0)
    page.wait_for_load_state("load")


@pytest.mark.parametrize("scripts", [True, False])
def test_a_draft_keeps_and_comes_back(
    site: ServedService, case: RecordedCase, new_page: NewPage, scripts: bool
) -> None:
    page = new_page(width=1280 if scripts else 320, scripts=scripts)
    signed_in(page, "clinician", CONTEST)
    page.locator("#advice").fill("Cwsg: yr un amser bob nos.")
    if not scripts:
        page.get_by_role("button", name="Save as a draft").click()
    expect(page.get_by_text("Draft saved at")).to_be_visible()
    if scripts:
        axe(page)
    # another tab, and a form that was left
    other = page.context.new_page()
    other.goto(CONTEST)
    expect(other.get_by_text("You started this on")).to_be_visible()
    if scripts:
        axe(other)
    picture(other, f"draft-{scripts}")
    other.get_by_role("button", name="Continue").click()
    expect(other.locator("#advice")).to_have_value("Cwsg: yr un amser bob nos.")
    other.get_by_role("button", name="Record", exact=True).click()
    expect(other.get_by_role("status").filter(has_text="Recorded")).to_be_visible()
    other.goto(CONTEST)
    expect(other.get_by_text("You started this on")).to_have_count(0)


def test_pupils_are_found_while_one_types(site: ServedService, case: RecordedCase, new_page: NewPage) -> None:
    page = new_page()
    signed_in(page, "alnco", "/pupils")
    box = page.locator("#words")
    rows = page.locator("#found tbody tr")
    expect(rows.nth(1)).to_be_visible()
    box.press_sequentially("b8012000050", delay=20)
    expect(rows).to_have_count(1)
    expect(page.locator("#found [role=status]")).to_contain_text("1 pupil found")
    expect(box).to_be_focused()
    # the caret stays where it was put
    box.press("Home")
    box.press_sequentially("x")
    expect(page.locator("#found .c-empty")).to_be_visible()
    assert box.evaluate("box => box.selectionStart") == 1
    box.press("Backspace")
    expect(rows).to_have_count(1)
    assert "b80" not in page.url.lower()
    expect(page).to_have_url(re.compile(r"/pupils\?found=[\w-]+$"))
    axe(page)
    page.locator("#found tbody a").first.click()
    expect(page.locator("h1")).to_have_text("Siân Gŵyn-Llŷr")
    page.go_back()
    expect(box).to_have_value("b8012000050")
    expect(rows).to_have_count(1)
    page.reload()
    expect(rows).to_have_count(1)
    # a filter narrows in place as well
    page.locator("#year").select_option("14")
    expect(page.locator("#found .c-empty")).to_be_visible()


@pytest.fixture
def waiting(site: ServedService, case: RecordedCase) -> RecordedCase:
    """Two referrals more, to two services; of one the school reports that it was received."""
    today = site.clock().date()
    sent = today - timedelta(days=7)
    case.agrees(UUID(int=0xE8), BOARD, sent, pupil=SECOND)
    case.agrees(UUID(int=0xE9), BOARD, sent, pupil=SECOND, service=THERAPY)
    case.refers(NEW, CAMHS, sent, pupil=SECOND)
    case.refers(UUID(int=0xF1), THERAPY, sent, pupil=SECOND)
    case.reports(NEW, "received", sent, pupil=SECOND)
    settled(site, case.service)
    return case


def test_answers_in_place(site: ServedService, waiting: RecordedCase, new_page: NewPage) -> None:
    """The page is not loaded anew, the place on it stays, the address and the back button are as they would be."""
    page = new_page(height=500)
    signed_in(page, "therapist", "/inbox?service=all")
    page.goto("/inbox?service=all")
    page.evaluate("window.same = true")
    page.locator(".c-chips a[href$=CAMHS]").click()
    expect(page).to_have_url(f"{site.url}/inbox?service=CAMHS")
    expect(page.locator(".c-chips a[aria-current]").first).to_be_focused()
    page.get_by_role("button", name="Acknowledge selected").click()
    expect(page.locator(".govuk-error-summary")).to_be_focused()
    expect(page).to_have_title(re.compile("^Error: "))
    assert page.evaluate("window.same")
    axe(page)
    page.go_back()
    expect(page).to_have_url(f"{site.url}/inbox?service=all")
    expect(page.locator(".c-chips a").first).to_have_attribute("aria-current", "true")
    page.wait_for_load_state("load")
    boxes = page.locator(".c-inbox__owed input[type=checkbox]")
    before = boxes.count()
    page.evaluate("window.same = true")
    boxes.first.check(force=True)
    page.get_by_role("button", name="Acknowledge selected").click()
    expect(boxes).to_have_count(before - 1)
    expect(page.locator("#said")).to_contain_text("recorded")
    assert page.evaluate("window.same")
    expect(page.locator(".c-inbox input:checked")).to_have_count(0)

    page.goto(page_of(NEW, SECOND))
    page.evaluate("window.same = true")
    confirm = page.get_by_role("button", name="Confirm")
    confirm.scroll_into_view_if_needed()
    place, scrolled = confirm.locator("xpath=ancestor::li").get_attribute("id"), page.evaluate("scrollY")
    confirm.click()
    expect(confirm).to_have_count(0)
    assert page.evaluate("window.same")
    expect(page.locator(f"#{place}")).to_be_focused()
    assert abs(page.evaluate("scrollY") - scrolled) < 200
    expect(page.locator(f"#{place}")).to_be_in_viewport()
    axe(page)


def test_without_an_answer_nothing_is_lost(
    site: ServedService, waiting: RecordedCase, new_page: NewPage
) -> None:
    page = new_page()
    signed_in(page, "therapist", "/inbox?service=all")
    page.goto("/inbox?service=all")
    page.locator(".c-inbox__owed input[type=checkbox]").first.check(force=True)
    page.context.set_offline(True)
    page.get_by_role("button", name="Acknowledge selected").click()
    expect(page.locator("#not-sent")).to_contain_text("could not be sent")
    assert page.locator(".c-inbox input:checked").count() == 1
    page.context.set_offline(False)
    # not by the button: within a second it takes no second press
    page.locator("main form", has=page.locator(".c-inbox")).evaluate("form => form.requestSubmit()")
    expect(page.locator("#said")).to_contain_text("recorded")
    expect(page.locator("#not-sent")).to_be_empty()


@pytest.mark.parametrize(("language", "width"), [("en", 1280), ("cy", 320)])
def test_what_goes_wrong_is_designed(
    site: ServedService, waiting: RecordedCase, new_page: NewPage, language: str, width: int
) -> None:
    """Nothing found, a mistake, a draft, a lost race, an address that is not here, the end of a session: each fits, is
    legible to everybody, and loses nothing; two tabs keep apart what was typed in them."""
    page = new_page(width=width)
    page.context.add_cookies([{"name": "cydlynu_language", "value": language, "url": site.url}])
    signed_in(page, "clinician", f"{page_of(NEW, SECOND)}/steps/advice_given", language)
    name = f"safety-{language}-{width}"

    def looked_at(what: str) -> None:
        expect(page.locator("h1")).to_have_count(1)
        axe(page)
        fits(page)
        picture(page, f"{name}-{what}")

    record = the_button_of(page)
    page.locator("#occurred_on-day").fill("30")
    page.locator("#occurred_on-month").fill("2")
    record.click()
    expect(page.locator(".govuk-error-summary")).to_be_focused()
    expect(page.locator("#occurred_on-day")).to_have_value("30")
    looked_at("mistake")
    page.locator("#advice").fill("Cwsg: yr un amser bob nos.")
    expect(page.locator(".c-keep__said")).not_to_be_empty()
    page.goto(page.url)
    expect(page.locator(".c-begun")).to_be_visible()
    looked_at("draft")
    page.emulate_media(forced_colors="active")
    picture(page, f"{name}-draft-forced")
    page.emulate_media(forced_colors="none", media="print")
    picture(page, f"{name}-draft-print")
    page.emulate_media(media="screen")

    two_tabs_and_somebody_who_is_quicker(page, site, waiting, looked_at)
    # back: the form is there again and says what is known now
    page.go_back()
    expect(page.locator("main form")).not_to_have_count(0)

    page.goto("/pupils/nobody")
    looked_at("not-here")
    page.goto(f"{page_of(NEW, SECOND)}/steps/treatment_started")
    page.locator("#note").fill("Ar ôl i’r sesiwn ddod i ben.")
    site.clock.advance(hours=2)
    record.click()
    expect(page.locator("#username")).to_be_visible()
    looked_at("session-over")
    page.locator("#username").fill("clinician")
    page.locator("#password").fill(PASSWORD)
    page.locator("main form button[type=submit]").click()
    looked_at("go-on")
    page.locator("main form button[type=submit]").click()
    expect(page.locator("main")).to_contain_text("Ar ôl i’r sesiwn ddod i ben.")


def the_button_of(page: Page) -> Locator:
    """The one that records."""
    return page.locator("main form button[type=submit]:not([name=draft])").last


def two_tabs_and_somebody_who_is_quicker(
    page: Page, site: ServedService, waiting: RecordedCase, looked_at: Callable[[str], None]
) -> None:
    """A second tab of the same form: neither it nor the first loses what was typed."""
    other = page.context.new_page()
    other.goto(page.url)
    page.locator("#advice").fill("Yn y tab cyntaf.")
    other.locator("#advice").fill("Yn yr ail dab.")
    waiting.says(CLINICIAN, NEW, "triaged", site.clock().date(), pupil=SECOND)
    settled(site, waiting.service)
    the_button_of(page).click()
    expect(page.locator(".govuk-error-summary")).to_be_focused()
    expect(page.locator("#advice")).to_have_value("Yn y tab cyntaf.")
    looked_at("lost-race")
    the_button_of(page).click()
    expect(page.locator(".c-done")).to_be_visible()
    the_button_of(other).click()
    expect(other.locator(".govuk-error-summary")).to_be_focused()
    expect(other.locator("#advice")).to_have_value("Yn yr ail dab.")
    other.close()
