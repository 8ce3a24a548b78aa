"""Kinds of streams, each with the type of its events and of the state that they are folded into."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Generic, Protocol, TypeVar, cast
from uuid import UUID

from coordination.event import Event, RecordedEvent


class VersionedState(Protocol):
    """A state; `version` is the number of events that were folded into it."""

    @property
    def version(self) -> int: ...


State = TypeVar("State", bound=VersionedState)
StreamEvent = TypeVar("StreamEvent", bound=Event)
Addressed = TypeVar("Addressed", contravariant=True)


@dataclass(frozen=True, eq=False)
class StreamKind(Generic[State, StreamEvent, Addressed]):
    """One kind of stream: the base class of its events (StreamEvent is the union of them), the state before the first
    of them, and how an event changes the state. `stream_of` gives the stream's id from a command that is addressed to
    it."""

    name: str
    event: type[Event]
    initial: State
    evolve: Callable[[State, StreamEvent], State]
    stream_of: Callable[[Addressed], UUID]

    def step(self, state: State, event: Event) -> State:
        """The state after one more event. Raises TypeError for an event of another kind of stream."""
        if not isinstance(event, self.event):
            raise TypeError(f"{event.topic} is not an event of a {self.name} stream")
        # a test holds that the union has every event of the base class
        return self.evolve(state, cast("StreamEvent", event))

    def fold(self, events: Iterable[RecordedEvent], state: State | None = None) -> State:
        """The state of a stream after its events, or after more events than `state` has."""
        folded = self.initial if state is None else state
        for recorded in events:
            folded = self.step(folded, recorded.event)
        return folded


# The field that a command addressed to each kind of stream has.


class ToPupil(Protocol):
    @property
    def pupil(self) -> UUID: ...


class ToOtherPupil(Protocol):
    @property
    def other(self) -> UUID: ...


class ToMeeting(Protocol):
    @property
    def meeting(self) -> UUID: ...


class ToChallenge(Protocol):
    @property
    def challenge(self) -> UUID: ...


class ToAdvice(Protocol):
    @property
    def advice(self) -> UUID: ...


class ToPlace(Protocol):
    @property
    def place(self) -> UUID: ...


class ToOrganisation(Protocol):
    @property
    def organisation(self) -> UUID: ...


class ToDocument(Protocol):
    @property
    def document(self) -> UUID: ...
