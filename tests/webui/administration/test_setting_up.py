"""Setting up a county on screen: each step records what the directory file would, and the page says what is left."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest

from coordination.directory.commands import SetSchoolTerm
from coordination.service import Coordination
from tests.county import AUTHORITY, BOARD, CAMHS, OTHER_SCHOOL, SCHOOL, THERAPY, operator_order
from tests.webui.administration.test_administration import words_of
from tests.webui.conftest import sign_in
from tests.webui.county_site import county_on
from tests.webui.referring import browser, form_in, send
from tests.webui.service import RunningService

TODAY = date(2026, 11, 30)


@pytest.fixture
def county(service: RunningService) -> Iterator[Coordination]:
    with county_on(service) as coordination:
        yield coordination


def fill(service: RunningService, path: str, status: int = 303, **typed: Any) -> Any:
    client = browser(service, "administrator")
    answer = send(client, path, form_in(client.get(path).text), **typed)
    assert answer.status_code == status, words_of(answer.text)
    return client.get(answer.location) if status == 303 else answer


def test_a_school_an_agency_and_a_service_are_registered(
    service: RunningService, county: Coordination
) -> None:
    school = {
        "code": "699 4777",
        "name": "Ysgol y Garn",
        "name_cy": "",
        "phase": "primary",
        "language": "welsh",
    }
    page = fill(service, "/administration/organisations/new/school", **school, authority=str(AUTHORITY))
    assert "Ysgol y Garn is registered." in words_of(page.text)
    found = county.directory().by_code("school", "6994777")
    assert found is not None
    assert (found.phase, found.language, found.authority) == ("primary", "welsh", AUTHORITY)

    agency = {
        "code": "CYM",
        "name": "Cymorth",
        "name_cy": "Cymorth",
        "agency_kind": "third_sector",
        "ods_code": "",
    }
    fill(service, "/administration/organisations/new/agency", **agency)
    kept = county.directory().by_code("agency", "CYM")
    assert kept is not None
    opened = {"code": "LLES", "profession": "family_support", "name": "", "name_cy": ""}
    path = f"/administration/organisations/{kept.id}/services/new"
    page = fill(service, path, **opened, open_from=date(2026, 1, 5))
    assert "Say what it asks for" in words_of(page.text)
    lles = county.directory().service_by_code("LLES")
    assert lles is not None
    assert (lles.agency, lles.open_from) == (kept.id, date(2026, 1, 5))
    fill(service, f"/administration/services/{lles.id}/requirements", requirements=["childs_view"])
    after = county.directory().service(lles.id)
    assert after is not None
    assert after.asks_for(TODAY) == ("childs_view",)


@pytest.mark.parametrize(
    ("kind", "wrong", "said"),
    [
        ("school", {"code": "12345"}, "Enter the school’s number as 7 digits"),
        ("school", {"code": "6994001", "phase": "primary"}, "This code is already in use"),
        ("agency", {"code": ""}, "Enter a code"),
    ],
)
def test_what_cannot_be_registered(
    service: RunningService, county: Coordination, kind: str, wrong: dict[str, str], said: str
) -> None:
    before = county.record.last_position()
    typed = {"name": "Enw", "phase": "primary", "language": "welsh", "authority": str(AUTHORITY)} | {
        "agency_kind": "third_sector"
    }
    page = fill(service, f"/administration/organisations/new/{kind}", 422, **(typed | wrong))
    assert said in words_of(page.text)
    assert county.record.last_position() == before


def test_a_term_with_its_closed_days(service: RunningService, county: Coordination) -> None:
    path = f"/administration/organisations/{AUTHORITY}/school-terms"
    term = {"first_day": date(2030, 9, 3), "last_day": date(2030, 12, 20)}
    closed = "28 Hydref 2030 i 1 November 2030\n2030-12-02\n"
    fill(service, path, **term, closed=closed)
    added = [t for t in county.directory().school_terms(SCHOOL) if t.first_day == date(2030, 9, 3)]
    [kept] = added
    assert kept.closed == (
        *(date(2030, 10, d) for d in (28, 29, 30, 31)),
        date(2030, 11, 1),
        date(2030, 12, 2),
    )


@pytest.mark.parametrize(
    ("closed", "said"),
    [
        ("31 September 2030", "enter a real date"),
        ("28 October 2030 to 1 November 2130", "too many days"),
        ("1 November 2030 to 28 October 2030", "The term ends before it starts"),
        ("1 January 2029", "outside the term"),
    ],
)
def test_closed_days_that_cannot_be(
    service: RunningService, county: Coordination, closed: str, said: str
) -> None:
    path = f"/administration/organisations/{AUTHORITY}/school-terms"
    term = {"first_day": date(2030, 9, 3), "last_day": date(2030, 12, 20)}
    page = fill(service, path, 422, **term, closed=closed)
    assert said in words_of(page.text)
    assert closed in page.text


def test_terms_for_several_services_and_schools_at_once(
    service: RunningService, county: Coordination
) -> None:
    typed = {
        "services": [str(CAMHS), str(THERAPY)],
        "schools": [str(SCHOOL), str(OTHER_SCHOOL)],
        "meetings": "idp_review",
        "notice_working_days": "7",
        "effective_from": TODAY,
        "in_writing": "yes",
    }
    refused = fill(service, "/administration/terms/new", 422, **(typed | {"in_writing": "no"}))
    assert "Ask the agencies to agree first." in words_of(refused.text)
    fill(service, "/administration/terms/new", **typed)
    known = county.directory()
    found = {
        (t.service, t.school)
        for agency in known.of_kind("agency")
        for t in agency.terms.values()
        if t.meetings == "idp_review" and t.notice_working_days == 7
    }
    assert found == {(s, o) for s in (CAMHS, THERAPY) for o in (SCHOOL, OTHER_SCHOOL)}


PEOPLE = (
    "name,role,organisation,service,email,username,language\r\n"
    "Gwen Môn,alnco,6994001,,,gwen.mon,cy\r\n"
    "Dr Ifan Rhys,clinician,BOARD,CAMHS,ifan@example.org,,\r\n"
    "Nobody Here,alnco,1234567,,,,\r\n"
    "Wrong Place,head,BOARD,,,,\r\n"
    "Taken Name,head,6994001,,,alnco,\r\n"
    "=1+1,head,6994001,,,,\r\n"
)


def add(service: RunningService, text: str) -> str:
    client = browser(service, "administrator")
    path = "/administration/people/import"
    form = form_in(client.get(path).text).to_dict() | {"file": (io.BytesIO(text.encode()), "people.csv")}
    answer = client.post(path, data=form, content_type="multipart/form-data")
    assert answer.status_code == 200, words_of(answer.text)
    return str(answer.text)


def test_people_of_a_file_get_roles_and_first_passwords(
    service: RunningService, county: Coordination
) -> None:
    page = add(service, PEOPLE)
    said = words_of(page)
    assert "4 rows were not added" in said
    assert "2 people were added" in said
    for words in (
        "This organisation is not in the directory",
        "This role belongs to another kind of organisation",
        "This username is already in use",
        "name: ",
    ):
        assert words in said, words
    line = re.search(r"gwen\.mon</td>\s*<td[^>]*>([^<]+)</td>", page)
    assert line
    password = line[1].replace("&#45;", "-")
    assert sign_in(service.app.test_client(), "gwen.mon", password).status_code == 303
    roles = {
        (a.role, a.service)
        for held in county.directory().organisation(BOARD).people.values()  # type: ignore[union-attr]
        for a in held
        if a.effective_from == TODAY
    }
    assert roles == {("clinician", CAMHS)}
    again = words_of(add(service, PEOPLE))
    assert "Somebody of this name already has this role here" in again
    assert "people were added" not in again


def test_a_file_of_nothing_and_one_without_its_columns(service: RunningService, county: Coordination) -> None:
    client = browser(service, "administrator")
    path = "/administration/people/import"
    for content, said in ((b"", "Choose a file"), (b"who,what\r\na,b\r\n", "name")):
        form = form_in(client.get(path).text).to_dict() | {"file": (io.BytesIO(content), "people.csv")}
        answer = client.post(path, data=form, content_type="multipart/form-data")
        assert answer.status_code == 422
        assert said in words_of(answer.text)
    template = client.get("/administration/people/template.csv")
    assert template.text.removeprefix("\ufeff").startswith("name,role,organisation")


def test_the_page_says_what_is_left(service: RunningService, county: Coordination) -> None:
    said = words_of(browser(service, "administrator").get("/administration/set-up").text)
    assert "Setting up" in said
    # the county of the tests has no caseworker and no auditor of its own for every organisation
    assert "Somebody is missing:" in said
    assert browser(service, "alnco").get("/administration/set-up").status_code == 404


def test_a_gap_in_the_terms_is_on_the_first_page_and_among_the_steps(
    service: RunningService, county: Coordination
) -> None:
    for first, last in ((date(2026, 4, 13), date(2026, 7, 20)), (date(2026, 10, 1), date(2026, 12, 18))):
        term = SetSchoolTerm(
            occurred_on=first, organisation=AUTHORITY, first_day=first, last_day=last, closed=()
        )
        county.perform(term, operator_order(AUTHORITY, first))
    administrator = browser(service, "administrator")
    assert "1 gap in the school terms" in words_of(administrator.get("/administration").text)
    said = words_of(administrator.get("/administration/set-up").text)
    assert "There is no term between 20 July 2026 and 1 October 2026." in said
