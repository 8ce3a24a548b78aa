"""A challenge to an agency: what it rests on, who approved it, what the agency said, how it ended.

A challenge rests on terms of reference or on a standard; without them it is an *enquiry*. Its evidence is
fixed when it is raised: ids, dates and numbers. No text about a pupil belongs here; what is written about the
agency is sealed all the same.
"""

from __future__ import annotations

from datetime import date
from typing import Literal
from uuid import UUID

import msgspec

from coordination.challenge.rule import MarkEvidence
from coordination.event import ChallengeEvent
from coordination.meeting.events import Mark, Way
from coordination.sensitivity import SEALED, Operational, Personal

Kind = Literal["challenge", "enquiry"]
About = Literal["attendance", "delay"]
Ruling = Literal["upheld", "not_upheld", "partly"]


class Measured(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What was counted against what. Attendance: `code` is that of the rule, meetings out of the last
    `window`. Delay: `code` is the standard's (None: there is none), `counted` the days of the longest wait
    and `threshold` the limit, both in days of `unit`. `version` is that of the rule's settings."""

    code: str | None
    counted: int
    threshold: int | None = None
    window: int | None = None
    unit: str | None = None
    version: str | None = None


class DelayEvidence(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One wait as it stood on `as_of`: unadjusted elapsed days, in the standard's days (calendar days where
    there is none), up to `stopped_on` or else `as_of`. `position` is the log position at which it was
    read."""

    referral: UUID
    pupil: UUID
    started_on: date
    as_of: date
    elapsed: int
    stopped_on: date | None = None
    due_on: date | None = None
    position: int = 0


class ChallengeRaised(ChallengeEvent, frozen=True, kw_only=True):
    """A school asks an agency to account for missed meetings or for a wait, with the evidence as it stood
    then."""

    topic = "challenge.raised"
    kind: Operational[Kind]
    about: Operational[About]
    school: Operational[UUID]
    agency: Operational[UUID]
    service: Operational[UUID]
    authority: Operational[UUID | None]
    measured: Operational[Measured]
    marks: Operational[tuple[MarkEvidence, ...]] = ()
    delays: Operational[tuple[DelayEvidence, ...]] = ()


class ChallengeApproved(ChallengeEvent, frozen=True, kw_only=True):
    """The head teacher agreed that it be sent."""

    topic = "challenge.approved"


class ChallengeNotApproved(ChallengeEvent, frozen=True, kw_only=True):
    """The head teacher did not; this ends it."""

    topic = "challenge.not_approved"
    why: Personal[str] = SEALED


class ChallengeSent(ChallengeEvent, frozen=True, kw_only=True):
    """It went to the agency, which has until `reply_due_on` (that day included)."""

    topic = "challenge.sent"
    way: Operational[Way]
    reply_due_on: Operational[date]


class ChallengeAcknowledged(ChallengeEvent, frozen=True, kw_only=True):
    """Somebody of the agency has it."""

    topic = "challenge.acknowledged"


class ChallengeReplied(ChallengeEvent, frozen=True, kw_only=True):
    """The agency's own reply."""

    topic = "challenge.replied"
    text: Personal[str] = SEALED


class ReplyReported(ChallengeEvent, frozen=True, kw_only=True):
    """The school writes down a reply that did not come through the service. The agency may still reply
    itself."""

    topic = "challenge.reply_reported"
    way: Operational[Way]
    text: Personal[str] = SEALED


class MarkDisputed(ChallengeEvent, frozen=True, kw_only=True):
    """The agency says that a line of a register is wrong, and what it should read (`claims`)."""

    topic = "challenge.mark_disputed"
    dispute: Operational[UUID]
    meeting: Operational[UUID]
    mark_version: Operational[int]
    claims: Operational[Mark | None] = None
    why: Personal[str] = SEALED


class RulerNamed(ChallengeEvent, frozen=True, kw_only=True):
    """A party asked somebody of neither, by name, to rule on what is disputed: a DECLO of another board, or an officer
    of another authority. From then on that person sees this challenge, and no other."""

    topic = "challenge.ruler_named"
    to_person: Operational[UUID]
    to_organisation: Operational[UUID]


class DisputeRuled(ChallengeEvent, frozen=True, kw_only=True):
    """Somebody of neither party ruled. `upheld`: the agency is right. `reads`: what the line is to be read as
    (None with `upheld`: struck out; with `not_upheld`: as it is). Line, dispute and ruling all stay
    visible."""

    topic = "challenge.dispute_ruled"
    dispute: Operational[UUID]
    ruling: Operational[Ruling]
    reads: Operational[Mark | None] = None
    reasons: Personal[str] = SEALED


class ChallengeEscalated(ChallengeEvent, frozen=True, kw_only=True):
    """It went to a higher level (a code of `escalation_level`), which has until `reply_due_on`. `bypass`: out
    of turn, because of a risk to a child. `to_person` is who was written to, where known."""

    topic = "challenge.escalated"
    level: Operational[str]
    bypass: Operational[bool]
    reply_due_on: Operational[date]
    to_person: Operational[UUID | None] = None
    why: Personal[str | None] = SEALED


class ChallengeResolved(ChallengeEvent, frozen=True, kw_only=True):
    """The school says how it ended (a code of `challenge_outcome`)."""

    topic = "challenge.resolved"
    outcome: Operational[str]
    note: Personal[str | None] = SEALED


class ChallengeWithdrawn(ChallengeEvent, frozen=True, kw_only=True):
    """The school takes it back."""

    topic = "challenge.withdrawn"
    why: Personal[str] = SEALED


AnyChallengeEvent = (
    ChallengeRaised
    | ChallengeApproved
    | ChallengeNotApproved
    | ChallengeSent
    | ChallengeAcknowledged
    | ChallengeReplied
    | ReplyReported
    | MarkDisputed
    | RulerNamed
    | DisputeRuled
    | ChallengeEscalated
    | ChallengeResolved
    | ChallengeWithdrawn
)
"""All of them, so that the type checker finds a `match` that forgets one."""
