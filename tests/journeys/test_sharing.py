"""Sharing walked in a browser by both sides: an agreement withdrawn, and minutes handed to services with different
bases."""

from __future__ import annotations

from collections.abc import Iterator
from uuid import UUID

import pytest
from playwright.sync_api import expect

from coordination.meeting.commands import AddAgendaItem, Invite, MarkPresence, ScheduleMeeting
from coordination.meeting.events import Party
from coordination.pupil.consent.decide import GiveConsent, RecordLawfulBasis
from coordination.pupil.minutes.decide import TakeMinute
from tests.county import (
    ALNCO,
    BOARD,
    CAMHS,
    EDUCATION,
    MOTHER,
    PSYCHOLOGY,
    PUPIL,
    SCHOOL,
    THERAPY,
    order,
    register,
)
from tests.journeys.conftest import NewPage, ServedService
from tests.journeys.walking import LOCALES, Walk
from tests.projections.casework import AGREED_CAMHS, TO_CAMHS
from tests.webui.county_site import county_on
from tests.webui.referring import case_on, page_of, settled

pytestmark = pytest.mark.browser

HWB, ITEM, MINUTE = UUID(int=0x1111), UUID(int=0x3131), UUID(int=0x3232)


def walking(site: ServedService, new_page: NewPage, who: str, language: str, width: int) -> Walk:
    walk = Walk(
        site, new_page(width=width, locale=LOCALES[language]), language, f"sharing-{who}-{language}-{width}"
    )
    walk.signs_in(who)
    return walk


@pytest.mark.parametrize(("language", "width"), [("en", 1280), ("cy", 320)])
def test_a_withdrawal_is_seen_by_both_sides(
    site: ServedService, new_page: NewPage, language: str, width: int
) -> None:
    with case_on(site):
        alnco = walking(site, new_page, "alnco", language, width)
        clinician = walking(site, new_page, "clinician", language, width)
        alnco.page.goto(f"/pupils/{PUPIL}/agreements/{AGREED_CAMHS}/withdraw")
        alnco.page.locator('input[name="meaning"][value="stop_sharing"]').check()
        alnco.looks("withdraw")
        alnco.presses("Record the withdrawal")
        alnco.reads("The agreement is withdrawn. Nothing new is shared with the agency.")
        alnco.page.goto(page_of(TO_CAMHS))
        alnco.reads("What you can do:")
        alnco.looks("school")
        clinician.page.goto("/inbox?service=all")
        clinician.reads("No longer shared")
        clinician.reads("The agreement to share was withdrawn.")
        clinician.looks("inbox")
        clinician.page.goto(page_of(TO_CAMHS))
        clinician.reads(
            "The agreement to share was withdrawn, and the referral goes on. You keep what you had received and what"
            " you wrote. You can still record what you do, and your waiting time goes on until the referral ends."
        )
        clinician.looks("referral")


@pytest.fixture
def hwb(site: ServedService) -> Iterator[ServedService]:
    """A minute in draft about a pupil: CAMHS has an agreement, the psychologists a safeguarding basis, the therapists
    none; all three were in the room."""
    with county_on(site) as coordination:
        register(coordination)
        today = site.app.extensions["cydlynu"].today()
        parties = [Party(organisation=BOARD, service=CAMHS), Party(organisation=BOARD, service=THERAPY)]
        parties.append(Party(organisation=EDUCATION, service=PSYCHOLOGY))
        present = (CAMHS, THERAPY, PSYCHOLOGY)
        for command in (
            GiveConsent(
                occurred_on=today,
                pupil=PUPIL,
                consent=AGREED_CAMHS,
                agency=BOARD,
                service=CAMHS,
                authority="parental_responsibility",
                contact=MOTHER,
                purpose="meeting",
            ),
            RecordLawfulBasis(
                occurred_on=today,
                pupil=PUPIL,
                agency=EDUCATION,
                service=PSYCHOLOGY,
                basis="safeguarding",
                reason="Perygl",
            ),
            ScheduleMeeting(occurred_on=today, meeting=HWB, school=SCHOOL, held_on=today, chair=ALNCO),
            *(Invite(occurred_on=today, meeting=HWB, party=party) for party in parties),
            AddAgendaItem(occurred_on=today, meeting=HWB, item=ITEM, about=PUPIL, services=present),
            *(
                MarkPresence(occurred_on=today, meeting=HWB, party=party, mark="attended")
                for party in (*parties, Party(organisation=SCHOOL, person=ALNCO))
            ),
            TakeMinute(
                occurred_on=today,
                meeting=HWB,
                pupil=PUPIL,
                minute=MINUTE,
                item=ITEM,
                services_present=present,
                decision="Atgyfeirio.",
            ),
        ):
            coordination.perform(command, order(ALNCO, today))
        settled(site, coordination)
        yield site


@pytest.mark.parametrize(("language", "width"), [("en", 1280), ("cy", 320)])
def test_minutes_are_handed_to_three_services_with_different_bases(
    hwb: ServedService, new_page: NewPage, language: str, width: int
) -> None:
    alnco = walking(hwb, new_page, "alnco", language, width)
    page = alnco.page
    page.goto(f"/meetings/{HWB}/minutes/{ITEM}")
    expect(page.locator('.c-alert[role="note"]')).to_have_count(1)
    alnco.looks("minute")
    page.goto(f"/meetings/{HWB}/finish")
    alnco.reads("Who receives each minute")
    alnco.looks("finish")
    alnco.presses("Finalise the minutes")
    alnco.reads("The minutes are final.")
    for service, there in ((CAMHS, 1), (PSYCHOLOGY, 1), (THERAPY, 0)):
        page.goto(f"/meetings/{HWB}/print/{service}")
        expect(page.get_by_role("main").get_by_text("Atgyfeirio.")).to_have_count(there)
    alnco.looks("copy")
    for who in ("clinician", "psychologist"):
        reader = walking(hwb, new_page, who, language, width)
        reader.page.goto(f"/meetings/{HWB}/minute/{MINUTE}")
        expect(reader.page.get_by_role("main")).to_contain_text("Atgyfeirio.")
        reader.looks("minute")
    page.goto(f"/pupils/{PUPIL}/agreements")
    alnco.reads("What already went there")
    alnco.reads("No basis")
    alnco.looks("sharing")
