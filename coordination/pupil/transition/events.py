"""The events of a transition. Sources: Estyn 2008, paragraphs 34, 35 and 78 to 83; Estyn 2020, paragraphs 33 and 41
to 47.

That the pupil moves is recorded by the move itself (`coordination.pupil.moves`); this is how the pupil is prepared.
"""

from __future__ import annotations

from datetime import date
from typing import Literal
from uuid import UUID

from coordination.event import PupilEvent
from coordination.sensitivity import SEALED, Coded, Operational, Personal, Special

TransitionKind = Literal["next_school", "mainstream", "post_16"]
"""To the next school; from a base to a mainstream class; on from school at 16 or 18."""
VisitKind = Literal["pupil_visit", "staff_visit", "meeting", "summer_school", "work_of_next_school"]


class TransitionEvent(PupilEvent, frozen=True, kw_only=True):
    """About one transition, by its random id."""

    transition: Operational[UUID]


class TransitionPlanned(TransitionEvent, frozen=True, kw_only=True):
    """A transition is prepared, for a day. `enhanced`: the pupil needs more than the others, and why."""

    topic = "transition.planned"
    by: Operational[UUID]
    kind: Operational[TransitionKind]
    moves_on: Operational[date]
    enhanced: Operational[bool]
    to_school: Operational[UUID | None] = None
    why_enhanced: Special[str | None] = SEALED


class TransitionVisitRecorded(TransitionEvent, frozen=True, kw_only=True):
    """A visit, a meeting with the next school, or work that it set, on the day of the event."""

    topic = "transition.visit_recorded"
    visit: Operational[VisitKind]
    words: Special[str | None] = SEALED


class TransitionPackSent(TransitionEvent, frozen=True, kw_only=True):
    """The transition pack went to the next school, which reads what it says here and nothing else before the pupil
    is on its roll: the name, the needs, the one-page profile, "Moving school" in the child's words, the key
    contacts."""

    topic = "transition.pack_sent"
    to_school: Operational[UUID]
    language: Operational[str]
    needs: Coded[tuple[str, ...]] = SEALED
    pupil_name: Personal[str] = SEALED
    important: Special[str] = SEALED
    admired: Special[str] = SEALED
    support: Special[str] = SEALED
    moving_school: Special[str] = SEALED
    key_contacts: Special[str] = SEALED


class DestinationRecorded(TransitionEvent, frozen=True, kw_only=True):
    """Where a young person went at 16 or 18 (a code of the table `destination`). `follow_up_on`: when the school looks
    again, required while there is a risk of not being in education, employment or training."""

    topic = "transition.destination_recorded"
    by: Operational[UUID]
    at_age: Operational[Literal[16, 18]]
    follow_up_on: Operational[date | None] = None
    destination: Coded[str] = SEALED
    at_risk: Coded[bool] = SEALED


class DestinationFollowedUp(TransitionEvent, frozen=True, kw_only=True):
    """What was found when the school looked again, and when it looks next (None: it is settled)."""

    topic = "transition.destination_followed_up"
    follow_up_on: Operational[date | None] = None
    destination: Coded[str] = SEALED
    words: Special[str | None] = SEALED


AnyTransitionEvent = (
    TransitionPlanned
    | TransitionVisitRecorded
    | TransitionPackSent
    | DestinationRecorded
    | DestinationFollowedUp
)
"""All of them, so that the type checker finds a `match` that forgets one."""
