"""The head teacher, the letter and the agency's reply."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from msgspec.structs import replace

from coordination.challenge.events import (
    ChallengeApproved,
    ChallengeNotApproved,
    ChallengeRaised,
    ChallengeReplied,
    ChallengeSent,
    ReplyReported,
)
from coordination.errors import NotFound
from tests.challenge.letters import (
    LATER,
    REPLY_DUE,
    Letters,
    acknowledge,
    approve,
    approved,
    decided,
    dispute,
    name,
    raised,
    replied,
    reply,
    send,
    sent,
)
from tests.challenge.steps import DECLINE, REPORT, WITHDRAW
from tests.meeting.hwb import (
    AS_ALNCO,
    AS_CLINICIAN,
    AS_COUNSELLOR,
    AS_FAR_DECLO,
    AS_HEAD,
    AS_MANAGER,
    AS_OFFICER,
    AS_PSYCHOLOGIST,
    AS_STRANGER,
    BOARD,
    CAMHS,
    NURSE,
    world,
)

# The head teacher and the letter


def test_the_head_teacher_approves_and_nobody_else() -> None:
    letters = raised()
    assert decided(letters.state, approve(), **AS_HEAD) == [
        ChallengeApproved(header=decided(letters.state, approve(), **AS_HEAD)[0].header)
    ]
    assert letters.tries(approve(), **AS_ALNCO).code == "head_teacher_only"
    assert letters.tries(approve(), role="head").code == "head_teacher_only"  # she only says so
    assert letters.tries(approve(), **{**AS_HEAD, "role": "alnco"}).code == "head_teacher_only"
    assert letters.tries(DECLINE, **AS_ALNCO).code == "head_teacher_only"


def test_the_head_teacher_says_why_not_and_that_ends_it() -> None:
    letters = raised()
    assert letters.tries(replace(DECLINE, why=" "), **AS_HEAD).field == "why"
    letters.does(DECLINE, **AS_HEAD)
    assert [type(e) for e in letters.events] == [ChallengeRaised, ChallengeNotApproved]
    for command, by in ((approve(), AS_HEAD), (send(), AS_ALNCO), (WITHDRAW, AS_ALNCO)):
        refusal = letters.tries(command, **by)
        assert (refusal.code, refusal.facts) == ("challenge_closed", {"phase": "not_approved"})


def test_a_letter_goes_out_with_ten_working_days_to_reply() -> None:
    letters = sent()
    last = letters.events[-1]
    assert isinstance(last, ChallengeSent)
    assert last.reply_due_on == REPLY_DUE
    assert not letters.state.overdue(REPLY_DUE)
    assert letters.state.overdue(date(2026, 3, 18))
    shorter = approved().does(send(reply_working_days=5))
    assert shorter.state.reply_due_on == date(2026, 3, 10)
    assert approved().tries(send(reply_working_days=0)).code == "out_of_range"


def test_before_it_is_sent_the_agency_knows_nothing() -> None:
    for letters in (Letters(), raised(), approved()):
        for command in (acknowledge(), reply(), dispute()):
            refusal = letters.tries(command, **AS_CLINICIAN)
            assert isinstance(refusal, NotFound)
        assert isinstance(letters.tries(WITHDRAW, **AS_CLINICIAN), NotFound)


# The agency


def test_somebody_of_the_agency_acknowledges_and_replies() -> None:
    letters = sent().does(acknowledge(), **AS_CLINICIAN).does(reply(), **AS_MANAGER)
    last = letters.events[-1]
    assert isinstance(last, ChallengeReplied)
    assert last.text == "We shall come"
    assert letters.state.answered
    assert not letters.state.overdue(LATER)
    letters.does(reply(text="And more"), **AS_MANAGER)
    assert letters.tries(acknowledge(), **AS_CLINICIAN).code == "out_of_order"
    assert letters.tries(reply(text=" "), **AS_CLINICIAN).field == "text"


@pytest.mark.parametrize("by", [AS_COUNSELLOR, AS_FAR_DECLO, AS_STRANGER, AS_OFFICER, AS_PSYCHOLOGIST])
def test_another_agency_is_not_told_that_there_is_a_challenge(by: dict[str, Any]) -> None:
    for letters in (sent(), replied()):
        for command in (acknowledge(), reply(), dispute()):
            assert isinstance(letters.tries(command, **by), NotFound)


def test_nobody_speaks_for_the_agency_on_their_own_say_so() -> None:
    letters = sent()
    assert letters.tries(reply(), **AS_ALNCO).code == "agency_only"
    assert isinstance(letters.tries(reply(), on_behalf_of=BOARD), NotFound)
    assert isinstance(letters.tries(reply(), **AS_COUNSELLOR, on_behalf_of=BOARD), NotFound)
    assert isinstance(letters.tries(reply(), **{**AS_CLINICIAN, "role": "administrator"}), NotFound)


def test_the_school_reports_a_reply_and_the_agency_may_still_give_its_own() -> None:
    letters = sent().does(REPORT)
    assert isinstance(letters.events[-1], ReplyReported)
    assert letters.state.phase == "replied"
    letters.does(reply(), **AS_CLINICIAN)
    assert letters.tries(replace(REPORT, text="")).field == "text"
    assert sent().tries(REPORT, **AS_CLINICIAN).code == "school_only"
    assert approved().tries(REPORT).code == "out_of_order"


def test_another_service_of_the_agency_challenged_says_nothing_to_it() -> None:
    letters = sent()
    steps = (acknowledge(), reply(), dispute(), name(AS_OFFICER))
    for step in steps[:3]:
        assert decided(letters.state, step, replace(world(), services=(CAMHS,)), **AS_CLINICIAN)
    for step in steps:
        with pytest.raises(NotFound):
            decided(letters.state, step, replace(world(), services=(NURSE,)), **AS_CLINICIAN)
