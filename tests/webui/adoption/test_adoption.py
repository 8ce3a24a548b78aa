"""The adoption officer replaces an identity; nobody else sees the earlier one on any page, file or answer."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date

import pytest

from coordination.pupil.profile.commands import RecordViews
from tests.county import ALNCO, MOTHER, PUPIL, UPN
from tests.projections.casework import MEETING, TO_CAMHS, RecordedCase
from tests.webui.referring import browser, case_on, form_in, send, settled
from tests.webui.service import RunningService

PAGE = f"/adoption/{PUPIL}"
EARLIER = ("Siân", "Gŵyn-Llŷr", "Mair", UPN, "Geiriau cynnar", "Order of the family court")
NEW = {
    "occurred_on": date(2025, 3, 15),
    "forename": "Nia",
    "surname": "Newydd",
    "upn": "H66621012601A",
    "contact_name": "Non Newydd",
    "contact_relationship": "mother",
    "why": "Order of the family court",
}


@pytest.fixture
def case(service: RunningService) -> Iterator[RecordedCase]:
    with case_on(service) as told:
        yield told


def words_of(page: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page))


def test_after_an_adoption_only_the_officer_sees_the_earlier_identity(
    case: RecordedCase, service: RunningService
) -> None:
    words = {"whose": "child", "language": "cy", "words": "Geiriau cynnar"}
    case.does(ALNCO, date(2025, 3, 14), RecordViews, pupil=PUPIL, **words)
    settled(service, case.service)
    teacher, officer = browser(service, "alnco"), browser(service, "adoption-officer")
    drafted = f"/pupils/{PUPIL}/agreements/ask"
    form = form_in(teacher.get(drafted).text)
    kept = {name: form[name] for name in ("csrf_token", "command_id")} | {"who": str(MOTHER), "draft": "keep"}
    assert teacher.post(drafted, data=kept).status_code == 303
    assert "Draft" in words_of(teacher.get(drafted).text)

    found = send(officer, "/adoption", form_in(officer.get("/adoption").text), upn=UPN)
    assert (found.status_code, found.location) == (303, PAGE)
    assert "Before the adoption" not in officer.get(PAGE).text
    form = form_in(officer.get(f"{PAGE}/replace").text)
    assert "Enter what this rests on" in words_of(
        send(officer, f"{PAGE}/replace", form, **(NEW | {"why": ""})).text
    )
    done = send(officer, f"{PAGE}/replace", form, **NEW)
    assert (done.status_code, done.location) == (303, PAGE)

    said = words_of(officer.get(PAGE).text)
    for earlier in ("Siân Gŵyn-Llŷr", UPN, "Mair Gŵyn", "Nia Newydd", "Order of the family court"):
        assert earlier in said
    again = send(officer, "/adoption", form_in(officer.get("/adoption").text), upn=UPN)
    assert again.location == PAGE

    pages = (
        "",
        "/timeline",
        "/agreements",
        f"/referrals/{TO_CAMHS}",
        "/identity",
        "/join",
        "/files",
        "/refer",
    )
    for path in pages:
        shown = teacher.get(f"/pupils/{PUPIL}{path}")
        assert shown.status_code == 200, path
        assert "Nia" in shown.text, path
        for earlier in EARLIER:
            assert earlier not in shown.text, (path, earlier)
    for user, path in (("alnco", f"/meetings/{MEETING}"), ("clinician", "/inbox"), ("alnco", "/today")):
        shown = browser(service, user).get(path)
        assert shown.status_code == 200
        for earlier in ("Mair", "Geiriau cynnar"):
            assert earlier not in shown.text, (path, earlier)
    assert "Delete the draft" not in words_of(teacher.get(drafted).text)
    asked = words_of(teacher.get(f"/pupils/{PUPIL}/agreements").text)
    assert "Non Newydd" in asked


def test_only_the_officer_comes_to_these_pages(case: RecordedCase, service: RunningService) -> None:
    for user in ("alnco", "clinician", "caseworker", "auditor", "administrator"):
        for path in ("/adoption", PAGE, f"{PAGE}/replace"):
            assert browser(service, user).get(path).status_code == 404, (user, path)
    officer = browser(service, "adoption-officer")
    for path in (f"/pupils/{PUPIL}", "/pupils", "/inbox", "/waiting-times", "/caseworker"):
        assert officer.get(path).status_code == 404, path


def test_a_number_that_nobody_has_finds_no_child(case: RecordedCase, service: RunningService) -> None:
    officer = browser(service, "adoption-officer")
    answer = send(officer, "/adoption", form_in(officer.get("/adoption").text), upn="H66621012601A")
    assert answer.status_code == 422
    assert "No child at your authority’s schools has or had this number." in words_of(answer.text)
