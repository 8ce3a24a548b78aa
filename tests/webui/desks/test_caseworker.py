"""The page of the authority's caseworker, and the files of the children whom the authority holds."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from datetime import UTC, date, datetime, time

import pytest

from coordination.pupil.profile.commands import EndRegistration
from coordination.service import Coordination
from tests.conftest import database_of_a_module
from tests.county import ALNCO, PSYCHOLOGIST, PUPIL, SCHOOL
from tests.projections.casework import SECOND, TO_CAMHS, TO_PSYCHOLOGY, RecordedCase, day, told
from tests.webui.county_site import story_on
from tests.webui.referring import browser, form_in, page_of, send
from tests.webui.reports_county import words_of
from tests.webui.service import RunningService, service_on

FILE = f"/pupils/{PUPIL}"


def left(coordination: Coordination) -> None:
    """Psychology asks the school for information on day 44; the child leaves the last roll on day 45."""
    told(coordination)
    story = RecordedCase(coordination)
    asked = {"details": {"asked_of": "school"}}
    story.says(PSYCHOLOGIST, TO_PSYCHOLOGY, "information_requested", day(44), **asked)
    story.does(ALNCO, day(45), EndRegistration, pupil=PUPIL, school=SCHOOL)


@pytest.fixture(scope="module")
def site(postgres: str, template: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningService]:
    """The running application on day 50 of the case of tests/projections/casework.py."""
    with (
        database_of_a_module(postgres, template) as database,
        service_on(database, tmp_path_factory.mktemp("caseworker")) as running,
        story_on(running, "left the roll", left),
    ):
        running.clock.at = datetime.combine(day(50), time(10), UTC)
        yield running


def test_a_caseworker_begins_at_the_children_on_no_roll_and_keeps_the_figures(site: RunningService) -> None:
    caseworker = browser(site, "caseworker")
    page = caseworker.get("/caseworker").text
    words = words_of(page)
    assert "Siân Gŵyn-Llŷr 2 open referrals On no school’s roll for 5 days." in words
    assert "Last school: Ysgol y Bryn, until 20 March 2025." in words
    assert "Educational psychology. Next step with: Dyffryn, since 20 March 2025; by 17 April 2025." in words
    assert "Child and adolescent mental health. Next step with: Child and adolescent" in words
    assert str(SECOND) not in page
    for address in ("/caseworker", "/waiting-times", "/attendance", "/challenges"):
        assert f'href="{address}"' in page
        assert caseworker.get(address).status_code == 200


@pytest.mark.parametrize("who", ["alnco", "clinician", "auditor", "administrator"])
def test_nobody_else_opens_the_page(who: str, site: RunningService) -> None:
    assert browser(site, who).get("/caseworker").status_code == 404


def test_the_file_opens_for_the_caseworker_and_no_longer_for_the_school(site: RunningService) -> None:
    caseworker, alnco = browser(site, "caseworker"), browser(site, "alnco")
    page = words_of(caseworker.get(FILE).text)
    assert "No school, since 20 March 2025" in page and "Mair Gŵyn" in page
    assert "Refer to a service" not in page and "Talked about sleep." not in page
    assert alnco.get(FILE).status_code == 404
    assert browser(site, "auditor").get(FILE).status_code == 404
    assert caseworker.get(f"/pupils/{SECOND}").status_code == 404
    for thing in ("identity", "contacts/add", "needs", "views", "agreements", "agreements/ask", "timeline"):
        assert caseworker.get(f"{FILE}/{thing}").status_code == 200, thing
    assert f'href="{FILE}/refer"' not in caseworker.get(page_of(TO_PSYCHOLOGY)).text
    for thing in ("refer", "leave"):
        assert caseworker.get(f"{FILE}/{thing}").status_code == 404, thing


@pytest.mark.parametrize("who", ["caseworker", "psychologist"])
def test_both_sides_read_who_holds_the_child_now(who: str, site: RunningService) -> None:
    page = words_of(browser(site, who).get(page_of(TO_PSYCHOLOGY)).text)
    assert "Dyffryn has held this child’s file since 20 March 2025 and acts in place of a school." in page
    assert "Next step with: Dyffryn, since 20 March 2025" in page
    assert "Next step with: the school" not in page


def test_whose_days_they_were_is_on_the_referral_and_in_the_api_s_words(site: RunningService) -> None:
    page = words_of(browser(site, "psychologist").get(page_of(TO_PSYCHOLOGY)).text)
    assert "Local authority: 5 days" in page and "School: 1 day" in page


def test_the_files_of_the_report_have_the_authority_s_days(site: RunningService) -> None:
    """One of the waits is of a child on no roll; its days are the agency's, so the authority has none of them."""
    answer = browser(site, "caseworker").get("/waiting-times.csv?service=CAMHS&as_of=2025-03-25")
    [row] = csv.DictReader(io.StringIO(answer.text.removeprefix("\ufeff")))
    parties = ("agency", "school", "family", "authority", "exempt")
    days = [int(row[f"waiting_days_{party}"]) for party in parties]
    assert (sum(days), row["waiting_days_authority"]) == ((day(50) - day(0)).days, "0")


def test_the_caseworker_answers_the_request_for_information(site: RunningService) -> None:
    caseworker = browser(site, "caseworker")
    path = f"{page_of(TO_PSYCHOLOGY)}/steps/information_supplied"
    answer = send(caseworker, path, form_in(caseworker.get(path).text))
    assert answer.status_code == 303, words_of(answer.text)
    page = words_of(caseworker.get(page_of(TO_PSYCHOLOGY)).text)
    assert "Next step with: Educational psychology" in page
    reported = f"{page_of(TO_CAMHS)}/steps/first_contact"
    assert "told you" in words_of(caseworker.get(page_of(TO_CAMHS)).text)
    assert caseworker.get(reported).status_code == 200


@pytest.mark.parametrize("who", ["caseworker", "administrator"])
def test_the_page_of_referrals_that_nobody_can_see_is_empty(who: str, site: RunningService) -> None:
    client = browser(site, who)
    home = {"caseworker": "/caseworker", "administrator": "/administration"}[who]
    assert f'href="{home}/unplaced"' in client.get(home).text
    assert "There are none." in words_of(client.get(f"{home}/unplaced").text)
    assert browser(site, "alnco").get(f"{home}/unplaced").status_code == 404


def test_a_child_on_no_roll_is_added_and_kept_by_the_authority(site: RunningService) -> None:
    caseworker = browser(site, "caseworker")
    path = "/caseworker/take-on"
    form = form_in(caseworker.get(path).text)
    wrong = send(caseworker, path, form, forename="", surname="", date_of_birth=date(2022, 4, 1))
    assert (wrong.status_code, 'href="#surname"' in wrong.text) == (422, True)
    typed = {"forename": "Enfys", "surname": "Parri", "sex": "F", "contact_name": "Olwen Parri"}
    typed |= {"contact_responsible": "yes", "date_of_birth": date(2022, 4, 1)}  # type: ignore[dict-item]
    added = send(caseworker, path, form, **typed)
    assert added.status_code == 303, words_of(added.text)
    assert send(caseworker, path, form, **typed).location == added.location
    file = words_of(caseworker.get(added.location).text)
    assert "Enfys Parri" in file and "Olwen Parri" in file and "No school" in file
    assert "Enfys Parri On no school’s roll for 0 days, since 25 March 2025." in words_of(
        caseworker.get("/caseworker").text
    )
    changing = f"{added.location}/identity"
    renamed = form_in(caseworker.get(changing).text)
    assert "upn" not in renamed
    assert send(caseworker, changing, renamed, surname="Parry").status_code == 303
    assert "Enfys Parry" in words_of(caseworker.get(added.location).text)
    for who in ("alnco", "clinician", "auditor"):
        assert browser(site, who).get(path).status_code == 404
        assert browser(site, who).get(added.location).status_code == 404
