"""A parent answers by link: what it shows and what not, each answer on the record, and when it shows nothing."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import psycopg
import pytest

from coordination.pupil.profile.commands import EndContact
from tests.county import ALNCO, MOTHER, PUPIL
from tests.projections.casework import AGREED_CAMHS, ASKED, TO_CAMHS, RecordedCase
from tests.webui.family.family import DEAD, FAMILY, FATHER, ON, holds, link_for, state, with_parents
from tests.webui.links.opening import prove
from tests.webui.referring import Forms, browser, case_on, form_in, page_of, send, settled
from tests.webui.service import RunningService


@pytest.fixture
def case(service: RunningService) -> Iterator[RecordedCase]:
    with case_on(service) as told:
        with_parents(service, told)
        yield told


def answer(client: Any, path: str, **typed: Any) -> Any:
    return send(client, path, form_in(client.get(path).text), **typed)


def test_a_link_shows_nothing_before_the_code_and_then_only_what_this_parent_is_asked(
    case: RecordedCase, service: RunningService
) -> None:
    path = link_for(service)
    stranger = service.app.test_client()
    before = stranger.get(f"{path}/family").text
    assert "Siân" not in before and "Mair" not in before
    mother = prove(service, path)
    page = mother.get(f"{path}/family")
    for word in ("Siân", "Mair Gŵyn", "Take it back", "Answer"):
        assert word in page.text
    assert "Huw" not in page.text, "nothing of other adults"
    father = prove(service, link_for(service, FATHER))
    assert (
        "There is no question to you at the moment." in father.get(link_for(service, FATHER) + "/family").text
    )
    assert mother.get(link_for(service, FATHER)).status_code == 200, (
        "another person's link asks for their code"
    )
    with psycopg.connect(service.database) as db:
        read = db.execute(
            "select role, purpose, ids from desk.read_log where kind = 'family_link'"
        ).fetchall()
    assert ("family", "disclosed", [PUPIL]) in read


def test_a_parent_agrees_adds_words_and_takes_back_by_link(
    case: RecordedCase, service: RunningService
) -> None:
    path = link_for(service)
    mother = prove(service, path)
    missing = answer(mother, f"{path}/family/questions/{ASKED}")
    assert missing.status_code == 422 and "Choose whether you agree" in missing.text
    done = answer(mother, f"{path}/family/questions/{ASKED}", answer="given", words="Iawn gen i.")
    assert done.status_code == 303, done.text
    held = state(case).consents.questions[ASKED]
    assert (held.standing, held.contact, held.authority) == ("given", MOTHER, "parental_responsibility")
    back = answer(
        mother, f"{path}/family/questions/{AGREED_CAMHS}/withdraw", meaning="end_referral", words="Dim diolch"
    )
    assert back.status_code == 303, back.text
    assert state(case).consents.questions[AGREED_CAMHS].standing == "withdrawn"
    nothing = answer(mother, f"{path}/family/more", words_language="cy")
    assert nothing.status_code == 422 and "Nothing is written yet" in nothing.text
    slip = answer(mother, f"{path}/family/more", nhs_number="943 476 5918")
    assert slip.status_code == 422 and "its last digit does not fit" in slip.text
    more = answer(
        mother, f"{path}/family/more", own_words="Mae’n poeni.", nhs_number="943 476 5919", gp="Y Bryn"
    )
    assert more.status_code == 303, more.text
    later = answer(mother, f"{path}/family/more", times_not_possible="Dydd Mawrth")
    assert later.status_code == 303, later.text
    assert len(state(case).family.supplied) == 2
    settled(service, case.service)
    whole = browser(service, "alnco").get(f"{page_of(TO_CAMHS)}/complete").text
    for words in ("943 476 5919", "Y Bryn", "Dydd Mawrth"):
        assert words in whole, "what was supplied on different days stands together"
    with psycopg.connect(service.database) as db:
        rules = {
            r for (r,) in db.execute("select rule from desk.outbox where recipient_kind = 'organisation'")
        }
    assert "family_answered" in rules, "the school is told"


def test_two_browsers_answer_one_question_and_the_second_is_told(
    case: RecordedCase, service: RunningService
) -> None:
    path = link_for(service)
    one, other = prove(service, path), prove(service, path)
    at = f"{path}/family/questions/{ASKED}"
    first, second = form_in(one.get(at).text), form_in(other.get(at).text)
    assert send(one, at, first, answer="given").status_code == 303
    late = send(other, at, second, answer="refused")
    assert late.status_code == 422 and "Somebody answered this in the meantime" in late.text
    assert state(case).consents.questions[ASKED].standing == "given"


def test_a_link_shows_nothing_once_its_person_may_not_have_it(
    case: RecordedCase, service: RunningService
) -> None:
    path = link_for(service)
    mother = prove(service, path)
    assert mother.get(f"{path}/family").status_code == 200
    holds(case)
    for address in (path, f"{path}/family", f"{path}/family/questions/{ASKED}"):
        page = mother.get(address)
        assert page.status_code == 404 and DEAD in page.text and "Siân" not in page.text, address
    alnco = browser(service, "alnco")
    refused = send(alnco, f"{FAMILY}/people/{MOTHER}/link", form_in(alnco.get(FAMILY).text))
    assert refused.status_code == 422 and "Nothing is sent to this person at the moment" in refused.text


def test_a_contact_who_is_ended_is_told_nothing(case: RecordedCase, service: RunningService) -> None:
    path = link_for(service)
    mother = prove(service, path)
    case.does(ALNCO, ON, EndContact, pupil=PUPIL, contact=MOTHER)
    assert mother.get(f"{path}/family").status_code == 404


def test_a_pin_by_telephone_opens_it_for_somebody_without_an_email_address(
    case: RecordedCase, service: RunningService
) -> None:
    path = link_for(service, FATHER)
    alnco = browser(service, "alnco")
    page = alnco.get(FAMILY).text
    address = next(a for a, _ in Forms(page).found if a.endswith("/pin"))
    pin = send(alnco, address, form_in(page, action="/pin"))
    found = re.search(r"Code for the telephone: (\d{6})", pin.text)
    assert found
    father = service.app.test_client()
    assert father.post(f"{path}/proof", data={"one_time_code": found[1]}).status_code == 303
    assert "Huw Llŷr" in father.get(f"{path}/family").text
