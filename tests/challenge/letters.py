"""A challenge in its steps, made through the real decisions."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

from msgspec.structs import replace

from coordination.challenge.commands import (
    AcknowledgeChallenge,
    ApproveChallenge,
    DisputeMark,
    EscalateChallenge,
    NameRuler,
    RaiseAttendanceChallenge,
    RaiseDelayChallenge,
    ReplyToChallenge,
    ResolveChallenge,
    RuleOnDispute,
    SendChallenge,
    WaitEvidence,
)
from coordination.challenge.decide import DECISIONS
from coordination.challenge.state import Challenge, evolve
from coordination.errors import Refusal
from coordination.event import ChallengeEvent, Command, Event
from coordination.world import World
from tests.challenge.marks import lines
from tests.given import SCHOOL, header
from tests.meeting.hwb import AS_CLINICIAN, AS_HEAD, AS_OFFICER, CAMHS, PUPIL, at_noon, world

CHALLENGE, DISPUTE, REFERRAL = UUID(int=0x61), UUID(int=0x62), UUID(int=0x63)
RAISED = date(2026, 3, 2)
SENT = date(2026, 3, 3)
REPLY_DUE = date(2026, 3, 17)
LATER = date(2026, 6, 1)
MARKS = lines(("attended", "absent", "absent"))


def raise_attendance(**changed: Any) -> RaiseAttendanceChallenge:
    usual = RaiseAttendanceChallenge(
        occurred_on=RAISED, challenge=CHALLENGE, school=SCHOOL, service=CAMHS, marks=MARKS
    )
    return replace(usual, **changed)


def raise_delay(**changed: Any) -> RaiseDelayChallenge:
    usual = RaiseDelayChallenge(
        occurred_on=RAISED,
        challenge=CHALLENGE,
        school=SCHOOL,
        service=CAMHS,
        waits=(WaitEvidence(referral=REFERRAL, pupil=PUPIL, started_on=date(2026, 1, 1)),),
        as_of=RAISED,
        standard="first_appointment",
        position=4711,
    )
    return replace(usual, **changed)


def approve(on: date = RAISED) -> ApproveChallenge:
    return ApproveChallenge(occurred_on=on, challenge=CHALLENGE)


def send(on: date = SENT, **more: Any) -> SendChallenge:
    return SendChallenge(occurred_on=on, challenge=CHALLENGE, **more)


def acknowledge(on: date = SENT) -> AcknowledgeChallenge:
    return AcknowledgeChallenge(occurred_on=on, challenge=CHALLENGE)


def reply(on: date = SENT, text: str = "We shall come") -> ReplyToChallenge:
    return ReplyToChallenge(occurred_on=on, challenge=CHALLENGE, text=text)


def dispute(n: int = 2, **changed: Any) -> DisputeMark:
    """Of the n-th line of the evidence."""
    usual = DisputeMark(
        occurred_on=SENT,
        challenge=CHALLENGE,
        dispute=DISPUTE,
        of_meeting=MARKS[n].meeting,
        mark_version=MARKS[n].version,
        why="We were there",
        claims="attended",
    )
    return replace(usual, **changed)


def rule(how: Any = "upheld", **changed: Any) -> RuleOnDispute:
    usual = RuleOnDispute(
        occurred_on=SENT, challenge=CHALLENGE, dispute=DISPUTE, ruling=how, reasons="The visitors' book"
    )
    return replace(usual, **changed)


def name(by: dict[str, Any], on: date = SENT) -> NameRuler:
    """Somebody is asked to rule."""
    return NameRuler(
        occurred_on=on, challenge=CHALLENGE, person=by["person"], of_organisation=by["organisation"]
    )


def escalate(level: str = "service_manager", on: date = date(2026, 3, 18), **more: Any) -> EscalateChallenge:
    return EscalateChallenge(occurred_on=on, challenge=CHALLENGE, level=level, **more)


def resolve(outcome: str = "attendance_agreed", on: date = SENT) -> ResolveChallenge:
    return ResolveChallenge(occurred_on=on, challenge=CHALLENGE, outcome=outcome)


def decided(state: Challenge, command: Command, known: World | None = None, **by: Any) -> list[Event]:
    """The decision, told to the service long after, so that no day here is in the future."""
    stamp = header(command.occurred_on, **{"recorded_at": at_noon(LATER), **by})
    return DECISIONS[type(command)].decide(state, command, stamp, known or world())


class Letters:
    """A challenge after steps, each by whom it takes."""

    def __init__(self, known: World | None = None) -> None:
        self.world = known or world()
        self.state = Challenge()
        self.events: list[ChallengeEvent] = []

    def does(self, command: Command, **by: Any) -> Letters:
        for event in decided(self.state, command, self.world, **by):
            assert isinstance(event, ChallengeEvent)
            self.events.append(event)
            self.state = evolve(self.state, event)
        return self

    def tries(self, command: Command, **by: Any) -> Refusal:
        """What refused it."""
        try:
            events = decided(self.state, command, self.world, **by)
        except Refusal as refusal:
            return refusal
        raise AssertionError(f"not refused; it gave {events!r}")


def raised(**changed: Any) -> Letters:
    return Letters().does(raise_attendance(**changed))


def approved() -> Letters:
    return raised().does(approve(), **AS_HEAD)


def sent() -> Letters:
    return approved().does(send())


def replied() -> Letters:
    return sent().does(reply(), **AS_CLINICIAN)


def disputed(**changed: Any) -> Letters:
    return sent().does(dispute(**changed), **AS_CLINICIAN)


def ruled(how: Any = "upheld", **changed: Any) -> Letters:
    return disputed().does(rule(how, **changed), **AS_OFFICER)
