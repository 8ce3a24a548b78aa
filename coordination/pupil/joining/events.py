"""Two files of one child belong together, from a position in the log until another."""

from __future__ import annotations

from typing import Literal
from uuid import UUID

from coordination.event import PupilEvent
from coordination.sensitivity import SEALED, Operational, Special

Part = Literal["leads", "follows"]
"""Whether this file is the one that continues, or the one that was joined to it."""


class JoiningEvent(PupilEvent, frozen=True, kw_only=True):
    """About the files of one child. It is recorded on both streams in one save, each naming the `other`."""


class PupilsJoined(JoiningEvent, frozen=True, kw_only=True):
    """The two files are of one child. Nothing is copied: what was recorded stays on its own stream for ever.

    `rolls` are the schools that take this file too, because it was on no roll and the child is on theirs: otherwise its
    referrals would be nobody's."""

    topic = "pupil.joined"
    other: Operational[UUID]
    part: Operational[Part]
    rolls: Operational[tuple[UUID, ...]] = ()
    why: Special[str] = SEALED


class PupilsSeparated(JoiningEvent, frozen=True, kw_only=True):
    """The two files were not of one child, or are to be kept apart. What was recorded meanwhile stays where it was
    written."""

    topic = "pupil.separated"
    other: Operational[UUID]
    part: Operational[Part]
    why: Special[str] = SEALED


AnyJoiningEvent = PupilsJoined | PupilsSeparated
"""All of them, so that the type checker finds a `match` that forgets one."""
