"""Organisations and people change, seen in a browser: an administrator closes a service while a child waits, the
caseworker's list says so, and a person with two places chooses a desk."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from playwright.sync_api import Page, expect

from coordination.directory.commands import AppointPerson
from tests.county import ADMINISTRATOR, ALNCO, BOARD, CAMHS, SCHOOL, order
from tests.journeys.conftest import NewPage, ServedService, axe, fits, picture
from tests.webui.referring import case_on, settled
from tests.webui.service import PASSWORD

pytestmark = pytest.mark.browser

WORDS = {
    "en": {
        "closed": "The last day is recorded.",
        "nobody": "Nobody has taken these on.",
        "change": "Change desk",
    },
    "cy": {
        "closed": "Mae’r diwrnod olaf wedi’i gofnodi.",
        "nobody": "Nid oes neb wedi cymryd y rhain.",
        "change": "Newid desg",
    },
}
LOCALES = {"en": "en-GB", "cy": "cy-GB"}


class ReorganisingWalk:
    """People's pages in one language at one width, each looked at with axe."""

    def __init__(self, site: ServedService, new_page: NewPage, language: str, width: int) -> None:
        self.site, self.new_page, self.language, self.width = site, new_page, language, width

    def page_of(self, username: str) -> Page:
        page = self.new_page(width=self.width, locale=LOCALES[self.language])
        page.goto("/sign-in")
        page.locator("[name=username]").fill(username)
        page.locator("[name=password]").fill(PASSWORD)
        page.locator("main button[type=submit]").click()
        if self.language == "cy":  # signed in, the language of the account is the page's
            page.locator(".c-header__language").click()
        return page

    def looks(self, page: Page, name: str) -> None:
        axe(page)
        fits(page)
        picture(page, f"reorganising-{name}-{self.language}")

    def closes_a_service(self) -> None:
        page = self.page_of("administrator")
        for address, name in (
            (f"/administration/organisations/{SCHOOL}/name", "name"),
            (f"/administration/organisations/{SCHOOL}/close", "close-school"),
            (f"/administration/organisations/{SCHOOL}/appoint-known", "appoint-known"),
            (f"/administration/services/{CAMHS}/move", "move"),
            (f"/administration/services/{CAMHS}/close", "close-service"),
        ):
            page.goto(address)
            self.looks(page, name)
        yesterday = self.site.clock.at.date() - timedelta(days=1)
        for part in ("day", "month", "year"):
            page.locator(f"[name=open_to-{part}]").fill(str(getattr(yesterday, part)))
        page.locator("main button[type=submit]").click()
        expect(page.get_by_text(WORDS[self.language]["closed"])).to_be_visible()
        self.looks(page, "service")

    def chooses(self, page: Page, address: str) -> None:
        page.locator("[name=place]").nth(1).check()
        page.locator("main button[type=submit]").click()
        expect(page).to_have_url(self.site.url + address)


@pytest.mark.parametrize(("language", "width"), [("en", 1280), ("cy", 320)])
def test_a_service_closes_and_a_person_chooses_a_desk(
    site: ServedService, new_page: NewPage, language: str, width: int
) -> None:
    walk = ReorganisingWalk(site, new_page, language, width)
    with case_on(site) as told:
        further = AppointPerson(
            occurred_on=date(2025, 3, 1),
            organisation=BOARD,
            person=ALNCO,
            role="clinician",
            service=CAMHS,
            effective_from=date(2025, 3, 1),
            name="Person a1",
        )
        told.service.perform(further, order(ADMINISTRATOR, date(2025, 3, 1), source="command_line"))
        settled(site, told.service)
        walk.closes_a_service()

        page = walk.page_of("caseworker")
        page.goto("/caseworker")
        expect(page.get_by_text(WORDS[language]["nobody"])).to_be_visible()
        walk.looks(page, "caseworker")

        page = walk.page_of("alnco")
        page.goto("/desk")
        walk.looks(page, "desk")
        walk.chooses(page, "/inbox")
        expect(page.get_by_role("link", name=WORDS[language]["change"])).to_be_visible()
        walk.looks(page, "inbox")
        page.goto("/desk")
        walk.chooses(page, "/today")
        page.goto("/leavers")
        walk.looks(page, "leavers")
