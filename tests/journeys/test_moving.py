"""A move in a browser: asked for, answered and handed over, with the agency watching; in both languages."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

from coordination.intake.file_requests import carry_out_requests
from tests.county import PUPIL, UPN
from tests.journeys.conftest import NewPage, ServedService, axe, fits, picture
from tests.journeys.test_referral import signed_in
from tests.projections.casework import TO_CAMHS, RecordedCase
from tests.webui.referring import case_on, page_of, settled

pytestmark = pytest.mark.browser

WORDS = {
    "en": {
        "register": "Register or ask for the file",
        "asked": "You have asked for the pupil’s file.",
        "waiting": "Waiting for an answer.",
        "answer": "Answer the request",
        "compare": "Compare before you answer",
        "released": "The pupil has left our school: release the file",
        "record": "Record the answer",
        "sent": "Mark as sent",
        "transfer_file": "The Common Transfer File",
        "arrived": "Mark as received",
        "received": "The record is marked as received.",
        "now": "School now",
    },
    "cy": {
        "register": "Cofrestru neu ofyn am y ffeil",
        "asked": "Rydych wedi gofyn am ffeil y disgybl.",
        "waiting": "Yn aros am ateb.",
        "answer": "Ateb y cais",
        "compare": "Cymharwch cyn ateb",
        "released": "Mae’r disgybl wedi gadael ein hysgol: rhyddhau’r ffeil",
        "record": "Cofnodi’r ateb",
        "sent": "Nodi ei fod wedi’i anfon",
        "transfer_file": "Y Ffeil Drosglwyddo Gyffredin",
        "arrived": "Nodi ei fod wedi cyrraedd",
        "received": "Nodwyd bod y cofnod wedi cyrraedd.",
        "now": "Yr ysgol nawr",
    },
}


@pytest.fixture
def case(site: ServedService) -> Iterator[RecordedCase]:
    with case_on(site) as told:
        yield told


def looked_at(page: Page, name: str) -> None:
    expect(page.locator("h1")).to_have_count(1)
    axe(page)
    fits(page)
    picture(page, f"moving-{name}")


@pytest.mark.parametrize("language", ["en", "cy"])
def test_a_move_asked_for_answered_and_handed_over(
    site: ServedService, case: RecordedCase, new_page: NewPage, language: str
) -> None:
    words = WORDS[language]
    new = signed_in(new_page, "other-alnco", language)
    new.goto("/pupils/register")
    looked_at(new, f"{language}-1-register")
    for field, text in (("upn", UPN), ("forename", "Siân"), ("surname", "Gŵyn-Llŷr")):
        new.fill(f"#{field}", text)
    for part, text in (("day", "20"), ("month", "5"), ("year", "2011")):
        new.fill(f"#date_of_birth-{part}", text)
    new.get_by_role("button", name=words["register"]).click()
    expect(new.locator(".c-done")).to_contain_text(words["asked"])
    expect(new.locator("main")).to_contain_text(words["waiting"])
    expect(new.locator("main")).not_to_contain_text("Bryn")
    looked_at(new, f"{language}-2-asked")
    carry_out_requests(case.service, now=site.clock())
    settled(site, case.service)

    old = signed_in(new_page, "alnco", language)
    old.goto("/today")
    looked_at(old, f"{language}-3-today")
    old.get_by_role("link", name=words["answer"]).first.click()
    expect(old.locator("main")).to_contain_text(words["compare"])
    looked_at(old, f"{language}-4-answer")
    old.get_by_label(words["released"]).check()
    old.get_by_role("button", name=words["record"]).click()
    expect(old.locator("h1")).to_be_visible()
    looked_at(old, f"{language}-5-released")
    old.get_by_role("link", name=words["sent"]).first.click()
    looked_at(old, f"{language}-6-record")
    old.get_by_label(words["transfer_file"], exact=True).check()
    old.get_by_role("button", name=words["sent"]).click()
    expect(old).to_have_url(site.url + "/today")

    new.goto("/today")
    new.get_by_role("link", name=words["arrived"]).first.click()
    looked_at(new, f"{language}-7-arrived")
    new.get_by_role("button", name=words["arrived"]).click()
    expect(new.locator("main")).to_contain_text(words["received"])
    new.goto(f"/pupils/{PUPIL}")
    expect(new.locator("h1")).to_contain_text("Siân Gŵyn-Llŷr")
    looked_at(new, f"{language}-8-file")

    # the agency goes on with the referral, and sees who holds the file now
    desk = signed_in(new_page, "clinician", language)
    desk.goto(page_of(TO_CAMHS))
    expect(desk.locator("main")).to_contain_text(words["now"])
    expect(desk.locator("main")).to_contain_text("Ysgol y Cwm")
    looked_at(desk, f"{language}-9-agency")
