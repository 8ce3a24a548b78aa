"""A referral passed on: only with an agreement of the next service, and what the former holder still sees."""

from __future__ import annotations

import re
from uuid import UUID

from coordination.pupil.casefile import PUPIL_STREAM
from coordination.pupil.consent.decide import WithdrawConsent
from tests.county import (
    ALNCO,
    BOARD,
    CLINICIAN,
    EDUCATION,
    MOTHER,
    PSYCHOLOGIST,
    PSYCHOLOGY,
    PUPIL,
    THERAPY,
)
from tests.projections.casework import day
from tests.webui.referral.conftest import TODAY, record, step, text
from tests.webui.referring import browser, form_in, page_of, settled


def test_who_passed_a_referral_on_reads_what_it_had_and_that_its_sight_ended(case, service, alnco):
    clinician, passed_on = browser(service, "therapist"), UUID(int=0xD8)
    case.agrees(UUID(int=0xEB), BOARD, day(40), service=THERAPY)
    case.refers(passed_on, THERAPY, day(41))
    to = {"to_service": str(PSYCHOLOGY), "to_agency": str(EDUCATION)}
    case.says(CLINICIAN, passed_on, "redirected", TODAY, details=to)
    case.says(PSYCHOLOGIST, passed_on, "acknowledged", TODAY, note="Dim ond i ni")
    settled(service, case.service)
    page = text(clinician.get(page_of(passed_on)).text)
    assert "You have received nothing new since" in page
    assert "The referral was passed on to another agency." in page
    assert "What you received and wrote" in page
    assert "Dim ond i ni" not in page and "Siân" not in page
    listed = text(clinician.get("/referrals/no-longer-shared").text)
    assert "The referral was passed on to another agency." in listed and "Siân" not in listed
    assert clinician.get(page_of(UUID(int=0xD77))).status_code == 404
    assert "There are none." in browser(service, "clinician").get("/referrals/no-longer-shared").text
    assert text(alnco.get("/referrals/no-longer-shared").text).count("There are none.") == 1


def test_the_holder_asks_the_school_for_a_basis_and_the_school_sees_it_today(case, service, alnco):
    clinician = browser(service, "therapist")
    case.agrees(UUID(int=0xEB), BOARD, day(40), service=THERAPY)
    case.refers(UUID(int=0xD8), THERAPY, day(41))
    settled(service, case.service)
    path = f"{page_of(UUID(int=0xD8))}/ask-for-basis"
    assert path in clinician.get(step(UUID(int=0xD8), "redirected")).text
    given = case.service.batch().state(PUPIL_STREAM, PUPIL).consents.questions.values()
    education = next(c for c in given if c.agency == EDUCATION and c.standing == "given")
    case.does(ALNCO, TODAY, WithdrawConsent, pupil=PUPIL, consent=education.consent, contact=MOTHER)
    settled(service, case.service)
    form = form_in(clinician.get(path).text)
    assert clinician.post(path, data={**form, "service": str(PSYCHOLOGY)}).status_code == 303
    told = text(alnco.get("/today").text)
    assert "for agreement, to pass the referral on to" in told
    again = clinician.post(path, data={**form_in(clinician.get(path).text), "service": str(PSYCHOLOGY)})
    assert "This agreement has already been asked for." in again.text
    case.agrees(UUID(int=0xE9), EDUCATION, TODAY)
    settled(service, case.service)
    assert "to pass the referral on to" not in text(alnco.get("/today").text)


def test_passing_on_without_agreement_is_refused_beside_the_question(case, service):
    clinician = browser(service, "therapist")
    with_nobody = UUID(int=0xD8)
    case.agrees(UUID(int=0xEB), BOARD, day(40), service=THERAPY)
    case.refers(with_nobody, THERAPY, day(41))
    settled(service, case.service)
    assert clinician.get(page_of(with_nobody)).status_code == 200
    education = case.service.batch().state(PUPIL_STREAM, PUPIL).consents
    asked = next(c for c in education.questions.values() if c.agency != BOARD and c.standing == "given")
    case.does(ALNCO, TODAY, WithdrawConsent, pupil=PUPIL, consent=asked.consent, contact=MOTHER)
    page = clinician.get(step(with_nobody, "redirected")).text
    psychology = re.search(r'<option value="([^"]+)"[^>]*>[^<]*Dyffryn Education', page)
    assert psychology
    refused = record(clinician, with_nobody, "redirected", to_service=psychology[1])
    assert refused.status_code == 422
    assert "Nothing recorded allows sharing with this agency" in refused.text
    assert 'href="#to_service"' in refused.text
