"""Challenges through the API: from what gives ground for one to its end, by both sides."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from uuid import UUID, uuid4

import psycopg
import pytest

from coordination.challenge.commands import ApproveChallenge, RuleOnDispute
from coordination.service import Coordination
from tests.county import AUDITOR, CAMHS, HEAD, THERAPY, order
from tests.projections.hwb import meeting_id
from tests.webui.api.conftest import ApiClient, fields, problem, program
from tests.webui.referring import settled
from tests.webui.reports_county import TODAY, WAITS, reports_site
from tests.webui.service import RunningService

GROUNDS = "/challenges/grounds"


@pytest.fixture(scope="module")
def site(
    postgres: str, template: str, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[RunningService, Coordination]]:
    """A year of waits and meetings, in place of the one case."""
    with reports_site(postgres, template, tmp_path_factory.mktemp("challenges")) as found:
        yield found


@pytest.fixture
def county(site: tuple[RunningService, Coordination]) -> Coordination:
    return site[1]


def raised(school: ApiClient, **more: Any) -> str:
    """An attendance challenge to CAMHS; its path."""
    [ground] = school.get(f"{GROUNDS}/attendance").json["items"]
    answer = school.post("/challenges/attendance", {"service": str(CAMHS), "shown": ground["shown"]}, **more)
    assert answer.status_code == 201, answer.text
    return f"/challenges/{answer.json['challenge']}"


def approved(service: RunningService, county: Coordination, path: str) -> None:
    """The head teacher approves it at a screen."""
    county.perform(
        ApproveChallenge(challenge=UUID(path.rsplit("/", 1)[1]), occurred_on=TODAY), order(HEAD, TODAY)
    )
    settled(service, county)


def step(who: ApiClient, path: str, name: str, **typed: Any) -> Any:
    """A step with the ETag as it is now."""
    answer = who.post(f"{path}/{name}", typed, match=who.get(path).headers["ETag"])
    assert answer.status_code == 201, answer.text
    return answer


def withdrawn(school: ApiClient, path: str) -> None:
    step(school, path, "withdraw", why="Raised for a test.")


SEND = {"way": "letter", "sent_on": TODAY.isoformat(), "reply_working_days": 10}


def test_from_the_ground_to_the_end(
    school: ApiClient, board: ApiClient, running: RunningService, county: Coordination
) -> None:
    [ground] = school.get(f"{GROUNDS}/attendance").json["items"]
    assert (ground["service"], ground["kind"], ground["counted"]) == (str(CAMHS), "challenge", 2)
    assert {r["ground"] for r in ground["rebuttals"]} >= {"apologies"}
    path = raised(school, key="k-raise")
    assert raised(school, key="k-raise") == path
    mine = school.get(path)
    assert [line["raised"]["mark"] for line in mine.json["lines"]] == ["attended", "apologies", "absent"]
    assert (mine.json["phase"], mine.json["turns"]) == ("raised", ["to_approve"])
    # the agency hears of it when it was sent, and no program sends what no head teacher approved
    assert problem(board.get(path), 404, "not_found") == problem(
        board.get(f"/challenges/{uuid4()}"), 404, "not_found"
    )
    problem(school.post(f"{path}/send", SEND, match=mine.headers["ETag"]), 422, "out_of_order")
    assert "approve" not in mine.json["possible"]
    approved(running, county, path)
    problem(school.post(f"{path}/send", SEND, match=mine.headers["ETag"]), 412, "overtaken")
    step(school, path, "send", **SEND)
    assert board.get(path).json["reply_due_on"] == "2025-12-15"
    assert board.get("/challenges?part=mine").json["total"] == 1
    step(board, path, "acknowledge")
    disputed = step(
        board,
        path,
        "disputes",
        meeting=str(meeting_id(3)),
        claims="attended",
        why="We were there until the end.",
    )
    step(board, path, "reply", text="A deputy will come.\nPob hwyl.")
    whole = school.get(path).json
    assert [s["what"] for s in whole["steps"]][-3:] == ["acknowledged", "mark_disputed", "replied"]
    assert whole["steps"][-1]["text"] == "A deputy will come.\nPob hwyl."
    assert [d["dispute"] for d in whole["dispute_list"]] == [disputed.json["dispute"]]
    early = school.post(f"{path}/resolve", {"outcome": "date_agreed"}, match=school.get(path).headers["ETag"])
    problem(early, 422, "dispute_open")
    ruled(county, whole["challenge"], disputed.json["dispute"])
    settled(running, county)
    after = school.get(path).json
    assert (after["still_met"], after["dispute_list"][0]["reasons"]) == (
        False,
        "The visitors’ book has the name.",
    )
    assert [line["now"]["counts_as"] for line in after["lines"]] == ["attended", "apologies", "attended"]
    done = step(school, path, "resolve", outcome="record_corrected", note="Thank you.")
    assert done.headers["ETag"] == school.get(path).headers["ETag"]
    assert school.get(path).json["outcome"] == "record_corrected"
    problem(
        board.post(f"{path}/reply", {"text": "Late."}, match=done.headers["ETag"]), 422, "challenge_closed"
    )
    with psycopg.connect(running.database) as conn:
        noted = conn.execute(
            "select 1 from desk.read_log where person = %s and kind = 'challenge'", (board.token.token,)
        ).fetchone()
    assert noted


def ruled(county: Coordination, challenge: str, dispute: str) -> None:
    """The authority upholds a dispute."""
    ruling = RuleOnDispute(
        challenge=UUID(challenge),
        dispute=UUID(dispute),
        ruling="upheld",
        reasons="The visitors’ book has the name.",
        occurred_on=TODAY,
    )
    county.perform(ruling, order(AUDITOR, TODAY))


def test_about_waits(
    school: ApiClient, board: ApiClient, running: RunningService, county: Coordination
) -> None:
    [ground] = school.get(f"{GROUNDS}/delay").json["items"]
    assert (ground["service"], ground["standard"]) == (str(CAMHS), "CAMHS-28")
    assert [w["referral"] for w in ground["waits"]] == [str(WAITS)]
    body = {"service": str(CAMHS), "standard": "CAMHS-28", "waits": [str(WAITS).upper()]}
    wrong = problem(
        school.post("/challenges/delay", body | {"waits": [str(uuid4())]}), 422, "not_as_described"
    )
    assert fields(wrong) == {"waits": "not_offered"}
    answer = school.post("/challenges/delay", body)
    assert answer.status_code == 201, answer.text
    path = f"/challenges/{answer.json['challenge']}"
    [wait] = school.get(path).json["evidence_waits"]
    assert (wait["referral"], wait["elapsed"]) == (str(WAITS), 153)
    assert (
        school.get(f"{GROUNDS}/delay").json["items"][0]["waits"][0]["challenge"] == answer.json["challenge"]
    )
    approved(running, county, path)
    step(school, path, "send", **SEND)
    step(school, path, "report-reply", way="telephone", replied_on=TODAY.isoformat(), text="In January.")
    escalated = step(school, path, "escalate", why="No day is offered.", reply_working_days=5)
    assert school.get(path).json["level"] == "service_manager"
    assert escalated.headers["ETag"] == school.get(path).headers["ETag"]
    withdrawn(school, path)


def test_what_is_refused(school: ApiClient, board: ApiClient) -> None:
    path = "/challenges/attendance"
    [ground] = school.get(f"{GROUNDS}/attendance").json["items"]
    sent = {"service": str(CAMHS), "shown": ground["shown"]}
    for wrong, found in (
        ({"shown": "x"}, {"shown": "evidence_changed"}),
        ({"shown": None}, {"shown": "missing"}),
        ({"service": str(uuid4())}, {"service": "not_offered"}),
        ({"service": 7}, {"service": "not_text"}),
        ({"marks": []}, {"marks": "unknown_field"}),
    ):
        assert fields(problem(school.post(path, sent | wrong), 422, "not_as_described")) == found
    one = raised(school)
    again = problem(school.post(path, sent), 422, "not_as_described")
    assert fields(again) == {"service": "already_open"}
    tag = school.get(one).headers["ETag"]
    problem(school.post(f"{one}/withdraw", {"why": "No."}), 428, "if_match_missing")
    wrong_way = school.post(f"{one}/send", SEND | {"way": "pigeon"}, match=tag)
    assert fields(problem(wrong_way, 422, "not_as_described")) == {"way": "not_offered"}
    wrong_day = school.post(f"{one}/send", SEND | {"sent_on": "2025-02-30"}, match=tag)
    assert fields(problem(wrong_day, 422, "not_as_described")) == {"sent_on": "no_such_day"}
    problem(school.post(f"{one}/reply", {"text": "Not ours."}, match=tag), 422, "agency_only")
    withdrawn(school, one)
    key = "k-reused"
    assert school.post(f"{one}/withdraw", {"why": "No."}, match=tag, key=key).status_code == 412
    assert {line["phase"] for line in school.get("/challenges?part=ended").json["items"]} >= {"withdrawn"}
    assert len(school.get("/challenges?per_page=1").json["items"]) == 1
    assert school.get("/challenges?per_page=1&page=1000000000").json["total"] >= 1


def test_what_is_not_theirs(
    school: ApiClient,
    board: ApiClient,
    other_school: ApiClient,
    education: ApiClient,
    running: RunningService,
) -> None:
    one = raised(school)
    nobodys = problem(other_school.get(f"/challenges/{uuid4()}"), 404, "not_found")
    for who in (other_school, education, board):
        assert problem(who.get(one), 404, "not_found") == nobodys
        answer = who.post(f"{one}/withdraw", {"why": "No."}, match='"1"')
        assert problem(answer, 404, "not_found") == nobodys
        assert one.rsplit("/", 1)[1] not in who.get("/challenges?per_page=200").text
    # an agency raises nothing, and finds no ground for anything
    assert (
        problem(
            board.post("/challenges/attendance", {"service": str(THERAPY), "shown": "x"}), 404, "not_found"
        )
        == nobodys
    )
    assert board.get(f"{GROUNDS}/attendance").json["items"] == []
    assert other_school.get(f"{GROUNDS}/delay").json["items"] == []
    narrow = program(running, school.token.organisation, "challenges:read")
    problem(narrow.post(f"{one}/withdraw", {"why": "No."}, match='"1"'), 403, "scope_missing")
    withdrawn(school, one)
