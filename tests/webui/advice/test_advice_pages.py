"""Advice recorded on a page, answered at the service, linked to a pupil and a referral, counted; and by the API."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any
from uuid import UUID

import pytest

from tests.county import BOARD, CAMHS, PUPIL, SCHOOL
from tests.projections.casework import RecordedCase
from tests.webui.api.conftest import program
from tests.webui.referral.conftest import text
from tests.webui.referring import browser, case_on, form_in, send
from tests.webui.service import RunningService


@pytest.fixture
def case(service: RunningService) -> Iterator[RecordedCase]:
    with case_on(service) as told:
        yield told


def ask(client: Any, **typed: Any) -> Any:
    form = form_in(client.get("/advice/new").text, "channel")
    return send(client, "/advice/new", form, **typed)


def test_advice_is_asked_answered_linked_and_counted(case: RecordedCase, service: RunningService) -> None:
    """The two who speak, from both sides; nobody else finds it."""
    school, clinic = browser(service, "alnco"), browser(service, "clinician")
    assert ask(school, channel="clinic").status_code == 422, "no service"
    answer = ask(school, service="CAMHS", channel="call", question="Sut i helpu gyda chwsg?")
    assert answer.status_code == 303
    page = answer.location
    for client in (school, clinic):
        shown = client.get(page).text
        assert "Sut i helpu gyda chwsg?" in shown
        assert "Not named" in text(shown)
    for stranger in ("other-alnco", "psychologist", "auditor"):
        assert browser(service, stranger).get(page).status_code == 404, stranger

    form = form_in(clinic.get(page).text, action="/answer")
    typed = {"answer": "try_first", "words": "Dyddiadur cwsg yn gyntaf."}
    assert send(clinic, f"{page}/answer", form, **typed).status_code == 303
    assert "Dyddiadur cwsg yn gyntaf." in school.get(page).text
    late = send(clinic, f"{page}/answer", form, command_id="another", **typed)
    assert late.status_code == 422
    assert "changed" in late.text or "already has an answer" in late.text

    found = send(school, f"{page}/find", form_in(school.get(page).text, "words"), words="gwyn").text
    assert "Gŵyn-Llŷr, Siân" in found
    assert send(school, f"{page}/link", form_in(found, "pupil", action="/link")).status_code == 303
    assert "Siân Gŵyn-Llŷr" in clinic.get(page).text
    assert "Siân Gŵyn-Llŷr" in school.get("/advice").text
    assert page in school.get(f"/pupils/{PUPIL}/advice").text

    for client in (school, clinic):
        report = text(client.get("/advice/report").text)
        assert "Already referred" in report
        sheet = client.get("/advice/report.csv").text.splitlines()
        total = dict(zip(sheet[0].lstrip("\ufeff").split(","), sheet[-1].split(","), strict=True))
        assert (total["asked"], total["already_referred"], total["percent_no_referral"]) == ("1", "1", "")


def test_a_named_conversation_needs_a_basis_and_says_so(case: RecordedCase, service: RunningService) -> None:
    school = browser(service, "alnco")
    address = f"/advice/new/{PUPIL}"
    form = form_in(school.get(address).text, "channel")
    refused = send(school, address, form, service="SALT", channel="call")
    assert refused.status_code == 422
    assert "No agreement to share with this service is in force" in refused.text
    assert send(school, address, form, service="CAMHS", channel="call").status_code == 303
    assert browser(service, "clinician").get(address).status_code == 404


def test_what_was_recorded_in_error_leaves_the_list(case: RecordedCase, service: RunningService) -> None:
    school = browser(service, "alnco")
    page = ask(school, service="CAMHS", channel="email").location
    form = form_in(school.get(page).text, "why")
    assert send(school, f"{page}/strike", form, why="").status_code == 422
    assert send(school, f"{page}/strike", form, why="Wrong service").location == "/advice"
    assert school.get(page).status_code == 404


def test_a_service_logs_a_drop_in_by_the_api(case: RecordedCase, service: RunningService) -> None:
    client = program(service, BOARD)
    body = {
        "school": str(SCHOOL),
        "service": str(CAMHS),
        "channel": "drop_in",
        "occurred_on": "2025-03-18",
        "question": "Seating?",
    }
    made = client.post("/advice", body)
    assert made.status_code == 201, made.text
    advice = UUID(made.json["advice"])
    one = client.get(f"/advice/{advice}")
    assert (one.json["question"], one.json["answer"], one.json["by_service"]) == ("Seating?", None, True)
    said = {"occurred_on": "2025-03-18", "answer": "nothing_needed", "words": "Fine."}
    assert client.post(f"/advice/{advice}/answer", said, match=one.headers["ETag"]).status_code == 201
    assert client.get(f"/advice/{advice}").json["words"] == "Fine."
    listed = client.get("/advice?answered=no").json
    assert listed["items"] == []
    counted = client.get("/reports/advice?by=month&from_on=2025-03-01").json
    assert [group["key"] for group in counted["groups"]] == ["2025-03"]
    assert counted["total"]["without_name"] == 1
    assert re.fullmatch(r"\d+", str(counted["log_position"]))
