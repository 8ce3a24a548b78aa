"""The state of the minutes about a pupil for decisions: which there are, and which services were present."""

from __future__ import annotations

from typing import assert_never
from uuid import UUID

import msgspec

from coordination.pupil.minutes.events import AnyMinuteEvent, MinuteCorrected, MinuteRecorded


class Minute(msgspec.Struct, frozen=True):
    """`last_version` is the version, in the pupil's stream, of its last recording or correction."""

    minute: UUID
    meeting: UUID
    school: UUID
    item: UUID | None
    services_present: tuple[UUID, ...]
    last_version: int
    by_disclosure: bool = False


class Minutes(msgspec.Struct, frozen=True):
    minutes: dict[UUID, Minute] = {}

    def of(self, meeting: UUID, item: UUID | None) -> Minute | None:
        """The minute of a meeting under an agenda item (None: under other business)."""
        return next((m for m in self.minutes.values() if (m.meeting, m.item) == (meeting, item)), None)


def evolve(minutes: Minutes, event: AnyMinuteEvent, version: int) -> Minutes:
    """The minutes after the event; `version` is its place in the pupil's stream."""
    match event:
        case MinuteRecorded(minute=key, meeting=meeting, school=school, item=item, services_present=present):
            taken = Minute(key, meeting, school, item, present, version, event.by_disclosure)
            return _with(minutes, taken)
        case MinuteCorrected(minute=key, services_present=present):
            held = minutes.minutes[key]
            return _with(
                minutes, msgspec.structs.replace(held, services_present=present, last_version=version)
            )
        case _:
            assert_never(event)


def _with(minutes: Minutes, minute: Minute) -> Minutes:
    return msgspec.structs.replace(minutes, minutes={**minutes.minutes, minute.minute: minute})
