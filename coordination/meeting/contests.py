"""A mark of the register that a service contests without a challenge, and the ruling of somebody of neither party."""

from __future__ import annotations

from typing import Literal
from uuid import UUID

from coordination.event import Command, MeetingEvent
from coordination.sensitivity import SEALED, Operational, Personal

ContestRuling = Literal["upheld", "not_upheld", "partly"]
ReadAs = Literal[
    "attended", "late", "left_early", "apologies", "absent", "substitute", "written_contribution"
]
"""A mark of the register: the same codes as `coordination.meeting.events.Mark`, which imports this module."""


class MarkContested(MeetingEvent, frozen=True, kw_only=True):
    """A service contests its mark; `mark_version` is that of the mark, `claims` what it says is correct (None: it
    should not count)."""

    topic = "meeting.mark_contested"
    contest: Operational[UUID]
    party: Operational[UUID]
    mark_version: Operational[int]
    claims: Operational[ReadAs | None] = None
    why: Personal[str] = SEALED


class ContestRuled(MeetingEvent, frozen=True, kw_only=True):
    """Somebody of neither party ruled. `upheld`: the service is right. `reads`: what the mark is to be read as (None
    with `upheld`: struck out)."""

    topic = "meeting.contest_ruled"
    contest: Operational[UUID]
    ruling: Operational[ContestRuling]
    reads: Operational[ReadAs | None] = None
    reasons: Personal[str] = SEALED


class ContestMark(Command, frozen=True, kw_only=True):
    """`contest` is a new random id; `party` is the service's key in the register."""

    meeting: UUID
    contest: UUID
    party: UUID
    mark_version: int
    why: str
    claims: ReadAs | None = None


class RuleOnContest(Command, frozen=True, kw_only=True):
    """`reads` is what the mark is to be read as. None with `upheld`: as the service claims."""

    meeting: UUID
    contest: UUID
    ruling: ContestRuling
    reasons: str
    reads: ReadAs | None = None
