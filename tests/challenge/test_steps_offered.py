"""What is offered for a challenge is what the decisions allow, for each side and phase."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any, get_args
from uuid import UUID

import pytest

from coordination.challenge.commands import DeclineChallenge, ReportReply, WithdrawChallenge, WordLetter
from coordination.challenge.decisions.escalating import next_level
from coordination.challenge.decisions.ruling import rulers
from coordination.challenge.open_steps import OpenQuestion, Side, open_steps
from coordination.challenge.promises import MakePromise
from coordination.challenge.state import Challenge
from coordination.errors import Refusal
from coordination.event import Command
from tests.challenge.letters import (
    CHALLENGE,
    DISPUTE,
    MARKS,
    RAISED,
    Letters,
    acknowledge,
    approve,
    approved,
    decided,
    dispute,
    disputed,
    escalate,
    name,
    raised,
    replied,
    reply,
    resolve,
    rule,
    ruled,
    send,
    sent,
)
from tests.meeting.hwb import AS_ALNCO, AS_CLINICIAN, AS_FAR_DECLO, AS_HEAD, AS_OFFICER, world

SIDES: dict[Side, dict[str, Any]] = {
    "school": AS_ALNCO,
    "head": AS_HEAD,
    "agency": AS_CLINICIAN,
    "ruler": AS_OFFICER,
}
PHASES: dict[str, Callable[[], Letters]] = {
    "raised": raised,
    "declined": lambda: raised().does(_decline(RAISED), **AS_HEAD),
    "approved": approved,
    "sent": sent,
    "acknowledged": lambda: sent().does(acknowledge(), **AS_CLINICIAN),
    "replied": replied,
    "disputed": disputed,
    "ruler named": lambda: disputed().does(name(AS_FAR_DECLO)),
    "ruling upheld": ruled,
    "ruling not upheld": lambda: ruled("not_upheld"),
    "escalated": lambda: replied().does(escalate(on=date(2026, 3, 4))),
    "at the top": lambda: replied().does(escalate("declo", on=date(2026, 3, 4), bypass=True, why="A risk")),
    "resolved": lambda: replied().does(resolve()),
}
BEFORE_THE_LAST_DAY, OVERDUE = date(2026, 3, 10), date(2026, 3, 18)


def _decline(on: date) -> DeclineChallenge:
    return DeclineChallenge(occurred_on=on, challenge=CHALLENGE, why="Too early")


def facts(state: Challenge, on: date) -> OpenQuestion:
    """How far the challenge has come, from its state."""
    offered = rulers(state, world().directory, on)
    return OpenQuestion(
        phase=state.phase,
        closed=state.closed,
        answered=state.answered,
        overdue=state.overdue(on),
        still_met=state.still_met(),
        next_level=next_level(state, world().directory),
        open_disputes=bool(state.open_disputes()),
        lines_to_dispute=len(state.disputes) < len(MARKS),
        rulers_to_ask=any(person not in state.rulers for person, _ in offered),
    )


def commands(state: Challenge, on: date) -> dict[str, Command]:
    """Each step as it would be taken on that day."""
    undisputed = 1 if state.disputes else 2
    offered = rulers(state, world().directory, on)
    person, organisation = next(one for one in offered if one[0] not in state.rulers)
    return {
        "approve": approve(on),
        "decline": _decline(on),
        "word": WordLetter(occurred_on=on, challenge=CHALLENGE, text="We value your advice."),
        "send": send(on),
        "acknowledge": acknowledge(on),
        "reply": reply(on),
        "report_reply": ReportReply(
            occurred_on=on, challenge=CHALLENGE, way="telephone", text="They will attend"
        ),
        "dispute": dispute(undisputed, occurred_on=on, dispute=UUID(int=0xD15)),
        "name_ruler": name({"person": person, "organisation": organisation}, on),
        "promise": MakePromise(
            occurred_on=on, challenge=CHALLENGE, promise=UUID(int=0xD16), promised_by=on, text="To come"
        ),
        "rule": rule(occurred_on=on, dispute=next(iter(state.open_disputes()), DISPUTE)),
        "resolve": resolve(on=on),
        "escalate": escalate(next_level(state, world().directory) or "declo", on=on),
        "withdraw": WithdrawChallenge(occurred_on=on, challenge=CHALLENGE, why="A mistake"),
        "bypass": escalate("declo", on=on, bypass=True, why="A risk to a child"),
    }


def allowed(state: Challenge, command: Command, by: dict[str, Any]) -> bool:
    try:
        decided(state, command, **by)
    except Refusal:
        return False
    return True


def test_every_side_is_tried() -> None:
    assert set(SIDES) == set(get_args(Side))


@pytest.mark.parametrize("on", [BEFORE_THE_LAST_DAY, OVERDUE], ids=["before the last day", "overdue"])
@pytest.mark.parametrize("side", SIDES)
@pytest.mark.parametrize("phase", PHASES)
def test_a_step_is_offered_exactly_when_it_would_be_recorded(phase: str, side: Side, on: date) -> None:
    state = PHASES[phase]().state
    by = SIDES[side]
    possible = {step for step, command in commands(state, on).items() if allowed(state, command, by)}
    assert set(open_steps(facts(state, on), side)) == possible
