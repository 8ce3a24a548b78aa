"""The minutes about the pupil: discussion, decision and dissent."""

from __future__ import annotations

from uuid import UUID

import msgspec

from coordination.event import PupilEvent
from coordination.sensitivity import SEALED, Operational, Special


class Dissent(msgspec.Struct, frozen=True, kw_only=True):
    """A service that does not agree, and its own recommendation. Sealed with the minute."""

    service: UUID
    text: str


class MinuteEvent(PupilEvent, frozen=True, kw_only=True):
    """About one minute."""

    minute: Operational[UUID]


class MinuteRecorded(MinuteEvent, frozen=True, kw_only=True):
    """A minute was taken. `services_present` were in the room for this pupil; `item` is the agenda item (None: other
    business). `by_disclosure`: once the meeting is finalised, the minute goes to those of them that have a basis, each
    by a disclosure of its own (of minutes recorded before, those present read it if they had a basis on the day)."""

    topic = "minute.recorded"
    meeting: Operational[UUID]
    school: Operational[UUID]
    services_present: Operational[tuple[UUID, ...]]
    item: Operational[UUID | None] = None
    by_disclosure: Operational[bool] = False
    discussion: Special[str | None] = SEALED
    decision: Special[str | None] = SEALED
    dissent: Special[tuple[Dissent, ...]] = SEALED
    childs_view: Special[str | None] = SEALED
    parents_view: Special[str | None] = SEALED


class MinuteCorrected(MinuteEvent, frozen=True, kw_only=True):
    """The whole minute as corrected; `supersedes` is the version, in this stream, that it replaces and that stays on
    the record."""

    topic = "minute.corrected"
    meeting: Operational[UUID]
    supersedes: Operational[int]
    services_present: Operational[tuple[UUID, ...]]
    why: Special[str] = SEALED
    discussion: Special[str | None] = SEALED
    decision: Special[str | None] = SEALED
    dissent: Special[tuple[Dissent, ...]] = SEALED
    childs_view: Special[str | None] = SEALED
    parents_view: Special[str | None] = SEALED


AnyMinuteEvent = MinuteRecorded | MinuteCorrected
"""All of them, so that the type checker finds a `match` that forgets one."""
