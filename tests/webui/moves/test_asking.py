"""Asking for a pupil of another school, on the page and through the API: the same reply for right and wrong details."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from typing import Any
from uuid import UUID

import psycopg
import pytest

from coordination.intake.file_requests import carry_out_requests, escalate_requests
from coordination.pupil.casefile import PUPIL_STREAM
from tests.county import BOARD, OTHER_SCHOOL, PUPIL, SCHOOL, UPN, at
from tests.projections.casework import SECOND_UPN, TO_CAMHS, RecordedCase
from tests.webui.api.conftest import program
from tests.webui.every_form import pages
from tests.webui.referring import browser, case_on, form_in, page_of, send, settled
from tests.webui.service import RunningService

RIGHT = {"forename": "Siân", "surname": "Gŵyn-Llŷr", "date_of_birth": date(2011, 5, 20), "sex": "F"}
WRONG = {"forename": "Nemo", "surname": "Nobody", "date_of_birth": date(2009, 9, 9), "sex": "M"}


def number(body: str) -> str:
    from stdnum.gb import upn

    return str(upn.calc_check_digit(body)) + body


UNKNOWN = number("699400125099")
"""A number of Ysgol y Bryn that nobody has."""
OF_EACH_REQUEST = {"Date", "Set-Cookie", "Content-Length", "X-Request-ID", "RateLimit"}
"""Headers that are different in any two answers: ids, lengths of what was typed, how many requests are left."""


@pytest.fixture
def case(service: RunningService) -> Iterator[RecordedCase]:
    with case_on(service) as told:
        yield told


def carried_out(service: RunningService, case: RecordedCase) -> None:
    """What the worker does within a second."""
    carry_out_requests(case.service, now=service.clock())
    settled(service, case.service)


def plain(text: str) -> str:
    """Without what differs between any two answers: ids, tokens, nonces and what was typed."""
    text = re.sub(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}", "ID", text)
    return re.sub(r'(csrf_token" value=|nonce=)"[^"]+"', r"\1", text)


def headers(answer: Any) -> dict[str, str]:
    known = {name: plain(value) for name, value in answer.headers.items()}
    return {name: value for name, value in known.items() if name not in OF_EACH_REQUEST}


def reading(service: RunningService) -> list[tuple[str, int]]:
    """The kinds in the read log, each with how many ids, newest last."""
    with psycopg.connect(service.database) as conn:
        rows = conn.execute(
            "select kind, cardinality(ids) from desk.read_log where organisation = %s order by entry",
            (OTHER_SCHOOL,),
        ).fetchall()
    return [(str(kind), int(count)) for kind, count in rows]


def asks_on_page(service: RunningService, typed: dict[str, Any], upn: str) -> tuple[Any, Any, list[Any]]:
    """The answer to the form, the page it leads to, and the read log of both."""
    client = browser(service, "other-alnco")
    form = form_in(client.get("/pupils/register").text)
    before = len(reading(service))
    answer = send(client, "/pupils/register", form, upn=upn, **typed)
    page = client.get(answer.location)
    return answer, page, reading(service)[before:]


def bare(page: Any, typed: dict[str, Any], upn: str) -> str:
    text = plain(page.text)
    for word in (upn, typed["forename"], typed["surname"]):
        text = text.replace(word, "TYPED")
    return re.sub(r"\d{1,2} [A-Z][a-z]+ \d{4}( at \d\d:\d\d)?", "DAY", text)


def test_right_and_wrong_details_get_the_same_page(case: RecordedCase, service: RunningService) -> None:
    known = asks_on_page(service, RIGHT, UPN)
    wrong = asks_on_page(service, WRONG, SECOND_UPN)
    for one in (known, wrong):
        assert one[0].status_code == 303
        assert re.fullmatch(r"/pupils/asked/[0-9a-f-]{36}", one[0].location)
    assert plain(known[0].text) == plain(wrong[0].text)
    assert headers(known[0]) == headers(wrong[0])
    assert bare(known[1], RIGHT, UPN) == bare(wrong[1], WRONG, SECOND_UPN)
    assert headers(known[1]) == headers(wrong[1])
    assert known[2] == wrong[2]
    carried_out(service, case)
    client = browser(service, "other-alnco")
    after = [client.get(one[0].location) for one in (known, wrong)]
    assert bare(after[0], RIGHT, UPN) == bare(after[1], WRONG, SECOND_UPN)
    assert "Bryn" not in after[0].text


def body(typed: dict[str, Any], upn: str) -> dict[str, Any]:
    return {
        **{name: value for name, value in typed.items() if name != "date_of_birth"},
        "date_of_birth": typed["date_of_birth"].isoformat(),
        "upn": upn,
        "occurred_on": "2025-03-03",
    }


def test_right_wrong_and_unknown_get_the_same_answer_from_the_api(
    case: RecordedCase, service: RunningService
) -> None:
    system = program(service, OTHER_SCHOOL)
    asked = [(RIGHT, UPN), (WRONG, SECOND_UPN), (WRONG, UNKNOWN)]
    kinds, answers = [], []
    for typed, upn in asked:
        before = len(reading(service))
        answers.append(system.post("/pupils", body(typed, upn)))
        kinds.append(reading(service)[before:])
    assert [a.status_code for a in answers] == [202, 202, 202]
    assert {plain(a.text) for a in answers} == {'{"request":"ID"}'}
    assert headers(answers[0]) == headers(answers[1]) == headers(answers[2])
    assert kinds[0] == kinds[1] == kinds[2]
    shown = [system.get(f"/file-requests/{a.json['request']}") for a in answers]
    assert {plain(a.text) for a in shown} == {'{"request":"ID","state":"waiting"}'}
    carried_out(service, case)
    shown = [system.get(f"/file-requests/{a.json['request']}").json["state"] for a in answers]
    assert shown == ["waiting", "waiting", "answered"]
    other = program(service, SCHOOL)
    assert other.get(f"/file-requests/{answers[0].json['request']}").status_code == 404


def test_the_same_request_twice_is_one(case: RecordedCase, service: RunningService) -> None:
    system = program(service, OTHER_SCHOOL)
    first = system.post("/pupils", body(RIGHT, UPN), key="once")
    assert system.post("/pupils", body(RIGHT, UPN), key="once").json == first.json
    assert system.post("/pupils", body(WRONG, UPN)).json == first.json
    carried_out(service, case)
    assert system.post("/pupils", body(RIGHT, UPN)).json == first.json
    moves = case.service.batch().state(PUPIL_STREAM, PUPIL).moves
    assert list(moves.requests) == [UUID(first.json["request"])]


def test_a_request_is_answered_on_the_other_schools_today(
    case: RecordedCase, service: RunningService
) -> None:
    answer, _page, _log = asks_on_page(service, RIGHT, UPN)
    carried_out(service, case)
    old = browser(service, "alnco")
    today = old.get("/today").text
    assert "Requests for a file" in today and "Ysgol y Cwm" in today
    address = re.search(rf"/pupils/{PUPIL}/file-requests/[0-9a-f-]+", today)
    assert address is not None
    page = old.get(address[0])
    assert "What the other school entered" in page.text
    assert "Different" not in page.text
    released = send(old, address[0], form_in(page.text), answer="released", occurred_on=date(2026, 11, 30))
    assert released.location == "/today"
    settled(service, case.service)
    assert old.get(f"/pupils/{PUPIL}").status_code == 404
    assert "Records that follow a pupil" in old.get("/today").text
    record = f"/pupils/{PUPIL}/records/{SCHOOL}"
    page = old.get(record)
    sent = send(old, record + "/transfer-file", form_in(page.text, "csrf_token", "transfer-file"))
    assert sent.headers["Content-Disposition"] == 'attachment; filename="6994001_CTF_6994002_001.xml"'
    assert "<Surname>Gŵyn-Llŷr</Surname>" in sent.text
    marked = send(old, record, form_in(page.text), parts=["transfer_file"], occurred_on=date(2026, 11, 30))
    assert marked.location == "/today"
    settled(service, case.service)
    assert "Records that follow a pupil" not in old.get("/today").text
    assert old.post(record + "/transfer-file").status_code in (400, 404)
    new = browser(service, "other-alnco")
    assert "Siân Gŵyn-Llŷr" in new.get(f"/pupils/{PUPIL}").text
    assert "This request has been answered." in new.get(answer.location).text
    assert "You are not waiting for any file." in new.get("/pupils/asked").text


def test_a_wrong_answer_is_shown_with_its_reason(case: RecordedCase, service: RunningService) -> None:
    asks_on_page(service, WRONG, UPN)
    carried_out(service, case)
    old = browser(service, "alnco")
    address = re.search(rf"/pupils/{PUPIL}/file-requests/[0-9a-f-]+", old.get("/today").text)
    assert address is not None
    page = old.get(address[0])
    assert page.text.count("Different") == 4
    refused = send(old, address[0], form_in(page.text), answer="disputed")
    assert refused.status_code == 422
    disputed = send(old, address[0], form_in(page.text), answer="disputed", why="She still comes here.")
    assert disputed.status_code == 303
    settled(service, case.service)
    caseworker = browser(service, "caseworker")
    listed = caseworker.get("/caseworker").text
    assert "disputes the request" in listed
    page = caseworker.get(address[0])
    assert "We dispute the request" not in page.text
    assert send(caseworker, address[0], form_in(page.text), answer="not_this_pupil").status_code == 303
    settled(service, case.service)
    assert caseworker.get(f"/pupils/{PUPIL}").status_code == 404


def test_a_request_taken_back_is_over(case: RecordedCase, service: RunningService) -> None:
    answer, _page, _log = asks_on_page(service, RIGHT, UPN)
    carried_out(service, case)
    client = browser(service, "other-alnco")
    assert (
        send(client, answer.location, form_in(client.get(answer.location).text)).location == "/pupils/asked"
    )
    settled(service, case.service)
    assert "Requests for a file" not in browser(service, "alnco").get("/today").text


def test_emergency_access_shows_its_parts_and_is_reviewed(
    case: RecordedCase, service: RunningService
) -> None:
    answer, _page, _log = asks_on_page(service, RIGHT, UPN)
    carried_out(service, case)
    new = browser(service, "other-alnco")
    address = answer.location + "/emergency"
    form = form_in(new.get(address).text)
    assert send(new, address, form, why="").status_code == 422
    assert send(new, address, form, why="She fainted in class.").location == address
    settled(service, case.service)
    shown = new.get(address).text
    for said in ("Siân Gŵyn-Llŷr", "Mair Gŵyn", "Open referrals", UPN):
        assert said in shown, said
    for hidden in ("Agreement", "In their own words", "ASD"):
        assert hidden not in shown
    told = browser(service, "alnco").get("/today").text
    assert "Emergency access" in told and "Not reviewed yet" in told
    reviewer = browser(service, "safeguarding")
    listed = reviewer.get("/caseworker").text
    assert "She fainted in class." in listed
    review = re.search(r"/emergency-access/[0-9a-f-]+", listed)
    assert review is not None
    page = reviewer.get(review[0])
    assert (
        send(
            reviewer, review[0], form_in(page.text), finding="justified", why="Ambulance called."
        ).status_code
        == 303
    )
    settled(service, case.service)
    assert "Not reviewed yet" not in browser(service, "alnco").get("/today").text


def test_wrong_details_never_open_emergency_access(case: RecordedCase, service: RunningService) -> None:
    answer, _page, _log = asks_on_page(service, WRONG, UPN)
    carried_out(service, case)
    new = browser(service, "other-alnco")
    address = answer.location + "/emergency"
    refused = send(new, address, form_in(new.get(address).text), why="She fainted.")
    assert refused.status_code == 422
    assert "cannot be opened with these details" in refused.text
    assert not case.service.batch().state(PUPIL_STREAM, PUPIL).moves.emergencies


def test_a_confidential_request_leaves_no_trace_at_the_old_school(
    case: RecordedCase, service: RunningService
) -> None:
    before = browser(service, "alnco").get(f"/pupils/{PUPIL}/timeline").text.count("<li")
    confidential = RIGHT | {"confidential": "yes", "confidential_why": "The family is in a refuge."}
    asks_on_page(service, confidential, UPN)
    carried_out(service, case)
    old = browser(service, "alnco")
    assert "Ysgol y Cwm" not in old.get("/today").text
    assert old.get(f"/pupils/{PUPIL}/timeline").text.count("<li") == before
    reviewer = browser(service, "safeguarding")
    address = re.search(rf"/pupils/{PUPIL}/file-requests/[0-9a-f-]+", reviewer.get("/caseworker").text)
    assert address is not None
    assert browser(service, "caseworker").get(address[0]).status_code == 404
    assert old.get(address[0]).status_code == 404
    page = reviewer.get(address[0])
    assert "The family is in a refuge." in page.text
    released = send(
        reviewer, address[0], form_in(page.text), answer="released", occurred_on=date(2026, 11, 30)
    )
    assert released.status_code == 303
    settled(service, case.service)
    after = old.get("/today").text
    assert "Records that follow a pupil" in after and "Ysgol y Cwm" not in after
    record = re.search(rf"/pupils/{PUPIL}/records/[0-9a-f-]+", after)
    assert record is not None
    assert "Ysgol y Cwm" not in old.get(record[0]).text
    # nor does an agency learn it, on its page or through the API
    agency = browser(service, "clinician").get(page_of(TO_CAMHS))
    assert agency.status_code == 200 and "Ysgol y Cwm" not in agency.text
    shown = program(service, BOARD).get(f"/pupils/{PUPIL}")
    assert shown.json["schools"] == [] and str(OTHER_SCHOOL) not in shown.text
    # on no page that anyone outside the new school reaches does it stand beside the pupil
    names = ("Ysgol y Cwm", "6994002", str(OTHER_SCHOOL))
    for who in ("alnco", "clinician", "auditor", "caseworker"):
        for path, endpoint, answer in pages(service.app, browser(service, who)):
            if endpoint in ("transfers.propose", "transition.plan"):  # they offer every school
                continue
            if answer.mimetype != "text/html":  # a file
                continue
            of_pupil = str(PUPIL) in path or str(PUPIL) in answer.text or "Gŵyn-Llŷr" in answer.text
            assert not of_pupil or not any(name in answer.text for name in names), (who, path)


def test_after_five_working_days_the_caseworker_answers(case: RecordedCase, service: RunningService) -> None:
    asks_on_page(service, RIGHT, UPN)
    carried_out(service, case)
    assert escalate_requests(case.service, now=at(date(2026, 12, 8))) == 1
    settled(service, case.service)
    assert "did not answer within five working days" in browser(service, "caseworker").get("/caseworker").text
