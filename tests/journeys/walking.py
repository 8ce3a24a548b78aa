"""Somebody who walks through the pages, in one language, by mouse or by keyboard alone."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any, Protocol

import pytest
from flask_babel import force_locale, gettext, ngettext
from playwright.sync_api import ElementHandle, Locator, Page, expect

from tests.journeys.conftest import ServedService, axe, fits, picture
from tests.webui.service import PASSWORD

LOCALES = {"en": "en-GB", "cy": "cy-GB"}
ID = re.compile(r"[0-9a-f]{8}-[0-9a-f-]{27}")


class Hand(Protocol):
    """How somebody acts upon what they found on a page."""

    def activates(self, thing: Locator) -> None:
        """A link, a button, the summary of a detail."""

    def types(self, box: Locator, text: str) -> None:
        """Over what stands in the box."""

    def ticks(self, box: Locator) -> None:
        """A checkbox or a radio button."""

    def picks(self, select: Locator, value: str) -> None:
        """An option, by its value."""

    def hands_over(self, box: Locator, file: Path) -> None:
        """A file."""


class Mouse:
    """Points, and types where it pointed."""

    def activates(self, thing: Locator) -> None:
        thing.click()

    def types(self, box: Locator, text: str) -> None:
        box.fill(text)

    def ticks(self, box: Locator) -> None:
        box.check()

    def picks(self, select: Locator, value: str) -> None:
        select.select_option(value)

    def hands_over(self, box: Locator, file: Path) -> None:
        box.set_input_files(file)


# Where the focus is: whether it is the wanted thing (or, of radio buttons, one of its group), whether it can be seen,
# and whether the stop before this one looked different while it had the focus.
STOP = """wanted => {
    const looks = one => [one, ...(one.labels || [])].flatMap(part => [null, '::before', '::after'].map(at => {
        const s = getComputedStyle(part, at);
        return [s.outlineStyle, s.outlineWidth, s.outlineColor, s.boxShadow, s.backgroundColor, s.borderColor, s.color,
                s.textDecorationLine, s.textDecorationThickness].join();
    })).join(';');
    const name = one => one.outerHTML.slice(0, 160);
    const here = document.activeElement, before = window.stopBefore;
    let wrong = '';
    if (before && before.here !== here && before.here.isConnected && looks(before.here) === before.looks)
        wrong = 'the focus cannot be seen on ' + name(before.here);
    // the calendar button inside a box for a day is the browser's own
    const drawn = here && here.type === 'date' && !here.matches(':focus');
    if (!here || here === document.body || drawn) { window.stopBefore = null; return {there: false, wrong}; }
    window.stopBefore = {here, looks: looks(here)};
    const seen = [here, ...(here.labels || [])].some(one => {
        const box = one.getBoundingClientRect();
        return box.width > 0 && box.height > 0 && box.bottom > 0 && box.right > 0 && box.top < innerHeight &&
            box.left < innerWidth;
    });
    if (!seen) wrong = 'the focus is out of sight on ' + name(here);
    else if (!here.matches(':focus-visible')) wrong = 'the focus is not to be seen on ' + name(here);
    const group = wanted.type === 'radio' && here.type === 'radio' && here.name === wanted.name &&
        here.form === wanted.form;
    return {there: here === wanted || group, wrong};
}"""
# Where the wanted thing stands from the focus: before it, after it, or where nothing has the focus yet and a link
# to the main content saves the way through the header.
WAY = """wanted => {
    const here = document.activeElement, main = document.querySelector('main');
    if (!here || here === document.body) return main.contains(wanted) ? 'skip' : 'Tab';
    return here.compareDocumentPosition(wanted) & Node.DOCUMENT_POSITION_PRECEDING ? 'Shift+Tab' : 'Tab';
}"""


class Keyboard:
    """Tab, Shift+Tab, Space, Enter, arrows and letters; nothing else. It fails where the focus cannot be seen, and
    where something is too far away."""

    MOST = 70  # presses to reach a thing from where one is

    def __init__(self, page: Page) -> None:
        self.page = page
        self.presses = 0
        # from the first key on, a file is asked of the test and not of a window
        page.on("filechooser", lambda _: None)

    def activates(self, thing: Locator) -> None:
        self.reaches(thing)
        self.press("Enter")

    def types(self, box: Locator, text: str) -> None:
        self.reaches(box)
        self.page.keyboard.type(text)
        expect(box).to_have_value(text)

    def ticks(self, box: Locator) -> None:
        wanted = self.reaches(box)
        if not wanted.evaluate("box => box === document.activeElement || box.checked"):
            self._along_the_group(wanted)
        elif not wanted.is_checked():
            self.press("Space")
        expect(box).to_be_checked()

    def picks(self, select: Locator, value: str) -> None:
        box = self.reaches(select)
        far = box.evaluate(
            "(box, value) => [...box.options].findIndex(o => o.value === value) - box.selectedIndex", value
        )
        for _ in range(abs(far)):
            self.press("ArrowDown" if far > 0 else "ArrowUp")
        expect(select).to_have_value(value)

    def hands_over(self, box: Locator, file: Path) -> None:
        self.reaches(box)
        with self.page.expect_file_chooser() as chosen:
            self.press("Enter")
        chosen.value.set_files(file)

    def reaches(self, thing: Locator) -> ElementHandle:
        """Moves the focus there, and returns the thing."""
        expect(thing).to_be_visible()
        wanted = thing.element_handle()
        way = wanted.evaluate(WAY)
        if wanted.evaluate("wanted => wanted === document.activeElement"):
            return wanted
        skip = self.page.locator(".govuk-skip-link:focus")
        for _ in range(self.MOST):
            self.press("Tab" if way == "skip" else way)
            stop = wanted.evaluate(STOP)
            assert not stop["wrong"], f"{self.page.url}: {stop['wrong']}"
            if stop["there"]:
                return wanted
            if way == "skip":
                # an address that ends in #main-content begins behind the header, and has no need of the link
                way = "Tab"
                if skip.count():
                    self.press("Enter")
        pytest.fail(f"{self.page.url}: {self.MOST} presses of {way} do not reach {thing}")

    def press(self, key: str) -> None:
        self.presses += 1
        self.page.keyboard.press(key)

    def _along_the_group(self, wanted: ElementHandle) -> None:
        for _ in range(20):
            self.press("ArrowDown")
            if wanted.is_checked():
                return
        pytest.fail(f"{self.page.url}: the arrows do not reach an answer")


class Walk:
    """Somebody in a browser, in one language: words are given in English and looked for in that language."""

    def __init__(
        self,
        site: ServedService,
        page: Page,
        language: str,
        name: str,
        *,
        scripts: bool = True,
        hand: Hand | None = None,
        pictures: bool = True,
        axed: bool = True,
        also: int | None = None,
    ) -> None:
        self.site, self.page, self.language, self.name, self.scripts = site, page, language, name, scripts
        self.hand: Hand = hand or Mouse()
        self.pictures, self.pictured = pictures, 0
        self.axed, self.also = axed, also
        self.looked_at: set[tuple[str, str]] = set()

    def say(self, english: str, **facts: Any) -> str:
        """A string of the pages in the language of the walk."""
        with self.site.app.test_request_context(), force_locale(self.language):
            said = str(gettext(english, **facts))
            # the first releases of Python 3.11 do not find a text that has a plural by its singular alone
            return said if said != english else str(ngettext(english, english, 1, **facts))

    @property
    def main(self) -> Locator:
        return self.page.get_by_role("main")

    # What they do

    def signs_in(self, username: str) -> None:
        """From the front page to their own home, in their language."""
        self.page.goto("/sign-in")
        self.types("username", username)
        self.types("password", PASSWORD)
        self.hand.activates(self.page.locator("main form button[type=submit]").last)
        expect(self.page.locator("header form button")).to_be_visible()
        other = self.page.locator(f".c-header__language[hreflang={self.language}]")
        if other.count():
            self.hand.activates(other)
        expect(self.page.locator("html")).to_have_attribute("lang", self.language)

    def goes(self, english: str) -> None:
        """To a page of the menu, which a narrow window folds away."""
        menu = self.page.locator("header nav")
        link = menu.get_by_role("link", name=self.say(english), exact=True)
        if self.scripts and self.page.viewport_size and self.page.viewport_size["width"] < 640:
            expect(menu.locator("button")).to_have_attribute("aria-expanded", "false")
            self.hand.activates(menu.locator("button"))
        self.hand.activates(link)

    def follows(self, english: str, **facts: Any) -> None:
        words = re.compile("^" + re.escape(self.say(english, **facts)))
        self.hand.activates(self.main.get_by_role("link", name=words).first)

    def goes_to(self, address: str) -> None:
        """By the first link of the page whose address ends so, whatever it asks there."""
        self.hand.activates(self.main.locator(f'a[href$="{address}"], a[href*="{address}?"]').first)

    def goes_back(self) -> None:
        """By the link above the page."""
        self.hand.activates(self.page.locator(".govuk-back-link"))

    def presses(self, english: str, **facts: Any) -> None:
        self.hand.activates(
            self.main.get_by_role("button", name=self.say(english, **facts), exact=True).first
        )

    def opens(self, english: str) -> None:
        """What is folded away under these words."""
        self.hand.activates(self.main.locator("summary", has_text=self.say(english)).first)

    def types(self, name: str, text: str) -> None:
        self.hand.types(self.page.locator(f"#{name}"), text)

    def types_day(self, name: str, on: Any) -> None:
        for part in ("day", "month", "year"):
            self.types(f"{name}-{part}", str(getattr(on, part)))

    def ticks(self, name: str, value: Any) -> None:
        self.hand.ticks(self.main.locator(f'input[name="{name}"][value="{value}"]'))

    def picks(self, name: str, value: Any) -> None:
        self.hand.picks(self.page.locator(f"#{name}"), str(value))

    # What they find

    def at(self, english: str, state: str = "", **facts: Any) -> None:
        """The page of this heading; looked at once, and again in another state."""
        expect(self.page.locator("h1")).to_contain_text(self.say(english, **facts))
        self.glances(state)

    def glances(self, state: str = "") -> None:
        """What holds on every page, once for each page in a state."""
        address = ID.sub("*", self.page.url.removeprefix(self.site.url).split("?")[0].split("#")[0])
        if (address, state) not in self.looked_at:
            self.looked_at.add((address, state))
            self.looks((address + "-" + state).strip("/-*").replace("/", "-").replace("*", ""))

    def looks(self, picked: str = "", *, axed: bool = True) -> None:
        """What holds on every page; a picture of the telling ones. In the other width, where the walk has one, whether
        the words fit: axe finds there what it finds in this width or in the other language."""
        expect(self.page.locator("html")).to_have_attribute("lang", self.language)
        expect(self.page.locator("h1")).to_have_count(1)
        self._looks_at_this_width(picked, axed=axed and self.axed)
        if self.also and (size := self.page.viewport_size):
            self.page.set_viewport_size({"width": self.also, "height": size["height"]})
            self._looks_at_this_width(picked and f"{picked}-{self.also}", axed=False)
            self.page.set_viewport_size(size)

    def _looks_at_this_width(self, picked: str, *, axed: bool) -> None:
        if self.scripts and axed:
            axe(self.page)
        if self.scripts:
            fits(self.page)
        if picked and self.pictures:
            self.pictured += 1
            picture(self.page, f"{self.name}-{self.pictured}-{picked}")

    def reads(self, english: str, **facts: Any) -> None:
        expect(self.main).to_contain_text(self.say(english, **facts))
