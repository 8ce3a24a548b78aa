"""A decision declared together with its command and the streams that it needs."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple, TypeVar, overload
from uuid import UUID

from coordination.event import Command, Event, Header
from coordination.streams import State, StreamEvent, StreamKind, VersionedState
from coordination.world import World

C = TypeVar("C", bound=Command)
OtherState = TypeVar("OtherState", bound=VersionedState)
OtherEvent = TypeVar("OtherEvent", bound=Event)

# A table of decisions holds different states and commands side by side, which no Python type can express: `decides`
# checks each entry where it is declared.
AnyStream = StreamKind[Any, Any, Any]


class AddressedEvent(NamedTuple):
    """An event with its stream: what a decision gives that has two streams of one kind."""

    stream: UUID
    event: Event


Decided = Event | AddressedEvent


@dataclass(frozen=True)
class Decision:
    """`decide` takes the states of `streams` in order, then the command, its header and the world. The first stream is
    the main one: a receipt names it. Two streams may be of one kind; then the events say on which they are."""

    streams: tuple[AnyStream, ...]
    decide: Callable[..., Sequence[Decided]]

    def stream_ids(self, command: Command) -> dict[AnyStream, UUID]:
        """The streams that a command is addressed to, in order."""
        return {kind: kind.stream_of(command) for kind in self.streams}


@overload
def decides(
    command: type[C],
    decide: Callable[[State, C, Header, World], Sequence[StreamEvent]],
    stream: StreamKind[State, StreamEvent, C],
    /,
) -> tuple[type[Command], Decision]: ...
@overload
def decides(
    command: type[C],
    decide: Callable[[State, OtherState, C, Header, World], Sequence[StreamEvent | OtherEvent]],
    stream: StreamKind[State, StreamEvent, C],
    other: StreamKind[OtherState, OtherEvent, C],
    /,
) -> tuple[type[Command], Decision]: ...
@overload
def decides(
    command: type[C],
    decide: Callable[[State, OtherState, C, Header, World], Sequence[AddressedEvent]],
    stream: StreamKind[State, StreamEvent, C],
    other: StreamKind[OtherState, OtherEvent, C],
    /,
) -> tuple[type[Command], Decision]: ...
def decides(
    command: type[Command], decide: Callable[..., Sequence[Decided]], *streams: AnyStream
) -> tuple[type[Command], Decision]:
    """An entry of a table of decisions. The type checker compares the decision with its command and streams: their
    states in order, events only of those streams, and a command that names each of them."""
    return command, Decision(streams, decide)
