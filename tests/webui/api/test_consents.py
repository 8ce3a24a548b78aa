"""Agreement to share through the API: asked, answered, taken back; the lawful basis beside it."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

import psycopg
import pytest

from tests.county import BOARD, CAMHS, EDUCATION, MOTHER, PUPIL
from tests.projections.casework import AGREED_CAMHS, AGREED_EDUCATION, ASKED, TO_CAMHS
from tests.webui.api.conftest import ApiClient, fields, problem, program
from tests.webui.service import RunningService

CONSENTS = f"/pupils/{PUPIL}/consents"
ABOUT = {
    "agency": str(BOARD),
    "service": str(CAMHS),
    "purpose": "assessment",
    "data_classes": ["identity", "needs"],
}
HOW = {"route": "verbal", "language": "cy", "occurred_on": "2025-03-18"}
HERS = {"contact": str(MOTHER), "authority": "parental_responsibility", "words": "Ydw, wrth gwrs."}


def given(**more: Any) -> dict[str, Any]:
    """The mother agrees, without having been asked."""
    return {"answer": "given", **ABOUT, **HOW, **HERS, **more}


def test_those_of_a_pupil(school: ApiClient, board: ApiClient, running: RunningService) -> None:
    answer = school.get(CONSENTS)
    found = {line["consent"]: line for line in answer.json["items"]}
    assert {str(AGREED_CAMHS), str(AGREED_EDUCATION), str(ASKED)} <= set(found)
    assert found[str(ASKED)]["standing"] == "requested"
    assert school.get(f"{CONSENTS}?standing=requested&agency={EDUCATION}").json["total"] == 1
    assert len(school.get(f"{CONSENTS}?per_page=1").json["items"]) == 1
    one = school.get(f"{CONSENTS}/{AGREED_CAMHS}")
    assert (one.json["in_force"], one.json["contact"]) == (True, str(MOTHER))
    assert [made["referral"] for made in one.json["disclosures"]] == [str(TO_CAMHS)]
    # an agency sees the agreement on which its own sight rests, and no other
    assert [line["consent"] for line in board.get(CONSENTS).json["items"]] == [str(AGREED_CAMHS)]
    assert school.get(f"/pupils/{PUPIL}/lawful-bases").json["items"][0]["basis"] == "public_task"
    with psycopg.connect(running.database) as conn:
        noted = conn.execute(
            "select 1 from desk.read_log where person = %s and kind = 'agreements' and %s = any(ids)",
            (school.token.token, PUPIL),
        ).fetchone()
    assert noted


def test_asked_answered_withdrawn(school: ApiClient) -> None:
    asked = school.post(f"{CONSENTS}/ask", {**ABOUT, **HOW, "contact": str(MOTHER)}, key="k-ask")
    assert asked.status_code == 201, asked.text
    path = f"{CONSENTS}/{asked.json['consent']}"
    assert asked.headers["Location"] == f"/api/v1{path}"
    assert (
        school.post(f"{CONSENTS}/ask", {**ABOUT, **HOW, "contact": str(MOTHER)}, key="k-ask").json
        == asked.json
    )
    old = school.get(path).headers["ETag"]
    said = {"answer": "given", **HOW, **HERS, "expires_on": "2026-03-18"}
    problem(school.post(f"{path}/answer", said), 428, "if_match_missing")
    done = school.post(f"{path}/answer", said, match=old, key="k-answer")
    assert done.status_code == 201, done.text
    shown = school.get(path)
    assert (shown.json["standing"], shown.json["expires_on"]) == ("given", "2026-03-18")
    assert done.headers["ETag"] == shown.headers["ETag"] != old
    late = school.post(f"{path}/withdraw", {"occurred_on": "2025-03-19", "contact": str(MOTHER)}, match=old)
    problem(late, 412, "overtaken")
    assert late.headers["ETag"] == shown.headers["ETag"]
    back = school.post(
        f"{path}/withdraw", {"occurred_on": "2025-03-19", "contact": str(MOTHER)}, match=shown.headers["ETag"]
    )
    assert back.status_code == 201, back.text
    assert school.get(path).json["standing"] == "withdrawn"
    again = school.post(f"{path}/answer", said, match=old, key="k-answer")
    assert (again.json, again.headers["Idempotency-Replayed"]) == (done.json, "true")


def test_another_person_s_answer_stands_beside_it(school: ApiClient) -> None:
    mine = school.post(CONSENTS, given(purpose="joint_planning")).json["consent"]
    path = f"{CONSENTS}/{mine}"
    answer = {"answer": "refused", **HOW, "authority": "young_person"}
    other = school.post(f"{path}/answer", answer, match=school.get(path).headers["ETag"])
    assert other.status_code == 201, other.text
    assert other.json["consent"] != mine
    shown = school.get(f"{CONSENTS}/{other.json['consent']}").json
    assert (shown["standing"], shown["contact"], shown["conflict"]) == ("refused", None, True)
    assert school.get(path).json["standing"] == "given"


def test_the_lawful_basis(school: ApiClient) -> None:
    path = f"/pupils/{PUPIL}/lawful-bases"
    sent = {"agency": str(EDUCATION), "basis": "safeguarding", "reason": "Agreed with the safeguarding lead."}
    assert school.post(path, sent).status_code == 201
    assert {line["basis"] for line in school.get(path).json["items"]} == {"public_task", "safeguarding"}
    wrong = problem(school.post(path, sent | {"basis": "historical_record"}), 422, "not_as_described")
    assert fields(wrong) == {"basis": "not_offered"}


@pytest.mark.parametrize(
    ("wrong", "code", "field", "why"),
    [
        ({"answer": "perhaps"}, "not_as_described", "answer", "not_offered"),
        ({"agency": "BOARD"}, "not_as_described", "agency", "not_an_id"),
        ({"agency": None}, "not_as_described", "agency", "missing"),
        ({"data_classes": []}, "not_as_described", "data_classes", "missing"),
        ({"occurred_on": "2025-02-30"}, "not_as_described", "occurred_on", "no_such_day"),
        ({"words": "x" * 4001}, "not_as_described", "words", "too_long"),
        ({"who": "child"}, "not_as_described", "who", "unknown_field"),
        ({"agency": str(uuid4())}, "unknown_agency", "agency", "unknown_agency"),
        ({"purpose": "fun"}, "unknown_code", "purpose", "unknown_code"),
        ({"contact": None}, "no_authority", "authority", "no_authority"),
        ({"occurred_on": "2199-01-01"}, "in_the_future", "occurred_on", "in_the_future"),
        ({"expires_on": "2025-03-01"}, "ends_before_it_begins", "expires_on", "ends_before_it_begins"),
    ],
)
def test_what_is_refused(school: ApiClient, wrong: dict[str, Any], code: str, field: str, why: str) -> None:
    assert fields(problem(school.post(CONSENTS, given() | wrong), 422, code)) == {field: why}


def test_what_is_not_theirs(
    school: ApiClient, other_school: ApiClient, board: ApiClient, running: RunningService
) -> None:
    nobodys = problem(school.get(f"/pupils/{uuid4()}/consents"), 404, "not_found")
    assert problem(other_school.get(CONSENTS), 404, "not_found") == nobodys
    assert problem(school.get(f"{CONSENTS}/{uuid4()}"), 404, "not_found") == nobodys
    assert problem(board.get(f"{CONSENTS}/{AGREED_EDUCATION}"), 404, "not_found") == nobodys
    tag = school.get(f"{CONSENTS}/{AGREED_CAMHS}").headers["ETag"]
    refused = board.post(f"{CONSENTS}/{AGREED_CAMHS}/withdraw", {"occurred_on": "2025-03-19"}, match=tag)
    assert problem(refused, 404, "not_found") == nobodys
    assert problem(other_school.post(CONSENTS, given()), 404, "not_found") == nobodys
    narrow = program(running, school.token.organisation, "consents:read")
    problem(narrow.post(CONSENTS, given()), 403, "scope_missing")
