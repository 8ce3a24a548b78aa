"""The events of a challenge to an agency: raised on which evidence, approved, answered, ruled on, ended.

A challenge is based on terms of reference or on a standard; without them it is an *enquiry*. Its evidence is fixed
when it is raised: ids, dates and numbers. It holds no text about a pupil; text about the agency is sealed.
"""

from __future__ import annotations

from datetime import date
from typing import Literal
from uuid import UUID

import msgspec

from coordination.challenge.promises import PromiseBroken, PromiseKept, PromiseMade
from coordination.challenge.rule import MarkEvidence
from coordination.challenge.suggestions import ChallengeSuggested, SuggestionAccepted, SuggestionPutAside
from coordination.event import ChallengeEvent
from coordination.meeting.events import Mark, Way
from coordination.sensitivity import SEALED, Operational, Personal

Kind = Literal["challenge", "enquiry"]
About = Literal["attendance", "delay"]
Ruling = Literal["upheld", "not_upheld", "partly"]


class Measured(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What was counted against which threshold. Attendance: `code` is the rule's, `counted` meetings out of the last
    `window`. Delay: `code` is the standard's (None: there is none), `counted` the days of the longest wait and
    `threshold` the limit, both in days of `unit`. `version` is that of the rule's settings."""

    code: str | None
    counted: int
    threshold: int | None = None
    window: int | None = None
    unit: str | None = None
    version: str | None = None


class DelayEvidence(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One wait as known on `as_of`: `elapsed` is unadjusted, in the standard's days (calendar days where there is
    none), up to `stopped_on` or else `as_of`. `position` is the log position at which it was read."""

    referral: UUID
    pupil: UUID
    started_on: date
    as_of: date
    elapsed: int
    stopped_on: date | None = None
    due_on: date | None = None
    position: int = 0


class ChallengeRaised(ChallengeEvent, frozen=True, kw_only=True):
    """A school asks an agency to account for missed meetings or for a wait, with the evidence known then."""

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
    """The head teacher approved it for sending."""

    topic = "challenge.approved"


class ChallengeNotApproved(ChallengeEvent, frozen=True, kw_only=True):
    """The head teacher did not approve it; this ends it."""

    topic = "challenge.not_approved"
    why: Personal[str] = SEALED


class LetterWorded(ChallengeEvent, frozen=True, kw_only=True):
    """The school put sentences of its own into the letter, in place of earlier ones. None: it has none."""

    topic = "challenge.letter_worded"
    text: Personal[str | None] = SEALED


class ChallengeSent(ChallengeEvent, frozen=True, kw_only=True):
    """It was sent to the agency, which can reply until `reply_due_on` (that day included)."""

    topic = "challenge.sent"
    way: Operational[Way]
    reply_due_on: Operational[date]


class ChallengeAcknowledged(ChallengeEvent, frozen=True, kw_only=True):
    """The agency confirmed receipt; by a one-time link in the name and job of who did."""

    topic = "challenge.acknowledged"
    answered_by: Personal[str | None] = SEALED
    answered_as: Personal[str | None] = SEALED


class ChallengeReplied(ChallengeEvent, frozen=True, kw_only=True):
    """The agency's own reply; by a one-time link in the name and job of who wrote it."""

    topic = "challenge.replied"
    text: Personal[str] = SEALED
    answered_by: Personal[str | None] = SEALED
    answered_as: Personal[str | None] = SEALED


class ReplyReported(ChallengeEvent, frozen=True, kw_only=True):
    """The school recorded a reply that it received outside the service. The agency can still reply itself."""

    topic = "challenge.reply_reported"
    way: Operational[Way]
    text: Personal[str] = SEALED


class MarkDisputed(ChallengeEvent, frozen=True, kw_only=True):
    """The agency disputes a mark of a register; `claims` is what it says is correct."""

    topic = "challenge.mark_disputed"
    dispute: Operational[UUID]
    meeting: Operational[UUID]
    mark_version: Operational[int]
    claims: Operational[Mark | None] = None
    why: Personal[str] = SEALED
    answered_by: Personal[str | None] = SEALED
    answered_as: Personal[str | None] = SEALED


class RulerNamed(ChallengeEvent, frozen=True, kw_only=True):
    """A party asked a person of neither party to rule on a dispute: a DECLO of another health board, or an officer of
    another authority. From then on that person can see this challenge, and no other."""

    topic = "challenge.ruler_named"
    to_person: Operational[UUID]
    to_organisation: Operational[UUID]


class DisputeRuled(ChallengeEvent, frozen=True, kw_only=True):
    """A person of neither party ruled. `upheld`: the agency is right. `reads`: what the mark is to be read as (None
    with `upheld`: struck out; with `not_upheld`: unchanged). Mark, dispute and ruling all stay visible."""

    topic = "challenge.dispute_ruled"
    dispute: Operational[UUID]
    ruling: Operational[Ruling]
    reads: Operational[Mark | None] = None
    reasons: Personal[str] = SEALED


class ChallengeEscalated(ChallengeEvent, frozen=True, kw_only=True):
    """It was escalated to a level (a code of `escalation_level`), which can reply until `reply_due_on`. `bypass`: at
    once, because a child is at risk. `to_person` is the person written to, where known."""

    topic = "challenge.escalated"
    level: Operational[str]
    bypass: Operational[bool]
    reply_due_on: Operational[date]
    to_person: Operational[UUID | None] = None
    why: Personal[str | None] = SEALED


class ChallengeResolved(ChallengeEvent, frozen=True, kw_only=True):
    """The school recorded how it ended (a code of `challenge_outcome`)."""

    topic = "challenge.resolved"
    outcome: Operational[str]
    note: Personal[str | None] = SEALED


class ChallengeWithdrawn(ChallengeEvent, frozen=True, kw_only=True):
    """The school withdrew it."""

    topic = "challenge.withdrawn"
    why: Personal[str] = SEALED


class ChallengeDocumentFiled(ChallengeEvent, frozen=True, kw_only=True):
    """A document was attached to the challenge, or (`reply`) to the agency's answer. `pupils`: those of its waits whom
    the document concerns. `service`: as in `DocumentFiled`."""

    topic = "challenge.document_filed"
    document: Operational[UUID]
    attached_to: Operational[Literal["challenge", "reply"]]
    data_class: Operational[str]
    pupils: Operational[tuple[UUID, ...]] = ()
    service: Operational[UUID | None] = None


AnyChallengeEvent = (
    ChallengeRaised
    | ChallengeApproved
    | ChallengeNotApproved
    | LetterWorded
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
    | ChallengeDocumentFiled
    | PromiseMade
    | PromiseKept
    | PromiseBroken
    | ChallengeSuggested
    | SuggestionAccepted
    | SuggestionPutAside
)
"""All of them, so that the type checker finds a `match` that forgets one."""
