"""Referring: danger first, then the service, then everything as one."""

from __future__ import annotations

import re
from datetime import date, timedelta
from uuid import UUID

import pytest

from coordination.directory.commands import ChangeService
from coordination.pupil.casefile import PUPIL_STREAM
from coordination.pupil.consent.decide import GiveConsent
from tests.county import (
    ADMINISTRATOR,
    ALNCO,
    BOARD,
    CAMHS,
    EDUCATION,
    MOTHER,
    PSYCHOLOGY,
    PUPIL,
    THERAPY,
    order,
)
from tests.projections.casework import SECOND, TO_CAMHS, day
from tests.webui.referral.conftest import text
from tests.webui.referring import Forms, browser, case_on, form_in, page_of, send, settled
from tests.webui.service import NOW

TODAY = NOW.date()
# nobody has agreed to anything for this pupil yet
PATH = f"/pupils/{SECOND}/refer"
OWN = f"/pupils/{PUPIL}/refer"


@pytest.fixture
def case(service):
    with case_on(service) as told:
        yield told


@pytest.fixture
def alnco(case, service):
    return browser(service, "alnco")


def file_of(case, pupil=SECOND):
    return case.service.batch().state(PUPIL_STREAM, pupil)


def details(client, path=PATH, service=CAMHS, **risk):
    """The second page, after the first was answered."""
    first = form_in(client.get(path).text, "told_at")
    answered = {"immediate_risk": "no", "service": str(service), "stage": "service"} | risk
    return send(client, path, first, **answered)


def refer(client, page, path=PATH, **typed):
    form = form_in(page.text, "reason")
    said = {"stage": "details", "reason": "Ddim yn cysgu.", "informed": "yes"} | typed
    return send(client, path, form, **said)


GIVEN = {"agreement": "given", "giver": str(MOTHER), "route": "verbal"}


# Danger first


def test_nothing_goes_on_before_danger_is_answered(alnco):
    page = alnco.get(PATH)
    assert page.status_code == 200
    assert page.text.index("Is anyone at immediate risk?") < page.text.index("Which service?")
    unanswered = send(alnco, PATH, form_in(page.text, "told_at"), stage="service", service=str(CAMHS))
    assert unanswered.status_code == 422
    assert "Answer first whether anyone is at immediate risk." in unanswered.text
    assert 'href="#immediate_risk"' in unanswered.text


def test_danger_says_what_to_do_and_asks_who_knows_and_when(case, alnco):
    page = alnco.get(PATH).text
    for words in (
        "999",
        "NHS 111, option 2",
        "crisis team",
        "Social services",
        "designated safeguarding person",
    ):
        assert words in page
    refused = details(alnco, immediate_risk="yes", told_at="", told_on__day="")
    assert refused.status_code == 422
    for words in ("Choose who was told about the immediate risk.", "Enter the time they were told."):
        assert words in refused.text
    later = NOW + timedelta(days=2)
    ahead = details(alnco, immediate_risk="yes", told=["crisis_team"], told_on=later.date())
    assert ahead.status_code == 422
    assert "Enter a time in the past." in ahead.text


def test_a_danger_is_recorded_with_the_referral_and_comes_first_in_the_inbox(case, service, alnco):
    page = details(
        alnco,
        immediate_risk="yes",
        told=["crisis_team", "designated_safeguarding_person"],
        concern="Mae hi mewn perygl.",
    )
    assert "?" not in page.request.path and page.request.query_string == b"", "nothing of it in the address"
    assert "Send this today" in page.text
    form = form_in(page.text, "reason")
    assert form["priority"] == "urgent"
    assert form["reason"] == "Mae hi mewn perygl.", "what was said is filled in"
    sent = refer(alnco, page, **GIVEN)
    assert sent.status_code == 303
    (referral,) = file_of(case).referrals.values()
    assert referral.immediate_risk
    assert referral.told == ("crisis_team", "designated_safeguarding_person")
    said = text(alnco.get(sent.location).text)
    assert "Immediate risk. Told on" in said
    inbox = browser(service, "clinician").get("/inbox").text
    first = text(inbox.split("<tbody")[1].split("</tr>")[0])
    assert "Immediate risk" in first and "Urgent" in first


# The whole of it


def test_everything_goes_as_one(case, service, alnco):
    before = file_of(case).version
    page = details(alnco)
    said = text(page.text)
    assert "You said there is no immediate risk." in said
    assert "Agreement to share with Dyffryn Health Board" in said
    assert "Parent’s view" in said and "School’s observation" in said
    answer = refer(
        alnco, page, **GIVEN, words="Cytunaf.", supplied=["school_observation"], shared=["contact"]
    )
    assert answer.status_code == 303
    file = file_of(case)
    (referral,) = file.referrals.values()
    assert answer.location.endswith(page_of(referral.referral, SECOND))
    assert [s.name for s in referral.steps] == ["decided", "submitted"]
    assert referral.missing == ("parents_view", "childs_view")
    assert file.version == before + 5, "agreement, referral, decision, sending, disclosure"
    assert file.consents.disclosed(referral.referral, BOARD, CAMHS)
    (consent,) = file.consents.questions.values()
    assert (consent.standing, consent.contact) == ("given", MOTHER)
    assert consent.data_classes == ("identity", "needs", "referral", "contact")
    shown = alnco.get(answer.location).text
    assert "The referral was sent to" in shown
    agency = browser(service, "clinician").get(page_of(referral.referral, SECOND))
    assert agency.status_code == 200
    assert "Ddim yn cysgu." in agency.text
    assert "Mair Gŵyn" in agency.text, "the contact was shared"


def test_sent_twice_it_acts_once(case, alnco):
    page = details(alnco)
    first = refer(alnco, page, **GIVEN)
    version = file_of(case).version
    second = refer(alnco, page, **GIVEN)
    assert (first.status_code, second.status_code) == (303, 303)
    assert first.location == second.location
    assert file_of(case).version == version


def test_what_is_missing_is_said_and_what_was_typed_is_kept(case, alnco):
    page = details(alnco)
    refused = refer(alnco, page, reason="", informed=None)
    assert refused.status_code == 422
    for words in ("Enter why you are referring.", "Choose one of the answers."):
        assert words in refused.text
    refused = refer(alnco, page, agreement="given", giver=None, route=None, words="Iawn", agreed_on__day="31")
    assert refused.status_code == 422
    assert "Choose who has agreed." in refused.text
    assert "Choose how they agreed." in refused.text
    assert form_in(refused.text, "reason")["words"] == "Iawn"
    assert not file_of(case).referrals


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ({"giver": "court"}, "Enter which court order."),
        ({"giver": "somebody"}, "choose one of the answers offered"),
        ({"agreed_on": TODAY + timedelta(days=3)}, "is in the future"),
        (
            {"agreed_on": TODAY - timedelta(days=1), "sent_on": TODAY - timedelta(days=9)},
            "Nothing recorded allows",
        ),
        ({"reason": "x" * 4001}, "use 4,000 characters or fewer"),
        ({"sent_on__day": "30", "sent_on__month": "2"}, "enter a real date"),
    ],
)
def test_what_cannot_be_is_refused_as_a_whole(case, alnco, typed, words):
    before = file_of(case).version
    answer = refer(alnco, details(alnco), **(GIVEN | typed))
    assert answer.status_code == 422
    assert words in text(answer.text)
    assert file_of(case).version == before


def test_a_competent_child_may_agree_alone_and_who_judged_it_is_kept(case, alnco):
    typed = {"agreement": "given", "giver": "competent_child", "route": "verbal"}
    page = details(alnco)
    assert "Say how the child was found competent" in refer(alnco, page, **typed).text
    answer = refer(alnco, page, **typed, assessment="Mae hi’n deall beth a rennir.", kept_from_parents="yes")
    assert answer.status_code == 303
    (consent,) = file_of(case).consents.questions.values()
    assert (consent.contact, consent.kept_from_parents) == (None, True)


def test_the_law_may_allow_it_without_agreement_with_a_reason(case, alnco):
    page = details(alnco)
    refused = refer(alnco, page, agreement="without", override="safeguarding")
    assert "Enter why you are sharing it without agreement." in refused.text
    sent = refer(alnco, page, agreement="without", override="safeguarding", override_reason="Perygl gartref.")
    assert sent.status_code == 303
    (made,) = file_of(case).consents.disclosures
    assert made.consent is None
    assert "Without agreement. Safeguarding" in text(alnco.get(sent.location).text)


# Agreement in force, and an earlier referral


def test_an_agreement_in_force_is_not_asked_again_and_bounds_what_is_shared(case, service, alnco):
    given = UUID(int=0xE9)
    case.does(
        ALNCO,
        day(40),
        GiveConsent,
        pupil=SECOND,
        consent=given,
        agency=EDUCATION,
        authority="parental_responsibility",
        contact=MOTHER,
        data_classes=("identity", "needs", "referral"),
    )
    settled(service, case.service)
    page = details(alnco, service=PSYCHOLOGY)
    assert "An agreement is in force." in page.text
    assert "Mair Gŵyn, mother agreed on" in text(page.text)
    assert 'name="agreement"' not in page.text
    assert 'name="shared"' not in page.text, "the agreement does not cover contacts"
    sent = refer(alnco, page)
    assert sent.status_code == 303
    (made,) = file_of(case).consents.disclosures
    assert made.consent == given


def test_what_is_known_is_filled_in(alnco):
    page = details(alnco, OWN, CAMHS)
    said = text(page.text)
    assert "Child’s or young person’s view recorded, 27 January 2025" in said
    assert form_in(page.text, "reason").getlist("supplied") == ["childs_view"]
    assert "This service already has a referral for this child." in said


def test_a_second_referral_copies_the_first(case, alnco):
    page = details(alnco, OWN, THERAPY)
    form = form_in(page.text, "reason")
    assert form["reason"] == "Nid yw’n cysgu."
    assert "Copied from the referral to" in page.text
    answer = refer(alnco, page, OWN, reason=form["reason"], **GIVEN)
    assert answer.status_code == 303
    new = UUID(answer.location.rpartition("/")[2])
    assert new not in (TO_CAMHS,)
    referral = file_of(case, PUPIL).referrals[new]
    assert referral.service == THERAPY


# Asking first


def test_asking_keeps_it_until_the_answer_and_then_it_goes(case, service, alnco):
    page = details(alnco)
    refused = refer(alnco, page, agreement="ask", asked=None)
    assert "Choose who you are asking." in refused.text
    kept = refer(alnco, page, agreement="ask", asked=str(MOTHER))
    assert kept.status_code == 303
    (referral,) = file_of(case).referrals
    shown = alnco.get(kept.location).text
    assert "The referral to" in shown and "is saved." in shown
    assert "Not sent yet." in shown
    assert [s.name for s in file_of(case).referrals[referral].steps] == ["decided"]
    assert browser(service, "clinician").get(page_of(referral, SECOND)).status_code == 404
    sending = page_of(referral, SECOND) + "/send"
    assert sending in shown
    form = form_in(alnco.get(sending).text, "sent_on-day")
    assert "Choose one of the answers." in send(alnco, sending, form).text
    gone = send(alnco, sending, form, **GIVEN, note="Ffoniodd y fam.")
    assert gone.status_code == 303
    assert file_of(case).referrals[referral].steps[-1].name == "submitted"
    agency = browser(service, "clinician").get(page_of(referral, SECOND))
    assert "Ffoniodd y fam." in agency.text
    assert alnco.get(sending).status_code == 303, "it is sent, so the page leads to the referral"
    assert send(alnco, sending, form, **GIVEN).status_code == 303


# Back and forth, and who may


def test_the_way_back_keeps_both_pages(alnco):
    page = details(alnco, service=CAMHS)
    back = refer(alnco, page, stage="back", reason="Hanner ffordd.", priority="priority")
    assert back.status_code == 200
    first = form_in(back.text, "told_at")
    assert (first["immediate_risk"], first["service"]) == ("no", str(CAMHS))
    forward = send(alnco, PATH, first, service=str(THERAPY), stage="service")
    assert forward.status_code == 200
    again = form_in(forward.text, "reason")
    assert (again["reason"], again["priority"]) == ("Hanner ffordd.", "priority")
    assert again["service"] == str(THERAPY)


def test_only_the_pupils_school_refers(case, service):
    for who in ("other-alnco", "clinician", "auditor", "administrator"):
        client = browser(service, who)
        assert client.get(PATH).status_code == 404
    for path in (f"/pupils/{UUID(int=5)}/refer", "/pupils/nobody/refer"):
        assert browser(service, "alnco").get(path).status_code == 404


def test_a_service_that_is_closed_or_unknown_is_not_offered(case, service, alnco):
    page = details(alnco, service=UUID(int=0x99))
    assert page.status_code == 422
    assert "choose one of the answers offered" in page.text
    second = details(alnco)
    yesterday = TODAY - timedelta(days=1)
    closed = ChangeService(
        occurred_on=yesterday, organisation=BOARD, service=CAMHS, effective_from=yesterday, open_to=yesterday
    )
    case.service.perform(closed, order(ADMINISTRATOR, TODAY, source="command_line"))
    assert str(CAMHS) not in alnco.get(PATH).text
    late = refer(alnco, second, **GIVEN)
    assert late.status_code == 422
    assert not file_of(case).referrals


def test_nothing_about_the_child_is_in_the_title(alnco):
    for page in (alnco.get(PATH), details(alnco)):
        title = re.search(r"<title>(.*?)</title>", page.text, re.S)
        assert title and "Siân" not in title[1]


def test_in_welsh(alnco):
    alnco.get("/language/cy")
    page = alnco.get(PATH).text
    assert "A oes risg uniongyrchol i rywun?" in page
    assert "GIG 111, pwyso 2" in page
    second = details(alnco)
    assert "Pam rydych yn atgyfeirio" in second.text


def test_the_forms_can_be_sent_as_they_stand(alnco):
    """No hidden field of one page takes the place of a question of the other."""
    page = details(alnco)
    _, form = next(f for f in Forms(page.text).found if "reason" in f[1])
    assert form["immediate_risk"] == "no"
    assert len(form.getlist("service")) == 1
    assert len(form.getlist("command_id")) == 1
    assert date(int(form["sent_on-year"]), int(form["sent_on-month"]), int(form["sent_on-day"])) == TODAY


def test_an_id_that_is_none_breaks_nothing(alnco):
    page = details(alnco)
    assert refer(alnco, page, command_id="nobody's", **GIVEN).status_code == 303
