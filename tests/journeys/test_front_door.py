"""The front door, walked in a browser: in both languages, on a phone, without scripts, by keyboard alone."""

from __future__ import annotations

import re

import psycopg
import pytest
from playwright.sync_api import Page, expect

from coordination.desk.demonstration import DemonstrationSignIn, publish_sign_ins
from tests.journeys.conftest import NewPage, ServedService, axe, fits, picture
from tests.webui.gallery import blueprint
from tests.webui.service import PASSWORD

pytestmark = pytest.mark.browser

WORDS = {
    "en": {
        "switch": "Cymraeg",
        "sign_in": "Sign in",
        "sign_out": "Sign out",
        "headline": "Whose days were they?",
        "username": "Username",
        "password": "Password",
        "error": "Error: Sign in – Cydlynu",
        "problem": "There is a problem",
        "wrong": "The username or password is incorrect",
        "often": "There were too many attempts. Try again at",
        "home": "Today",
        "out": "You are signed out",
    },
    "cy": {
        "switch": "English",
        "sign_in": "Mewngofnodi",
        "sign_out": "Allgofnodi",
        "headline": "Dyddiau pwy oedden nhw?",
        "username": "Enw defnyddiwr",
        "password": "Cyfrinair",
        "error": "Gwall: Mewngofnodi – Cydlynu",
        "problem": "Mae problem",
        "wrong": "Nid yw’r enw defnyddiwr neu’r cyfrinair yn gywir",
        "often": "Bu gormod o gynigion. Rhowch gynnig arall arni am",
        "home": "Heddiw",
        "out": "Rydych wedi allgofnodi",
    },
}
LOCALES = {"en": "en-GB", "cy": "cy-GB"}


def looked_at(page: Page, language: str, *, scripts: bool = True) -> None:
    """What holds on every page."""
    expect(page.locator("html")).to_have_attribute("lang", language)
    expect(page.locator("h1")).to_have_count(1)
    if scripts:
        axe(page)
        fits(page)


def fill_in(page: Page, words: dict[str, str], username: str, password: str) -> None:
    page.get_by_label(words["username"], exact=True).fill(username)
    page.get_by_label(words["password"], exact=True).fill(password)
    page.get_by_role("main").get_by_role("button", name=words["sign_in"], exact=True).click()


@pytest.mark.parametrize("language", ["en", "cy"])
@pytest.mark.parametrize(("width", "scripts"), [(1280, True), (320, True), (1280, False), (320, False)])
def test_in_and_out(site: ServedService, new_page: NewPage, language: str, width: int, scripts: bool) -> None:
    words = WORDS[language]
    site.person("alnco", username="nia", language=language)
    page = new_page(width=width, locale=LOCALES[language], scripts=scripts)
    name = f"front-door-{language}-{width}{'' if scripts else '-no-scripts'}"

    page.goto("/")
    expect(page.locator("h1")).to_contain_text(words["headline"])
    looked_at(page, language, scripts=scripts)
    picture(page, f"{name}-1-landing")

    page.get_by_role("banner").get_by_role("link", name=words["sign_in"]).click()
    looked_at(page, language, scripts=scripts)

    fill_in(page, words, "nia", "guessed")
    expect(page).to_have_title(words["error"])
    summary = page.locator(".govuk-error-summary")
    expect(summary).to_contain_text(words["problem"])
    expect(summary).to_contain_text(words["wrong"])
    expect(summary).to_be_focused()
    expect(page.get_by_label(words["username"], exact=True)).to_have_value("nia")
    expect(page.get_by_label(words["password"], exact=True)).to_have_value("")
    looked_at(page, language, scripts=scripts)
    picture(page, f"{name}-2-wrong")

    fill_in(page, words, "nia", PASSWORD)
    expect(page.locator("h1")).to_have_text(words["home"])
    expect(page.get_by_role("banner")).to_contain_text("Nia Prydderch")
    looked_at(page, language, scripts=scripts)
    picture(page, f"{name}-3-account")

    page.get_by_role("button", name=words["sign_out"]).click()
    expect(page.locator("h1")).to_have_text(words["out"])
    looked_at(page, language, scripts=scripts)
    # nothing of the desk is left in the browser: the way back leads to the door
    page.go_back()
    expect(page).to_have_url(re.compile("/sign-in"))


@pytest.mark.parametrize("language", ["en", "cy"])
def test_too_many_tries_and_then_again(site: ServedService, new_page: NewPage, language: str) -> None:
    words = WORDS[language]
    site.person("alnco", username="nia", language=language)
    page = new_page(locale=LOCALES[language])
    page.goto("/sign-in")
    for _ in range(3):
        fill_in(page, words, "nia", "guessed")
        expect(page.locator(".govuk-error-summary")).to_contain_text(words["wrong"])
    fill_in(page, words, "nia", PASSWORD)
    expect(page.locator(".govuk-error-summary")).to_contain_text(words["often"])
    expect(page.locator(".govuk-error-summary")).to_contain_text(re.compile(r"\d\d:\d\d"))
    looked_at(page, language)
    site.clock.advance(minutes=16)
    fill_in(page, words, "nia", PASSWORD)
    expect(page.locator("h1")).to_have_text(words["home"])


def test_the_switch_keeps_the_page(site: ServedService, page: Page) -> None:
    for path, english, welsh in (
        ("/", "Whose days were they?", "Dyddiau pwy oedden nhw?"),
        ("/sign-in?next=/account", "Sign in", "Mewngofnodi"),
        ("/nowhere", "Page not found", "Heb ddod o hyd i’r dudalen"),
    ):
        page.goto(path)
        expect(page.locator("h1")).to_contain_text(english)
        there = page.url
        switch = page.get_by_role("banner").get_by_role("link", name="Cymraeg")
        expect(switch).to_have_attribute("lang", "cy")
        switch.click()
        expect(page).to_have_url(there)
        expect(page.locator("h1")).to_contain_text(welsh)
        looked_at(page, "cy")
        page.get_by_role("banner").get_by_role("link", name="English").click()
        expect(page.locator("h1")).to_contain_text(english)


def test_by_keyboard_alone(site: ServedService, page: Page) -> None:
    site.person("alnco", username="nia")
    page.goto("/")
    page.keyboard.press("Tab")
    skip = page.get_by_role("link", name="Skip to main content")
    expect(skip).to_be_focused()
    expect(skip).to_be_in_viewport()
    page.keyboard.press("Enter")
    expect(page.locator("#main-content")).to_be_focused()

    page.goto("/")
    _tab_to(page, "Sign in")
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile("/sign-in$"))
    _tab_to_field(page, "username")
    page.keyboard.type("nia")
    page.keyboard.press("Enter")
    expect(page.locator(".govuk-error-summary")).to_be_focused()
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.locator("#password")).to_be_focused()
    page.keyboard.type(PASSWORD)
    page.keyboard.press("Enter")
    expect(page.locator("h1")).to_have_text("Today")
    _tab_to(page, "Sign out")
    page.keyboard.press("Enter")
    expect(page.locator("h1")).to_have_text("You are signed out")


def test_a_demonstration_is_one_press_away(site: ServedService, page: Page) -> None:
    people = [
        ("alnco", "nia.alnco"),
        ("head", "huw.head"),
        ("clinician", "cai.clinician"),
        ("auditor", "ana.auditor"),
    ]
    for role, username in people:
        site.person(role, username=username)
    with psycopg.connect(site.database) as conn:
        publish_sign_ins(conn, [DemonstrationSignIn(role, name, PASSWORD) for role, name in people])
    page.goto("/")
    looked_at(page, "en")
    picture(page, "landing-demonstration")
    page.get_by_role("button", name="Auditor").click()
    expect(page.get_by_role("banner")).to_contain_text("Auditor")


def typed_on(page: Page, address: str) -> None:
    page.goto(address)
    page.get_by_label("Was not brought").check()
    page.get_by_label("Notes").fill("what we\ntalked about")


def expect_typed(page: Page) -> None:
    expect(page.get_by_label("Notes")).to_have_value("what we\ntalked about")
    expect(page.get_by_label("Was not brought")).to_be_checked()


def test_a_long_form_survives_the_end_of_its_session(site: ServedService, page: Page) -> None:
    site.person("alnco", username="nia")
    site.app.register_blueprint(blueprint)
    page.goto("/sign-in")
    fill_in(page, WORDS["en"], "nia", PASSWORD)
    typed_on(page, "/gallery/guarded")
    site.clock.advance(minutes=61)
    page.get_by_role("button", name="Save").click()
    expect(page.locator(".c-note")).to_contain_text("Your session has ended.")
    expect(page.locator(".c-note")).to_contain_text("What you typed is saved")
    looked_at(page, "en")
    picture(page, "session-over")
    fill_in(page, WORDS["en"], "nia", "guessed")
    fill_in(page, WORDS["en"], "nia", PASSWORD)
    expect(page.locator("h1")).to_have_text("You are signed in again")
    looked_at(page, "en")
    picture(page, "session-go-on")
    page.get_by_role("button", name="Send now").click()
    expect_typed(page)


def test_a_long_form_survives_another_tab(site: ServedService, page: Page) -> None:
    site.person("alnco", username="nia")
    site.app.register_blueprint(blueprint)
    page.goto("/sign-in")
    fill_in(page, WORDS["en"], "nia", PASSWORD)
    typed_on(page, "/gallery/guarded")
    tab = page.context.new_page()
    tab.goto("/account")
    tab.get_by_role("button", name="Sign out").click()
    tab.goto("/sign-in")
    fill_in(tab, WORDS["en"], "nia", PASSWORD)
    expect(tab.locator("h1")).to_contain_text("Today")
    page.get_by_role("button", name="Save").click()
    expect(page.locator("h1")).to_have_text("This page has expired")
    looked_at(page, "en")
    picture(page, "stale-form")
    page.get_by_role("button", name="Send now").click()
    expect_typed(page)


@pytest.mark.parametrize("width", [1280, 320])
def test_every_field_and_chart(site: ServedService, new_page: NewPage, width: int) -> None:
    site.app.register_blueprint(blueprint)
    page = new_page(width=width)
    page.goto("/gallery")
    axe(page)
    fits(page)
    expect(page.get_by_label("Notes")).to_be_hidden()
    page.get_by_label("Was not brought").check()
    expect(page.get_by_label("Notes")).to_be_visible()
    page.get_by_label("Day", exact=True).fill("30")
    page.get_by_label("Month").fill("Chwefror")
    page.get_by_label("Year").fill("2026")
    page.get_by_role("button", name="Save").click()
    error = page.get_by_role("link", name="Day of the appointment: enter a real date")
    axe(page)
    fits(page)
    picture(page, f"gallery-{width}")
    error.click()
    expect(page.locator("#happened_on-day")).to_be_focused()
    page.emulate_media(forced_colors="active")
    axe(page)
    picture(page, f"gallery-{width}-forced-colours")
    page.emulate_media(forced_colors="none", media="print")
    picture(page, f"gallery-{width}-print")


def test_at_twice_the_size_nothing_is_lost(site: ServedService, new_page: NewPage) -> None:
    # 200 % zoom of a 1280 px window is a window of 640 px
    page = new_page(width=640, device_scale_factor=2)
    page.goto("/")
    fits(page)
    axe(page)


def _tab_to(page: Page, name: str) -> None:
    """Press Tab until the thing of this name has the focus; each stop on the way must be visible."""
    for _ in range(40):
        page.keyboard.press("Tab")
        focused = page.locator(":focus")
        expect(focused).to_be_in_viewport()
        if focused.inner_text().strip() == name:
            return
    pytest.fail(f"no way by Tab to {name}")


def _tab_to_field(page: Page, field: str) -> None:
    for _ in range(40):
        page.keyboard.press("Tab")
        if page.locator(":focus").get_attribute("id") == field:
            return
    pytest.fail(f"no way by Tab to the field {field}")
