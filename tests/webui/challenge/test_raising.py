"""Raising a challenge or an enquiry."""

from __future__ import annotations

from tests.county import CAMHS, PSYCHOLOGY
from tests.projections.hwb import correct, hold, meeting_id
from tests.webui.challenge.conftest import NOBODY, RAISE, ChallengeDesks, disputes
from tests.webui.referring import form_in, send, settled
from tests.webui.reports_county import TODAY, row_of, words_of
from tests.webui.service import RunningService


def test_from_the_suggestion_to_the_ruling_and_the_end(desks: ChallengeDesks) -> None:
    assert RAISE in desks.alnco.get("/attendance")
    page = desks.alnco.raises()
    assert "Only the school sees it" in words_of(desks.alnco.get(f"{page}?done=raised"))
    assert row_of(desks.alnco.get(page), "5 March 2025")[:2] == ["Apologies", "expected"]
    assert row_of(desks.alnco.get(page), "5 March 2025")[3:] == ["15 (10 required)", "apologies"]
    # it waits for the head teacher, and for nobody else
    assert "The head teacher decides whether to send it" in desks.head.get("/challenges")
    assert "Nothing is waiting for you." in desks.alnco.get("/challenges")
    for other in (desks.clinician, desks.auditor):
        other.get(page, 404)
        assert "Nothing else is open." in other.get("/challenges")
    desks.head.does(f"{page}/approve")
    desks.alnco.does(f"{page}/send", way="letter", sent_on=TODAY)
    assert desks.alnco.state(page).phase == "sent"
    # 10 working days after Monday 1 December
    assert "15 December 2025" in desks.clinician.get(page)
    assert "Acknowledge receipt" in desks.clinician.get("/challenges")
    desks.clinician.does(f"{page}/acknowledge")
    ruling = disputes(desks, page)
    desks.clinician.does(f"{page}/reply", text="A deputy will come.\nPob hwyl.")
    assert "A deputy will come.\nPob hwyl." in desks.alnco.get(page)
    waiting = words_of(desks.auditor.get("/challenges"))
    assert "A disputed mark needs a ruling" in waiting
    assert desks.auditor.get(page).count(ruling) == 1
    desks.auditor.does(ruling, ruling="upheld", reasons="The visitors’ book has the name.")
    said = words_of(desks.alnco.get(page))
    assert "ruling: Attended" in said
    assert "The visitors’ book has the name." in said
    assert "After the disputes and rulings, the evidence no longer meets the rule." in said
    desks.alnco.does(f"{page}/resolve", outcome="record_corrected", note="Thank you.")
    assert desks.alnco.state(page).phase == "resolved"
    for everybody in (desks.alnco, desks.clinician, desks.auditor):
        closed = everybody.get(page)
        assert "Resolved by ALNCo, Ysgol y Bryn: The record was corrected" in words_of(closed)
        assert "c-moves" not in closed


def test_the_evidence_is_never_taken_from_the_form(desks: ChallengeDesks) -> None:
    form = form_in(desks.alnco.get(RAISE))
    for name, value in (("marks", "[]"), ("school", str(NOBODY)), ("kind", "enquiry"), ("counted", "99")):
        form[name] = value
    page = send(desks.alnco.client, RAISE, form).location.split("?")[0]
    raised = desks.alnco.state(page)
    assert [m.mark for m in raised.marks] == ["attended", "apologies", "absent"]
    assert (raised.kind, raised.measured.counted) == ("challenge", 2)
    assert all(m.position > 0 for m in raised.marks)


def test_sent_twice_it_is_raised_once(desks: ChallengeDesks) -> None:
    form = form_in(desks.alnco.get(RAISE))
    first = send(desks.alnco.client, RAISE, form)
    again = send(desks.alnco.client, RAISE, form)
    assert first.location == again.location
    assert row_of(desks.alnco.get("/challenges"), "Child and adolescent")[0] == "Attendance at meetings"
    # and with one open there is no second
    assert 'name="shown"' not in desks.alnco.get(RAISE)
    other = form.copy()
    other["command_id"] = str(NOBODY)
    refused = send(desks.alnco.client, RAISE, other)
    assert refused.status_code == 422
    assert "There is already an open challenge about this." in words_of(refused.text)


def test_a_register_that_changed_meanwhile_is_looked_at_again(
    service: RunningService, desks: ChallengeDesks
) -> None:
    form = form_in(desks.alnco.get(RAISE))
    correct(desks.alnco.county, meeting_id(2), CAMHS, "substitute", TODAY)
    settled(service, desks.alnco.county)
    answer = send(desks.alnco.client, RAISE, form)
    assert answer.status_code == 422
    assert "The register changed after you opened this page." in words_of(answer.text)
    assert "Substitute attended" in answer.text
    # what was owed and missed is too little now: with the meeting of short notice there is ground for an enquiry
    assert "Raise the enquiry" in answer.text and form["shown"] not in answer.text
    form["shown"] = "x" * 65
    assert send(desks.alnco.client, RAISE, form).status_code == 422


def test_an_enquiry_where_nothing_was_owed(service: RunningService, desks: ChallengeDesks) -> None:
    for n in (5, 6):
        hold(desks.alnco.county, n, {PSYCHOLOGY: "absent"})
    settled(service, desks.alnco.county)
    path = f"/challenges/raise/attendance/{PSYCHOLOGY}"
    page = desks.alnco.get(path)
    assert "You can only send an enquiry" in page
    assert "It had not agreed terms of reference for these meetings" in page
    raised = desks.alnco.raises(path)
    letter = words_of(desks.alnco.get(f"{raised}/letter"))
    assert "Enquiry: attendance at our meetings, Hwb meeting" in letter
    assert "Draft. Not sent." in letter
    # on an enquiry there is no ladder
    desks.head.does(f"{raised}/approve")
    desks.alnco.does(f"{raised}/send")
    assert desks.alnco.client.get(f"{raised}/escalate").location == raised
    # the authority's own department is challenged, so its auditor is of a party
    psychologist = desks.psychologist
    psychologist.does(f"{raised}/dispute/{meeting_id(5)}", claims="struck_out", why="We were not asked.")
    [dispute] = psychologist.state(raised).disputes.values()
    assert dispute.claims is None
    assert f"/rule/{dispute.dispute}" not in desks.auditor.get(raised)
    assert desks.auditor.client.get(f"{raised}/rule/{dispute.dispute}").location == raised
