"""Break-glass on the page: right, wrong and one's own family are answered alike; told, reviewed, and ended."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import psycopg
import pytest

from coordination.pupil.restriction.commands import DeclareInterest, RestrictPupil
from tests.county import HEAD, PSYCHOLOGIST, PUPIL, UPN, order
from tests.projections.casework import RecordedCase
from tests.webui.referring import browser, case_on, form_in, send, settled
from tests.webui.service import RunningService

TYPED = {
    "surname": "Gŵyn-Llŷr",
    "forename": "Siân",
    "date_of_birth-day": "20",
    "date_of_birth-month": "5",
    "date_of_birth-year": "2011",
    "upn": UPN,
    "why": "She is in the ward now.",
    "told": "school",
}


@pytest.fixture
def case(service: RunningService) -> Iterator[RecordedCase]:
    with case_on(service) as told:
        yield told


def asks(client: Any, **changed: str) -> Any:
    form = form_in(client.get("/emergency").text)
    return send(client, "/emergency", form, **{**TYPED, **changed})


def without_ids(text: str) -> str:
    text = re.sub(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}", "ID", text)
    return re.sub(r'(csrf_token" value=|nonce=)"[^"]+"', r"\1", text).replace("Neb", "Gŵyn-Llŷr")


def test_it_opens_part_of_the_file_for_a_day_and_is_told_and_reviewed(
    case: RecordedCase, service: RunningService
) -> None:
    client = browser(service, "psychologist")
    answer = asks(client)
    assert answer.status_code == 303
    page = client.get(answer.location)
    assert page.status_code == 200
    assert "20 May 2011" in page.text
    settled(service, case.service)
    assert "sees part of the file" in browser(service, "head").get("/today").text
    readers = browser(service, "head").get(f"/pupils/{PUPIL}/readers").text
    assert "Emergency access" in readers
    service.clock.advance(hours=24)
    later = browser(service, "psychologist")
    assert later.get(answer.location).status_code == 404


def test_wrong_details_and_an_interest_are_answered_alike(
    case: RecordedCase, service: RunningService
) -> None:
    client = browser(service, "psychologist")
    wrong = asks(client, surname="Neb")
    interest = DeclareInterest(
        occurred_on=service.clock().date(), pupil=PUPIL, interest=PUPIL, person=PSYCHOLOGIST
    )
    case.service.perform(interest, order(PSYCHOLOGIST, service.clock().date()))
    own = asks(client)
    assert wrong.status_code == own.status_code == 422
    assert without_ids(wrong.text) == without_ids(own.text)
    with psycopg.connect(service.database) as link:
        noted = link.execute(
            "select cardinality(ids) from desk.read_log where kind = 'emergency_look_up' order by entry"
        ).fetchall()
    assert noted == [(0,), (1,)]


def test_a_restricted_file_is_404_and_in_no_search_until_it_is_opened(
    case: RecordedCase, service: RunningService
) -> None:
    client = browser(service, "alnco")
    assert client.get(f"/pupils/{PUPIL}").status_code == 200
    assert str(PUPIL) in client.get("/pupils").text
    today = service.clock().date()
    restrict = RestrictPupil(occurred_on=today, pupil=PUPIL, roles=("head",), why="A threat")
    case.service.perform(restrict, order(HEAD, today))
    settled(service, case.service)
    assert client.get(f"/pupils/{PUPIL}").status_code == 404
    assert str(PUPIL) not in client.get("/pupils").text
    assert asks(client).status_code == 303
    settled(service, case.service)
    assert client.get(f"/pupils/{PUPIL}").status_code == 200
    service.clock.advance(hours=24)
    assert browser(service, "alnco").get(f"/pupils/{PUPIL}").status_code == 404
