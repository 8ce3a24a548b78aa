"""That it got worse while the pupil waits, and what the service answered. No safeguarding disclosure is ever here."""

from __future__ import annotations

from datetime import date
from typing import Literal
from uuid import UUID

from coordination.pupil.referral.events import ReferralEvent
from coordination.pupil.support.events import Voice
from coordination.sensitivity import SEALED, Operational, Special

WorseOutcome = Literal["urgent", "sooner", "other_help", "same_place"]
"""What came of the new triage: urgent help now, seen sooner, other help meanwhile, or the same place in the queue."""


class WorseEvent(ReferralEvent, frozen=True, kw_only=True):
    """About one time that it got worse. `worse` is a random id."""

    worse: Operational[UUID]


class WorseTold(WorseEvent, frozen=True, kw_only=True):
    """On the day of the event somebody said that it got worse. `answer_by`: the last day of the new triage. `service`:
    who had the referral then. `contact`: which parent, where a parent said it by their own link."""

    topic = "referral.worse_told"
    voice: Operational[Voice]
    service: Operational[UUID]
    answer_by: Operational[date]
    contact: Operational[UUID | None] = None
    words: Special[str] = SEALED


class WorseAnswered(WorseEvent, frozen=True, kw_only=True):
    """The referral was triaged anew on the day of the event. `reported`: the school says what the service told it."""

    topic = "referral.worse_answered"
    outcome: Operational[WorseOutcome]
    reported: Operational[bool] = False
    words: Special[str | None] = SEALED


AnyWorseEvent = WorseTold | WorseAnswered
"""Both of them, so that the type checker finds a `match` that forgets one."""
