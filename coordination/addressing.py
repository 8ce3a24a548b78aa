"""On which stream each event of a decision is."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from coordination.decisions import AddressedEvent, AnyStream, Decided
from coordination.domain import stream_kind


def addressed(decided: Sequence[Decided], streams: dict[AnyStream, UUID]) -> list[AddressedEvent]:
    """The events with their streams: those that name none are on the stream of their kind. Raises ValueError for an
    event on a stream that the command does not name."""
    found = [
        one if isinstance(one, AddressedEvent) else AddressedEvent(streams[stream_kind(one)], one)
        for one in decided
    ]
    if any(one.stream not in streams.values() for one in found):
        raise ValueError("an event on a stream that its command does not name")
    return found
