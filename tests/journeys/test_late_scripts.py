"""A slow machine: nothing is lost of what somebody types or presses before the page's scripts have arrived."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from playwright.sync_api import Page, Route, expect

from tests.journeys.conftest import ServedService
from tests.journeys.test_safety import CONTEST, signed_in
from tests.projections.casework import RecordedCase
from tests.webui.referring import case_on

pytestmark = pytest.mark.browser

LATE = re.compile(r"/static/.*(cydlynu|htmx\.min)[^/]*\.js")
LATE_HTMX = re.compile(r"/static/.*htmx\.min[^/]*\.js")


@pytest.fixture
def case(site: ServedService) -> Iterator[RecordedCase]:
    with case_on(site) as told:
        yield told


@contextmanager
def late_scripts(page: Page, late: re.Pattern[str] = LATE) -> Iterator[None]:
    """These scripts of every page arrive when the block ends: all except the one that is part of the page's head."""
    held: list[Route] = []
    page.route(late, lambda route: held.append(route))
    yield
    expect(page.locator("body")).not_to_have_class(re.compile("js-enabled"))
    assert held, "the page asked for no script"
    page.unroute(late)  # which lets those go on that were held
    page.wait_for_load_state("load")
    expect(page.locator("body")).to_have_class(re.compile("js-enabled"))


def test_the_focus_stays_where_a_keyboard_user_took_it(site: ServedService, page: Page) -> None:
    with late_scripts(page):
        page.goto("/sign-in", wait_until="commit")
        page.locator("#username").fill("nia")
        page.keyboard.press("Enter")
        expect(page.locator(".govuk-error-summary")).to_be_focused()
        page.keyboard.press("Tab")
    expect(page.locator(".govuk-error-summary a")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("#password")).to_be_focused()


def test_the_errors_lead_to_their_fields(site: ServedService, page: Page) -> None:
    with late_scripts(page):
        page.goto("/sign-in", wait_until="commit")
        page.locator("#username").fill("nia")
        page.keyboard.press("Enter")
        expect(page.locator(".govuk-error-summary")).to_be_focused()
        page.keyboard.press("Tab")
        page.keyboard.press("Enter")
        expect(page.locator("#password")).to_be_focused()
        page.keyboard.type("correct")
    expect(page.locator("#password")).to_be_focused()
    expect(page.locator("#password")).to_have_value("correct")


def test_the_skip_link_leads_into_the_page(site: ServedService, page: Page) -> None:
    with late_scripts(page):
        page.goto("/", wait_until="commit")
        expect(page.locator("footer")).to_be_visible()
        page.keyboard.press("Tab")
        expect(page.get_by_role("link", name="Skip to main content")).to_be_focused()
        page.keyboard.press("Enter")
        expect(page).to_have_url(re.compile("#main-content$"))
    page.keyboard.press("Tab")
    expect(page.locator("main :focus")).to_have_count(1)


def test_what_was_typed_is_kept_as_a_draft(site: ServedService, case: RecordedCase, page: Page) -> None:
    signed_in(page, "clinician", "/account")
    with late_scripts(page):
        page.goto(CONTEST, wait_until="commit")
        page.locator("#advice").fill("Cwsg: yr un amser bob nos.")
    expect(page.get_by_text("Draft saved at")).to_be_visible()


@pytest.mark.parametrize("late", [LATE, LATE_HTMX], ids=["all", "htmx"])
def test_a_search_that_was_typed_is_made(
    late: re.Pattern[str], site: ServedService, case: RecordedCase, page: Page
) -> None:
    """Also where htmx is the last to arrive: it listens a moment after it has run, when all scripts have."""
    signed_in(page, "alnco", "/account")
    with late_scripts(page, late):
        page.goto("/pupils", wait_until="commit")
        page.locator("#words").fill("b8012000050")
    expect(page.locator("#found tbody tr")).to_have_count(1)
    expect(page.locator("#words")).to_have_value("b8012000050")


def test_an_answer_that_was_pressed_is_given_on_a_whole_page(
    site: ServedService, case: RecordedCase, page: Page
) -> None:
    signed_in(page, "clinician", "/account")
    with late_scripts(page):
        page.goto("/inbox/reported", wait_until="commit")
        page.locator("input[name=entry]").check(force=True)
        page.get_by_role("button", name="Confirm selected").click()
        expect(page.locator(".c-done")).to_contain_text("1 entry recorded.")
