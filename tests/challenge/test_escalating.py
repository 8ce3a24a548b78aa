"""The ladder, the end, and the order of the steps."""

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
)
from coordination.challenge.decisions.escalating import next_level
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
    LATER,
    RAISED,
    SENT,
    Letters,
    acknowledge,
    approve,
    approved,
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
from tests.challenge.steps import DECLINE, REPORT, WITHDRAW
from tests.given import SCHOOL
from tests.meeting.hwb import (
    AS_ALNCO,
    AS_CLINICIAN,
    AS_COUNSELLOR,
    AS_DECLO,
    AS_FAR_DECLO,
    AS_FAR_OFFICER,
    AS_GOVERNOR,
    AS_HEAD,
    AS_OFFICER,
    AS_PSYCHOLOGIST,
    AS_STRANGER,
    BOARD,
    COUNSELLOR,
    DECLO,
    EDPSYCH,
    EDPSYCH_TERMS,
    at_noon,
    world,
)


def unbound() -> Letters:
    """An enquiry, sent."""
    marks = lines(("absent", "absent"), expected=False, terms=None)
    letters = Letters().does(raise_attendance(marks=marks, service=COUNSELLOR))
    return letters.does(approve(), **AS_HEAD).does(send())


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
