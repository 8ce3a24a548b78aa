"""Break-glass in a browser, in both languages: opened with a reason, told to the school, reviewed by the authority, and
looked into by the data-protection officer of who opened it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

from tests.county import AUTHORITY, OTHER_SCHOOL, PUPIL, UPN
from tests.journeys.conftest import NewPage, ServedService, axe, fits, picture
from tests.journeys.test_referral import signed_in
from tests.projections.casework import RecordedCase
from tests.webui.referring import case_on, settled

pytestmark = pytest.mark.browser

WORDS = {
    "en": {
        "open": "Open a file in an emergency",
        "told": "The child’s school",
        "button": "Open emergency access",
        "until": "You can see this until",
        "seen": "sees part of the file",
        "review": "Review the emergency access",
        "justified": "The emergency access was justified",
        "finding": "Record the finding",
        "recorded": "Your finding is recorded.",
        "access": "Emergency access",
        "no_access": "A pupil to whom the organisation had no access of its own",
        "look": "Review",
        "explained": "There is a good reason",
    },
    "cy": {
        "open": "Agor ffeil mewn argyfwng",
        "told": "Ysgol y plentyn",
        "button": "Agor mynediad brys",
        "until": "Gallwch weld hyn hyd",
        "seen": "yn gweld rhan o’r ffeil",
        "review": "Adolygu’r mynediad brys",
        "justified": "Roedd cyfiawnhad dros y mynediad brys",
        "finding": "Cofnodi’r casgliad",
        "recorded": "Mae eich casgliad wedi’i gofnodi.",
        "access": "Mynediad brys",
        "no_access": "Disgybl nad oedd gan y sefydliad ei fynediad ei hun ato",
        "look": "Adolygu",
        "explained": "Mae rheswm da",
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
    picture(page, f"break-glass-{name}")


@pytest.mark.parametrize("language", ["en", "cy"])
def test_opened_told_and_reviewed(
    site: ServedService, case: RecordedCase, new_page: NewPage, language: str
) -> None:
    words = WORDS[language]
    site.person("la_safeguarding", username="safe", organisation=AUTHORITY, language=language)
    site.person("data_protection_officer", username="dpo", organisation=OTHER_SCHOOL, language=language)

    reader = signed_in(new_page, "other-alnco", language)
    reader.goto("/pupils")
    reader.get_by_role("link", name=words["open"]).click()
    looked_at(reader, f"{language}-1-ask")
    for field, text in (("surname", "Gŵyn-Llŷr"), ("forename", "Siân"), ("upn", UPN), ("why", "Yn y ward.")):
        reader.fill(f"#{field}", text)
    for part, text in (("day", "20"), ("month", "5"), ("year", "2011")):
        reader.fill(f"#date_of_birth-{part}", text)
    reader.get_by_label(words["told"]).check()
    reader.get_by_role("button", name=words["button"]).click()
    expect(reader.locator("main")).to_contain_text(words["until"])
    expect(reader.locator("h1")).to_contain_text("Siân Gŵyn-Llŷr")
    looked_at(reader, f"{language}-2-part-of-the-file")
    settled(site, case.service)

    school = signed_in(new_page, "head", language)
    school.goto("/today")
    expect(school.locator("main")).to_contain_text(words["seen"])
    school.goto(f"/pupils/{PUPIL}/readers")
    expect(school.locator("main")).to_contain_text(words["access"])
    looked_at(school, f"{language}-3-who-looked")
    school.goto(f"/pupils/{PUPIL}/restriction")
    looked_at(school, f"{language}-4-restriction")

    safe = signed_in(new_page, "safe", language)
    safe.goto("/caseworker")
    safe.get_by_role("link", name=words["review"]).first.click()
    expect(safe.locator("main")).to_contain_text("Yn y ward.")
    looked_at(safe, f"{language}-5-review")
    safe.get_by_label(words["justified"]).check()
    safe.fill("#why", "Ffoniwyd y rhieni.")
    safe.get_by_role("button", name=words["finding"]).click()
    expect(safe.locator("main")).to_contain_text(words["recorded"])

    officer = signed_in(new_page, "dpo", language)
    officer.goto("/readings")
    expect(officer.locator("main")).to_contain_text(words["no_access"])
    expect(officer.locator("main")).not_to_contain_text("Gŵyn-Llŷr")
    looked_at(officer, f"{language}-6-readings")
    officer.get_by_role("link", name=words["look"]).first.click()
    officer.get_by_label(words["explained"], exact=True).check()
    looked_at(officer, f"{language}-7-unusual")
    officer.get_by_role("button", name=words["finding"]).click()
    expect(officer.locator("main")).to_contain_text(words["recorded"])
