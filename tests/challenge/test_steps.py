from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

import msgspec
import pytest
from hypothesis import given as for_all
from hypothesis import settings
from hypothesis import strategies as st
from msgspec.structs import replace

from coordination.challenge.commands import (
    AcknowledgeChallenge,
    DeclineChallenge,
    ReportReply,
    WithdrawChallenge,
)
from coordination.challenge.decisions.escalating import next_level
from coordination.challenge.decisions.ruling import parties, rulers
from coordination.challenge.events import (
    ChallengeAcknowledged,
    ChallengeApproved,
    ChallengeEscalated,
    ChallengeNotApproved,
    ChallengeRaised,
    ChallengeReplied,
    ChallengeResolved,
    ChallengeSent,
    ChallengeWithdrawn,
    DisputeRuled,
    MarkDisputed,
    ReplyReported,
    RulerNamed,
)
from coordination.challenge.state import Challenge, evolve
from coordination.errors import NotFound, Refusal
from coordination.event import ChallengeEvent, Command
from coordination.sensitivity import SEALED, sealed_fields
from tests.challenge.letters import (
    CHALLENGE,
    DISPUTE,
    LATER,
    MARKS,
    RAISED,
    REPLY_DUE,
    SENT,
    Letters,
    acknowledge,
    approve,
    approved,
    decided,
    dispute,
    disputed,
    escalate,
    name,
    raise_attendance,
    raise_delay,
    raised,
    replied,
    reply,
    resolve,
    rule,
    ruled,
    send,
    sent,
)
from tests.challenge.marks import lines
from tests.given import SCHOOL
from tests.meeting.hwb import (
    AS_ACCOUNTS,
    AS_ALNCO,
    AS_CLINICIAN,
    AS_COUNSELLOR,
    AS_DECLO,
    AS_FAR_DECLO,
    AS_FAR_OFFICER,
    AS_GOVERNOR,
    AS_HEAD,
    AS_MANAGER,
    AS_OFFICER,
    AS_PSYCHOLOGIST,
    AS_STRANGER,
    BOARD,
    COUNSELLOR,
    DECLO,
    EDPSYCH,
    EDPSYCH_TERMS,
    GWYNEDD,
    LA_EDUCATION,
    at_noon,
    world,
)

WITHDRAW = WithdrawChallenge(occurred_on=SENT, challenge=CHALLENGE, why="Our mistake")
DECLINE = DeclineChallenge(occurred_on=RAISED, challenge=CHALLENGE, why="Too early")
REPORT = ReportReply(occurred_on=SENT, challenge=CHALLENGE, way="telephone", text="They will come")


def unbound() -> Letters:
    """An enquiry, sent."""
    marks = lines(("absent", "absent"), expected=False, terms=None)
    letters = Letters().does(raise_attendance(marks=marks, service=COUNSELLOR))
    return letters.does(approve(), **AS_HEAD).does(send())


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


# Disputes


def test_the_agency_disputes_a_line_of_the_evidence() -> None:
    letters = disputed()
    last = letters.events[-1]
    assert isinstance(last, MarkDisputed)
    assert (last.meeting, last.mark_version, last.claims) == (MARKS[2].meeting, 7, "attended")
    assert letters.state.open_disputes() == (DISPUTE,)
    assert letters.state.evidence()[2].contested
    assert letters.state.marks == MARKS  # what was raised stays
    assert not letters.state.still_met()


def test_disputes_are_refused() -> None:
    letters = sent()

    def refused(command: Command) -> tuple[str, str | None]:
        refusal = letters.tries(command, **AS_CLINICIAN)
        return refusal.code, refusal.field

    assert refused(dispute(mark_version=8)) == ("mark_not_in_evidence", "of_meeting")
    assert refused(dispute(of_meeting=UUID(int=0xFFF))) == ("mark_not_in_evidence", "of_meeting")
    assert refused(dispute(claims="absent")) == ("nothing_changes", "claims")
    assert refused(dispute(why=" ")) == ("cannot_be_empty", "why")
    assert letters.tries(dispute(), **AS_ALNCO).code == "agency_only"
    letters.does(dispute(), **AS_CLINICIAN)
    assert refused(dispute(dispute=UUID(int=0x99))) == ("already_disputed", "of_meeting")
    assert refused(dispute(1)) == ("already_disputed", "of_meeting")  # the same id for another line
    letters.does(rule(), **AS_OFFICER)
    assert refused(dispute(dispute=UUID(int=0x99))) == ("already_disputed", "of_meeting")


@pytest.mark.parametrize("by", [AS_OFFICER, AS_FAR_DECLO])
def test_somebody_of_neither_party_rules(by: dict[str, Any]) -> None:
    letters = disputed().does(rule(), **by)
    last = letters.events[-1]
    assert isinstance(last, DisputeRuled)
    assert (last.ruling, last.reads) == ("upheld", "attended")
    assert letters.state.evidence()[2].counts_as == "attended"


@pytest.mark.parametrize(
    "by",
    [
        AS_ALNCO,
        AS_HEAD,
        AS_CLINICIAN,
        AS_MANAGER,
        AS_DECLO,
        AS_GOVERNOR,
        {"on_behalf_of": GWYNEDD},
        {"person": UUID(int=0xFFF)},
    ],
)
def test_a_party_does_not_rule(by: dict[str, Any]) -> None:
    """The governor signs in at the authority and also teaches at the school: she is of the school."""
    refusal = disputed().tries(rule(), **by)
    assert (refusal.code, refusal.field) == ("ruling_by_a_party", "person")


@pytest.mark.parametrize(
    "by",
    [
        AS_STRANGER,
        AS_COUNSELLOR,
        AS_FAR_OFFICER,
        AS_ACCOUNTS,
        {**AS_FAR_DECLO, "role": "clinician"},
        {**AS_COUNSELLOR, "role": "declo"},
        {**AS_OFFICER, "person": UUID(int=0xFFF)},
    ],
)
def test_who_has_no_office_to_rule_is_told_nothing(by: dict[str, Any]) -> None:
    assert isinstance(disputed().tries(rule(), **by), NotFound)


def test_where_the_agency_is_of_the_authority_the_authority_is_a_party() -> None:
    marks = lines(("absent", "absent"), terms=EDPSYCH_TERMS)
    letters = Letters().does(raise_attendance(marks=marks, service=EDPSYCH))
    letters.does(approve(), **AS_HEAD).does(send())
    letters.does(dispute(1), **AS_PSYCHOLOGIST)
    assert parties(letters.state, world().directory) == {SCHOOL, LA_EDUCATION, GWYNEDD}
    assert letters.tries(rule(), **AS_OFFICER).code == "ruling_by_a_party"
    assert letters.tries(rule(), **AS_PSYCHOLOGIST).code == "ruling_by_a_party"
    decided(letters.state, rule(), **AS_DECLO)
    letters.does(rule(), **AS_FAR_OFFICER)
    assert not letters.state.open_disputes()


def test_a_party_asks_somebody_of_neither_to_rule() -> None:
    letters = disputed()
    far = (AS_FAR_DECLO["person"], AS_FAR_DECLO["organisation"])
    department = (AS_PSYCHOLOGIST["person"], AS_PSYCHOLOGIST["organisation"])
    assert set(rulers(letters.state, world().directory, LATER)) == {far, department}
    for by in (AS_ALNCO, AS_CLINICIAN):
        asked = disputed().does(name(AS_FAR_DECLO), **by)
        assert isinstance(asked.events[-1], RulerNamed)
        assert asked.state.rulers == (AS_FAR_DECLO["person"],)
        assert asked.tries(name(AS_FAR_DECLO), **by).code == "already_named"
        asked.does(rule(), **AS_FAR_DECLO)
        assert asked.tries(name(AS_FAR_DECLO), **by).code == "no_dispute_open"


@pytest.mark.parametrize(
    ("who", "code"),
    [
        (AS_DECLO, "ruling_by_a_party"),
        (AS_GOVERNOR, "ruling_by_a_party"),
        (AS_COUNSELLOR, "may_not_rule"),
        (AS_OFFICER, "may_not_rule"),
        ({**AS_FAR_DECLO, "person": UUID(int=0xFFF)}, "may_not_rule"),
    ],
)
def test_who_cannot_be_asked_to_rule(who: dict[str, Any], code: str) -> None:
    """The officers of the school's authority see it anyhow, and are not asked by name."""
    assert disputed().tries(name(who), **AS_ALNCO).code == code


def test_who_may_not_ask() -> None:
    assert sent().tries(name(AS_FAR_DECLO), **AS_ALNCO).code == "no_dispute_open"
    assert isinstance(disputed().tries(name(AS_FAR_DECLO), **AS_STRANGER), NotFound)
    assert disputed().tries(name(AS_FAR_DECLO), **AS_OFFICER).code == "school_only"


def test_rulings_are_refused() -> None:
    letters = disputed()
    assert letters.tries(rule("partly"), **AS_OFFICER).field == "reads"
    assert letters.tries(rule("not_upheld", reads="late"), **AS_OFFICER).code == "mark_stands"
    assert letters.tries(rule(reasons=""), **AS_OFFICER).field == "reasons"
    assert isinstance(letters.tries(rule(dispute=UUID(int=0x99)), **AS_OFFICER), NotFound)
    assert letters.tries(rule(occurred_on=RAISED), **AS_OFFICER).code == "before_previous_step"
    letters.does(rule("partly", reads="apologies"), **AS_OFFICER)
    assert letters.tries(rule(), **AS_OFFICER).code == "already_ruled"
    assert isinstance(Letters().tries(rule(), **AS_OFFICER), NotFound)


def test_rulings_change_what_the_rule_counts() -> None:
    assert not ruled("upheld").state.still_met()
    assert ruled("not_upheld").state.still_met()
    assert ruled("partly", reads="apologies").state.still_met()
    assert not disputed(claims=None).does(rule(), **AS_OFFICER).state.still_met()  # struck out


# The ladder


def test_a_health_board_is_escalated_to_its_manager_and_then_its_declo() -> None:
    letters = sent()
    assert letters.tries(escalate(on=date(2026, 3, 17))).facts == {"due_on": "2026-03-17"}
    assert letters.tries(escalate("declo")).facts == {"next": "service_manager"}
    letters.does(escalate())
    last = letters.events[-1]
    assert isinstance(last, ChallengeEscalated)
    assert (last.level, last.bypass, last.reply_due_on) == ("service_manager", False, date(2026, 3, 25))
    assert letters.tries(escalate("declo", date(2026, 3, 25))).code == "reply_not_due"
    assert letters.tries(escalate(on=date(2026, 3, 26))).facts == {"next": "declo"}
    letters.does(escalate("declo", date(2026, 3, 26), to_person=DECLO))
    assert next_level(letters.state, world().directory) is None
    assert letters.tries(escalate("declo", date(2026, 5, 1))).code == "top_of_the_ladder"


def test_a_reply_that_settles_nothing_is_escalated_at_once() -> None:
    replied().does(escalate(on=SENT))
    assert replied().tries(escalate(on=RAISED)).code == "before_previous_step"


def test_other_agencies_have_the_other_ladder() -> None:
    marks = lines(("absent", "absent"), terms=EDPSYCH_TERMS)
    letters = Letters().does(raise_attendance(marks=marks, service=EDPSYCH))
    letters.does(approve(), **AS_HEAD).does(send()).does(reply(), **AS_PSYCHOLOGIST)
    letters.does(escalate(on=SENT)).does(reply(), **AS_PSYCHOLOGIST)
    letters.does(escalate("senior_officer", SENT)).does(reply(), **AS_PSYCHOLOGIST)
    letters.does(escalate("independent_chair", SENT))


def test_escalating_is_refused() -> None:
    assert approved().tries(escalate()).code == "out_of_order"
    assert disputed().tries(escalate()).code == "dispute_open"
    assert ruled("upheld").tries(escalate()).code == "rule_no_longer_met"
    ruled("not_upheld").does(escalate())
    assert unbound().tries(escalate()).code == "enquiry_has_no_ladder"
    assert sent().tries(escalate(), **AS_CLINICIAN).code == "school_only"
    assert isinstance(sent().tries(escalate(), **AS_COUNSELLOR), NotFound)
    assert sent().tries(escalate(to_person=UUID(int=0xFFF))).code == "unknown_person"


def test_a_risk_to_a_child_goes_past_the_ladder_with_its_reason() -> None:
    for letters in (raised(), sent(), disputed(), unbound()):
        assert letters.tries(escalate("declo", SENT, bypass=True)).field == "why"
        assert letters.tries(escalate("nowhere", SENT, bypass=True, why="Risk")).code == "unknown_level"
        letters.does(escalate("declo", SENT, bypass=True, why="Risk"))
        assert letters.state.level == "declo"
        assert letters.state.phase == "sent"
    raised().does(escalate("declo", SENT, bypass=True, why="Risk")).does(acknowledge(), **AS_CLINICIAN)


# The end


def test_the_school_resolves_it() -> None:
    letters = replied().does(resolve())
    last = letters.events[-1]
    assert isinstance(last, ChallengeResolved)
    assert last.outcome == "attendance_agreed"
    assert letters.tries(reply(), **AS_CLINICIAN).facts == {"phase": "resolved"}
    assert replied().tries(resolve("nonsense")).code == "unknown_code"
    assert replied().tries(resolve("withdrawn")).code == "not_an_outcome"
    assert approved().tries(resolve()).code == "out_of_order"
    assert disputed().tries(resolve()).code == "dispute_open"
    assert replied().tries(resolve(), **AS_CLINICIAN).code == "school_only"


def test_the_school_withdraws_it_with_a_reason() -> None:
    for letters in (raised(), sent(), ruled()):
        assert letters.tries(replace(WITHDRAW, why=" ")).field == "why"
        letters.does(WITHDRAW)
        assert isinstance(letters.events[-1], ChallengeWithdrawn)
        assert letters.tries(WITHDRAW).code == "challenge_closed"


def test_it_is_not_withdrawn_while_a_dispute_is_open() -> None:
    """Nobody could rule any more, and the agency's line would stay contested for good."""
    letters = disputed()
    assert letters.tries(WITHDRAW).code == "dispute_open"
    assert isinstance(letters.events[-1], MarkDisputed)


# The order


@pytest.mark.parametrize(
    ("command", "by", "before"),
    [
        (approve(), AS_HEAD, sent),
        (DECLINE, AS_HEAD, approved),
        (send(), AS_ALNCO, raised),
        (send(), AS_ALNCO, sent),
        (acknowledge(), AS_CLINICIAN, replied),
        (resolve(), AS_ALNCO, raised),
    ],
)
def test_steps_out_of_order_are_refused(command: Command, by: dict[str, Any], before: Any) -> None:
    assert before().tries(command, **by).code == "out_of_order"


def test_no_step_is_before_the_one_before_it_or_in_the_future() -> None:
    refusal = sent().tries(acknowledge(RAISED), **AS_CLINICIAN)
    assert (refusal.code, refusal.facts) == ("before_previous_step", {"since": "2026-03-03"})
    early = {**AS_CLINICIAN, "recorded_at": at_noon(RAISED)}
    assert sent().tries(acknowledge(), **early).code == "in_the_future"


def test_a_challenge_that_moved_on_is_overtaken() -> None:
    stale = AcknowledgeChallenge(occurred_on=SENT, challenge=CHALLENGE, seen=2)
    assert sent().tries(stale, **AS_CLINICIAN).facts == {"seen": 2, "current": 3}


def test_an_unknown_challenge_is_not_found() -> None:
    for command in (send(), escalate(), resolve(), WITHDRAW, REPORT):
        assert isinstance(Letters().tries(command), NotFound)
    assert isinstance(Letters().tries(approve(), **AS_HEAD), NotFound)


ACTORS = (
    AS_ALNCO,
    AS_HEAD,
    AS_CLINICIAN,
    AS_COUNSELLOR,
    AS_DECLO,
    AS_FAR_DECLO,
    AS_OFFICER,
    AS_FAR_OFFICER,
    AS_GOVERNOR,
    AS_STRANGER,
)
_steps = st.sampled_from(
    [
        raise_attendance(),
        raise_delay(),
        approve(),
        DECLINE,
        send(),
        acknowledge(),
        reply(),
        REPORT,
        dispute(),
        dispute(1, dispute=UUID(int=0x99), claims=None),
        rule(),
        rule("not_upheld"),
        name(AS_FAR_DECLO),
        escalate(on=SENT),
        escalate("declo", SENT, bypass=True, why="Risk"),
        resolve(),
        WITHDRAW,
    ]
)
NEEDS: dict[type[ChallengeEvent], tuple[type[ChallengeEvent], ...]] = {
    ChallengeApproved: (ChallengeRaised,),
    ChallengeNotApproved: (ChallengeRaised,),
    ChallengeSent: (ChallengeApproved,),
    ChallengeAcknowledged: (ChallengeSent, ChallengeEscalated),
    ChallengeReplied: (ChallengeSent, ChallengeEscalated),
    ReplyReported: (ChallengeSent, ChallengeEscalated),
    MarkDisputed: (ChallengeSent, ChallengeEscalated),
    RulerNamed: (MarkDisputed,),
    DisputeRuled: (MarkDisputed,),
    ChallengeResolved: (ChallengeSent, ChallengeEscalated),
}
ENDS = (ChallengeNotApproved, ChallengeResolved, ChallengeWithdrawn)


@settings(max_examples=300, deadline=None)
@for_all(st.lists(st.tuples(_steps, st.sampled_from(ACTORS)), max_size=30), st.booleans())
def test_in_whatever_order_and_by_whomever(steps: list[tuple[Any, dict[str, Any]]], begun: bool) -> None:
    """No step comes before what it needs; nothing follows the end; nobody speaks or rules who may not."""
    letters = sent() if begun else raised()
    for command, by in steps:
        try:
            letters.does(command, **by)
        except Refusal:
            continue
    told = letters.events
    for place, event in enumerate(told):
        needed = NEEDS.get(type(event))
        assert needed is None or any(isinstance(e, needed) for e in told[:place])
        assert not any(isinstance(e, ENDS) for e in told[:place])
        organisation = event.header.organisation
        if isinstance(event, ChallengeReplied | ChallengeAcknowledged | MarkDisputed):
            assert organisation == BOARD
        elif isinstance(event, RulerNamed):
            assert organisation in (BOARD, SCHOOL)
        elif isinstance(event, DisputeRuled):
            assert organisation not in (BOARD, SCHOOL)
        else:
            assert organisation == SCHOOL
        if isinstance(event, ChallengeApproved | ChallengeNotApproved):
            assert event.header.role == "head"


def test_a_fold_never_needs_what_is_sealed() -> None:
    letters = (
        ruled("not_upheld").does(reply(), **AS_CLINICIAN).does(escalate(), **AS_ALNCO).does(resolve(on=LATER))
    )
    state = Challenge()
    for event in letters.events:
        state = evolve(state, replace(event, **dict.fromkeys(sealed_fields(type(event)), SEALED)))
    assert state == letters.state
    assert state.version == len(letters.events)


def test_every_event_survives_the_log() -> None:
    letters = ruled("not_upheld").does(reply(), **AS_CLINICIAN).does(escalate(), **AS_ALNCO)
    for event in (*letters.events, *Letters().does(raise_delay()).events):
        assert msgspec.json.decode(msgspec.json.encode(event), type=type(event)) == event
