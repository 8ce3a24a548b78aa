"""A referral's page: who sees it, and which steps are offered."""

from __future__ import annotations

import re
from datetime import date, timedelta
from uuid import UUID

import psycopg
import pytest

from coordination.pupil.casefile import PUPIL_STREAM
from coordination.pupil.referral.decide import SubmitReferral
from coordination.pupil.referral.milestones import MILESTONES
from coordination.pupil.referral.milestones.milestone import Milestone
from tests.county import (
    ALNCO,
    BOARD,
    CAMHS,
    PUPIL,
    THERAPY,
)
from tests.projections.casework import SECOND, TO_CAMHS, TO_PSYCHOLOGY, day
from tests.webui.referral.conftest import TODAY, entries, last_of, record, step, steps, text
from tests.webui.referring import browser, form_in, page_of, send, settled
from webui.referral.forms.milestones import schema_of
from webui.referral.next_steps import outcomes

# Who sees it, and what


def test_the_school_and_the_holder_see_it_and_nobody_else_learns_that_it_is_there(case, service):
    for who in ("alnco", "head", "clinician", "therapist"):
        page = browser(service, who).get(page_of(TO_CAMHS))
        assert page.status_code == 200, who
        assert "Siân Gŵyn-Llŷr" in page.text
        title = re.search(r"<title>(.*?)</title>", page.text, re.S)
        assert title and "Siân" not in title[1], "no name in a title"
    for who in ("other-alnco", "psychologist", "auditor", "administrator"):
        client = browser(service, who)
        for path in (page_of(TO_CAMHS), step(TO_CAMHS, "accepted"), page_of(TO_CAMHS) + "/send"):
            assert client.get(path).status_code == 404, (who, path)


def test_a_wrong_id_or_another_pupils_is_not_here(alnco):
    for path in (page_of(UUID(int=5)), page_of(TO_CAMHS, SECOND), page_of(TO_CAMHS, UUID(int=9))):
        assert alnco.get(path).status_code == 404
        assert alnco.get(path + "/steps/accepted").status_code == 404
    assert alnco.get(step(TO_CAMHS, "nothing")).status_code == 404
    assert alnco.get(step(TO_CAMHS, "submitted")).status_code == 404, "sending has a page of its own"


def test_days_are_in_words_beside_the_standard(alnco):
    said = text(alnco.get(page_of(TO_CAMHS)).text)
    waited = (TODAY - date(2025, 2, 3)).days
    assert f"{waited - 28} days over" in said
    assert f"{waited} days so far, unadjusted" in said
    assert "The standard allows 28 days to “First contact”" in said
    assert "Agency: " in said
    assert "Day 28 The limit of the standard: 28 days, 3 Mar 2025" in said


def test_reported_confirmed_and_contested_can_be_told_apart_with_who_recorded_what_and_when(case, alnco):
    shown = entries(alnco.get(page_of(TO_CAMHS)).text)
    offers = [s.version for s in steps(case) if s.name == "appointment_offered"]
    confirmed, unanswered = shown[offers[0]], shown[offers[1]]
    contested = shown[last_of(case, "was_not_brought")]
    assert "Reported by the school Confirmed" in confirmed
    assert "CAMHS confirmed on 24 February 2025" in confirmed
    assert "(Person a3, Clinician)" in confirmed
    assert "Reported by the school Contested" in contested
    assert "Reason Not so." in contested
    assert "Confirmed" not in unanswered
    assert "as reported by the school by telephone (told by the secretary)" in unanswered
    own = shown[last_of(case, "acknowledged")]
    assert "6 Feb 2025 Acknowledged" in own
    assert "Recorded on 6 February 2025 at 12:00 by Dyffryn Health Board (Person a3, Clinician)" in own


def test_what_was_not_shared_is_not_shown(case, service):
    referral = UUID(int=0xD7)
    case.agrees(UUID(int=0xEB), BOARD, day(40), service=THERAPY)
    case.opens(referral, THERAPY, day(40))
    case.does(
        ALNCO, day(40), SubmitReferral, pupil=PUPIL, referral=referral, data_classes=("identity", "referral")
    )
    settled(service, case.service)
    told_school = text(browser(service, "alnco").get(page_of(referral)).text)
    assert browser(service, "clinician").get(page_of(referral)).status_code == 404, "another service's"
    told_agency = text(browser(service, "therapist").get(page_of(referral)).text)
    assert "Autistic spectrum disorders" in told_school
    assert "Needs at referral" not in told_agency
    assert "Dw i wedi blino" in told_school
    assert "Dw i wedi blino" not in told_agency, "views were not disclosed"
    assert "Mair Gŵyn" not in told_agency, "nor were contacts"


def test_an_erased_record_still_shows_its_steps(case, service, alnco):
    with psycopg.connect(service.database) as link:
        link.execute("delete from log.stream_key where stream = %s", (PUPIL,))
    page = alnco.get(page_of(TO_CAMHS))
    assert page.status_code == 200
    assert "Siân" not in page.text
    assert "Name erased" in page.text
    assert "Acknowledged" in page.text


def test_reading_is_noted_cites_the_disclosure_and_appends_nothing(case, service, clinician):
    before = case.version()
    clinician.get(page_of(TO_CAMHS))
    with psycopg.connect(service.database) as link:
        row = link.execute(
            "select kind, ids, purpose, cited_pupils, cited_versions from desk.read_log order by at desc limit 1"
        ).fetchone()
    state = case.service.batch().state(PUPIL_STREAM, PUPIL)
    made = state.consents.open_disclosure(TO_CAMHS, BOARD, CAMHS)
    assert row == ("referral", [PUPIL], "disclosed", [PUPIL], [made.version])
    assert case.version() == before, "a read appends nothing to the record, so that no ETag changes"


def test_in_welsh(case, service):
    client = browser(service, "clinician")
    client.get("/language/cy")
    said = text(client.get(page_of(TO_CAMHS)).text)
    assert "Yn ôl yr ysgol" in said
    assert "Dyddiau pwy" in said
    assert "heb eu haddasu" in said
    assert "Cynigiwyd apwyntiad" in said


# What may be next


# Fields of events that the form of the step works out from other answers, or the decision by itself.
WORKED_OUT = {
    *("age_months", "to_agency", "for_when", "appointment", "no_appointment_on_record"),
    *("told_referrer", "told_plan_holder"),
    "beyond",
}


@pytest.mark.parametrize("name", [n for n, of in MILESTONES.items() if not of.rules.only_by_sending])
def test_the_form_of_a_step_asks_for_every_field_of_its_event(name):
    own = set(MILESTONES[name].__struct_fields__) - set(Milestone.__struct_fields__) - WORKED_OUT
    assert own <= set(schema_of(name, offers=True)._declared_fields)


def test_what_came_of_an_appointment_begins_with_the_likeliest():
    assert outcomes() == [
        "first_contact",
        "was_not_brought",
        "did_not_attend",
        "could_not_attend",
        "cancelled_by_service",
    ]


def test_the_agency_is_offered_its_own_words_and_the_school_what_it_was_told(alnco, clinician):
    own, told = clinician.get(page_of(TO_PSYCHOLOGY)), alnco.get(page_of(TO_PSYCHOLOGY))
    assert own.status_code == 404, "it is another agency's"
    assert "What the agency told you:" in told.text
    agency = clinician.get(page_of(TO_CAMHS)).text
    assert "What the agency told you:" not in agency
    assert "/steps/decided" not in agency
    assert "/steps/first_contact" in agency


def test_one_press_acknowledges_for_today(case, service):
    client = browser(service, "psychologist")
    page = client.get(page_of(TO_PSYCHOLOGY)).text
    path = step(TO_PSYCHOLOGY, "acknowledged")
    answer = client.post(path, data=form_in(page, action=path))
    assert answer.status_code == 303
    page = client.get(answer.location).text
    assert "Recorded: Acknowledged." in page
    last = steps(case, TO_PSYCHOLOGY)[-1]
    assert (last.name, last.on, last.word) == ("acknowledged", TODAY, "own")
    assert f"entry-{last.version}" in answer.location


def test_an_answer_of_the_agency_is_its_own_word(case, clinician):
    assert record(clinician, TO_CAMHS, "accepted", note="Welcome.").status_code == 303
    page = clinician.get(page_of(TO_CAMHS)).text
    said = entries(page)[last_of(case, "accepted")]
    assert "Accepted" in said and "Welcome." in said
    assert "Reported" not in said


def test_a_review_of_the_waiting_list_is_a_step_like_any_other(case, clinician, alnco):
    before = text(clinician.get(page_of(TO_CAMHS)).text)
    assert "Record a review of the waiting list" in before
    form = clinician.get(step(TO_CAMHS, "waiting_list_reviewed")).text
    assert "On which day was the list reviewed?" in form
    done = record(clinician, TO_CAMHS, "waiting_list_reviewed", note="Still the tenth in turn.")
    assert done.status_code == 303
    page = alnco.get(page_of(TO_CAMHS)).text
    said = entries(page)[last_of(case, "waiting_list_reviewed")]
    assert "Waiting list reviewed" in said
    assert "Still the tenth in turn." in said
    alnco.get("/language/cy")
    assert "Adolygwyd y rhestr aros" in text(alnco.get(page_of(TO_CAMHS)).text)


def test_a_decline_says_why_and_where_else_to_turn(case, clinician, alnco):
    refused = record(clinician, TO_CAMHS, "declined", signposting="The school nurse")
    assert refused.status_code == 422
    assert "Error: " in refused.text
    assert "Answer this question: Why is it declined?" in refused.text
    assert "The school nurse" in refused.text, "what was typed is kept"
    done = record(
        clinician, TO_CAMHS, "declined", reason="other_service_fits", signposting="Nyrs yr ysgol, Tŷ’r Ddôl"
    )
    assert done.status_code == 303
    said = text(alnco.get(page_of(TO_CAMHS)).text)
    assert "Nyrs yr ysgol, Tŷ’r Ddôl" in said
    assert "CAMHS declined the referral on" in said


def test_an_offer_names_days_places_and_the_language(case, clinician):
    page = clinician.get(step(TO_CAMHS, "appointment_offered")).text
    assert form_in(page, "language")["language"] == "cy", "the pupil's language is filled in"
    first, second = TODAY + timedelta(days=20), TODAY + timedelta(days=22)
    wrong = record(clinician, TO_CAMHS, "appointment_offered", offered_1=first, offered_1_at="25:00")
    assert "Time: enter a time, for example 14:30" in wrong.text
    wrong = record(
        clinician,
        TO_CAMHS,
        "appointment_offered",
        offered_1_at="9:30",
        offered_1__day="30",
        offered_1__month="Chwefror",
        offered_1__year="2027",
    )
    assert "enter a real date" in wrong.text
    done = record(
        clinician,
        TO_CAMHS,
        "appointment_offered",
        offered_1=first,
        offered_1_at="9.30",
        offered_2=second,
        offered_2_at="14:00",
        place="Tŷ Hafan",
    )
    assert done.status_code == 303
    said = entries(clinician.get(page_of(TO_CAMHS)).text)[last_of(case, "appointment_offered")]
    assert "at 09:30 or" in said and "at 14:00" in said
    assert "place: Tŷ Hafan" in said and "language: Welsh" in said


def test_an_offer_that_has_gone_by_asks_what_came_of_it(case, service, clinician):
    on = TODAY - timedelta(days=3)
    record(
        clinician,
        TO_CAMHS,
        "appointment_offered",
        offered_1=on,
        offered_1_at="09:00",
        occurred_on=TODAY - timedelta(days=20),
    )
    page = clinician.get(page_of(TO_CAMHS)).text
    assert "has passed. What happened?" in page
    form = form_in(clinician.get(step(TO_CAMHS, "was_not_brought")).text, "occurred_on-day")
    assert form["appointment"], "the last offer is chosen"
    assert send(clinician, step(TO_CAMHS, "was_not_brought"), form, occurred_on=on).status_code == 303
    missed = steps(case)[-1]
    assert missed.appointment == UUID(form["appointment"])
    said = text(browser(service, "alnco").get(page_of(TO_CAMHS)).text)
    assert "The child was not brought. Ask today how the child is" in said
    assert "Ended" not in said


def test_an_outcome_on_a_day_that_was_not_offered_says_so(case, clinician):
    on = TODAY - timedelta(days=3)
    record(
        clinician,
        TO_CAMHS,
        "appointment_offered",
        offered_1=on,
        offered_1_at="09:00",
        occurred_on=on - timedelta(days=9),
    )
    path = step(TO_CAMHS, "was_not_brought")
    form = form_in(clinician.get(path).text, "occurred_on-day")
    day_before = on - timedelta(days=1)
    refused = send(clinician, path, form, occurred_on=day_before)
    assert refused.status_code == 422
    assert "No appointment was offered for" in text(refused.text)
    taken = send(clinician, path, form, occurred_on=day_before, appointment="none")
    assert taken.status_code == 303
    assert (steps(case)[-1].appointment, steps(case)[-1].no_appointment_on_record) == (None, True)


def test_the_answer_to_an_offer_takes_one_of_its_times(case, clinician):
    on = TODAY + timedelta(days=14)
    record(clinician, TO_CAMHS, "appointment_offered", offered_1=on, offered_1_at="09:00")
    path = step(TO_CAMHS, "appointment_answered")
    page = clinician.get(path).text
    chosen = re.search(r'name="chosen" type="radio" value="([^"]+)"', page)
    assert chosen
    sent = send(clinician, path, form_in(page, "occurred_on-day"), answer="accepted", chosen=chosen[1])
    assert sent.status_code == 303
    assert "accepted the appointment" in text(clinician.get(page_of(TO_CAMHS)).text)
    assert steps(case)[-1].appointment == steps(case)[-2].appointment


def test_section_21_is_answered_with_its_parts(case, clinician):
    done = record(
        clinician,
        TO_CAMHS,
        "s21_answer",
        identified="yes",
        what="Therapi",
        in_welsh="yes",
        told=["told_referrer", "told_plan_holder"],
    )
    assert done.status_code == 303, re.findall(r'summary__list">(.*?)</ul>', done.text, re.DOTALL)
    assert "a treatment or service was identified" in text(clinician.get(page_of(TO_CAMHS)).text)


def test_passing_on_within_the_agency_and_to_another(case, service):
    clinician = browser(service, "therapist")
    to_therapy = {"to_service": str(THERAPY), "occurred_on": TODAY - timedelta(days=2)}
    assert record(clinician, TO_CAMHS, "redirected", **to_therapy).status_code == 422, "no agreement with it"
    case.agrees(UUID(int=0xEB), BOARD, day(40), service=THERAPY)
    page = clinician.get(step(TO_CAMHS, "redirected")).text
    # the family agreed with that agency in the story, so the disclosure has its basis
    psychology = re.search(r'<option value="([^"]+)"[^>]*>[^<]*Dyffryn Education', page)
    assert record(clinician, TO_CAMHS, "redirected", **to_therapy).status_code == 303
    each = re.search(
        r"Days with each service: ([^;]+): (\d+) days; ([^;]+): 2 days\.",
        text(clinician.get(page_of(TO_CAMHS)).text),
    )
    assert each and each[1] != each[3]
    held = case.service.batch().state(PUPIL_STREAM, PUPIL).referrals[TO_CAMHS]
    assert (held.service, held.agency) == (THERAPY, BOARD)
    assert (
        psychology and record(clinician, TO_CAMHS, "redirected", to_service=psychology[1]).status_code == 303
    )
