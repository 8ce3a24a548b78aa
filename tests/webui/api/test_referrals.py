"""Referrals through the API: seen, begun, answered, corrected, contested."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

import pytest

from tests.county import BOARD, CAMHS, EDUCATION, MOTHER, PUPIL, THERAPY
from tests.projections.casework import SECOND, TO_CAMHS, TO_PSYCHOLOGY
from tests.webui.api.conftest import ApiClient, fields, problem
from tests.webui.referring import browser
from tests.webui.service import RunningService

REFER = {
    "immediate_risk": False,
    "reason": "Nid yw’n cysgu.",
    "priority": "routine",
    "informed": True,
    "legal_route": "service_request",
    "sent_on": "2025-04-01",
    "second_referral": True,
}
GIVEN = {
    "agreement": "given",
    "giver": str(MOTHER),
    "route": "verbal",
    "agreed_on": "2025-04-01",
    "words": "Iawn.",
}


def begin(school: ApiClient, **more: Any) -> str:
    """A referral to therapy, with the mother's agreement; its id."""
    typed = {**REFER, "pupil": str(PUPIL), "service": str(THERAPY), **more}
    answer = school.post("/referrals", typed)
    if fields_if(answer) == {"agreement": "missing"}:
        answer = school.post("/referrals", typed | GIVEN)
    assert answer.status_code == 201, answer.text
    return str(answer.json["referral"])


def fields_if(answer: Any) -> dict[str, str]:
    return {e["field"]: e["code"] for e in answer.json.get("errors", ())} if answer.status_code == 422 else {}


def say(who: ApiClient, referral: object, milestone: str, **more: Any) -> Any:
    """Records a milestone on top of what is there."""
    path = f"/referrals/{referral}"
    etag = who.get(path).headers["ETag"]
    typed = {"milestone": milestone, "occurred_on": "2025-04-02", **more}
    return who.post(f"{path}/milestones", typed, match=etag)


def entry_of(who: ApiClient, referral: object, what: str) -> dict[str, Any]:
    entries = who.get(f"/referrals/{referral}").json["entries"]
    found: dict[str, Any] = next(e for e in entries if e["what"] == what and e["superseded_by"] is None)
    return found


def test_each_sees_its_own(
    school: ApiClient, board: ApiClient, education: ApiClient, authority: ApiClient
) -> None:
    found = school.get("/referrals").json
    assert {r["referral"] for r in found["items"]} >= {str(TO_CAMHS), str(TO_PSYCHOLOGY)}
    (held,) = [
        r for r in board.get(f"/referrals?service={CAMHS}").json["items"] if r["referral"] == str(TO_CAMHS)
    ]
    assert (held["forename"], held["priority"], held["due"]) == ("Siân", "priority", "overdue")
    seen = {r["referral"] for r in education.get("/referrals?state=all").json["items"]}
    assert seen == {str(TO_PSYCHOLOGY)}
    line = next(r for r in authority.get("/referrals").json["items"] if r["referral"] == str(TO_CAMHS))
    assert (line["surname"], line["forename"], line["date_of_birth"]) == (None, None, None)
    problem(education.get(f"/referrals/{TO_CAMHS}"), 404, "not_found")
    problem(board.get(f"/referrals/{uuid4()}"), 404, "not_found")


@pytest.mark.parametrize(
    ("query", "there"),
    [
        ("phase=appointment_offered", True),
        ("phase=received", False),
        ("due=overdue", True),
        ("due=due_this_week", False),
        ("state=ended", False),
        (f"agency={BOARD}", True),
        (f"agency={EDUCATION}", False),
    ],
)
def test_the_list_is_narrowed(board: ApiClient, query: str, there: bool) -> None:
    answer = board.get(f"/referrals?{query}")
    assert (str(TO_CAMHS) in [r["referral"] for r in answer.json["items"]]) == there


def test_a_page_past_the_end(board: ApiClient) -> None:
    usual = board.get("/referrals").json["total"]
    far = board.get("/referrals?page=1000000000&per_page=200")
    assert (far.json["items"], far.json["total"]) == ([], usual)


def test_one_with_entries_and_clocks(school: ApiClient, board: ApiClient, authority: ApiClient) -> None:
    shown = board.get(f"/referrals/{TO_CAMHS}").json
    (clock,) = shown["clocks"]
    assert (clock["standard"], clock["limit"], clock["start_on"]) == ("CAMHS-28", 28, "2025-02-03")
    assert sum(clock["days_of"].values()) == clock["days"]
    what = [e["what"] for e in shown["entries"]]
    assert {"received", "acknowledged", "was_not_brought"} <= set(what)
    assert "needs" in entry_of(school, TO_CAMHS, "opened")["details"]
    assert "first_contact" in shown["possible"]
    # an auditor reads codes and days, no words and no names
    audited = authority.get(f"/referrals/{TO_CAMHS}")
    assert audited.status_code == 200
    for word in ("Siân", "Gŵyn", "cysgu", "secretary"):
        assert word not in audited.text
    assert audited.json["possible"] == []
    again = board.get(
        f"/referrals/{TO_CAMHS}", If_None_Match=board.get(f"/referrals/{TO_CAMHS}").headers["ETag"]
    )
    assert again.status_code == 304


def test_referring_and_answering(school: ApiClient, board: ApiClient) -> None:
    referral = begin(school)
    shown = school.get(f"/referrals/{referral}").json
    assert shown["phase"] == "submitted"
    assert "reason" in entry_of(board, referral, "opened")["details"]
    for milestone, more in (
        ("received", {}),
        ("acknowledged", {}),
        ("waiting_list_reviewed", {"note": "Still the tenth in turn."}),
        (
            "appointment_offered",
            {
                "offered_1": "2025-04-20",
                "offered_1_at": "10:30",
                "offered_2": "2025-04-22",
                "offered_2_at": "14:00",
            },
        ),
    ):
        assert say(board, referral, milestone, **more).status_code == 201, milestone
    (offer,) = board.get(f"/referrals/{referral}").json["offers"]
    # by the clock in Wales, in summer time; an instant is the same in any zone
    assert offer["times"][0].startswith("2025-04-20T10:30:00+01:00")
    answered = say(school, referral, "appointment_answered", answer="accepted", chosen="2025-04-22T13:00:00Z")
    assert answered.status_code == 201, answered.text
    assert (
        entry_of(school, referral, "appointment_answered")["details"]["appointment"] == offer["appointment"]
    )
    seen = say(board, referral, "first_contact", occurred_on="2025-04-22", appointment=offer["appointment"])
    assert seen.status_code == 201
    assert board.get(f"/referrals/{referral}").headers["ETag"] == seen.headers["ETag"]
    assert board.get(f"/referrals/{referral}").json["phase"] == "first_contact"


def test_an_answer_sent_twice_acts_once(board: ApiClient, school: ApiClient) -> None:
    referral = begin(school)
    path = f"/referrals/{referral}"
    old, typed = board.get(path).headers["ETag"], {"milestone": "received", "occurred_on": "2025-04-02"}
    first = board.post(f"{path}/milestones", typed, match=old, key=f"r-{referral}")
    again = board.post(f"{path}/milestones", typed, match=old, key=f"r-{referral}")
    assert first.status_code == again.status_code == 201
    assert first.json == again.json
    assert [e["what"] for e in board.get(path).json["entries"]].count("received") == 1
    late = board.post(
        f"{path}/milestones", {"milestone": "acknowledged", "occurred_on": "2025-04-02"}, match=old
    )
    problem(late, 412, "overtaken")
    assert late.headers["ETag"] == first.headers["ETag"]


def test_the_school_reports_and_the_agency_answers(board: ApiClient, school: ApiClient) -> None:
    referral = begin(school)
    bare = say(school, referral, "received")
    assert fields(problem(bare, 422, "not_as_described")) == {
        "reported_by": "missing",
        "reported_how": "missing",
        "reported_on": "missing",
    }
    told = {"reported_by": "Yr ysgrifenyddes", "reported_how": "telephone", "reported_on": "2025-04-03"}
    assert say(school, referral, "received", **told).status_code == 201
    assert say(school, referral, "acknowledged", occurred_on="2025-04-03", **told).status_code == 201
    own = say(board, referral, "triaged", **told)
    assert fields(problem(own, 422, "not_as_described"))["reported_by"] == "not_reported"
    first, second = (entry_of(board, referral, what) for what in ("received", "acknowledged"))
    assert first["may"] == ["confirm", "contest"]
    path = f"/referrals/{referral}"

    def answer(who: ApiClient, entry: int, how: str, typed: dict[str, Any]) -> Any:
        return who.post(f"{path}/entries/{entry}/{how}", typed, match=who.get(path).headers["ETag"])

    assert answer(board, first["entry"], "confirm", {}).status_code == 201
    problem(answer(board, second["entry"], "contest", {}), 422, "not_as_described")
    contested = answer(board, second["entry"], "contest", {"why": "On the 5th.", "says_on": "2025-04-05"})
    assert contested.status_code == 201
    assert entry_of(school, referral, "received")["standing"] == "confirmed"
    assert entry_of(school, referral, "acknowledged")["standing"] == "contested"
    problem(answer(school, first["entry"], "confirm", {}), 404, "not_found")
    problem(answer(board, 10**9, "confirm", {}), 404, "not_found")


def test_correcting_and_striking(board: ApiClient, school: ApiClient) -> None:
    referral = begin(school)
    path = f"/referrals/{referral}"
    say(board, referral, "received")
    say(board, referral, "acknowledged")

    def do(who: ApiClient, entry: int, how: str, **typed: Any) -> Any:
        return who.post(f"{path}/entries/{entry}/{how}", typed, match=who.get(path).headers["ETag"])

    wrong = entry_of(board, referral, "received")["entry"]
    typed = {"milestone": "received", "occurred_on": "2025-04-01"}
    problem(do(board, wrong, "correct", **typed), 422, "not_as_described")
    problem(
        do(board, wrong, "correct", why="x", **typed | {"milestone": "accepted"}), 422, "not_as_described"
    )
    problem(do(school, wrong, "correct", why="x", **typed), 404, "not_found")
    assert do(board, wrong, "correct", why="A day earlier.", **typed).status_code == 201
    assert board.get(path).json["received_on"] == "2025-04-01"
    problem(do(board, wrong, "strike", why="x"), 422, "entry_superseded")
    struck = entry_of(board, referral, "acknowledged")["entry"]
    assert do(board, struck, "strike", why="Of another child.").status_code == 201
    assert board.get(path).json["phase"] == "received"


def test_unavailable_and_danger(board: ApiClient, school: ApiClient) -> None:
    referral = begin(school)
    say(board, referral, "received")
    etag = board.get(f"/referrals/{referral}").headers["ETag"]
    away = {"from_on": "2025-04-05", "until": "2025-04-20"}
    assert board.post(f"/referrals/{referral}/unavailable", away, match=etag).status_code == 201
    told = {"told": ["crisis_team"], "told_on": "2025-04-06", "told_at": "09:30", "concern": "Yn y ddesg."}
    answer = board.post(f"/referrals/{referral}/immediate-risk", told)
    assert answer.status_code == 201, answer.text
    assert board.get(f"/referrals/{referral}").json["immediate_risk"] is True
    late = board.post(f"/referrals/{referral}/immediate-risk", told | {"told_on": "2100-01-01"})
    assert fields(problem(late, 422, "in_the_future")) == {"told_at": "in_the_future"}


@pytest.mark.parametrize(
    ("wrong", "field", "code"),
    [
        ({"immediate_risk": None}, "immediate_risk", "missing"),
        ({"immediate_risk": "no"}, "immediate_risk", "wrong_type"),
        ({"immediate_risk": True}, "told", "missing"),
        ({"reason": ""}, "reason", "missing"),
        ({"reason": "x" * 4001}, "reason", "too_long"),
        ({"sent_on": "2025-02-30"}, "sent_on", "no_such_day"),
        ({"service": str(uuid4())}, "service", "not_offered"),
        ({"service": "CAMHS"}, "service", "not_an_id"),
        ({"priority": "whenever"}, "priority", "not_offered"),
        ({"legal_route": "historical_record"}, "legal_route", "not_offered"),
        ({"giver": str(uuid4()), "agreement": "given"}, "giver", "not_offered"),
        ({"copied_from": str(uuid4())}, "copied_from", "not_offered"),
        ({"on_behalf_of": str(BOARD)}, "on_behalf_of", "unknown_field"),
    ],
)
def test_what_is_wrong_with_a_referral(
    school: ApiClient, wrong: dict[str, Any], field: str, code: str
) -> None:
    typed = {**REFER, **GIVEN, "pupil": str(PUPIL), "service": str(CAMHS)} | wrong
    assert fields(problem(school.post("/referrals", typed), 422, "not_as_described"))[field] == code


def test_who_may_refer_whom(
    school: ApiClient, other_school: ApiClient, board: ApiClient, authority: ApiClient
) -> None:
    typed = {**REFER, **GIVEN, "pupil": str(PUPIL), "service": str(CAMHS)}
    for who in (other_school, board, authority):
        problem(who.post("/referrals", typed), 404, "not_found")
    problem(authority.post(f"/referrals/{TO_CAMHS}/milestones", {}, match='"1"'), 422, "not_as_described")
    typed = {"milestone": "received", "occurred_on": "2025-04-01"}
    problem(authority.post(f"/referrals/{TO_CAMHS}/milestones", typed, match='"1"'), 404, "not_found")
    problem(other_school.post(f"/referrals/{TO_CAMHS}/milestones", typed, match='"1"'), 404, "not_found")


def test_kept_until_somebody_agrees(school: ApiClient, board: ApiClient) -> None:
    typed = {
        **REFER,
        "pupil": str(SECOND),
        "service": str(THERAPY),
        "agreement": "without",
    }
    needs = school.post("/referrals", typed)
    assert set(fields(problem(needs, 422, "not_as_described"))) == {"override", "override_reason"}
    asked = school.post("/referrals", typed | {"agreement": "ask", "asked": "pupil"})
    assert asked.status_code == 201, asked.text
    referral = asked.json["referral"]
    assert school.get(f"/referrals/{referral}").json["phase"] == "decided"
    problem(board.get(f"/referrals/{referral}"), 404, "not_found")
    etag = school.get(f"/referrals/{referral}").headers["ETag"]
    sending = {"sent_on": "2025-04-03", "agreement": "given", "giver": "young_person", "route": "verbal"}
    sent = school.post(f"/referrals/{referral}/send", sending | {"agreed_on": "2025-04-03"}, match=etag)
    assert sent.status_code == 201, sent.text
    assert board.get(f"/referrals/{referral}").status_code == 200


def test_the_record_says_it_came_from_a_system(board: ApiClient, school: ApiClient) -> None:
    referral = begin(school)
    say(board, referral, "received")
    entry = entry_of(school, referral, "received")
    assert (entry["source"], entry["organisation"], entry["on_behalf_of"]) == ("api", str(BOARD), None)


def test_a_milestone_that_cannot_be(board: ApiClient, school: ApiClient) -> None:
    referral = begin(school)
    say(board, referral, "received")
    for milestone, more, status, code in (
        ("submitted", {}, 422, "not_as_described"),
        ("nonsense", {}, 422, "not_as_described"),
        ("accepted", {"occurred_on": "2100-01-01"}, 422, "in_the_future"),
        ("accepted", {"occurred_on": "2025-03-01"}, 422, "impossible_order"),
        ("declined", {}, 422, "cannot_be_empty"),
        ("declined", {"reason": "other"}, 422, "other_needs_words"),
        ("was_not_brought", {}, 422, "no_appointment_that_day"),
        ("could_not_attend", {}, 422, "which_appointment"),
        ("declined", {"reason": "no_such_reason"}, 422, "not_as_described"),
        ("appointment_offered", {}, 422, "not_as_described"),
        (
            "appointment_offered",
            {"offered_1": "2025-05-01", "offered_1_at": "25:00"},
            422,
            "not_as_described",
        ),
        ("redirected", {"to_service": str(uuid4())}, 422, "not_as_described"),
        ("received", {"to_service": str(CAMHS)}, 422, "not_as_described"),
    ):
        problem(say(board, referral, milestone, **more), status, code)


def test_an_outcome_may_say_that_its_appointment_is_not_on_record(
    board: ApiClient, school: ApiClient
) -> None:
    referral = begin(school)
    say(board, referral, "received")
    assert say(board, referral, "was_not_brought", appointment="none").status_code == 201
    details = entry_of(board, referral, "was_not_brought")["details"]
    assert details["no_appointment_on_record"] is True


def test_a_page_says_that_it_was_a_system(
    board: ApiClient, school: ApiClient, running: RunningService
) -> None:
    referral = begin(school)
    say(board, referral, "received")
    alnco = browser(running, "alnco")
    page = alnco.get(f"/pupils/{PUPIL}/referrals/{referral}").text
    assert "Dyffryn Health Board (the organisation’s own system), through the API" in page
    assert "no longer named" not in page


def test_a_second_referral_to_a_service_is_intended(school: ApiClient) -> None:
    begin(school)
    typed = {**REFER, "pupil": str(PUPIL), "service": str(THERAPY)}
    del typed["second_referral"]
    for said in ({}, {"second_referral": False}):
        refused = school.post("/referrals", {**typed, **said})
        problem(refused, 422, "second_open_referral")
    assert school.post("/referrals", {**typed, "second_referral": True}).status_code == 201
