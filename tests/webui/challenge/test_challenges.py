"""Challenges on the pages: raised from the record, approved, sent, answered, disputed, ruled on, ended; each step only
by those who may."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta
from typing import Any
from uuid import UUID

import psycopg
import pytest
from flask.testing import FlaskClient

from coordination.challenge.commands import WithdrawChallenge
from coordination.challenge.state import CHALLENGE_STREAM, Challenge
from coordination.meeting.state import MEETING_STREAM
from coordination.service import Coordination
from tests.county import ALNCO, CAMHS, EDUCATION, PSYCHOLOGIST, PSYCHOLOGY, THERAPY, order
from tests.projections.hwb import correct, hold, meeting_id
from tests.webui.looking import counted
from tests.webui.referring import browser, form_in, send, settled
from tests.webui.reports_county import TODAY, WAITS, reports_on, row_of, words_of
from tests.webui.service import RunningService

RAISE = f"/challenges/raise/attendance/{CAMHS}"
DELAY = f"/challenges/raise/delay/{CAMHS}/CAMHS-28"
NOBODY = UUID(int=0x999)


@pytest.fixture
def county(service: RunningService) -> Iterator[Coordination]:
    with reports_on(service) as coordination:
        yield coordination


class ChallengeDesk:
    """Somebody at the pages of challenges."""

    def __init__(self, service: RunningService, county: Coordination, username: str) -> None:
        self.county = county
        self.client: FlaskClient = browser(service, username)

    def get(self, path: str, status: int = 200) -> str:
        answer = self.client.get(path)
        assert answer.status_code == status, (path, answer.status_code, answer.location)
        return answer.text

    def does(self, path: str, status: int = 303, **typed: Any) -> Any:
        """Sends the form of a page with some of it typed over."""
        answer = send(self.client, path, form_in(self.get(path), action=""), **typed)
        assert answer.status_code == status, words_of(answer.text)
        return answer

    def raises(self, path: str = RAISE, **typed: Any) -> str:
        """Raises it; the address of its page."""
        found = re.match(r"(/challenges/[0-9a-f-]{36})\?done=raised", self.does(path, **typed).location)
        assert found
        return found[1]

    def state(self, page: str) -> Challenge:
        found: Challenge = self.county.batch().state(CHALLENGE_STREAM, UUID(page.rsplit("/", 1)[1]))
        return found


class ChallengeDesks:
    """All of them, each opened when it is needed."""

    def __init__(self, service: RunningService, county: Coordination) -> None:
        self._at = service, county
        self._open: dict[str, ChallengeDesk] = {}

    def __getattr__(self, name: str) -> ChallengeDesk:
        if name not in self._open:
            self._open[name] = ChallengeDesk(*self._at, name.replace("_", "-"))
        return self._open[name]

    def sent(self) -> str:
        """An attendance challenge that CAMHS has."""
        page = self.alnco.raises()
        self.head.does(f"{page}/approve")
        self.alnco.does(f"{page}/send", way="letter")
        return page


@pytest.fixture
def desks(service: RunningService, county: Coordination) -> ChallengeDesks:
    return ChallengeDesks(service, county)


def disputes(desks: ChallengeDesks, page: str, number: int = 3, claims: str = "attended") -> str:
    """CAMHS disputes the line of a meeting; the path of the ruling."""
    desks.clinician.does(
        f"{page}/dispute/{meeting_id(number)}", claims=claims, why="We were there until the end."
    )
    [dispute] = desks.clinician.state(page).disputes
    return f"{page}/rule/{dispute}"


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
    assert "Enquiry: attendance at our Hwb meetings" in letter
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


def test_only_the_head_teacher_approves(desks: ChallengeDesks) -> None:
    page = desks.alnco.raises()
    assert "Approve" not in words_of(desks.alnco.get(page)).split("History")[0]
    assert desks.alnco.client.get(f"{page}/approve").location == page
    form = form_in(desks.head.get(f"{page}/approve"))
    form["csrf_token"] = form_in(desks.alnco.get(f"{page}/withdraw"))["csrf_token"]
    refused = send(desks.alnco.client, f"{page}/approve", form)
    assert refused.status_code == 422
    assert "Only the school’s head teacher can approve this." in words_of(refused.text)
    desks.head.does(f"{page}/decline", why="We ring them first.")
    assert desks.head.state(page).phase == "not_approved"
    assert "We ring them first." in desks.alnco.get(page)
    desks.clinician.get(page, 404)


def test_each_step_is_for_those_who_may(desks: ChallengeDesks) -> None:
    page = desks.sent()
    steps = ("approve", "decline", "send", "acknowledge", "reply", "report_reply", "resolve", "escalate")
    steps += ("withdraw", "bypass", f"dispute/{meeting_id(3)}")
    may = {
        "alnco": {"report_reply", "resolve", "withdraw", "bypass"},
        "head": {"report_reply", "resolve", "withdraw", "bypass"},
        "clinician": {"acknowledge", "reply", f"dispute/{meeting_id(3)}"},
        "therapist": {"acknowledge", "reply", f"dispute/{meeting_id(3)}"},
        "auditor": set(),
    }
    for name, allowed in may.items():
        desk = getattr(desks, name)
        for step in steps:
            assert (desk.client.get(f"{page}/{step}").status_code == 200) is (step in allowed), (name, step)
    for name in ("other_alnco", "psychologist", "administrator"):
        desk = getattr(desks, name)
        for path in (page, f"{page}/letter", f"{page}/reply", f"{page}/withdraw", RAISE + "x"):
            desk.get(path, 404)
    for wrong in (
        f"/challenges/{NOBODY}",
        f"{page}/nothing",
        f"{page}/rule/{NOBODY}",
        f"{page}/dispute/{NOBODY}",
    ):
        desks.alnco.get(wrong, 404)
    for wrong in (f"/challenges/raise/attendance/{NOBODY}", f"/challenges/raise/delay/{CAMHS}/NONE"):
        desks.alnco.get(wrong, 404)
        desks.clinician.get(wrong, 404)


def test_somebody_from_outside_is_asked_to_rule_and_sees_this_one(desks: ChallengeDesks) -> None:
    page = desks.sent()
    assert desks.alnco.client.get(f"{page}/name_ruler").status_code == 303, "nothing is disputed yet"
    ruling = disputes(desks, page)
    desks.psychologist.get(page, 404)
    asked = desks.alnco.get(f"{page}/name_ruler")
    assert "Dyffryn Education" in words_of(asked)
    desks.alnco.does(f"{page}/name_ruler", ruler=f"{PSYCHOLOGIST}.{EDUCATION}")
    said = words_of(desks.alnco.get(page))
    assert "ALNCo, Ysgol y Bryn asks for an independent ruling" in said
    assert f"{page}/name_ruler" not in desks.alnco.get(page), "everybody who could be was asked"
    theirs = desks.psychologist.get(page)
    assert "Rule on the dispute" in words_of(theirs)
    for step in ("acknowledge", "reply", f"dispute/{meeting_id(3)}", "withdraw"):
        assert desks.psychologist.client.get(f"{page}/{step}").status_code == 303, step
    desks.psychologist.does(ruling, ruling="not_upheld", reasons="The register was signed.")
    assert "The register was signed." in desks.alnco.get(page)
    assert "Rule on the dispute" not in words_of(desks.psychologist.get(page))


def test_a_dispute_is_ruled_on_before_it_is_withdrawn(desks: ChallengeDesks) -> None:
    page = desks.sent()
    form = form_in(desks.alnco.get(f"{page}/withdraw"))
    ruling = disputes(desks, page)
    assert f"{page}/withdraw" not in desks.alnco.get(page)
    form["seen"] = form_in(desks.alnco.get(f"{page}/report_reply"))["seen"]
    answer = send(desks.alnco.client, f"{page}/withdraw", form, why="We talked.")
    assert answer.status_code == 422
    assert "It must be ruled on first." in words_of(answer.text)
    desks.auditor.does(ruling, ruling="not_upheld", reasons="The register stands.")
    desks.alnco.does(f"{page}/withdraw", why="We talked.")


def test_nobody_takes_a_step_by_sending_a_form_made_up(desks: ChallengeDesks) -> None:
    page = desks.sent()
    ruling = disputes(desks, page)
    token = form_in(desks.clinician.get(f"{page}/reply"))
    for path in (f"{page}/withdraw", f"{page}/resolve", f"{page}/approve", ruling):
        answer = send(
            desks.clinician.client, path, token, why="x", outcome="not_resolved", ruling="upheld", reasons="x"
        )
        assert answer.status_code in (404, 422), path
    before = desks.clinician.state(page)
    assert (before.phase, len(before.open_disputes())) == ("sent", 1)
    alnco = form_in(desks.alnco.get(f"{page}/report_reply"))
    assert send(desks.alnco.client, ruling, alnco, ruling="not_upheld", reasons="x").status_code == 404
    refused = send(desks.clinician.client, ruling, token, ruling="not_upheld", reasons="It stands.")
    assert refused.status_code == 422
    assert "Choose a person from neither organisation." in words_of(refused.text)
    assert send(desks.alnco.client, f"{page}/reply", alnco, text="x").status_code == 422


def test_a_lost_race_shows_both_and_loses_no_text(service: RunningService, desks: ChallengeDesks) -> None:
    page = desks.sent()
    form = form_in(desks.clinician.get(f"{page}/reply"))
    meanwhile = WithdrawChallenge(
        occurred_on=TODAY, challenge=UUID(page.rsplit("/", 1)[1]), why="They rang and said sorry."
    )
    desks.alnco.county.perform(meanwhile, order(ALNCO, TODAY))
    settled(service, desks.alnco.county)
    answer = send(desks.clinician.client, f"{page}/reply", form, text="Two lines\nof a reply")
    assert answer.status_code == 422
    said = words_of(answer.text)
    assert "This has changed. Check what is new, then send yours again." in said
    assert "Withdrawn by ALNCo, Ysgol y Bryn" in said
    assert "They rang and said sorry." in said
    assert "Two lines&#10;of a reply" in answer.text
    # sent again, it is refused for what it is: there is nothing to reply to any more
    again = send(desks.clinician.client, f"{page}/reply", form_in(answer.text, "text"))
    assert again.status_code == 422
    assert "This is closed." in words_of(again.text)
    assert "Two lines&#10;of a reply" in again.text


def test_bad_input_is_told_beside_its_box(desks: ChallengeDesks) -> None:
    page = desks.sent()
    reply = f"{page}/reply"
    for typed, words in (
        ({"text": ""}, "Enter your reply"),
        ({"text": " \n "}, "Enter your reply"),
        ({"text": "x" * 4001}, "use 4,000 characters or fewer"),
    ):
        answer = desks.clinician.does(reply, 422, **typed)
        assert words in words_of(answer.text)
        assert "<title>Error:" in answer.text
    dispute = f"{page}/dispute/{meeting_id(3)}"
    assert (
        "choose one of the answers offered"
        in desks.clinician.does(dispute, 422, claims="absent", why="x").text
    )
    report = f"{page}/report_reply"
    for typed, words in (
        ({"way": "pigeon", "text": "x"}, "choose one of the answers offered"),
        ({"text": "x", "replied_on__day": "30", "replied_on__month": "2"}, "enter a real date"),
        ({"text": "x", "replied_on": TODAY + timedelta(days=1)}, "is in the future"),
        ({"text": "x", "replied_on": TODAY - timedelta(days=3)}, "Enter a date on or after"),
    ):
        assert words in words_of(desks.alnco.does(report, 422, **typed).text)
    markup = "<script>alert(1)</script> & gŵyl e\u0302"
    desks.clinician.does(reply, text=markup)
    shown = desks.alnco.get(page)
    assert "<script>alert" not in shown
    assert "&lt;script&gt;alert(1)&lt;/script&gt; &amp; gŵyl ê" in shown
    form = form_in(desks.clinician.get(reply))
    for name, value in (("command_id", "nonsense"), ("seen", "many"), ("seen", "9" * 30)):
        answer = send(desks.clinician.client, reply, form, text="x", **{name: value})
        assert answer.status_code in (303, 400, 422), (name, answer.status_code)
    raising = form_in(desks.alnco.get(f"{page}/withdraw"))
    raising["command_id"] = "nonsense"
    assert send(desks.alnco.client, RAISE, raising).status_code in (303, 400, 422)


def test_a_reply_is_overdue_then_escalated_by_its_ladder(
    service: RunningService, desks: ChallengeDesks
) -> None:
    page = desks.sent()
    assert desks.alnco.client.get(f"{page}/escalate").location == page
    service.clock.advance(days=15)
    desks = ChallengeDesks(service, desks.alnco.county)
    late = words_of(desks.alnco.get("/challenges"))
    assert "The reply is overdue" in late
    assert "15 December 2025 (overdue)" in words_of(desks.alnco.get(page))
    assert "It goes to the next level: Service manager" in words_of(desks.alnco.get(f"{page}/escalate"))
    desks.alnco.does(f"{page}/escalate", why="No word since.")
    assert desks.alnco.state(page).level == "service_manager"
    assert "Escalated by ALNCo, Ysgol y Bryn to: Service manager" in words_of(desks.clinician.get(page))
    # out of turn, and only with a reason
    assert "Describe the evidence of risk" in desks.alnco.does(f"{page}/bypass", 422, level="declo").text
    desks.alnco.does(f"{page}/bypass", level="declo", why="A risk was seen.")
    assert desks.alnco.state(page).level == "declo"
    assert desks.alnco.client.get(f"{page}/escalate").location == page


def test_a_reply_that_came_by_telephone_is_written_down(desks: ChallengeDesks) -> None:
    page = desks.sent()
    desks.alnco.does(f"{page}/report_reply", way="telephone", text="The team was short of staff.")
    said = words_of(desks.clinician.get(page))
    assert "Reply received another way (telephone), recorded by ALNCo, Ysgol y Bryn" in said
    assert "Consider the reply" in desks.alnco.get("/challenges")
    desks.clinician.does(f"{page}/reply", text="In our own words.")


def test_the_letter_in_either_language_whatever_the_screen_speaks(desks: ChallengeDesks) -> None:
    page = desks.alnco.raises()
    draft = desks.alnco.get(f"{page}/letter?language=en")
    assert '<article class="c-letter" lang="en">' in draft
    assert "Draft. Not sent." in draft
    desks.head.does(f"{page}/approve")
    desks.alnco.does(f"{page}/send")
    english = words_of(desks.clinician.get(f"{page}/letter?language=en").split("<article")[1])
    assert "Your service agreed terms of reference for our Hwb meetings from 1 September 2024" in english
    assert "Please reply by 15 December 2025." in english
    assert "approved on 1 December 2025" in english
    assert "Siân" not in english
    whole = desks.alnco.get(f"{page}/letter?language=cy")
    assert '<html lang="en"' in whole and '<article class="c-letter" lang="cy">' in whole
    welsh = words_of(whole.split("<article")[1])
    assert "Atebwch erbyn 15 Rhagfyr 2025." in welsh
    assert "Yn absennol heb ymddiheuriadau" in welsh
    assert "Yn gywir" in welsh
    for left in ("The ", "Your", "Please", "meeting", "Absent"):
        assert left not in welsh
    desks.alnco.get(f"{page}/letter?language=fr", 404)


def test_waits_over_the_standard_are_asked_about_without_names_in_the_letter(desks: ChallengeDesks) -> None:
    assert DELAY in desks.alnco.get("/waiting-times?service=CAMHS")
    assert "Siân Gŵyn-Llŷr: waiting since 1 Jul 2025; the limit was 29 Jul 2025" in desks.alnco.get(DELAY)
    for waits in ([str(NOBODY)], [], ["nonsense"]):
        assert desks.alnco.does(DELAY, 422, waits=waits).status_code == 422
    page = desks.alnco.raises(DELAY)
    raised = desks.alnco.state(page)
    assert [(d.referral, d.elapsed) for d in raised.delays] == [(WAITS, 153)]
    assert row_of(desks.alnco.get(page), str(WAITS)[:8])[0] == "Siân Gŵyn-Llŷr"
    assert "1 wait over the limit of CAMHS-28. The longest is 153 days and the limit is 28 days" in words_of(
        desks.alnco.get(page)
    )
    desks.head.does(f"{page}/approve")
    desks.alnco.does(f"{page}/send")
    letter = words_of(desks.clinician.get(f"{page}/letter?language=en"))
    assert str(WAITS)[:8] in letter and "153" in letter
    assert "Siân" not in letter and "Gŵyn" not in letter
    for_the_auditor = desks.auditor.get(page)
    assert "only the school and the agency can see each one" in for_the_auditor
    assert "Siân" not in for_the_auditor and str(WAITS)[:8] not in for_the_auditor
    # a wait in an open challenge is not raised a second time
    again = desks.alnco.get(DELAY)
    assert "1 of them is already in an open challenge" in words_of(again)
    assert 'name="waits"' not in again
    nothing = desks.alnco.get(f"/challenges/raise/delay/{THERAPY}/SALT-14W")
    assert "None of your pupils’ waits for this service is over the limit now." in nothing


def test_looking_is_noted_with_the_pupils_behind_it(service: RunningService, desks: ChallengeDesks) -> None:
    page = desks.alnco.raises(DELAY)
    with psycopg.connect(service.database) as link:
        link.execute("delete from desk.read_log")
    desks.alnco.get(page)
    with psycopg.connect(service.database) as link:
        [(kind, ids)] = link.execute("select kind, ids from desk.read_log").fetchall()
    assert kind == "challenge"
    assert UUID(page.rsplit("/", 1)[1]) in ids and len(ids) == 2


def test_the_list_is_cut_by_the_server_and_statements_do_not_grow(
    service: RunningService, desks: ChallengeDesks
) -> None:
    page = desks.sent()
    desks.clinician.does(f"{page}/reply", text="None.")
    paths = ("/challenges", page, f"{page}/letter")
    few = {}
    for path in paths:
        desks.alnco.get(path)
        with counted() as few[path]:
            desks.alnco.get(path)
    disputes(desks, page)
    desks.clinician.does(f"{page}/reply", text="One.")
    desks.clinician.does(f"{page}/reply", text="Two.")
    for path in paths:
        with counted() as many:
            desks.alnco.get(path)
        assert many == few[path], path
        assert many.statements < 25
    for asked in ("page=1000000000", "page=nonsense", "ended=-1", "ended=0"):
        desks.alnco.get(f"/challenges?{asked}")


def test_as_they_stood_on_another_day(desks: ChallengeDesks) -> None:
    page = desks.sent()
    today = words_of(desks.auditor.get(f"/challenges?as_of={TODAY}"))
    assert "1 challenge had been raised; 0 of them had ended." in today
    assert row_of(desks.auditor.get(f"/challenges?as_of={TODAY}"), "Child and adolescent")[3] == "Sent"
    before = words_of(desks.auditor.get("/challenges?known_at=2025-11-01"))
    assert "None had been raised by then." in before
    assert page.rsplit("/", 1)[1] in desks.auditor.get(f"/challenges?as_of={TODAY}&page=99")
    wrong = desks.auditor.client.get("/challenges?as_of=2025-02-30")
    assert wrong.status_code == 422
    assert "enter a real date" in words_of(wrong.text)


def test_words_of_an_erased_challenge_are_said_to_be_erased(
    service: RunningService, desks: ChallengeDesks
) -> None:
    page = desks.sent()
    desks.clinician.does(f"{page}/reply", text="A deputy will come.")
    with psycopg.connect(service.database) as link:
        link.execute("delete from log.stream_key where stream = %s", (page.rsplit("/", 1)[1],))
    said = words_of(desks.alnco.get(page))
    assert "A deputy will come." not in said
    assert "These words have been erased." in said


def test_the_correction_of_a_mark_is_the_schools_own_step(desks: ChallengeDesks) -> None:
    """A challenge never changes a register: a ruling stands beside the line."""
    page = desks.sent()
    desks.auditor.does(
        disputes(desks, page), ruling="partly", reads="apologies", reasons="A message was left."
    )
    line = desks.alnco.county.batch().state(MEETING_STREAM, meeting_id(3)).register[CAMHS]
    assert line.mark == "absent"
    assert "ruling: Apologies" in words_of(desks.alnco.get(page))
