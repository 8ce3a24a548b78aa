"""An action done, put off, handed on or dropped where its owner sits."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest

from coordination.pupil.actions.decide import CompleteAction
from coordination.pupil.actions.state import Action
from coordination.pupil.casefile import PUPIL_STREAM
from tests.county import ALNCO, BOARD, CAMHS, CLINICIAN, PUPIL, SCHOOL, THERAPIST
from tests.projections.casework import FOR_CAMHS, FOR_SCHOOL, SECOND, RecordedCase
from tests.webui.links.opening import reminds
from tests.webui.referral.conftest import text
from tests.webui.referring import browser, case_on, form_in, send, settled
from tests.webui.service import RunningService


@pytest.fixture
def case(service: RunningService) -> Iterator[RecordedCase]:
    with case_on(service) as told:
        yield told


def at(action: UUID, pupil: UUID = PUPIL) -> str:
    return f"/pupils/{pupil}/actions/{action}"


def action_of(case: RecordedCase, action: UUID) -> Action:
    found: Action = case.service.batch().state(PUPIL_STREAM, PUPIL).actions.actions[action]
    return found


def change(client: Any, action: UUID, **typed: Any) -> Any:
    return send(client, at(action), form_in(client.get(at(action)).text, "change"), **typed)


def test_the_school_is_one_press_from_it_in_the_case_file_and_on_today(
    case: RecordedCase, service: RunningService
) -> None:
    client = browser(service, "alnco")
    for page, address in ((f"/pupils/{PUPIL}", at(FOR_SCHOOL)), ("/today", f"{at(FOR_SCHOOL)}?from=today")):
        assert f'href="{address}"' in client.get(page).text, page
    page = client.get(at(FOR_SCHOOL)).text
    assert "Ask again" in page
    assert "Siân Gŵyn-Llŷr" in page
    answer = change(client, FOR_SCHOOL, words="Ffoniais")
    assert answer.status_code == 303
    assert answer.location == f"/pupils/{PUPIL}#actions"
    assert "The action is recorded as done." in client.get(answer.location).text
    assert action_of(case, FOR_SCHOOL).ended == "completed"


def test_an_agency_completes_its_own_and_no_other(case: RecordedCase, service: RunningService) -> None:
    client = browser(service, "clinician")
    assert "1 action for you" in text(client.get("/inbox").text)
    page = client.get("/inbox/actions").text
    assert "Write to the mother" in page
    assert "Ask again" not in page
    form = form_in(page, "change", action=str(FOR_CAMHS))
    for _ in range(2):  # pressed twice it is done once
        assert send(client, at(FOR_CAMHS), form).location == "/inbox/actions"
    assert action_of(case, FOR_CAMHS).ended == "completed"
    assert "The action is recorded as done." in client.get("/inbox/actions").text
    assert client.get(at(FOR_SCHOOL)).status_code == 404
    assert send(client, at(FOR_SCHOOL), form).status_code == 404
    for who in ("psychologist", "other-alnco", "auditor", "administrator"):
        assert browser(service, who).get(at(FOR_CAMHS)).status_code == 404, who


def test_the_school_reminds_the_owner(case: RecordedCase, service: RunningService) -> None:
    assert f'href="{at(FOR_CAMHS)}/messages"' in browser(service, "alnco").get(at(FOR_CAMHS)).text
    reminds(service, f"{at(FOR_CAMHS)}/messages")


def test_another_day_needs_its_reason(case: RecordedCase, service: RunningService) -> None:
    client = browser(service, "clinician")
    later = service.app.extensions["cydlynu"].today() + timedelta(days=9)
    answer = change(client, FOR_CAMHS, change="later", due_on=later)
    assert answer.status_code == 422
    assert "Give a reason" in answer.text
    assert change(client, FOR_CAMHS, change="later", words="Sâl").status_code == 422, "no day"
    assert change(client, FOR_CAMHS, change="later", due_on=later, words="Sâl").status_code == 303
    assert action_of(case, FOR_CAMHS).due_on == later


def test_an_agency_hands_on_inside_its_own_house(case: RecordedCase, service: RunningService) -> None:
    client = browser(service, "clinician")
    page = client.get(at(FOR_CAMHS)).text
    assert f'value="person {THERAPIST}"' in page
    assert f'value="person {ALNCO}"' not in page
    assert "Cancel this action" not in page
    assert change(client, FOR_CAMHS, change="handed_on", owner=f"person {ALNCO}").status_code == 422
    assert change(client, FOR_CAMHS, change="handed_on", owner=f"person {THERAPIST}").status_code == 303
    owner = action_of(case, FOR_CAMHS).owner
    assert owner is not None
    assert (owner.organisation, owner.service, owner.person) == (BOARD, CAMHS, THERAPIST)


def test_the_school_drops_it_and_opens_it_again(case: RecordedCase, service: RunningService) -> None:
    client = browser(service, "alnco")
    assert change(client, FOR_SCHOOL, change="cancelled").status_code == 422, "with a reason only"
    assert change(client, FOR_SCHOOL, change="cancelled", words="Symudodd").status_code == 303
    assert action_of(case, FOR_SCHOOL).ended == "cancelled"
    form = form_in(client.get(at(FOR_SCHOOL)).text, "words")
    assert send(client, at(FOR_SCHOOL), form).status_code == 422
    assert send(client, at(FOR_SCHOOL), form, words="Camgymeriad").status_code == 303
    assert action_of(case, FOR_SCHOOL).ended is None


def test_a_lost_race_shows_both_and_keeps_what_was_typed(case: RecordedCase, service: RunningService) -> None:
    client = browser(service, "alnco")
    form = form_in(client.get(at(FOR_CAMHS)).text, "change")
    today = service.app.extensions["cydlynu"].today()
    case.does(CLINICIAN, today, CompleteAction, pupil=PUPIL, action=FOR_CAMHS)
    settled(service, case.service)
    answer = send(client, at(FOR_CAMHS), form, words="Fy ngeiriau i")
    assert answer.status_code == 422
    assert "The record now says:" in answer.text
    assert "Fy ngeiriau i" in answer.text
    # sent again in full knowledge: it has ended, and says so
    again = send(client, at(FOR_CAMHS), form_in(answer.text, "change"), words="Fy ngeiriau i")
    assert again.status_code == 422
    assert "Fy ngeiriau i" in again.text


@pytest.mark.parametrize(
    "typed",
    [
        {"change": ""},
        {"change": "given_away"},
        {"done_on__day": "30", "done_on__month": "2"},
        {"done_on__year": "2999"},
        {"done_on__day": ""},
        {"change": "handed_on", "owner": f"person {UUID(int=7)}"},
        {"change": "handed_on", "owner": "service x"},
        {"change": "cancelled", "words": "x" * 501},
    ],
)
def test_what_nobody_could_mean_is_said_and_not_recorded(
    typed: dict[str, Any], case: RecordedCase, service: RunningService
) -> None:
    client = browser(service, "alnco")
    before = action_of(case, FOR_SCHOOL)
    assert change(client, FOR_SCHOOL, **typed).status_code == 422
    assert action_of(case, FOR_SCHOOL) == before


def test_markup_is_text(case: RecordedCase, service: RunningService) -> None:
    client = browser(service, "alnco")
    answer = change(client, FOR_SCHOOL, change="later", words="<script>1</script>")
    assert "<script>1</script>" not in answer.text


def test_a_wrong_pupil_in_the_address(case: RecordedCase, service: RunningService) -> None:
    client = browser(service, "alnco")
    assert client.get(at(FOR_SCHOOL, SECOND)).status_code == 404
    assert client.get(at(UUID(int=9))).status_code == 404
    assert client.get(f"/pupils/{SCHOOL}/actions/{FOR_SCHOOL}").status_code == 404


def test_in_welsh(case: RecordedCase, service: RunningService) -> None:
    client = browser(service, "clinician")
    client.get("/language/cy")
    assert "Eich camau gweithredu" in text(client.get("/inbox/actions").text)
    assert "Beth sydd wedi newid?" in text(client.get(at(FOR_CAMHS)).text)
