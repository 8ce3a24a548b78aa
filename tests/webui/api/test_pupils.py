"""Pupils through the API: seen as on the page, found, registered, changed."""

from __future__ import annotations

import json
import unicodedata
from datetime import UTC, datetime
from typing import Any
from uuid import UUID, uuid4

import psycopg
import pytest

from coordination.calendars import local_date
from tests.county import MOTHER, PUPIL, SCHOOL, UPN
from tests.projections.casework import SECOND
from tests.webui.api.conftest import ApiClient, fields, problem, program
from tests.webui.service import RunningService

NEW = "A801200005002"


def upn(number: int) -> str:
    """A number with its check letter."""
    digits = f"6994001{number:05d}"
    letters = "ABCDEFGHJKLMNPQRTUVWXYZ"
    return letters[sum(int(d) * w for d, w in zip(digits, range(2, 14), strict=True)) % 23] + digits


def new(number: int, **more: Any) -> dict[str, Any]:
    given = {
        "upn": upn(number),
        "forename": f"Gwenllïan {number}",
        "surname": "Ŵyn",
        "date_of_birth": "2014-02-28",
        "year": 6,
        "needs": ["SLCD"],
        "occurred_on": "2025-02-03",
    }
    return given | more


def test_a_school_lists_its_own(school: ApiClient, board: ApiClient, authority: ApiClient) -> None:
    answer = school.get("/pupils")
    assert answer.status_code == 200
    assert answer.json["total"] == len(answer.json["items"]) >= 1
    found = {line["pupil"]: line for line in answer.json["items"]}
    assert (found[str(PUPIL)]["forename"], found[str(PUPIL)]["upn"]) == ("Siân", UPN)
    assert board.get("/pupils").json["items"] == []
    assert authority.get("/pupils").json["items"] == []


def test_the_list_is_narrowed_and_paged(school: ApiClient) -> None:
    year = next(line["year"] for line in school.get("/pupils").json["items"] if line["pupil"] == str(PUPIL))
    assert school.get(f"/pupils?need=ASD&year={year}").json["total"] >= 1
    assert school.get("/pupils?need=PMLD").json["total"] == 0
    assert school.get("/pupils?year=-2").json["items"] == []
    paged = school.get("/pupils?per_page=1&need=ASD")
    assert len(paged.json["items"]) == 1
    assert 'rel="first"' in paged.headers["Link"]
    assert "need=ASD" in paged.headers["Link"]
    far = school.get("/pupils?page=1000000000&per_page=200")
    assert far.json["items"] == []
    assert 'rel="prev"' in far.headers["Link"]


@pytest.mark.parametrize(
    ("query", "field", "code"),
    [
        ("page=0", "page", "too_small"),
        ("page=1000000001", "page", "too_large"),
        ("page=99999999999999999999999999", "page", "not_a_number"),
        ("page=x", "page", "not_a_number"),
        ("per_page=201", "per_page", "too_large"),
        ("year=15", "year", "too_large"),
        ("service=x", "service", "not_an_id"),
        ("name=Sian", "name", "unknown_field"),
        ("page=1&page=2", "page", "repeated"),
    ],
)
def test_an_address_says_what_the_document_says(school: ApiClient, query: str, field: str, code: str) -> None:
    assert fields(problem(school.get(f"/pupils?{query}"), 422, "not_as_described")) == {field: code}


def test_one_pupil_and_its_etag(school: ApiClient, running: RunningService) -> None:
    answer = school.get(f"/pupils/{PUPIL}")
    assert answer.json["surname"] == "Gŵyn-Llŷr"
    assert str(MOTHER) in [c["contact"] for c in answer.json["contacts"]]
    again = school.get(f"/pupils/{PUPIL}", If_None_Match=answer.headers["ETag"])
    assert (again.status_code, again.data) == (304, b"")
    with psycopg.connect(running.database) as conn:
        row = conn.execute(
            "select organisation, kind from desk.read_log where person = %s", (school.token.token,)
        ).fetchall()
    assert (SCHOOL, "case_file") in row


def test_what_is_not_theirs_is_not_there(
    school: ApiClient, other_school: ApiClient, authority: ApiClient
) -> None:
    nobodys = problem(school.get(f"/pupils/{uuid4()}"), 404, "not_found")
    # SECOND is on the roll of the other school only if the case moved it: whoever does not have it learns nothing
    for who, pupil in ((authority, PUPIL), (authority, SECOND)):
        assert problem(who.get(f"/pupils/{pupil}"), 404, "not_found") == nobodys
    refused = authority.post(
        f"/pupils/{PUPIL}/needs", {"needs": [], "occurred_on": "2025-03-01"}, match='"1"'
    )
    assert problem(refused, 404, "not_found") == nobodys


def test_found_by_number_in_the_body_only(school: ApiClient, board: ApiClient) -> None:
    assert school.post("/pupils/find", {"upn": UPN.lower()}, key=None).json["pupil"] == str(PUPIL)
    problem(school.post("/pupils/find", {"upn": upn(77)}, key=None), 404, "not_found")
    problem(board.post("/pupils/find", {"upn": UPN}, key=None), 404, "not_found")
    wrong = problem(school.post("/pupils/find", {"upn": "A1"}, key=None), 422, "not_as_described")
    assert fields(wrong) == {"upn": "upn_length"}
    problem(school.post(f"/pupils/find?upn={UPN}", {"upn": UPN}, key=None), 422, "not_as_described")


@pytest.mark.parametrize("form", ["NFC", "NFD", "NFKC", "NFKD"])
def test_registered_with_welsh_letters_in_each_form(school: ApiClient, form: str) -> None:
    number = 100 + ["NFC", "NFD", "NFKC", "NFKD"].index(form)
    surname = unicodedata.normalize(form, "Ŵyn-Llŷr")
    typed = new(number, surname=surname, occurred_on=local_date(datetime.now(UTC)).isoformat())
    made = school.post("/pupils", typed)
    assert made.status_code == 201, made.text
    assert made.headers["Location"] == f"/api/v1/pupils/{made.json['pupil']}"
    shown = school.get(f"/pupils/{made.json['pupil']}").json
    assert shown["surname"] == "Ŵyn-Llŷr"
    assert (shown["year"], shown["needs"]) == (6, ["SLCD"])


def test_the_record_says_that_a_system_recorded_it(school: ApiClient, running: RunningService) -> None:
    pupil = UUID(school.post("/pupils", new(110), key="client's own words").json["pupil"])
    record = running.app.extensions["cydlynu"].coordination.record
    (header, *_rest) = [r.event.header for r in record.load([pupil])[pupil]]
    assert (header.person, header.organisation, header.role) == (school.token.token, SCHOOL, "alnco")
    assert (header.source, header.on_behalf_of) == ("api", None)
    assert "client" not in header.command_id


def test_the_same_key_acts_once(school: ApiClient, running: RunningService) -> None:
    record = running.app.extensions["cydlynu"].coordination.record
    first = school.post("/pupils", new(120), key="k-120")
    position = record.last_position()
    again = school.post("/pupils", new(120), key="k-120")
    assert (again.status_code, again.json) == (first.status_code, first.json)
    assert again.headers["Location"] == first.headers["Location"]
    assert again.headers["Idempotency-Replayed"] == "true"
    other = problem(school.post("/pupils", new(121), key="k-120"), 422, "idempotency_key_reused")
    assert "errors" not in other
    problem(school.post(f"/pupils/{PUPIL}/views", new(120), key="k-120"), 422, "not_as_described")
    assert record.last_position() == position
    # another system of the same organisation has the same keys; another organisation has its own
    assert program(running, SCHOOL).post("/pupils", new(120), key="k-120").json == first.json


def test_a_refusal_leaves_the_key_free(school: ApiClient) -> None:
    refused = school.post("/pupils", new(130, needs=["NOSUCH"]), key="k-130")
    assert fields(problem(refused, 422, "unknown_code")) == {"needs": "unknown_code"}
    assert school.post("/pupils", new(130), key="k-130").status_code == 201


@pytest.mark.parametrize(
    ("wrong", "field", "code"),
    [
        ({"date_of_birth": ""}, "date_of_birth", "no_such_day"),
        ({"date_of_birth": None}, "date_of_birth", "missing"),
        ({"forename": 7}, "forename", "not_text"),
        ({"forename": "x" * 121}, "forename", "too_long"),
        ({"forename": "\ud800"}, "forename", "not_text"),
        ({"upn": "\x00"}, "upn", "missing"),
        ({"date_of_birth": "2014-02-30"}, "date_of_birth", "no_such_day"),
        ({"date_of_birth": "30/02/2014"}, "date_of_birth", "no_such_day"),
        ({"date_of_birth": "0001-01-01"}, "date_of_birth", "no_such_day"),
        ({"date_of_birth": {"day": "1", "month": "1", "year": "2014"}}, "date_of_birth", "no_such_day"),
        ({"year": "6"}, "year", "not_a_number"),
        ({"year": True}, "year", "not_a_number"),
        ({"year": 15}, "year", "too_large"),
        ({"needs": "ASD"}, "needs", "wrong_type"),
        ({"looked_after": "yes"}, "looked_after", "wrong_type"),
        ({"elsewhere": "moved"}, "elsewhere", "unknown_field"),
        ({"upn": "Q801200005001"}, "upn", "upn_check_letter"),
        ({"school": str(SCHOOL)}, "school", "unknown_field"),
        ({"Siân Gŵyn": 1}, "", "unknown_field"),
        ({"contact_relationship": "mother"}, "contact_name", "missing"),
    ],
)
def test_every_wrong_field_is_named(school: ApiClient, wrong: dict[str, Any], field: str, code: str) -> None:
    answer = school.post("/pupils", new(140) | wrong)
    found = problem(answer, 422, "not_as_described")
    assert fields(found) == {field: code}
    assert "Siân" not in answer.text
    welsh = json.loads(school.post("/pupils", new(140) | wrong, Accept_Language="cy").text)
    assert welsh["errors"][0]["detail"] != found["errors"][0]["detail"]


def test_one_name_is_enough_and_none_is_refused(school: ApiClient) -> None:
    assert school.post("/pupils", new(145, surname=None)).status_code == 201
    refused = school.post("/pupils", new(146, surname=None, forename=""))
    assert problem(refused, 422, "name_missing")["errors"][0]["field"] == "surname"


def test_markup_is_text(school: ApiClient) -> None:
    name = "<script>alert(1)</script>"
    pupil = school.post("/pupils", new(150, forename=name)).json["pupil"]
    answer = school.get(f"/pupils/{pupil}")
    assert answer.json["forename"] == name
    assert answer.content_type == "application/json"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"


def test_what_changes_wants_the_etag_of_what_was_seen(school: ApiClient) -> None:
    pupil = school.post("/pupils", new(160)).json["pupil"]
    path, typed = f"/pupils/{pupil}/needs", {"needs": ["ASD"], "occurred_on": "2025-03-01"}
    old = school.get(f"/pupils/{pupil}").headers["ETag"]
    problem(school.post(path, typed), 428, "if_match_missing")
    problem(school.post(path, typed, match="*"), 400, "if_match_wrong")
    done = school.post(path, typed, match=old, key="k-160")
    assert done.status_code == 201
    now = school.get(f"/pupils/{pupil}")
    assert now.json["needs"] == ["ASD"]
    assert done.headers["ETag"] == now.headers["ETag"] != old
    late = school.post(path, typed | {"needs": ["SLCD"]}, match=old)
    problem(late, 412, "overtaken")
    assert late.headers["ETag"] == now.headers["ETag"]
    problem(school.post(path, typed, match='"999999"'), 412, "overtaken")
    # asked again, it is known before anybody looks at the ETag
    assert school.post(path, typed, match=old, key="k-160").json == done.json


def test_everything_that_can_change(school: ApiClient) -> None:
    pupil = school.post("/pupils", new(170)).json["pupil"]

    def change(thing: str, **typed: Any) -> Any:
        etag = school.get(f"/pupils/{pupil}").headers["ETag"]
        answer = school.post(f"/pupils/{pupil}/{thing}", typed, match=etag)
        assert answer.status_code == 201, (thing, answer.text)
        return answer.json

    change("provision", provision="idp_school", occurred_on="2025-03-01")
    change("year", year=7)
    change("language", language="cy")
    change("looked-after", looked_after=True, occurred_on="2025-03-01")
    change("identity", upn=upn(170), forename="Gwen", surname="Ŵyn", date_of_birth="2014-02-28")
    contact = change("contacts", name="Mair Ŵyn", parental_responsibility=True)["contact"]
    change(f"contacts/{contact}", name="Mair Ŵyn", parental_responsibility=False, telephone="01654 700 000")
    change(
        "views",
        whose="parent",
        contact=contact,
        words="Mae hi’n hapus.",
        language="cy",
        occurred_on="2025-03-01",
    )
    shown = school.get(f"/pupils/{pupil}").json
    kept = ("provision", "year", "language_wish", "looked_after", "forename")
    assert [shown[name] for name in kept] == ["idp_school", 7, "cy", True, "Gwen"]
    assert shown["contacts"][0]["parental_responsibility"] is False
    assert shown["views"][0]["words"] == "Mae hi’n hapus."
    change(f"contacts/{contact}/end", occurred_on="2025-03-02")
    problem(
        school.post(f"/pupils/{pupil}/contacts/{uuid4()}/end", {"occurred_on": "2025-03-02"}, match='"1"'),
        404,
        "not_found",
    )
    change("leave", occurred_on="2025-03-03")
    problem(school.get(f"/pupils/{pupil}"), 404, "not_found")


def test_an_agency_registers_nobody(board: ApiClient) -> None:
    problem(board.post("/pupils", new(180)), 404, "not_found")
