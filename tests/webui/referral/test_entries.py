"""Entries of a referral: reported, answered, corrected, and two people at once."""

from __future__ import annotations

import re
from datetime import date, timedelta
from uuid import UUID

import pytest

from coordination.outbox.message import case_reference
from coordination.pupil.casefile import PUPIL_STREAM
from coordination.pupil.referral.decide import OpenReferral
from tests.county import ALNCO, CAMHS, CLINICIAN, PUPIL, SCHOOL
from tests.projections.casework import TO_CAMHS, day
from tests.webui.looking import counted
from tests.webui.referral.conftest import TODAY, entries, last_of, record, step, steps, text
from tests.webui.referring import browser, form_in, page_of, send, settled

# What the school reports


def test_a_report_says_who_told_how_and_when(case, alnco, clinician):
    incomplete = record(alnco, TO_CAMHS, "first_contact", occurred_on=date(2025, 3, 10))
    assert incomplete.status_code == 422
    assert "Answer this question: Who told you?" in incomplete.text
    done = record(
        alnco,
        TO_CAMHS,
        "first_contact",
        occurred_on=date(2025, 3, 10),
        reported_by="Y dderbynfa",
        reported_how="letter",
        reported_on=date(2025, 3, 12),
    )
    assert done.status_code == 303
    version = last_of(case, "first_contact")
    said = entries(clinician.get(page_of(TO_CAMHS)).text)[version]
    assert "Reported by the school" in said
    assert "by letter on 12 March (told by Y dderbynfa)" in said
    assert "35 days from “Received” to “First contact”" in text(alnco.get(page_of(TO_CAMHS)).text)


def test_told_before_it_happened_is_refused(alnco):
    refused = record(
        alnco,
        TO_CAMHS,
        "first_contact",
        occurred_on=date(2025, 3, 10),
        reported_by="Y dderbynfa",
        reported_how="letter",
        reported_on=date(2025, 3, 9),
    )
    assert refused.status_code == 422
    assert "You cannot have been told before it happened" in refused.text
    assert 'href="#reported_on-day"' in refused.text


def test_the_agency_confirms_or_contests(case, clinician, alnco):
    version = last_of(case, "appointment_offered")
    where = f"{page_of(TO_CAMHS)}/entries/{version}"
    page = clinician.get(page_of(TO_CAMHS)).text
    assert (
        clinician.post(f"{where}/confirm", data=form_in(page, action=f"{where}/confirm")).status_code == 303
    )
    assert "Confirmed" in entries(clinician.get(page_of(TO_CAMHS)).text)[version]
    # and changes its mind
    form = form_in(clinician.get(f"{where}/contest").text, "why")
    assert "What is not right?" in send(clinician, f"{where}/contest", form).text
    done = send(clinician, f"{where}/contest", form, why="Anfonwyd ar y 4ydd.", says_on=date(2025, 3, 4))
    assert done.status_code == 303
    said = entries(alnco.get(page_of(TO_CAMHS)).text)[version]
    assert "Contested" in said and "4 March" in said and "Anfonwyd ar y 4ydd." in said
    assert alnco.get(f"{where}/contest").status_code == 404, "a school does not answer itself"


def test_only_reports_are_answered_and_only_ones_own_word_corrected(case, alnco, clinician):
    own = last_of(case, "acknowledged")
    sent = last_of(case, "submitted")
    report = last_of(case, "was_not_brought")
    where = page_of(TO_CAMHS) + "/entries"
    assert clinician.get(f"{where}/{own}/contest").status_code == 404
    assert alnco.get(f"{where}/{own}/correct").status_code == 404
    assert alnco.get(f"{where}/{own}/strike").status_code == 404
    assert clinician.get(f"{where}/{report}/correct").status_code == 404
    for client in (alnco, clinician):
        for verb in ("correct", "strike"):
            assert client.get(f"{where}/{sent}/{verb}").status_code == 404, "the sending has disclosed"
            assert client.get(f"{where}/999/{verb}").status_code == 404


# Corrections


def test_a_correction_shows_both(case, alnco):
    wrong = last_of(case, "was_not_brought")
    path = f"{page_of(TO_CAMHS)}/entries/{wrong}/correct"
    page = alnco.get(f"{path}?as=could_not_attend").text
    form = form_in(page, "why")
    assert form["reported_by"] == "the secretary", "what was said is filled in"
    assert form["occurred_on-day"] == "2"
    assert "What was wrong with the entry?" in send(alnco, f"{path}?as=could_not_attend", form).text
    done = send(alnco, f"{path}?as=could_not_attend", form, why="Roedd y fam wedi ffonio.")
    assert done.status_code == 303
    shown = entries(alnco.get(page_of(TO_CAMHS)).text)
    new = last_of(case, "could_not_attend")
    assert "Corrected" in shown[wrong] and "The correction" in shown[wrong]
    assert "Correction" in shown[new] and "Roedd y fam wedi ffonio." in shown[new]
    assert "Correct Was not brought" not in shown[wrong], "it cannot be corrected twice"


def test_an_entry_struck_out_stays_and_counts_no_longer(case, clinician):
    received = last_of(case, "received")
    path = f"{page_of(TO_CAMHS)}/entries/{received}/strike"
    form = form_in(clinician.get(path).text, "why")
    assert send(clinician, path, form).status_code == 422
    assert send(clinician, path, form, why="Cofnod anghywir.").status_code == 303
    page = clinician.get(page_of(TO_CAMHS)).text
    assert "Struck out" in entries(page)[received]
    assert "Cofnod anghywir." in entries(page)[received]
    held = case.service.batch().state(PUPIL_STREAM, PUPIL).referrals[TO_CAMHS]
    assert received not in {step.version for step in held.counting()}


# Races, repeats and refusals


def test_two_answers_at_once_show_both_and_lose_nothing(case, service):
    maya, sam = browser(service, "clinician"), browser(service, "therapist")
    path = step(TO_CAMHS, "declined")
    form = form_in(maya.get(path).text, "signposting")
    assert record(sam, TO_CAMHS, "accepted", note="We take this on.").status_code == 303
    late = send(maya, path, form, reason="below_threshold", signposting="Nyrs yr ysgol")
    assert late.status_code == 422
    said = text(late.text)
    assert "This has changed. Check what is new, then send yours again" in said
    assert "Recorded since you opened this page" in said
    assert "CAMHS accepted the referral on" in said
    assert "We take this on." in said
    assert "(Person a4, Clinician)" in said
    kept = form_in(late.text, "signposting")
    assert (kept["reason"], kept["signposting"]) == ("below_threshold", "Nyrs yr ysgol")
    assert [s.name for s in steps(case)].count("declined") == 0
    # in full knowledge of it, she sends again
    assert send(maya, path, kept).status_code == 303
    assert [s.name for s in steps(case)].count("declined") == 1


def test_an_entry_corrected_meanwhile_is_not_answered(case, service, alnco, clinician):
    version = last_of(case, "appointment_offered")
    where = f"{page_of(TO_CAMHS)}/entries/{version}"
    form = form_in(clinician.get(f"{where}/contest").text, "why")
    strike = form_in(alnco.get(f"{where}/strike").text, "why")
    assert send(alnco, f"{where}/strike", strike, why="Camgymeriad.").status_code == 303
    late = send(clinician, f"{where}/contest", form, why="Ddim yn gywir.")
    assert late.status_code == 422
    assert "This entry no longer counts" in late.text
    assert "Ddim yn gywir." in late.text


def test_a_button_pressed_too_late_shows_what_came_in_between(case, service, alnco, clinician):
    version = last_of(case, "appointment_offered")
    where = f"{page_of(TO_CAMHS)}/entries/{version}/confirm"
    form = form_in(clinician.get(page_of(TO_CAMHS)).text, action=where)
    assert record(browser(service, "therapist"), TO_CAMHS, "accepted").status_code == 303
    late = clinician.post(where, data=form)
    assert late.status_code == 422
    assert "This has changed. Check what is new" in late.text
    assert "Accepted" in late.text


def test_sent_twice_acts_once(case, clinician):
    path = step(TO_CAMHS, "accepted")
    form = form_in(clinician.get(path).text, "occurred_on-day")
    assert send(clinician, path, form).status_code == 303
    assert send(clinician, path, form).status_code == 303
    assert [s.name for s in steps(case)].count("accepted") == 1


def test_what_cannot_have_happened_is_refused_and_what_was_typed_is_kept(clinician):
    future = record(clinician, TO_CAMHS, "accepted", occurred_on=TODAY + timedelta(days=2), note="Nodyn")
    assert future.status_code == 422
    assert "is in the future" in future.text
    assert "Nodyn" in future.text
    before = record(clinician, TO_CAMHS, "accepted", occurred_on=date(2025, 1, 5))
    assert before.status_code == 422
    said = text(before.text)
    assert "conflicts with Accepted on 5 January 2025." in said
    assert 'href="#occurred_on-day"' in before.text


@pytest.mark.parametrize("note", ["x" * 4001, "<script>alert(1)</script>", "e\u0302 ŵ \u0000 nodyn"])
def test_texts_too_long_with_markup_or_in_another_form(case, clinician, note):
    answer = record(clinician, TO_CAMHS, "accepted", note=note)
    if len(note) > 4000:
        assert answer.status_code == 422
        assert "use 4,000 characters or fewer" in answer.text
        return
    assert answer.status_code == 303
    page = clinician.get(page_of(TO_CAMHS)).text
    assert "<script>alert" not in page
    if "nodyn" in note:
        assert "ê ŵ  nodyn" in page, "one form, without controls"


def test_a_holder_before_may_read_on_and_say_little(case, service, clinician):
    page = clinician.get(step(TO_CAMHS, "redirected")).text
    psychology = re.search(r'<option value="([^"]+)"[^>]*>[^<]*Dyffryn Education', page)
    assert psychology
    open_form = form_in(clinician.get(step(TO_CAMHS, "accepted")).text, "occurred_on-day")
    yesterday = TODAY - timedelta(days=1)
    passed_on = record(clinician, TO_CAMHS, "redirected", to_service=psychology[1], occurred_on=yesterday)
    assert passed_on.status_code == 303
    late = send(clinician, step(TO_CAMHS, "accepted"), open_form, note="Gyda ni.")
    assert late.status_code == 422
    assert "Gyda ni." in late.text, "nothing typed is lost"
    again = send(clinician, step(TO_CAMHS, "accepted"), form_in(late.text, "note"))
    assert "The referral is with another agency" in again.text
    # what it did before it passed it on, it may still say
    before = record(clinician, TO_CAMHS, "triaged", occurred_on=date(2025, 2, 8))
    assert before.status_code == 303
    assert browser(service, "psychologist").get(step(TO_CAMHS, "accepted")).status_code == 200


# Beside the steps


def test_danger_that_became_known_later(case, service, clinician):
    path = page_of(TO_CAMHS) + "/immediate-risk"
    page = clinician.get(path).text
    for words in (
        "999",
        "NHS 111, option 2",
        "crisis team",
        "Social services",
        "designated safeguarding person",
    ):
        assert words in page
    form = form_in(page, "concern")
    assert "Choose who was told about the immediate risk." in send(clinician, path, form).text
    ahead = send(clinician, path, form, told=["crisis_team"], told_on=TODAY + timedelta(days=2))
    assert ahead.status_code == 422
    assert "Enter a time in the past." in ahead.text
    assert send(clinician, path, form, told=["crisis_team"], concern="Mewn argyfwng.").status_code == 303
    said = text(browser(service, "alnco").get(page_of(TO_CAMHS)).text)
    assert "Immediate risk. Told on" in said
    assert "Crisis team" in said and "Mewn argyfwng." in said


def test_a_family_that_is_away_counts_for_nobody(case, clinician):
    path = page_of(TO_CAMHS) + "/unavailable"
    form = form_in(clinician.get(path).text, "from_on-day")
    wrong = send(clinician, path, form, from_on=date(2025, 2, 20), until=date(2025, 2, 10))
    assert wrong.status_code == 422
    done = send(clinician, path, form, from_on=date(2025, 2, 10), until=date(2025, 2, 19), reason="away")
    assert done.status_code == 303
    said = text(clinician.get(page_of(TO_CAMHS)).text)
    assert "Paused: 10 days" in said
    assert "without the 10 days" in said


def test_the_number_of_statements_does_not_depend_on_the_number_of_entries(case, service, clinician):
    clinician.get(page_of(TO_CAMHS))
    with counted() as few:
        clinician.get(page_of(TO_CAMHS))
    for number in range(12):
        case.says(CLINICIAN, TO_CAMHS, "report_issued", day(50 + number))
    settled(service, case.service)
    with counted() as many:
        clinician.get(page_of(TO_CAMHS))
    assert many == few
    assert few.statements < 30


def test_a_referral_that_was_not_sent_leads_to_sending(case, service, alnco):
    referral = UUID(int=0xD9)
    case.does(
        ALNCO,
        day(42),
        OpenReferral,
        pupil=PUPIL,
        referral=referral,
        service=CAMHS,
        school=SCHOOL,
        immediate_risk=False,
        second_referral=True,
    )
    settled(service, case.service)
    page = alnco.get(page_of(referral)).text
    assert "Not sent yet." in page
    assert f"{page_of(referral)}/send" in page
    assert browser(service, "clinician").get(page_of(referral)).status_code == 404
    # taken back before it went: nothing is left to send
    assert record(alnco, referral, "withdrawn", reason="no_longer_needed").status_code == 303
    page = alnco.get(page_of(referral)).text
    assert "Not sent yet." not in page
    assert f"{page_of(referral)}/send" not in page
    assert "Reopen" in page


def test_an_agency_that_says_it_was_all_an_error_sees_it_no_longer(case, service):
    client = browser(service, "clinician")
    done = record(client, TO_CAMHS, "recorded_in_error", note="Y disgybl anghywir")
    assert done.status_code == 303
    assert done.location == "/inbox"
    ended = client.get(page_of(TO_CAMHS)).text
    assert "The referral was recorded in error." in ended
    assert "Siân" not in ended
    assert "recorded in error" in text(browser(service, "alnco").get(page_of(TO_CAMHS)).text).lower()


def test_both_sides_see_the_reference_under_which_messages_speak_of_it(alnco, clinician):
    for page in (alnco.get(page_of(TO_CAMHS)), clinician.get(page_of(TO_CAMHS))):
        assert f"Reference in messages: {case_reference(TO_CAMHS)}" in page.text
