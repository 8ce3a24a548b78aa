"""The commands that join two files of one child and separate them again."""

from __future__ import annotations

from uuid import UUID

from coordination.event import Command


class JoinPupils(Command, frozen=True, kw_only=True):
    """`other` is another file of the same child; `pupil` is the one that continues: its name and number are shown."""

    pupil: UUID
    other: UUID
    why: str


class SeparatePupils(Command, frozen=True, kw_only=True):
    """`other` was joined to `pupil` and is a file of its own again."""

    pupil: UUID
    other: UUID
    why: str
