"""The transitions and destinations of a pupil."""

from __future__ import annotations

from datetime import date
from typing import assert_never
from uuid import UUID

import msgspec

from coordination.pupil.transition.events import (
    AnyTransitionEvent,
    DestinationFollowedUp,
    DestinationRecorded,
    TransitionKind,
    TransitionPackSent,
    TransitionPlanned,
    TransitionVisitRecorded,
)


class PlannedTransition(msgspec.Struct, frozen=True):
    """A transition as it stands. `pack_at`: the version of the pack that was sent last."""

    transition: UUID
    by: UUID
    kind: TransitionKind
    moves_on: date
    enhanced: bool
    to_school: UUID | None
    visits: int = 0
    pack_sent_on: date | None = None
    pack_at: int | None = None


class Destination(msgspec.Struct, frozen=True):
    """Where a young person went; `version` has the words last said of it."""

    transition: UUID
    by: UUID
    at_age: int
    recorded_on: date
    version: int
    follow_up_on: date | None


class Transitions(msgspec.Struct, frozen=True):
    """By their ids."""

    planned: dict[UUID, PlannedTransition] = {}
    destinations: dict[UUID, Destination] = {}


def evolve(state: Transitions, event: AnyTransitionEvent, version: int) -> Transitions:
    """The transitions after the event. Reads no sealed field."""
    replace, on, key = msgspec.structs.replace, event.header.occurred_on, event.transition
    match event:
        case TransitionPlanned():
            planned = PlannedTransition(
                key, event.by, event.kind, event.moves_on, event.enhanced, event.to_school
            )
            return replace(state, planned={**state.planned, key: planned})
        case TransitionVisitRecorded():
            visited = replace(state.planned[key], visits=state.planned[key].visits + 1)
            return replace(state, planned={**state.planned, key: visited})
        case TransitionPackSent():
            sent = replace(state.planned[key], pack_sent_on=on, pack_at=version)
            return replace(state, planned={**state.planned, key: sent})
        case DestinationRecorded():
            went = Destination(key, event.by, event.at_age, on, version, event.follow_up_on)
            return replace(state, destinations={**state.destinations, key: went})
        case DestinationFollowedUp():
            again = replace(state.destinations[key], version=version, follow_up_on=event.follow_up_on)
            return replace(state, destinations={**state.destinations, key: again})
        case _:
            assert_never(event)
