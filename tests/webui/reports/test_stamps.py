"""The stamp at the foot of a report, the page about it, and the files at its position."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from datetime import date, timedelta

import pytest
from flask.testing import FlaskClient
from msgspec.structs import replace

from coordination.directory.commands import ChangeOrganisation
from coordination.pupil.referral.decide import RecordMilestone
from coordination.service import Coordination
from projections.stamps.kinds import KINDS
from projections.stamps.stamp import decode, encode
from tests.county import BOARD, CAMHS, CLINICIAN, PUPIL, SCHOOL, operator_order
from tests.projections.hwb import hold
from tests.webui.looking import counted
from tests.webui.referring import browser, settled
from tests.webui.reports_county import DAY0, NOW, SEEN, WAITS, does, reports_site, words_of
from tests.webui.service import RunningService
from webui.reports.pages.stamps import KIND_WORDS, PAGES

SPAN = "from_on=2024-12-02&as_of=2025-12-01"
WAITING_TIMES_FILES = (
    f"/waiting-times.csv?{SPAN}",
    f"/waiting-times.xlsx?service=CAMHS&by=agency&{SPAN}",
    f"/waiting-times/months.csv?service=CAMHS&{SPAN}",
    f"/waiting-times/waits.xlsx?service=CAMHS&which=waiting&{SPAN}",
)


@pytest.fixture
def site(
    postgres: str, template: str, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[RunningService, Coordination]]:
    with reports_site(postgres, template, tmp_path_factory.mktemp("stamps")) as found:
        yield found


def stamp_on(client: FlaskClient, address: str) -> tuple[str, str]:
    """The address of the stamp's page at the foot of a report, and the stamp."""
    found = re.search(r'href="(/stamp\?stamp=(cyd1-[^"&]+))"', client.get(address).text)
    assert found is not None, address
    return html.unescape(found[1]), found[2]


def later(service: RunningService, county: Coordination) -> None:
    """Another meeting and the end of a wait are put on the record, and the agency has another name."""
    service.clock.at = NOW + timedelta(minutes=5)
    hold(county, 4, {CAMHS: "attended"})
    seen = RecordMilestone(
        occurred_on=date(2025, 11, 28), pupil=PUPIL, referral=WAITS, milestone="first_contact"
    )
    does(county, CLINICIAN, seen)
    renamed = ChangeOrganisation(
        occurred_on=DAY0, organisation=BOARD, effective_from=DAY0, name="Bwrdd Newydd"
    )
    county.perform(renamed, operator_order(SCHOOL, NOW.date()))
    settled(service, county)


def test_the_report_as_it_was_and_what_has_changed(site: tuple[RunningService, Coordination]) -> None:
    service, county = site
    auditor = browser(service, "auditor")
    auditor.get("/language/en?to=/account")
    before_all = {file: auditor.get(file).data for file in WAITING_TIMES_FILES}
    address, stamp = stamp_on(auditor, f"/attendance?{SPAN}")
    held = decode(stamp)
    assert (held.kind, held.role, held.question["as_of"]) == ("attendance", "auditor", "2025-12-01")
    page = words_of(auditor.get(address).text)
    assert held.short in page
    assert "Nothing that these figures rest on was recorded between the two. All figures are equal." in page

    files = [f"/attendance.{kind}?by=agency&{SPAN}" for kind in ("csv", "xlsx")]
    before = [auditor.get(file).data for file in files]
    later(service, county)
    assert [auditor.get(file).data for file in files] != before
    at = held.position
    assert [auditor.get(f"{file}&at={at}").data for file in files] == before
    for file, data in before_all.items():
        assert auditor.get(file).data != data, file
        assert auditor.get(f"{file}&at={at}").data == data, file
    page = auditor.get(address).text
    said = words_of(page)
    assert "Lines of registers that are new: 1 (position" in said
    assert "Other changes of the directory: 1 (position" in said
    assert "groups CAMHS attended 1 2" in said
    shown = re.search(r'href="(/attendance\?[^"]+)"', page)
    assert shown is not None
    assert stamp_on(auditor, html.unescape(shown[1]))[1] == stamp
    _, second = stamp_on(auditor, f"/attendance?{SPAN}")
    assert decode(second).short in words_of(auditor.get(f"{address}&second={second}").text)


def test_nobody_sees_more_with_a_stamp(site: tuple[RunningService, Coordination]) -> None:
    """A clinician with an auditor's stamp of all services sees its own; the caseworker's view is not the auditor's."""
    service, _county = site
    _, stamp = stamp_on(browser(service, "auditor"), f"/attendance?{SPAN}")
    clinician = browser(service, "clinician")
    clinician.get("/language/en?to=/account")
    page = words_of(clinician.get(f"/stamp?stamp={stamp}").text)
    assert "The stamp was made for another viewer. These are the figures that you may see." in page
    assert "The reports were made for different viewers" in page
    assert "Other changes" not in page
    mine = decode(stamp_on(clinician, f"/attendance?{SPAN}")[1])
    assert (mine.organisation, mine.role) == (BOARD, "clinician")
    forged = encode(replace(decode(stamp), organisation=SCHOOL, role="alnco"))
    assert "These are the figures that you may see" in words_of(clinician.get(f"/stamp?stamp={forged}").text)


def test_what_is_wrong_with_a_stamp_is_said_in_both_languages(
    site: tuple[RunningService, Coordination],
) -> None:
    service, _county = site
    auditor = browser(service, "auditor")
    _, stamp = stamp_on(auditor, f"/attendance?{SPAN}")
    foreign = encode(replace(decode(stamp), chain="0" * 16))
    for language, broken, other in (
        ("en", "This stamp is not whole", "This stamp is of another record"),
        ("cy", "Nid yw’r stamp hwn yn gyfan", "Mae’r stamp hwn yn perthyn i gofnod arall"),
    ):
        auditor.get(f"/language/{language}?to=/account")
        assert broken in words_of(auditor.get(f"/stamp?stamp={stamp[:-3]}").text)
        assert other in words_of(auditor.get(f"/stamp?stamp={foreign}").text)
        assert auditor.get("/stamp").status_code == 200
    assert auditor.get(f"/attendance?{SPAN}&at={10**12}").status_code == 422
    assert auditor.get(f"/attendance.csv?{SPAN}&at={10**12}").status_code == 400


@pytest.mark.parametrize(
    ("page", "kind"),
    [
        (f"/waiting-times?{SPAN}", "waiting-times-overview"),
        (f"/waiting-times?service=CAMHS&by=school&{SPAN}", "waiting-times"),
        (f"/waiting-times/waits?service=CAMHS&which=waiting&{SPAN}", "waits"),
        (f"/waiting-times/waits/{SEEN}?as_of=2025-12-01", "one-wait"),
    ],
)
def test_every_page_of_figures_has_its_stamp(
    site: tuple[RunningService, Coordination], page: str, kind: str
) -> None:
    service, county = site
    auditor = browser(service, "auditor")
    auditor.get("/language/en?to=/account")
    address, stamp = stamp_on(auditor, page)
    assert decode(stamp).kind == kind
    later(service, county)
    then = auditor.get(address).text
    assert "Waits that changed: 1 (position" in words_of(then)
    assert "Late entries, dated on or before the day of the first report: 1 (position" in words_of(then)
    shown = re.search(r'href="(/waiting-times[/?][^"]+)"', then)
    assert shown is not None
    assert decode(stamp_on(auditor, html.unescape(shown[1]))[1]).position == decode(stamp).position


def test_every_kind_has_its_words_and_every_page_is_there(site: tuple[RunningService, Coordination]) -> None:
    assert KINDS.keys() <= KIND_WORDS.keys()
    assert PAGES.keys() <= KINDS.keys()
    assert set(PAGES.values()) <= site[0].app.view_functions.keys()


def test_the_published_figures_say_their_stamp_in_print(site: tuple[RunningService, Coordination]) -> None:
    """The short form with its link, and in print the whole stamp."""
    auditor = browser(site[0], "auditor")
    auditor.get("/language/en?to=/account")
    page = "/published?service=CAMHS"
    address, stamp = stamp_on(auditor, page)
    assert f'<span class="c-stamp__whole" aria-hidden="true"> {stamp}</span>' in auditor.get(page).text
    assert decode(stamp).kind == "published"
    assert "Published figures: " + decode(stamp).short in words_of(auditor.get(address).text)


@pytest.mark.parametrize("language", ["en", "cy"])
def test_from_each_page_to_its_stamp_and_back(
    site: tuple[RunningService, Coordination], language: str
) -> None:
    auditor = browser(site[0], "auditor")
    auditor.get(f"/language/{language}?to=/account")
    for kind, page in (
        ("waiting-times-overview", "/waiting-times"),
        ("waiting-times", "/waiting-times?service=CAMHS"),
        ("survival", "/waiting-times/survival?service=CAMHS"),
        ("control-charts", "/waiting-times/control-charts?service=CAMHS"),
        ("data-quality", "/waiting-times/data-quality"),
        ("due-soon", "/waiting-times/due-soon"),
        ("published", "/published?service=CAMHS"),
        ("attendance", "/attendance"),
    ):
        address, stamp = stamp_on(auditor, page)
        assert decode(stamp).kind == kind
        about = auditor.get(address)
        assert about.status_code == 200, kind
        back = re.search(rf'href="({re.escape(page.partition("?")[0])}\?at=[^"]+)"', about.text)
        assert back is not None, kind
        assert stamp_on(auditor, html.unescape(back[1]))[1] == stamp, kind


def test_the_page_of_a_stamp_asks_little(site: tuple[RunningService, Coordination]) -> None:
    auditor = browser(site[0], "auditor")
    address, _ = stamp_on(auditor, f"/waiting-times?service=CAMHS&{SPAN}")
    auditor.get(address)
    with counted() as asked:
        auditor.get(address)
    assert asked.statements < 36
