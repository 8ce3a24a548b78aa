"""The events of an advice conversation: a call, email, drop-in or clinic at which a school asks a service.

Each conversation is a stream of its own with its own key. The stream names no pupil: that a conversation was about a
pupil is an event on the pupil's stream (`coordination.pupil.advice.events.AdviceLinked`). What was said can still tell
who the child is, so it is sealed as free text about a pupil, with or without a name.
"""

from __future__ import annotations

from typing import Literal
from uuid import UUID

from coordination.event import AdviceEvent
from coordination.pupil.rights.events import ErasureGround
from coordination.sensitivity import SEALED, Operational, Special

Channel = Literal["call", "email", "drop_in", "clinic"]
"""How they spoke: telephone, email, a drop-in session at the school, the service's advice clinic."""
Advice = Literal["try_first", "refer", "another_service", "nothing_needed"]
"""What the service advised: try this first; refer the pupil; ask another service; nothing is needed."""


class AdviceAsked(AdviceEvent, frozen=True, kw_only=True):
    """A school asked a service for advice. Recorded by the school, or by the service that was asked. `named`: it was
    about a pupil who is named on the record from the start."""

    topic = "advice.asked"
    school: Operational[UUID]
    agency: Operational[UUID]
    service: Operational[UUID]
    channel: Operational[Channel]
    named: Operational[bool] = False
    question: Special[str | None] = SEALED


class AdviceAnswered(AdviceEvent, frozen=True, kw_only=True):
    """What the service advised: in its own words, or as the school reports them (who acts says which)."""

    topic = "advice.answered"
    answer: Operational[Advice]
    other_service: Operational[UUID | None] = None
    words: Special[str | None] = SEALED


class AdviceNamed(AdviceEvent, frozen=True, kw_only=True):
    """A conversation that was recorded without a name was linked to a pupil, whom only the pupil's stream names."""

    topic = "advice.named"


class AdviceStruck(AdviceEvent, frozen=True, kw_only=True):
    """The conversation was recorded in error: it counts no longer, and stays on the record."""

    topic = "advice.struck"
    why: Special[str] = SEALED


class AdviceErased(AdviceEvent, frozen=True, kw_only=True):
    """The key of the conversation was destroyed: with the record of its pupil, or because its time was over."""

    topic = "advice.erased"
    ground: Operational[ErasureGround]
    proposed_by: Operational[UUID]
    approved_by: Operational[UUID]


AnyAdviceEvent = AdviceAsked | AdviceAnswered | AdviceNamed | AdviceStruck | AdviceErased
"""All of them, so that the type checker finds a `match` that forgets one."""
