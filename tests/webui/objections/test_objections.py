"""Objections and court orders on screen: recorded and decided by the school, seen by nobody else."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import pytest

from tests.county import CAMHS, MOTHER, PUPIL
from tests.projections.casework import TO_CAMHS, RecordedCase
from tests.webui.consent.test_consents import FATHER, family, words_of
from tests.webui.referring import browser, case_on, form_in, send
from tests.webui.service import RunningService

HERE = f"/pupils/{PUPIL}/objections"
ON = date(2025, 3, 18)
OBJECTS = {
    "who": str(FATHER),
    "service": str(CAMHS),
    "purpose": "referral",
    "words": "Dw i ddim am i CAMHS ei gweld.",
    "route": "verbal",
    "language": "cy",
    "occurred_on": ON,
}


@pytest.fixture
def case(service: RunningService) -> Iterator[RecordedCase]:
    with case_on(service) as told:
        family(service, told)
        yield told


def test_an_objection_is_recorded_decided_and_seen_by_the_school_alone(
    case: RecordedCase, service: RunningService
) -> None:
    client = browser(service, "alnco")
    new = f"{HERE}/new"
    page = client.get(new).text
    assert "does not stop sharing by itself" in page
    assert str(MOTHER) in page
    assert send(client, new, form_in(page), **OBJECTS).location == HERE
    shown = words_of(client.get(HERE).text)
    assert "Not decided yet" in shown
    assert "Dw i ddim am i CAMHS ei gweld." in shown
    referral = f"/pupils/{PUPIL}/referrals/{TO_CAMHS}"
    clinician = browser(service, "clinician")
    assert clinician.get(referral).status_code == 200
    assert clinician.get(HERE).status_code == 404
    assert "gwrthwyneb" not in clinician.get(referral).text.casefold()
    decide = client.get(HERE).text.split('/decide"')[0].rsplit('"', 1)[1] + "/decide"
    form = form_in(client.get(decide).text)
    refused = send(client, decide, form, outcome="stops", why=" ", occurred_on=ON)
    assert refused.status_code == 422
    assert send(client, decide, form, outcome="stops", why="Er ei lles.", occurred_on=ON).location == HERE
    assert "Sharing stops" in words_of(client.get(HERE).text)
    stopped = clinician.get(referral).text
    assert "The school stopped sharing, and the referral goes on." in stopped
    assert "objection" not in stopped.casefold(), "that somebody objected is not told"


def test_a_court_order_is_recorded_and_ended(case: RecordedCase, service: RunningService) -> None:
    client = browser(service, "head")
    new = f"/pupils/{PUPIL}/court-orders/new"
    typed = {"effect": "prevents", "court": "Llys Teulu, CF25P0001", "occurred_on": ON}
    assert send(client, new, form_in(client.get(new).text), **typed).location == HERE
    shown = words_of(client.get(HERE).text)
    assert "Every service: every purpose In force" in shown
    assert "CF25P0001" in shown
    stopped = browser(service, "clinician").get(f"/pupils/{PUPIL}/referrals/{TO_CAMHS}").text
    assert "The school stopped sharing." in stopped
    assert "court" not in stopped.casefold()
    end = client.get(HERE).text.split('/end"')[0].rsplit('"', 1)[1] + "/end"
    form = form_in(client.get(end).text)
    assert send(client, end, form, why="Diddymwyd.", occurred_on=ON).location == HERE
    assert "Not in force" in words_of(client.get(HERE).text)


def test_competence_asks_again_and_a_review_settles_it(case: RecordedCase, service: RunningService) -> None:
    client = browser(service, "alnco")
    assess = f"/pupils/{PUPIL}/competence"
    typed = {"competent": "yes", "assessment": "Deall.", "occurred_on": ON}
    assert send(client, assess, form_in(client.get(assess).text), **typed).location == HERE
    asked = words_of(client.get("/agreements/ask-again").text)
    assert "The child’s competence was assessed." in asked
    page = client.get(HERE).text
    count = page.count("/review")
    assert count == 2
    review = page.split('/review"')[0].rsplit('"', 1)[1] + "/review"
    form = form_in(client.get(review).text)
    assert send(client, review, form, why="Mae’n cytuno hefyd.", occurred_on=ON).location == HERE
    assert client.get(HERE).text.count("/review") == count - 1
