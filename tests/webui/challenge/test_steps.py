"""The steps of a challenge: who may take them, races, bad input."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from coordination.challenge.commands import WithdrawChallenge
from tests.county import ALNCO, CAMHS, EDUCATION, PSYCHOLOGIST, order
from tests.projections.hwb import meeting_id
from tests.webui.challenge.conftest import NOBODY, RAISE, ChallengeDesks, disputes
from tests.webui.referring import form_in, send, settled
from tests.webui.reports_county import TODAY, words_of
from tests.webui.service import RunningService


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
