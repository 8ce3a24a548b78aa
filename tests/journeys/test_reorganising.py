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


@pytest.mark.parametrize(("language", "width"), [("en", 1280), ("cy", 320)])
def test_a_service_closes_and_a_person_chooses_a_desk(
    site: ServedService, new_page: NewPage, language: str, width: int
) -> None:
    words = WORDS[language]

    def page_of(username: str) -> Page:
        page = new_page(width=width, locale=LOCALES[language])
        page.goto("/sign-in")
        page.locator("[name=username]").fill(username)
        page.locator("[name=password]").fill(PASSWORD)
        page.locator("main button[type=submit]").click()
        if language == "cy":  # signed in, the language of the account is the page's
            page.locator(".c-header__language").click()
        return page

    def looked_at(page: Page, name: str) -> None:
        axe(page)
        fits(page)
        picture(page, f"reorganising-{name}-{language}")

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

        page = page_of("administrator")
        for address, name in (
            (f"/administration/organisations/{SCHOOL}/name", "name"),
            (f"/administration/organisations/{SCHOOL}/close", "close-school"),
            (f"/administration/organisations/{SCHOOL}/appoint-known", "appoint-known"),
            (f"/administration/services/{CAMHS}/move", "move"),
            (f"/administration/services/{CAMHS}/close", "close-service"),
        ):
            page.goto(address)
            looked_at(page, name)
        yesterday = site.clock.at.date() - timedelta(days=1)
        for part, value in (("day", yesterday.day), ("month", yesterday.month), ("year", yesterday.year)):
            page.locator(f"[name=open_to-{part}]").fill(str(value))
        page.locator("main button[type=submit]").click()
        expect(page.get_by_text(words["closed"])).to_be_visible()
        looked_at(page, "service")

        page = page_of("caseworker")
        page.goto("/caseworker")
        expect(page.get_by_text(words["nobody"])).to_be_visible()
        looked_at(page, "caseworker")

        page = page_of("alnco")
        expect(page).to_have_url(f"{site.url}/desk")
        looked_at(page, "desk")
        page.locator("[name=place]").nth(1).check()
        page.locator("main button[type=submit]").click()
        expect(page).to_have_url(f"{site.url}/inbox")
        expect(page.get_by_role("link", name=words["change"])).to_be_visible()
        looked_at(page, "inbox")
        page.goto("/desk")
        page.locator("[name=place]").nth(1).check()
        page.locator("main button[type=submit]").click()
        expect(page).to_have_url(f"{site.url}/today")
        page.goto("/leavers")
        looked_at(page, "leavers")
