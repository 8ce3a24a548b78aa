"""A county set up on screen, from an empty store to its first referral."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from uuid import UUID

import pytest
from playwright.sync_api import expect

from coordination.directory.state import Directory
from coordination.service import Coordination
from coordination.store.application import Record
from coordination.store.keys import load_or_make
from coordination.store.migrate import APPEND, as_role
from scripts.cli.database import CommandSettings
from scripts.cli.main import main
from tests.journeys.conftest import NewPage, ServedService
from tests.journeys.walking import LOCALES, Walk
from tests.webui.county_site import following
from tests.webui.service import PASSWORD

pytestmark = pytest.mark.browser

PEOPLE = (
    "name,role,organisation,service,email,username,language\r\n"
    "Nia Prydderch,alnco,6604001,,,nia,{language}\r\n"
    "Huw Môn,head,6604001,,,,\r\n"
    "Dr Ifan Rhys,clinician,BIG,CAMHS,,,\r\n"
)
PUPILS = (
    "upn,surname,forename,date_of_birth,sex,school_number,language,provision,needs,year,contact_name,"
    "contact_relationship,contact_parental_responsibility\r\n"
    "{upn},Gwyn,Mabli,2014-05-04,F,6604001,cy,no_aln,,7,Gwen Gwyn,mother,yes\r\n"
)


@pytest.fixture
def record(site: ServedService, tmp_path: Path) -> Iterator[Coordination]:
    """The record as another process would open it; the read models follow, as with a worker."""
    opened = Record(as_role(site.database, APPEND), load_or_make(tmp_path / "data" / "keys.json"))
    coordination = Coordination(opened)
    with following(site.database, coordination):
        yield coordination
    opened.close()


@pytest.mark.parametrize(("language", "width"), [("en", 1280), ("cy", 320)])
def test_from_an_empty_store_to_the_first_referral(
    site: ServedService,
    record: Coordination,
    new_page: NewPage,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    language: str,
    width: int,
) -> None:
    begins(site, tmp_path, monkeypatch)
    page = new_page(width=width, locale=LOCALES[language])
    walk = Walk(site, page, language, f"setting-up-{language}-{width}")
    walk.signs_in("gwen")
    walk.goes_to("/administration/set-up")
    walk.at("Setting up")
    registers_a_school(walk)
    opens_a_service(walk, record)
    sets_a_standard(walk, record)
    sets_a_term(walk, record)
    agrees_terms(walk, record)
    password = adds_people(walk, tmp_path)
    confirms(site, tmp_path, "nia")
    school_imports_and_refers(site, record, new_page, walk, password, tmp_path)


def begins(site: ServedService, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The operator makes the first administrator on the machine itself."""
    monkeypatch.setattr("scripts.cli.beginning.read_password", lambda *_, **__: PASSWORD)
    data = folder / "data"
    settings = CommandSettings(data, site.database, data / "keys.json", site.clock)
    named = ("--authority-name", "Gwynfa Council", "--authority-name-cy", "Cyngor Gwynfa")
    administrator = ("--username", "gwen", "--name", "Gwen Môn")
    assert main(["begin", "--authority", "660", *named, *administrator], settings) == 0


def confirms(site: ServedService, folder: Path, username: str) -> None:
    """Nobody of the county could co-sign the first account yet: the operator lets it work."""
    data = folder / "data"
    settings = CommandSettings(data, site.database, data / "keys.json", site.clock)
    assert main(["user", "confirm", username], settings) == 0


def known(record: Coordination) -> Directory:
    return record.directory()


def registers_a_school(walk: Walk) -> None:
    walk.goes_to("/organisations/new/school")
    walk.at("Register a school")
    walk.types("code", "660 4001")
    walk.types("name", "Ysgol y Garn")
    walk.picks("phase", "secondary")
    walk.ticks("language", "bilingual")
    walk.presses("Register")
    walk.reads("%(name)s is registered.", name="Ysgol y Garn")
    walk.glances()


def opens_a_service(walk: Walk, record: Coordination) -> None:
    walk.page.goto("/administration/organisations/new/agency")
    walk.at("Register an agency")
    walk.types("code", "BIG")
    walk.types("name", "Gwynfa Health Board")
    walk.picks("agency_kind", "local_health_board")
    walk.presses("Register")
    walk.follows("Open a service")
    walk.at("Open a service")
    walk.types("code", "CAMHS")
    walk.picks("profession", "camhs")
    walk.types_day("open_from", date(2015, 4, 1))
    walk.presses("Open the service")
    walk.at("What the service asks for")
    walk.ticks("requirements", "parents_view")
    walk.presses("Record")
    walk.reads("What the service asks for is recorded.")
    assert known(record).service_by_code("CAMHS")


def sets_a_standard(walk: Walk, record: Coordination) -> None:
    """From a published standard, with its source."""
    walk.follows("Set a standard")
    walk.at("Set a standard")
    walk.hand.activates(walk.main.locator("aside a").first)
    walk.presses("Set the standard")
    walk.reads("The standard is set.")
    service = known(record).service_by_code("CAMHS")
    assert service
    [standard] = known(record).standards_of(service.id)
    assert standard.source


def sets_a_term(walk: Walk, record: Coordination) -> None:
    authority = known(record).by_code("authority", "660")
    assert authority
    walk.page.goto(f"/administration/organisations/{authority.id}/school-terms")
    walk.at("Add a school term")
    walk.types_day("first_day", date(2026, 9, 2))
    walk.types_day("last_day", date(2026, 12, 18))
    walk.types("closed", "26 October 2026 to 30 October 2026")
    walk.presses("Record the term")
    walk.reads("The term is recorded. Add the next one.")


def agrees_terms(walk: Walk, record: Coordination) -> None:
    directory = known(record)
    service, school = directory.service_by_code("CAMHS"), directory.by_code("school", "6604001")
    assert service
    assert school
    walk.page.goto("/administration/set-up")
    walk.reads("No service is expected at its meetings:")
    walk.goes_to("/administration/terms/new")
    walk.at("Record terms of reference")
    walk.ticks("services", service.id)
    walk.ticks("schools", school.id)
    walk.ticks("in_writing", "yes")
    walk.presses("Record")
    walk.reads("The terms of reference are recorded.")


def adds_people(walk: Walk, folder: Path) -> str:
    """The first password of the school's ALNCo."""
    file = folder / "people.csv"
    file.write_text(PEOPLE.format(language=walk.language), encoding="utf-8")
    walk.page.goto("/administration/people/import")
    walk.at("Add people from a file")
    walk.hand.hands_over(walk.page.locator("#file"), file)
    walk.presses("Add the people")
    walk.at("People added from the file")
    password = walk.main.locator("tr", has_text="nia").locator(".c-reference").inner_text().strip()
    walk.page.goto("/administration/set-up")
    walk.glances("nearly done")
    return password


def school_imports_and_refers(
    site: ServedService,
    record: Coordination,
    new_page: NewPage,
    before: Walk,
    password: str,
    folder: Path,
) -> None:
    width = (before.page.viewport_size or {"width": 1280})["width"]
    page = new_page(width=width, locale=LOCALES[before.language])
    walk = Walk(site, page, before.language, f"first-referral-{before.language}-{width}")
    page.goto("/sign-in")
    walk.types("username", "nia")
    walk.types("password", password)
    walk.hand.activates(page.locator("main form button[type=submit]").last)
    expect(page.locator("html")).to_have_attribute("lang", before.language)
    upn = "M660400126001"
    file = folder / "pupils.csv"
    file.write_text(PUPILS.format(upn=upn), encoding="utf-8")
    walk.goes("Pupils")
    walk.follows("Import pupils")
    walk.hand.hands_over(page.locator("#file"), file)
    walk.presses("Preview the import")
    walk.at("What the file would do")
    walk.hand.activates(walk.main.locator(".c-note button"))
    walk.at("What the file did")
    pupil: UUID = record.record.pupils_by_upn([upn])[upn]
    page.goto(f"/pupils/{pupil}")
    walk.follows("Refer to a service")
    walk.ticks("immediate_risk", "no")
    service = known(record).service_by_code("CAMHS")
    assert service
    walk.ticks("service", service.id)
    walk.presses("Continue")
    walk.types("reason", "Nid yw’n cysgu.")
    walk.ticks("informed", "yes")
    walk.ticks("agreement", "given")
    walk.hand.ticks(walk.main.locator("input[name=giver]").first)
    walk.hand.ticks(walk.main.locator("input[name=route]").first)
    walk.presses("Refer")
    expect(walk.main.locator(".c-done")).to_be_visible()
    assert re.search(r"/referrals/[0-9a-f-]{36}", page.url)
    walk.glances("sent")
