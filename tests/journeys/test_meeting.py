"""A Hwb walked in a browser, from the calendar to the final minutes, by the ALNCo and a clinician."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from uuid import UUID

import pytest
from playwright.sync_api import expect

from coordination.directory.commands import AcceptTerms
from coordination.pupil.consent.decide import GiveConsent
from coordination.service import Coordination
from tests.county import (
    ADMINISTRATOR,
    ALNCO,
    BOARD,
    CAMHS,
    HEAD,
    MOTHER,
    PUPIL,
    SCHOOL,
    START,
    THERAPY,
    order,
    register,
)
from tests.journeys.conftest import NewPage, ServedService
from tests.journeys.walking import LOCALES, Walk
from tests.projections.casework import SECOND, SECOND_UPN
from tests.webui.county_site import county_on
from tests.webui.referring import settled

pytestmark = pytest.mark.browser


@pytest.fixture
def county(site: ServedService) -> Iterator[Coordination]:
    """Two pupils; CAMHS accepted terms that ask for no notice, so that a meeting of today can be walked."""
    with county_on(site) as coordination:
        register(coordination)
        register(coordination, SECOND, SECOND_UPN)
        accepted = AcceptTerms(
            occurred_on=START,
            organisation=BOARD,
            terms=UUID(int=0xE901),
            service=CAMHS,
            school=SCHOOL,
            effective_from=START,
            notice_working_days=0,
        )
        coordination.perform(accepted, order(ADMINISTRATOR, START, on_behalf_of=BOARD))
        today = site.app.extensions["cydlynu"].today()
        agreed = GiveConsent(
            occurred_on=today,
            pupil=PUPIL,
            consent=UUID(int=0xE51),
            agency=BOARD,
            service=CAMHS,
            authority="parental_responsibility",
            contact=MOTHER,
            purpose="meeting",
        )
        coordination.perform(agreed, order(ALNCO, today))
        settled(site, coordination)
        yield coordination


def the_school_plans(walk: Walk) -> str:
    """Scheduled for today, CAMHS and the therapists invited, both pupils on the agenda; its address."""
    page, today = walk.page, walk.site.app.extensions["cydlynu"].today()
    page.goto("/meetings")
    walk.looks()
    walk.follows("Schedule a meeting")
    walk.types_day("held_on", today)
    page.locator("#starts_at").fill("13:30")
    page.locator("#place").fill("Ystafell 4")
    page.locator("#chair").select_option(str(ALNCO))
    walk.looks("schedule")
    walk.presses("Schedule")
    walk.reads("The meeting is scheduled.")
    walk.follows("Invite")
    page.locator(f"#party-{CAMHS}").check()
    page.locator(f"#party-{THERAPY}").check()
    walk.looks("invite")
    walk.presses("Invite")
    walk.reads("The invitations are recorded.")
    address = page.url.split("#")[0]
    for pupil in (PUPIL, SECOND):
        walk.follows("Change the agenda")
        page.locator("#pupil").select_option(str(pupil))
        walk.presses("Add")
        walk.reads("The pupil is on the agenda.")
        page.goto(address)
    walk.follows("Change the agenda")
    walk.looks("agenda")
    walk.presses("Record the agenda as sent")
    walk.reads("The agenda is recorded as sent.")
    return address


def the_clinician_answers(walk: Walk, address: str) -> None:
    page = walk.page
    page.goto("/meetings?service=all")
    walk.looks("agency-list")
    page.goto(address)
    page.get_by_label(walk.say("We will come"), exact=True).first.check()
    walk.looks("agency-meeting")
    walk.presses("Send the answer")
    walk.reads("Your answer is recorded.")


def the_school_holds(walk: Walk, address: str) -> None:
    """The register, a minute with a dissent and an action, the gaps filled, final, approved."""
    page, today = walk.page, walk.site.app.extensions["cydlynu"].today()
    page.goto(address)
    walk.follows("Take the register")
    page.locator(f"#mark_{ALNCO.hex}").check()
    page.locator(f"#mark_{CAMHS.hex}-late").check()
    page.locator(f"#arrived_{CAMHS.hex}").fill("13:55")
    walk.looks("register")
    walk.presses("Save the register")
    walk.reads("The register is saved.")
    walk.looks("meeting")
    walk.follows("Write the minute")
    page.locator("#discussion").fill("Ni fu’n cysgu ers y Nadolig.")
    page.locator("#decision").fill("Atgyfeirio.")
    page.get_by_text(walk.say("A service does not agree")).click()
    page.locator(f"#dissent_{CAMHS.hex}").fill("We would see her sooner.")
    page.locator("#childs_view").fill("Dwi wedi blino.")
    page.locator("#what_1").fill("Ring home")
    walk.looks("minute")
    walk.presses("Save and continue")
    walk.reads("The minute is saved.")
    page.locator("#discussion").fill("Better since the quiet start.")
    walk.presses("Save and continue")
    walk.reads("Check and finalise")
    walk.follows("Check and finalise")
    walk.reads("An action for %(who)s has no owner: %(what)s", who="Siân Gŵyn-Llŷr", what="Ring home")
    walk.looks("finish")
    walk.presses("Finalise the minutes")
    expect(page.locator(".govuk-error-summary")).to_be_focused()
    walk.looks()
    walk.follows("Set owner and due date")
    page.locator("#owner").select_option(f"person {HEAD}")
    walk.types_day("due_on", today + timedelta(days=14))
    walk.looks()
    walk.presses("Save")
    walk.reads("The owner and due date are saved.")
    walk.follows("Check and finalise")
    walk.reads("Ready to finalise.")
    walk.presses("Finalise the minutes")
    walk.reads("The minutes are final.")
    walk.follows("Approve the minutes")
    walk.presses("Approve")
    walk.reads("The minutes are approved.")
    walk.follows("Copies of the minutes")
    walk.looks("copies")
    walk.follows("The school’s own record")
    walk.reads("Approved, version %(version)s", version="1")
    expect(page.get_by_role("main")).to_contain_text("Ni fu’n cysgu ers y Nadolig.")
    walk.looks("print")


@pytest.mark.parametrize(
    ("language", "width", "scripts"), [("en", 1280, True), ("cy", 320, True), ("cy", 1280, False)]
)
def test_a_hwb_from_the_calendar_to_the_approved_minutes(
    site: ServedService, county: Coordination, new_page: NewPage, language: str, width: int, scripts: bool
) -> None:
    name = f"meeting-{language}-{width}{'' if scripts else '-no-scripts'}"
    alnco = Walk(
        site,
        new_page(width=width, locale=LOCALES[language], scripts=scripts),
        language,
        name,
        scripts=scripts,
    )
    alnco.signs_in("alnco")
    alnco.page.goto("/today")
    alnco.looks("today-before")
    address = the_school_plans(alnco)
    clinician = Walk(
        site,
        new_page(width=width, locale=LOCALES[language], scripts=scripts),
        language,
        f"{name}-clinician",
        scripts=scripts,
    )
    clinician.signs_in("clinician")
    the_clinician_answers(clinician, address)
    the_school_holds(alnco, address)
    alnco.page.goto("/today")
    alnco.looks("today-after")
    # who was in the room reads the minute, and sees how it was marked
    clinician.page.goto(address)
    clinician.reads("Minutes you can read")
    clinician.looks("agency-after")
    clinician.page.get_by_role("main").get_by_role("link", name="Siân Gŵyn-Llŷr").first.click()
    expect(clinician.page.get_by_role("main").locator(".c-said-words").first).to_be_visible()
    clinician.looks()


def test_a_correction_afterwards_shows_both(
    site: ServedService, county: Coordination, new_page: NewPage
) -> None:
    # without scripts: axe has been on all of these pages
    walk = Walk(site, new_page(scripts=False), "en", "meeting-correction", scripts=False)
    walk.signs_in("alnco")
    address = the_school_plans(walk)
    the_school_holds(walk, address)
    page = walk.page
    page.goto(f"{address}/register/{CAMHS}")
    page.locator("#mark").select_option("attended")
    page.locator("#why").fill("She was there from the start.")
    walk.presses("Correct the mark")
    walk.reads("The mark is corrected. The earlier mark is kept.")
    walk.reads("The minutes are final (version %(version)s) and need approval.", version="2")
    page.goto(f"{address}/register/{CAMHS}")
    expect(page.get_by_role("main")).to_contain_text("Arrived late")
    expect(page.get_by_role("main")).to_contain_text("She was there from the start.")
    walk.looks("line")


def test_the_register_by_keyboard_alone(site: ServedService, county: Coordination, new_page: NewPage) -> None:
    walk = Walk(site, new_page(), "en", "meeting-keyboard")
    walk.signs_in("alnco")
    address = the_school_plans(walk)
    page = walk.page
    page.goto(f"{address}/register")

    def tab_to(what: str) -> None:
        for _ in range(80):
            page.keyboard.press("Tab")
            if page.evaluate("what => document.activeElement.matches(what)", what):
                return
        raise AssertionError(f"{what} is not reached by the keyboard")

    tab_to(f"[name=mark_{ALNCO.hex}]")
    page.keyboard.press("Space")
    tab_to(f"[name=mark_{CAMHS.hex}]")
    page.keyboard.press("Space")
    page.keyboard.press("ArrowRight")
    expect(page.locator(f"#mark_{CAMHS.hex}-late")).to_be_checked()
    tab_to(f"#arrived_{CAMHS.hex}")
    page.keyboard.type("14")
    tab_to("main form button")
    page.keyboard.press("Enter")
    walk.reads("The register is saved.")
    expect(page.get_by_role("main")).to_contain_text("Arrived late (arrived at 14:00)")


def test_the_administrators_desk(site: ServedService, county: Coordination, new_page: NewPage) -> None:
    for language, width in (("en", 1280), ("cy", 320)):
        walk = Walk(
            site,
            new_page(width=width, locale=LOCALES[language]),
            language,
            f"administration-{language}-{width}",
        )
        walk.signs_in("administrator")
        for path, named in (
            ("/administration", "overview"),
            ("/administration/organisations?kind=agency", ""),
            (f"/administration/organisations/{BOARD}", "agency"),
            (f"/administration/organisations/{SCHOOL}/appoint", ""),
            (f"/administration/services/{CAMHS}", ""),
            (f"/administration/services/{CAMHS}/standard", "standard"),
            (f"/administration/services/{CAMHS}/terms", ""),
            ("/administration/people", ""),
            ("/administration/terms", ""),
            ("/administration/standards", ""),
            ("/administration/codes", ""),
            ("/administration/codes/need", ""),
        ):
            walk.page.goto(path)
            walk.looks(named)
