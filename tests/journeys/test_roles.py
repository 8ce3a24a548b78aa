"""Who may see what, in a browser: the school gives a class to a teacher, who sees its pupils; an account waits until
the school has co-signed it."""

from __future__ import annotations

from datetime import date
from uuid import UUID

import pytest
from playwright.sync_api import Page, expect

from coordination.directory.commands import AppointPerson
from tests.county import ADMINISTRATOR, PUPIL, REFERENCE, SCHOOL, order
from tests.journeys.conftest import NewPage, ServedService, axe, fits, picture
from tests.projections.casework import RecordedCase
from tests.webui.referring import case_on, settled
from tests.webui.service import PASSWORD

pytestmark = pytest.mark.browser

TEACHER = UUID(int=0x7EA1)
LOCALES = {"en": "en-GB", "cy": "cy-GB"}


def people_arrive(site: ServedService, case: RecordedCase) -> None:
    """A class teacher of the school and a national analyst, with accounts."""
    teacher = AppointPerson(
        occurred_on=site.clock().date(),
        organisation=SCHOOL,
        person=TEACHER,
        role="class_teacher",
        service=None,
        effective_from=date(2024, 9, 1),
        name="Athro Dosbarth",
    )
    case.service.perform(teacher, order(ADMINISTRATOR, site.clock().date()))
    site.person("class_teacher", organisation=SCHOOL, person=TEACHER, username="teacher")
    site.person("national_analyst", organisation=REFERENCE, username="analyst")
    settled(site, case.service)


def comes_in(page: Page, language: str, username: str, password: str) -> Page:
    """Signed in, and in the language."""
    page.goto("/sign-in")
    page.locator("[name=username]").fill(username)
    page.locator("[name=password]").fill(password)
    page.locator("main button[type=submit]").last.click()
    if page.locator("html").get_attribute("lang") != language:
        page.locator(".c-header__language").click()
    return page


@pytest.mark.parametrize(("language", "width"), [("en", 1280), ("cy", 320)])
def test_a_class_and_a_co_signature(
    site: ServedService, new_page: NewPage, language: str, width: int
) -> None:
    def page_of(username: str, password: str = PASSWORD) -> Page:
        return comes_in(new_page(width=width, locale=LOCALES[language]), language, username, password)

    def looks(page: Page, name: str) -> None:
        axe(page)
        fits(page)
        picture(page, f"roles-{name}-{language}")

    with case_on(site) as case:
        people_arrive(site, case)
        administrator = page_of("administrator")
        administrator.goto(f"/administration/organisations/{SCHOOL}/appoint")
        administrator.locator("[name=name]").fill("Pennaeth Newydd")
        administrator.locator("[name=role]").select_option("head")
        administrator.locator("[name=username]").fill("new-head")
        administrator.locator("main form button[type=submit]").last.click()
        password = administrator.locator("#password").inner_text()
        looks(administrator, "opened")
        head = page_of("new-head", password)
        head.goto("/account")
        looks(head, "waiting")

        alnco = page_of("alnco")
        alnco.goto(f"/pupils/{PUPIL}/class")
        alnco.locator("[name=class_name]").fill("9B")
        looks(alnco, "class")
        alnco.locator("main form button[type=submit]").last.click()
        alnco.goto("/classes/assign")
        alnco.locator("[name=person]").select_option(index=1)
        alnco.locator("[name=class_name]").fill("9B")
        looks(alnco, "assign")
        alnco.locator("main form button[type=submit]").last.click()
        looks(alnco, "classes")
        alnco.goto("/permissions")
        looks(alnco, "permissions")
        alnco.goto("/today")
        alnco.locator("main .c-alert a[href='/co-signing']").click()
        looks(alnco, "co-signing")
        alnco.locator("main li a").first.click()
        alnco.locator("[name=decision][value=sign]").check()
        looks(alnco, "co-sign")
        alnco.locator("main form button[type=submit]").last.click()
        expect(alnco.locator(".c-done")).to_be_visible()
        head.goto("/today")
        expect(head.locator("h1")).to_have_count(1)

        settled(site, case.service)
        taught = page_of("teacher")
        expect(taught.locator("main table")).to_be_visible()
        looks(taught, "teaching")
        taught.locator("main table a").first.click()
        looks(taught, "profile")
        assert "CAMHS" not in taught.locator("main").inner_text()
        analyst = page_of("analyst")
        looks(analyst, "published")
