"""An authority takes on a child whom no school has on its roll."""

from __future__ import annotations

from uuid import UUID

from coordination.event import PupilEvent
from coordination.sensitivity import Operational


class NoRollEvent(PupilEvent, frozen=True, kw_only=True):
    """About a child on no school's roll."""


class ChildTakenOn(NoRollEvent, frozen=True, kw_only=True):
    """The authority holds the file of a child who is on no school's roll, until a school registers the child. Where
    the child was not on this record, who they are follows in an event of its own."""

    topic = "pupil.taken_on_by_authority"
    held_by: Operational[UUID]
