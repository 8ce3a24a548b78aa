"""Support for a pupil: started, reviewed, ended. The text of a statutory plan is never here."""

from __future__ import annotations

from datetime import date
from typing import Literal
from uuid import UUID

import msgspec

from coordination.event import PupilEvent
from coordination.sensitivity import SEALED, Coded, Operational, Special

Voice = Literal["teacher", "child", "parent"]
"""Who speaks in a review."""
NextStep = Literal["go_on", "change", "end", "refer"]
"""What happens after a review."""


class ReviewVoice(msgspec.Struct, frozen=True):
    """What one person said at a review, in their own words and language (a code of the table `language`). `outcome`:
    how they see it, where they said so (a code of the table `support_outcome`)."""

    voice: Voice
    words: str
    language: str
    outcome: str | None = None


class SupportEvent(PupilEvent, frozen=True, kw_only=True):
    """About one piece of support. `support` is a random id."""

    support: Operational[UUID]


class SupportStarted(SupportEvent, frozen=True, kw_only=True):
    """Support began on the day of the event. `by` gives it: a school, or the authority of a child on no roll. `level`:
    1 the whole class, 2 targeted, 3 individual. `phase` counts on from the support that it `follows`; `ends_by` is the
    last day of the phase. `programme` is the code of a programme of `programme_of`. `referral`: since which one;
    `advised_by`: the service that advised it. `need`: a code of the table `need`. `starting_point` is a decimal number
    in `unit`; without a `measure` the aim is not `measurable`."""

    topic = "support.started"
    by: Operational[UUID]
    level: Operational[int]
    phase: Operational[int]
    ends_by: Operational[date]
    review_on: Operational[date]
    measurable: Operational[bool]
    programme: Operational[str | None] = None
    programme_of: Operational[UUID | None] = None
    referral: Operational[UUID | None] = None
    advised_by: Operational[UUID | None] = None
    follows: Operational[UUID | None] = None
    need: Coded[str | None] = SEALED
    activity: Special[str] = SEALED
    aim: Special[str] = SEALED
    measure: Special[str | None] = SEALED
    unit: Special[str | None] = SEALED
    starting_point: Special[str | None] = SEALED


class SupportReviewed(SupportEvent, frozen=True, kw_only=True):
    """Support was reviewed. `outcome`: a code of the table `support_outcome`. `review_on`: the next review, where the
    support goes on; `ends_by`: the new last day of the phase, where it was changed. `value`: a decimal number in the
    unit of the measure."""

    topic = "support.reviewed"
    next_step: Operational[NextStep]
    review_on: Operational[date | None] = None
    ends_by: Operational[date | None] = None
    outcome: Coded[str] = SEALED
    voices: Special[tuple[ReviewVoice, ...]] = SEALED
    value: Special[str | None] = SEALED


class SupportEnded(SupportEvent, frozen=True, kw_only=True):
    """The day of the event was its last day. `reason`: a code of the table `support_end`."""

    topic = "support.ended"
    reason: Coded[str] = SEALED
    words: Special[str | None] = SEALED


class SupportRecordedInError(SupportEvent, frozen=True, kw_only=True):
    """The support was never given, or was recorded for the wrong pupil: it counts nowhere."""

    topic = "support.recorded_in_error"
    why: Special[str] = SEALED


AnySupportEvent = SupportStarted | SupportReviewed | SupportEnded | SupportRecordedInError
"""All of them, so that the type checker finds a `match` that forgets one."""
