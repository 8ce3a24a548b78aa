"""A doubt decided in a browser: a file gives a pupil another number, the ALNCo looks at old beside new, and says how
she knows. In both languages, wide and narrow."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from coordination.service import Coordination
from tests.intake.recorded import import_pupils, stream
from tests.intake.samples import pupil, sheet, upn
from tests.journeys.conftest import NewPage, ServedService, axe, fits, picture
from tests.webui.county_site import county_on
from tests.webui.referring import settled
from tests.webui.service import PASSWORD

pytestmark = pytest.mark.browser

OLD, NEW = upn(1, letter="B"), upn(2)
WORDS = {
    "en": {
        "sign_in": "Sign in", "username": "Username", "password": "Password", "preview": "Preview the import",
        "import": "Import 1 row", "decide": "Decide the doubts",
        "kind": "The same names and date of birth, another number",
        "right": "It is the same child, and the file is right: change our record", "why": "How do you know?",
        "missing": "Enter how you know", "record": "Record the decision", "done": "The decision is recorded.",
        "none": "No doubts are waiting.",
    },
    "cy": {
        "sign_in": "Mewngofnodi", "username": "Enw defnyddiwr", "password": "Cyfrinair",
        "preview": "Rhagolwg o’r mewnforio", "import": "Mewnforio 1 rhes", "decide": "Penderfynu ar yr amheuon",
        "kind": "Yr un enwau a dyddiad geni, rhif arall",
        "right": "Yr un plentyn ydyw, ac mae’r ffeil yn gywir: newid ein cofnod", "why": "Sut ydych chi’n gwybod?",
        "missing": "Nodwch sut rydych yn gwybod", "record": "Cofnodi’r penderfyniad",
        "done": "Cofnodwyd y penderfyniad.", "none": "Nid oes unrhyw amheuon yn aros.",
    },
}  # fmt: skip
LOCALES = {"en": "en-GB", "cy": "cy-GB"}


@pytest.fixture
def county(site: ServedService) -> Iterator[Coordination]:
    """The county with a pupil who has a temporary number."""
    with county_on(site) as coordination:
        import_pupils(coordination, pupil(upn=OLD, forename="Siân", surname="Gŵyn"))
        settled(site, coordination)
        yield coordination


def looked_at(page: Page, name: str) -> None:
    axe(page)
    fits(page)
    picture(page, name)


@pytest.mark.parametrize(("language", "width"), [("en", 1280), ("cy", 320)])
def test_a_doubt_decided(
    site: ServedService, county: Coordination, new_page: NewPage, tmp_path: Path, language: str, width: int
) -> None:
    words, name = WORDS[language], f"doubt-{language}-{width}"
    file = tmp_path / "pupils.csv"
    file.write_bytes(sheet([pupil(upn=NEW, forename="Sian", surname="Gwyn")]))
    page = new_page(width=width, locale=LOCALES[language])
    page.context.add_cookies([{"name": "cydlynu_language", "value": language, "url": site.url}])
    page.goto("/sign-in")
    page.get_by_label(words["username"]).fill("alnco")
    page.get_by_label(words["password"], exact=True).fill(PASSWORD)
    page.get_by_role("button", name=words["sign_in"]).click()

    page.goto("/pupils/import")
    page.locator("#file").set_input_files(file)
    page.get_by_role("button", name=words["preview"]).click()
    looked_at(page, f"{name}-1-preview")
    page.get_by_role("button", name=words["import"]).click()
    page.get_by_role("link", name=words["decide"]).click()
    looked_at(page, f"{name}-2-doubts")
    page.get_by_role("link", name="Siân Gŵyn").click()
    expect(page.locator("h1")).to_contain_text(words["kind"])
    expect(page.get_by_text(OLD)).to_be_visible()
    expect(page.get_by_text(NEW)).to_be_visible()
    looked_at(page, f"{name}-3-doubt")

    page.get_by_label(words["right"]).check()
    page.get_by_role("button", name=words["record"]).click()
    expect(page.locator("#why-error")).to_contain_text(words["missing"])
    looked_at(page, f"{name}-4-missing")
    page.get_by_label(words["why"]).fill("Gofynnais i’r swyddfa")
    page.get_by_role("button", name=words["record"]).click()
    expect(page.locator(".c-done")).to_have_text(words["done"])
    expect(page.get_by_text(words["none"])).to_be_visible()
    assert re.search("/pupils/doubts$", page.url)
    assert stream(county, NEW) == stream(county, OLD)
