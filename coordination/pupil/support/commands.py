"""What can be asked to be recorded about support."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from coordination.event import Command
from coordination.pupil.support.events import NextStep, ReviewVoice


class SupportCommand(Command, frozen=True, kw_only=True):
    """About one piece of support; `support` is a new random id where it starts."""

    pupil: UUID
    support: UUID


class StartSupport(SupportCommand, frozen=True, kw_only=True):
    """`occurred_on` is its first day, `ends_by` the last day of the phase. Without `review_on` it is reviewed after
    half a term. `programme`: the code of one of the school's or its authority's."""

    level: int
    ends_by: date
    activity: str
    aim: str
    review_on: date | None = None
    measure: str | None = None
    unit: str | None = None
    starting_point: str | None = None
    need: str | None = None
    programme: str | None = None
    referral: UUID | None = None
    advised_by: UUID | None = None
    follows: UUID | None = None


class ReviewSupport(SupportCommand, frozen=True, kw_only=True):
    """`next_step` change or end ends the support on the same day; `ends_by` gives the phase a new last day."""

    outcome: str
    voices: tuple[ReviewVoice, ...]
    next_step: NextStep
    review_on: date | None = None
    ends_by: date | None = None
    value: str | None = None


class EndSupport(SupportCommand, frozen=True, kw_only=True):
    """`occurred_on` is the last day; `reason` a code of the table `support_end`."""

    reason: str
    words: str | None = None


class StrikeOutSupport(SupportCommand, frozen=True, kw_only=True):
    """The support was recorded in error."""

    why: str
