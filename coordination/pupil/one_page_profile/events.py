"""A one-page profile was written."""

from __future__ import annotations

from typing import Literal
from uuid import UUID

from coordination.event import PupilEvent
from coordination.sensitivity import SEALED, Operational, Special

Occasion = Literal["every_day", "move", "trip", "referral"]
"""For what a profile was written."""


class OnePageProfileEvent(PupilEvent, frozen=True, kw_only=True):
    """About one profile. `profile` is a random id; the newest of an occasion is the one in use."""

    profile: Operational[UUID]


class OnePageProfileWritten(OnePageProfileEvent, frozen=True, kw_only=True):
    """A profile under its three headings: what is important to the child, what people like and admire about the child,
    how best to support the child. `language` is that of the words; `with_child`: the child took part."""

    topic = "one_page_profile.written"
    by: Operational[UUID]
    occasion: Operational[Occasion]
    language: Operational[str]
    with_child: Operational[bool]
    important: Special[str] = SEALED
    admired: Special[str] = SEALED
    support: Special[str] = SEALED


AnyOnePageProfileEvent = OnePageProfileWritten
"""All of them, so that the type checker finds a `match` that forgets one."""
