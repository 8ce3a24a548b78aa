"""The doubts of a school on screen: old beside new, decided with a reason, by those entitled to see both."""

from __future__ import annotations

import re
from collections.abc import Iterator
from uuid import uuid4

import psycopg
import pytest

from coordination.desk.doubts import doubts_of
from coordination.intake.ctf import read_ctf
from coordination.intake.recording.pupils import record_pupils
from coordination.service import Coordination
from tests.county import AUTHORITY, SCHOOL
from tests.intake.recorded import NOW, ON, case, import_pupils, sealed, stream
from tests.intake.samples import FILES, pupil, upn
from tests.webui.county_site import county_on
from tests.webui.referring import browser, form_in, settled
from tests.webui.service import RunningService
from webui.pupil.doubting import waiting_lines

LIST = "/pupils/doubts"
ONE, OTHER = upn(1), upn(2)


@pytest.fixture
def county(service: RunningService) -> Iterator[Coordination]:
    """The county with a pupil who is in a later file under another number."""
    with county_on(service) as coordination:
        import_pupils(coordination, pupil(upn=ONE, forename="Siân", surname="Gŵyn"))
        import_pupils(coordination, pupil(upn=OTHER, forename="Sian", surname="Gwyn"))
        settled(service, coordination)
        yield coordination


def address(service: Coordination) -> str:
    with service.record.desk() as connection:
        [held] = doubts_of(connection, SCHOOL)
    return f"{LIST}/{held.doubt}"


def words_of(page: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page))


def test_old_stands_beside_new_and_is_decided_with_a_reason(
    county: Coordination, service: RunningService
) -> None:
    client = browser(service, "alnco")
    assert "Doubts (1)" in words_of(client.get("/pupils").text)
    listed = client.get(LIST)
    assert "The same names and date of birth, another number" in words_of(listed.text)
    assert f'href="{address(county)}"' in listed.text
    shown = client.get(address(county))
    for value in (ONE, OTHER, "Siân", "Gwyn", "4 March 2012"):
        assert value in shown.text
    form = form_in(shown.text, containing="digest").to_dict()
    without = client.post(address(county), data=form | {"answer": "file_is_right", "why": " "})
    assert (without.status_code, "Enter how you know" in without.text) == (422, True)
    decided = client.post(address(county), data=form | {"answer": "file_is_right", "why": "Asked the office"})
    assert decided.location == LIST
    after = words_of(client.get(LIST).text)
    assert "The decision is recorded." in after
    assert "No doubts are waiting." in after
    assert stream(county, OTHER) == stream(county, ONE)
    assert sealed(county, OTHER, "pupil.identity_changed")[-1]["why"] == "Asked the office"
    event = county.record.load([stream(county, OTHER)])[stream(county, OTHER)][-1].event
    assert (event.header.source, event.header.role) == ("screen", "alnco")


def test_the_slower_of_two_people_is_told(county: Coordination, service: RunningService) -> None:
    first, second = browser(service, "alnco"), browser(service, "head")
    there = address(county)
    forms = [form_in(one.get(there).text, containing="digest").to_dict() for one in (first, second)]
    first.post(there, data=forms[0] | {"answer": "record_is_right", "why": "Asked the office"})
    late = second.post(there, data=forms[1] | {"answer": "file_is_right", "why": "Asked the mother"})
    assert late.location == LIST
    assert "Somebody else has decided this" in second.get(LIST).text
    assert county.record.pupils_by_upn([OTHER]) == {}
    assert case(county, ONE).version == len(county.record.load([stream(county, ONE)])[stream(county, ONE)])


def test_nobody_else_sees_it(county: Coordination, service: RunningService) -> None:
    there = address(county)
    for who in ("other-alnco", "caseworker"):
        client = browser(service, who)
        assert client.get(there).status_code == 404
        assert "Gŵyn" not in client.get(LIST).text
    for who in ("clinician", "auditor", "administrator"):
        client = browser(service, who)
        assert (client.get(LIST).status_code, client.get(there).status_code) == (404, 404)
    assert browser(service, "alnco").get(f"{LIST}/{uuid4()}").status_code == 404


def test_what_was_looked_at_is_in_the_read_log(county: Coordination, service: RunningService) -> None:
    client = browser(service, "alnco")
    client.get(LIST)
    client.get(address(county))
    with psycopg.connect(service.database) as conn:
        noted = conn.execute(
            "select kind, ids from desk.read_log where kind in ('doubts', 'doubt') order by entry"
        ).fetchall()
    pupils = [stream(county, ONE)]
    assert noted == [("doubts", pupils), ("doubt", pupils)]


def test_today_lists_the_doubts_of_the_own_school(county: Coordination, service: RunningService) -> None:
    page = browser(service, "alnco").get("/today").text
    assert "Doubts about pupils 1" in words_of(page)
    assert f'href="{address(county)}"' in page
    assert "Doubts about pupils" not in browser(service, "other-alnco").get("/today").text
    client = browser(service, "alnco")
    form = form_in(client.get(address(county)).text, containing="digest").to_dict()
    client.post(address(county), data=form | {"answer": "file_is_right", "why": "Asked the office"})
    assert "Doubts about pupils" not in client.get("/today").text


def test_a_doubt_about_an_erased_pupil_is_gone(county: Coordination, service: RunningService) -> None:
    there = address(county)
    with psycopg.connect(service.database) as conn:
        conn.execute("delete from log.stream_key where stream = %s", (stream(county, ONE),))
    client = browser(service, "alnco")
    assert client.get(there).location == LIST
    assert "There is nothing to decide any more" in client.get(LIST).text


def test_between_two_schools_the_caseworker_decides(county: Coordination, service: RunningService) -> None:
    there = pupil(upn=upn(5, school="6994002"), forename="Siân", surname="Gŵyn", school_number="6994002")
    import_pupils(county, there)
    settled(service, county)
    assert "No doubts are waiting." in browser(service, "other-alnco").get(LIST).text
    client = browser(service, "caseworker")
    with county.record.desk() as connection:
        [held] = doubts_of(connection, AUTHORITY)
    for page in (LIST, "/caseworker"):
        shown = client.get(page).text
        assert "The same names and date of birth at two schools" in words_of(shown)
        assert f'href="{LIST}/{held.doubt}"' in shown
    shown = client.get(f"{LIST}/{held.doubt}")
    form = form_in(shown.text, containing="digest").to_dict()
    said = client.post(f"{LIST}/{held.doubt}", data=form | {"answer": "two_children", "why": "Two families"})
    assert said.location == LIST
    assert "No doubts are waiting." in client.get(LIST).text


def test_a_contact_under_another_name(county: Coordination, service: RunningService) -> None:
    mother = {"contact_relationship": "mother", "contact_parental_responsibility": "yes"}
    for serial, name in ((7, "Mair Gŵyn"), (7, "Mair Huws")):
        row = pupil(upn=upn(serial), forename="Non", surname="Llŷr", contact_name=name, **mother)
        import_pupils(county, row)
    client = browser(service, "alnco")
    [there] = [
        one
        for one in re.findall(rf"{LIST}/[0-9a-f-]{{36}}", client.get(LIST).text)
        if "Mair Huws" in client.get(one).text
    ]
    shown = words_of(client.get(there).text)
    assert "Mair Gŵyn" in shown
    form = form_in(client.get(there).text, containing="digest").to_dict()
    answer = {"answer": "contact_same_person", "why": "She married"}
    assert client.post(there, data=form | answer).location == LIST
    assert [c["name"] for c in sealed(county, upn(7), "pupil.contact_recorded")] == ["Mair Gŵyn", "Mair Huws"]
    assert len(case(county, upn(7)).profile.contacts) == 1


def test_a_form_raises_the_same_doubt_and_records_nothing(
    county: Coordination, service: RunningService
) -> None:
    client = browser(service, "alnco")
    before = county.record.last_position()
    form = form_in(client.get("/pupils/register").text, containing="upn").to_dict()
    typed = {
        "upn": ONE,
        "forename": "Siân",
        "surname": "Gŵyn",
        "date_of_birth-day": "3",
        "date_of_birth-month": "4",
        "date_of_birth-year": "2012",
    }
    answer = client.post("/pupils/register", data=form | typed)
    assert answer.status_code == 422
    assert "The pupil with this number has another date of birth." in words_of(answer.text)
    assert f'href="{LIST}"' in answer.text
    assert county.record.last_position() == before
    with county.record.desk() as connection:
        kinds = sorted(held.kind for held in doubts_of(connection, SCHOOL))
    assert kinds == ["another_number", "birth_date_changed"]


def test_two_files_of_one_child_can_be_joined_instead(county: Coordination, service: RunningService) -> None:
    data = (FILES / "ctf_21_wales.xml").read_bytes()
    import_pupils(county, pupil(upn="Q69940011511B"), pupil(upn="D699400115011"))
    file = read_ctf(data, county.directory().code, ON)
    record_pupils(county, file, now=NOW, whole=False)
    settled(service, county)
    client = browser(service, "alnco")
    [there] = [
        one
        for one in re.findall(rf"{LIST}/[0-9a-f-]{{36}}", client.get(LIST).text)
        if "/join/" in client.get(one).text
    ]
    join = re.search(r'href="(/pupils/[0-9a-f-]{36}/join/[0-9a-f-]{36})"', client.get(there).text)
    assert join is not None
    assert client.get(join[1]).status_code == 200


def test_a_long_list_shows_the_oldest(
    county: Coordination, service: RunningService, monkeypatch: pytest.MonkeyPatch
) -> None:
    import_pupils(county, pupil(upn=upn(3), forename="Sian", surname="Gwyn"))
    monkeypatch.setattr(waiting_lines, "__defaults__", (1,))
    shown = browser(service, "alnco").get(LIST).text
    assert "The oldest 1 of 2 are listed." in shown
    assert shown.count(f'href="{LIST}/') == 1
