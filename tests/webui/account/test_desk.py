"""Several roles and places under one sign-in: choosing the desk, seeing which it is, and what is recorded from it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

import pytest

from coordination.directory.commands import AppointPerson, RecordPersonLeft
from coordination.event import Command
from tests.county import ADMINISTRATOR, ALNCO, BOARD, CAMHS, PUPIL, SCHOOL, THERAPIST, order
from tests.projections.casework import TO_CAMHS, RecordedCase, told
from tests.webui.administration.test_administration import fill, words_of
from tests.webui.conftest import sign_in
from tests.webui.county_site import county_on
from tests.webui.referring import browser, form_in, send, settled
from tests.webui.service import RunningService

CLINIC = "Clinician, Child and adolescent mental health, Dyffryn Health Board"


@pytest.fixture
def case(service: RunningService) -> Iterator[RecordedCase]:
    """The ALNCo also works for CAMHS."""
    with county_on(service) as coordination:
        case = told(coordination)
        directs(service, case, appoint())
        settled(service, coordination)
        yield case


def appoint() -> AppointPerson:
    return AppointPerson(
        occurred_on=date(2025, 3, 1),
        organisation=BOARD,
        person=ALNCO,
        role="clinician",
        service=CAMHS,
        effective_from=date(2025, 3, 1),
        name="Person a1",
    )


def directs(service: RunningService, case: RecordedCase, command: Command) -> None:
    today = service.clock.at.date()
    case.service.perform(command, order(ADMINISTRATOR, today, source="command_line"))


def test_one_chooses_the_desk_after_signing_in_and_every_page_says_which(
    service: RunningService, case: RecordedCase
) -> None:
    client = service.app.test_client()
    assert sign_in(client, "alnco").location == "/desk"
    page = client.get("/desk")
    assert CLINIC in words_of(page.text)
    answer = send(client, "/desk", form_in(page.text), place="1")
    assert answer.location == "/inbox"
    inbox = client.get("/inbox")
    assert "Dyffryn Health Board, Child and adolescent mental health, Clinician" in words_of(inbox.text)
    assert client.get("/today").status_code == 404
    # and back, by the link of every page
    assert "/desk?next=" in inbox.text
    page = client.get("/desk?next=/inbox").text
    places = [line for line in words_of(page).split("  ") if line]
    assert places
    answer = send(client, "/desk", form_in(page), place="1")
    assert answer.location == "/today"
    assert "Ysgol y Bryn" in words_of(client.get("/today").text)


def test_what_is_recorded_there_names_the_service(service: RunningService, case: RecordedCase) -> None:
    client = service.app.test_client()
    sign_in(client, "alnco")
    send(client, "/desk", form_in(client.get("/desk").text), place="1")
    path = f"/pupils/{PUPIL}/referrals/{TO_CAMHS}/steps/accepted"
    today = service.clock.at.date()
    answer = send(client, path, form_in(client.get(path).text), occurred_on=today)
    assert answer.status_code == 303, words_of(answer.text)
    last = case.service.record.load([PUPIL])[PUPIL][-1].event
    assert last.topic == "referral.accepted"
    assert (last.header.organisation, last.header.role, last.header.service) == (BOARD, "clinician", CAMHS)


def test_a_person_with_one_place_is_not_asked(service: RunningService, case: RecordedCase) -> None:
    client = browser(service, "head")
    assert "Change desk" not in client.get("/today").text


def test_no_place_but_ones_own_can_be_chosen(service: RunningService, case: RecordedCase) -> None:
    client = browser(service, "alnco")
    answer = send(client, "/desk", form_in(client.get("/desk").text), place="2")
    assert answer.status_code == 422


def test_when_the_role_ends_the_session_goes_back_to_the_other(
    service: RunningService, case: RecordedCase
) -> None:
    client = browser(service, "alnco")
    send(client, "/desk", form_in(client.get("/desk").text), place="1")
    today = service.clock.at.date()
    directs(
        service,
        case,
        RecordPersonLeft(
            occurred_on=today, organisation=BOARD, person=ALNCO, effective_to=today - timedelta(days=1)
        ),
    )
    assert client.get("/inbox").status_code in (303, 404)
    assert client.get("/inbox").status_code == 404
    assert client.get("/today").status_code == 200


def test_who_leaves_one_place_keeps_the_sign_in_for_the_other(
    service: RunningService, case: RecordedCase
) -> None:
    yesterday = service.clock.at.date() - timedelta(days=1)
    fill(
        service,
        f"/administration/organisations/{SCHOOL}/people/{ALNCO}/left",
        effective_to=yesterday,
    )
    client = service.app.test_client()
    assert sign_in(client, "alnco").location == "/inbox"


def test_an_administrator_appoints_a_person_who_signs_in_already(
    service: RunningService, case: RecordedCase
) -> None:
    path = f"/administration/organisations/{SCHOOL}/appoint-known"
    refused = fill(service, path, 422, username="nobody-here", role="head")
    assert "error" in refused.text
    page = fill(service, path, username="therapist", role="head")
    assert "The person has been appointed." in page.text
    assert case.service.directory().roles_of(THERAPIST, SCHOOL, service.clock.at.date()) == {"head"}
    assert sign_in(service.app.test_client(), "therapist").location == "/desk"
