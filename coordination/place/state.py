"""The state of a base for decisions: its number of places by day."""

from __future__ import annotations

from datetime import date
from typing import assert_never

import msgspec

from coordination.event import PlaceEvent
from coordination.place.events import (
    AnyPlaceEvent,
    BaseFunctionReviewed,
    BaseStaffTrained,
    HostAgreementMade,
    PlaceCriteriaSet,
    PlacesSet,
)
from coordination.streams import StreamKind, ToPlace


class PlaceNumber(msgspec.Struct, frozen=True):
    """How many places there are from a day on."""

    effective_from: date
    number: int


class Base(msgspec.Struct, frozen=True):
    """A base; nothing is recorded while `version` is 0. `numbers` are sorted by their first days."""

    version: int = 0
    numbers: tuple[PlaceNumber, ...] = ()

    def number_on(self, on: date) -> int | None:
        """The number of places on a day; None before the first was set."""
        begun = [one.number for one in self.numbers if one.effective_from <= on]
        return begun[-1] if begun else None


def evolve(place: Base, event: AnyPlaceEvent) -> Base:
    """The base after one more event."""
    after = msgspec.structs.replace(place, version=place.version + 1)
    match event:
        case PlacesSet(number=number, effective_from=since):
            others = [one for one in place.numbers if one.effective_from != since]
            numbers = sorted([*others, PlaceNumber(since, number)], key=lambda one: one.effective_from)
            return msgspec.structs.replace(after, numbers=tuple(numbers))
        case PlaceCriteriaSet() | HostAgreementMade() | BaseFunctionReviewed() | BaseStaffTrained():
            return after
        case _:
            assert_never(event)


PLACE_STREAM: StreamKind[Base, AnyPlaceEvent, ToPlace] = StreamKind(
    "place", PlaceEvent, Base(), evolve, lambda command: command.place
)
