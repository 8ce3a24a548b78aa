"""The commands of a challenge: one for each step."""

from __future__ import annotations

from datetime import date
from uuid import UUID

import msgspec

from coordination.challenge.events import Ruling
from coordination.challenge.rule import AttendanceRule, MarkEvidence
from coordination.event import Command
from coordination.meeting.events import Mark, Way

REPLY_WORKING_DAYS = 10
"""How long an agency has to reply, in working days, unless the command says otherwise."""


LEVEL_WORKING_DAYS = 5
"""How long each level has after an escalation, in working days."""


class WaitEvidence(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A wait for a service; `stopped_on` is None while it is still running."""

    referral: UUID
    pupil: UUID
    started_on: date
    stopped_on: date | None = None


class RaiseAttendanceChallenge(Command, frozen=True, kw_only=True):
    """`challenge` is a new random id; `marks` are all marks of the service at the school's meetings over the period
    considered, as the attendance figures have them at one log position; `rule` is the settings in force."""

    challenge: UUID
    school: UUID
    service: UUID
    marks: tuple[MarkEvidence, ...]
    rule: AttendanceRule = AttendanceRule()


class RaiseDelayChallenge(Command, frozen=True, kw_only=True):
    """`waits` are the waits complained of, as known on `as_of` at log position `position`; `standard` is the code of
    the standard that they exceed (None: there is none, and this is an enquiry)."""

    challenge: UUID
    school: UUID
    service: UUID
    waits: tuple[WaitEvidence, ...]
    as_of: date
    standard: str | None = None
    position: int = 0


class ApproveChallenge(Command, frozen=True, kw_only=True):
    challenge: UUID


class AttachToChallenge(Command, frozen=True, kw_only=True):
    """Attach a checked file to the challenge (the school) or to the reply to it (the agency); as `AttachDocument`."""

    challenge: UUID
    document: UUID
    content: bytes
    media_type: str
    file_name: str
    data_class: str = "referral"
    pupils: tuple[UUID, ...] = ()


class DeclineChallenge(Command, frozen=True, kw_only=True):
    """The head teacher does not approve."""

    challenge: UUID
    why: str


class WordLetter(Command, frozen=True, kw_only=True):
    """The school's own sentences in the letter; None takes earlier ones out."""

    challenge: UUID
    text: str | None = None


class SendChallenge(Command, frozen=True, kw_only=True):
    challenge: UUID
    way: Way = "email"
    reply_working_days: int = REPLY_WORKING_DAYS


class AcknowledgeChallenge(Command, frozen=True, kw_only=True):
    challenge: UUID


class ReplyToChallenge(Command, frozen=True, kw_only=True):
    challenge: UUID
    text: str


class ReportReply(Command, frozen=True, kw_only=True):
    """The school records a reply that it received outside the service."""

    challenge: UUID
    way: Way
    text: str


class DisputeMark(Command, frozen=True, kw_only=True):
    """`dispute` is a new random id; `of_meeting` and `mark_version` identify a mark of the evidence."""

    challenge: UUID
    dispute: UUID
    of_meeting: UUID
    mark_version: int
    why: str
    claims: Mark | None = None


class NameRuler(Command, frozen=True, kw_only=True):
    """Asks `person` of `of_organisation`, which is neither party, to rule."""

    challenge: UUID
    person: UUID
    of_organisation: UUID


class RuleOnDispute(Command, frozen=True, kw_only=True):
    """`reads` is what the mark is to be read as. None with `upheld`: as the agency claims."""

    challenge: UUID
    dispute: UUID
    ruling: Ruling
    reasons: str
    reads: Mark | None = None


class EscalateChallenge(Command, frozen=True, kw_only=True):
    """`bypass`: a child is at risk, so the challenge is escalated at once; `why` is then required."""

    challenge: UUID
    level: str
    bypass: bool = False
    why: str | None = None
    to_person: UUID | None = None
    reply_working_days: int = LEVEL_WORKING_DAYS


class ResolveChallenge(Command, frozen=True, kw_only=True):
    challenge: UUID
    outcome: str
    note: str | None = None


class WithdrawChallenge(Command, frozen=True, kw_only=True):
    challenge: UUID
    why: str
