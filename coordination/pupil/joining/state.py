"""The files of one child for decisions: one leads, the others follow it."""

from __future__ import annotations

from typing import assert_never
from uuid import UUID

import msgspec

from coordination.pupil.joining.events import AnyJoiningEvent, PupilsJoined, PupilsSeparated


class Joining(msgspec.Struct, frozen=True):
    """`leading` is the file that this one follows; `following` are the files that follow this one. Never both. `rolls`
    are the schools that took this file when it was joined to another."""

    leading: UUID | None = None
    following: tuple[UUID, ...] = ()
    rolls: dict[UUID, tuple[UUID, ...]] = {}


def evolve(joining: Joining, event: AnyJoiningEvent) -> Joining:
    """The links after the event."""
    replace = msgspec.structs.replace
    match event:
        case PupilsJoined(other=other, part=part, rolls=rolls):
            taken = {**joining.rolls, other: rolls} if rolls else joining.rolls
            if part == "follows":
                return replace(joining, leading=other, rolls=taken)
            return replace(joining, following=(*joining.following, other), rolls=taken)
        case PupilsSeparated(other=other, part=part):
            taken = {one: rolls for one, rolls in joining.rolls.items() if one != other}
            if part == "follows":
                return replace(joining, leading=None, rolls=taken)
            kept = tuple(one for one in joining.following if one != other)
            return replace(joining, following=kept, rolls=taken)
        case _:
            assert_never(event)
