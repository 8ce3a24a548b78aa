"""Meetings through the API: planned, answered, held, minuted, final; what an agency sees and says of them."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any
from uuid import uuid4

import psycopg
import pytest

from coordination.calendars import local_date
from tests.county import ALNCO, BOARD, CAMHS, HEAD, PSYCHOLOGY, PUPIL, SCHOOL
from tests.projections.casework import FOR_CAMHS, MEETING, MINUTE
from tests.webui.api.conftest import ApiClient, fields, problem, program
from tests.webui.service import RunningService


@pytest.fixture
def today(running: RunningService) -> date:
    return local_date(running.clock())


def does(who: ApiClient, path: str, shown: str | None = None, **typed: Any) -> Any:
    """Records something, with the ETag of `shown` as it is now; the ids of what came about."""
    match = who.get(shown).headers["ETag"] if shown else None
    answer = who.post(path, typed, match=match)
    assert answer.status_code == 201, (path, answer.text)
    return answer.json


def planned(school: ApiClient, held_on: date, **more: Any) -> str:
    """A meeting with CAMHS invited; its path."""
    made = does(school, "/meetings", held_on=held_on.isoformat(), starts_at="13:30", chair=str(HEAD), **more)
    path = f"/meetings/{made['meeting']}"
    does(school, f"{path}/invitations", party=str(CAMHS), asked="whole")
    return path


def test_a_meeting_from_its_plan_to_its_end(
    school: ApiClient, board: ApiClient, running: RunningService, today: date
) -> None:
    path = planned(school, today, name="Hwb Tachwedd", place="Llyfrgell", quorum=2)
    item = does(school, f"{path}/items", pupil=str(PUPIL), services=[str(CAMHS)], confirmed=True)["item"]
    does(school, f"{path}/agenda-sent", path)
    # the agency answers for itself
    [seat] = board.get(path).json["seats"]
    assert (seat["party"], seat["expected"], seat["because"]) == (str(CAMHS), False, "no_terms")
    asked = f"{path}/invitations/{CAMHS}"
    does(board, f"{asked}/answer", asked, answer="attending")
    shown = school.get(path).json
    assert (shown["name"], shown["place"], shown["starts_at"]) == ("Hwb Tachwedd", "Llyfrgell", "13:30")
    assert (shown["seats"][0]["answer"], shown["seats"][0]["own_word"]) == ("attending", True)
    assert (shown["agenda"][0]["forename"], shown["agenda"][0]["minute"]) == ("Siân", None)
    # held: the register, the minute, an action
    early = problem(
        school.post(f"{path}/finalise", {}, match=school.get(path).headers["ETag"]), 422, "not_complete"
    )
    assert fields(early) == {"register": "nobody_present"}
    line = f"{path}/register/{CAMHS}"
    assert school.get(line).json["mark"] is None
    does(school, line, line, mark="late", arrived="13:45")
    does(school, f"{path}/register/{ALNCO}", f"{path}/register/{ALNCO}", mark="attended")
    said = {
        "discussion": "Mae’n cysgu’n well.",
        "decision": "CAMHS sees her again.",
        "services_present": [str(CAMHS)],
    }
    dissent = [{"service": str(CAMHS), "text": "Weekly, not monthly."}]
    minute = does(school, f"{path}/items/{item}/minute", **said, dissent=dissent)["minute"]
    action = does(school, f"{path}/items/{item}/actions", what="Offer a day")["action"]
    refused = school.post(f"{path}/finalise", {}, match=school.get(path).headers["ETag"])
    found = problem(refused, 422, "not_complete")
    assert [(e["field"], e["code"]) for e in found["errors"]] == [
        (f"actions/{action}", "action_without_owner"),
        (f"actions/{action}", "action_without_due_date"),
    ]
    settled = f"{path}/actions/{action}"
    due = (today + timedelta(days=14)).isoformat()
    does(school, f"{settled}/settle", settled, owner_service=str(CAMHS), due_on=due)
    does(school, f"{path}/finalise", path)
    assert school.get(path).json["stage"] == "to_approve"
    # whoever was in the room reads the minute, and says that the action is done
    read = board.get(f"{path}/minutes/{minute}").json["versions"]
    assert (read[0]["discussion"], read[0]["dissent"]) == (said["discussion"], dissent)
    assert action in [one["action"] for one in board.get("/actions?per_page=200").json["items"]]
    does(
        board, f"/actions/{action}/complete", f"/actions/{action}", done_on=today.isoformat(), how="Offered."
    )
    assert school.get(f"/actions/{action}").json["phase"] == "completed"
    corrected_afterwards(school, path, line, minute, said)
    assert len(board.get(f"{path}/minutes/{minute}").json["versions"]) == 2
    stale = school.get(path).headers["ETag"]
    does(school, f"{path}/approve", path)
    assert school.get(path).json["stage"] == "approved"
    problem(school.post(f"{path}/approve", {}, match=stale), 412, "overtaken")
    assert noted_purpose(running, board) == ("was_present",)


def noted_purpose(running: RunningService, reader: ApiClient) -> tuple[str] | None:
    """Why somebody read a minute, as the log of reading has it."""
    query = "select purpose from desk.read_log where person = %s and kind = 'minute'"
    with psycopg.connect(running.database) as conn:
        return conn.execute(query, (reader.token.token,)).fetchone()


def corrected_afterwards(school: ApiClient, path: str, line: str, minute: str, said: dict[str, Any]) -> None:
    """What was written is corrected beside what stood."""
    unsaid = school.post(line, {"mark": "attended"}, match=school.get(line).headers["ETag"])
    assert fields(problem(unsaid, 422, "cannot_be_empty")) == {"why": "cannot_be_empty"}
    does(school, line, line, mark="attended", why="She was there from the beginning.")
    assert [m["mark"] for m in school.get(line).json["markings"]] == ["late", "attended"]
    does(
        school,
        f"{path}/minutes/{minute}/correct",
        f"{path}/minutes/{minute}",
        **said,
        why="A name was wrong.",
    )


def test_what_was_seen_and_what_was_asked_before(school: ApiClient, board: ApiClient, today: date) -> None:
    held_on = today + timedelta(days=30)
    body = {"held_on": held_on.isoformat(), "kind": "hwb"}
    made = school.post("/meetings", body, key="k-meeting")
    again = school.post("/meetings", body, key="k-meeting")
    assert (again.json, again.headers["Idempotency-Replayed"]) == (made.json, "true")
    problem(
        school.post("/meetings", body | {"kind": "other"}, key="k-meeting"), 422, "idempotency_key_reused"
    )
    path = made.headers["Location"].removeprefix("/api/v1")
    does(school, f"{path}/invitations", party=str(CAMHS), asked="whole")
    asked = f"{path}/invitations/{CAMHS}"
    old = board.get(asked).headers["ETag"]
    problem(board.post(f"{asked}/answer", {"answer": "apologies"}), 428, "if_match_missing")
    told = {"answer": "attending", "way": "telephone", "said_on": today.isoformat()}
    does(school, f"{asked}/reported-answer", asked, **told)
    late = board.post(f"{asked}/answer", {"answer": "apologies"}, match=old)
    problem(late, 412, "overtaken")
    assert late.headers["ETag"] == board.get(asked).headers["ETag"]
    for answer in ("substitute", "written_contribution", "apologies"):
        does(board, f"{asked}/answer", asked, answer=answer)
    stands = problem(
        school.post(f"{asked}/reported-answer", told, match=school.get(asked).headers["ETag"]),
        422,
        "own_word_stands",
    )
    assert fields(stands) == {"answer": "own_word_stands"}
    items = f"{path}/items"
    item = f"{items}/{does(school, items, pupil=str(PUPIL), confirmed=False)['item']}"
    assert school.get(item).json["confirmed"] is False
    seen = school.get(item).headers["ETag"]
    does(school, f"{item}/confirm", item)
    problem(school.post(f"{item}/remove", {}, match=seen), 412, "overtaken")
    does(school, f"{item}/remove", item)
    problem(school.get(item), 404, "not_found")
    does(school, f"{path}/chair", path, chair=str(ALNCO))
    assert (school.get(path).json["agenda"], school.get(path).json["chair"]) == ([], str(ALNCO))
    before = school.get(path).headers["ETag"]
    does(school, f"{path}/move", path, held_on=(held_on + timedelta(days=7)).isoformat(), why="Snow.")
    problem(school.post(f"{path}/cancel", {}, match=before), 412, "overtaken")
    following = does(
        school, "/meetings", held_on=(held_on + timedelta(days=60)).isoformat(), after=made.json["meeting"]
    )
    assert school.get(f"/meetings/{following['meeting']}").json["series"] == school.get(path).json["series"]
    does(school, f"{path}/cancel", path, why="Snow again.")
    assert school.get(path).json["stage"] == "cancelled"


def test_the_lists(
    school: ApiClient, board: ApiClient, other_school: ApiClient, authority: ApiClient
) -> None:
    mine = school.get("/meetings?to_on=2025-12-31").json
    assert (mine["total"], mine["items"][0]["meeting"]) == (1, str(MEETING))
    assert board.get(f"/meetings?service={CAMHS}&to_on=2025-12-31").json["total"] == 1
    assert len(school.get("/meetings?per_page=1").json["items"]) == 1
    assert school.get("/meetings?page=1000000000").json["items"] == []
    for who in (other_school, authority):
        assert who.get("/meetings").json["items"] == []
        assert who.get("/actions").json["items"] == []
    assert str(FOR_CAMHS) in board.get("/actions?due_to=2025-12-31").text
    wrong = problem(school.get("/meetings?from_on=2025-02-30"), 422, "not_as_described")
    assert fields(wrong) == {"from_on": "no_such_day"}


@pytest.mark.parametrize(
    ("path", "sent", "code", "field", "why"),
    [
        ("", {"held_on": "2025-02-30"}, "not_as_described", "held_on", "no_such_day"),
        ("", {"starts_at": "25:00"}, "not_as_described", "starts_at", "no_such_time"),
        ("", {"chair": str(uuid4())}, "not_as_described", "chair", "not_offered"),
        ("", {"kind": "party"}, "not_as_described", "kind", "not_offered"),
        ("", {"name": "x" * 81}, "not_as_described", "name", "too_long"),
        ("", {"school": str(SCHOOL)}, "not_as_described", "school", "unknown_field"),
        ("/items", {"services": ["CAMHS"]}, "not_as_described", "services", "not_an_id"),
        ("/items", {"confirmed": "yes"}, "not_as_described", "confirmed", "wrong_type"),
        ("/items", {"services": [str(uuid4())]}, "unknown_service", "services", "unknown_service"),
        ("/invitations", {"party": str(uuid4())}, "unknown_person", "party", "unknown_person"),
        ("/invitations", {"asked": "perhaps"}, "not_as_described", "asked", "not_offered"),
        (
            "/minute",
            {"dissent": [{"service": "CAMHS", "text": "No."}]},
            "not_as_described",
            "dissent",
            "not_an_id",
        ),
        ("/minute", {"dissent": {}}, "not_as_described", "dissent", "wrong_type"),
        ("/minute", {"discussion": None}, "cannot_be_empty", "discussion", "cannot_be_empty"),
        ("/minute", {"services_present": [str(PSYCHOLOGY)]}, "service_not_present", "services_present", ""),
    ],
)
def test_what_is_refused(
    school: ApiClient, today: date, path: str, sent: dict[str, Any], code: str, field: str, why: str
) -> None:
    usual: dict[str, dict[str, Any]] = {
        "": {"held_on": today.isoformat()},
        "/items": {"pupil": str(PUPIL), "confirmed": True},
        "/invitations": {"party": str(CAMHS), "asked": "whole"},
        "/minute": {"discussion": "Nothing new."},
    }
    meeting = (
        f"/meetings/{does(school, '/meetings', held_on=today.isoformat())['meeting']}"
        if path
        else "/meetings"
    )
    where = meeting + path
    if path == "/minute":
        where = f"{meeting}/items/{does(school, f'{meeting}/items', **usual['/items'])['item']}/minute"
    refused = problem(school.post(where, usual[path] | sent), 422, code)
    assert fields(refused) == {field: why or code}


def test_what_is_not_theirs(
    school: ApiClient,
    board: ApiClient,
    other_school: ApiClient,
    education: ApiClient,
    authority: ApiClient,
    running: RunningService,
) -> None:
    path = f"/meetings/{MEETING}"
    nobodys = problem(school.get(f"/meetings/{uuid4()}"), 404, "not_found")
    for who in (other_school, education, authority):
        assert problem(who.get(path), 404, "not_found") == nobodys
        assert problem(who.get(f"{path}/minutes/{MINUTE}"), 404, "not_found") == nobodys
        assert problem(who.post(f"{path}/cancel", {}, match='"1"'), 404, "not_found") == nobodys
        assert problem(who.get(f"/actions/{FOR_CAMHS}"), 404, "not_found") == nobodys
        assert problem(who.get(f"{path}/register/{CAMHS}"), 404, "not_found") == nobodys
    # a draft is the school's alone until it is finalised, whoever was there
    assert problem(board.get(f"{path}/minutes/{MINUTE}"), 404, "not_found") == nobodys
    tag = board.get(path).headers["ETag"]
    line = f"{path}/register/{CAMHS}"
    for where, sent, match in (
        (f"{path}/cancel", {}, tag),
        (f"{path}/invitations", {"party": str(CAMHS), "asked": "whole"}, None),
        (line, {"mark": "absent"}, board.get(line).headers["ETag"]),
        ("/meetings", {"held_on": "2026-12-01"}, None),
    ):
        assert problem(board.post(where, sent, match=match), 404, "not_found") == nobodys
    foreign = {"pupil": str(uuid4()), "confirmed": True}
    assert problem(school.post(f"{path}/items", foreign), 404, "not_found") == nobodys
    narrow = program(running, BOARD, "meetings:read")
    problem(narrow.post(f"/actions/{FOR_CAMHS}/complete", {}, match='"1"'), 403, "scope_missing")
