"""An import from an unknown layout in a browser: its columns checked and kept, and the next file read at once."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from flask_babel import force_locale, gettext
from playwright.sync_api import Page, expect

from tests.intake.samples import upn
from tests.journeys.conftest import NewPage, ServedService
from tests.journeys.test_referral import looked_at, signed_in
from tests.projections.casework import RecordedCase
from tests.webui.referring import case_on

pytestmark = pytest.mark.browser

HEADER = "Disgybl no,Family,Given,Born,Bl,House\n"
TITLES = "Ysgol y Bryn,,,,,\nList of pupils,,,,,\n"


@pytest.fixture
def case(site: ServedService) -> Iterator[RecordedCase]:
    with case_on(site) as told:
        yield told


def sends(page: Page, file: Path, words: str) -> None:
    page.goto("/pupils/import")
    page.locator("#file").set_input_files(file)
    page.get_by_role("button", name=words, exact=True).click()


@pytest.mark.parametrize(("language", "width"), [("en", 1280), ("cy", 320)])
def test_an_import_from_an_unknown_layout_mapped_and_kept(
    site: ServedService, case: RecordedCase, new_page: NewPage, tmp_path: Path, language: str, width: int
) -> None:
    def say(english: str, **facts: object) -> str:
        with site.app.test_request_context(), force_locale(language):
            return gettext(english, **facts)

    first, second = tmp_path / "one.csv", tmp_path / "two.csv"
    rows = [f"{upn(51)},Prydderch,Non,04/05/2014,7,Coch", f"{upn(52)},ap Rhys,Gwyn,05/06/2014,7,Glas"]
    first.write_text(TITLES + HEADER + "\n".join(rows))
    second.write_text(HEADER + "\n".join([*rows, f"{upn(53)},Bowen,Mair,06/07/2014,7,Coch"]))
    page = signed_in(new_page, "alnco", language, width=width)
    sends(page, first, say("Preview the import"))
    expect(page.locator("h1")).to_have_text(say("Check the columns"))
    looked_at(page, f"columns-{language}-1-guess")
    page.locator("#c1").select_option("surname")
    page.locator("#c2").select_option("surname")
    page.get_by_role("button", name=say("Preview the import"), exact=True).click()
    expect(page.locator(".govuk-error-summary")).to_contain_text("Family, Given")
    looked_at(page, f"columns-{language}-2-wrong")
    page.locator("#c2").select_option("forename")
    page.locator("#name").fill("Ein system")
    page.get_by_role("button", name=say("Preview the import"), exact=True).click()
    expect(page.locator("h1")).to_have_text(say("What the file would do"))
    expect(page.locator("main")).to_contain_text("Prydderch, Non")
    looked_at(page, f"columns-{language}-3-preview")
    page.locator("form[action$='/take'] button").click()
    expect(page.locator("h1")).to_have_text(say("What the file did"))
    looked_at(page, f"columns-{language}-4-taken")

    sends(page, second, say("Preview the import"))
    expect(page.locator("main")).to_contain_text(
        say("The columns were read with your mapping “%(name)s”.", name="Ein system")
    )
    expect(page.locator("main")).to_contain_text("Bowen, Mair")
    looked_at(page, f"columns-{language}-5-again")
