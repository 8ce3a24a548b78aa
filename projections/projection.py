"""What a projection is given and what it gives."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Protocol, TypeVar
from uuid import UUID

import msgspec

from coordination.advice.state import Conversation
from coordination.challenge.state import Challenge
from coordination.directory.state import Directory, Organisation
from coordination.event import Event
from coordination.meeting.state import Meeting
from coordination.place.state import Base
from coordination.pupil.casefile import CaseFile
from coordination.pupil.documents.state import Document
from coordination.sensitivity import Opened
from projections.rows import AnyTable, RowJournal

State = CaseFile | Meeting | Challenge | Conversation | Organisation | Document | Base
"""The folded state of a stream, by its kind."""
StateT = TypeVar("StateT", CaseFile, Meeting, Challenge, Conversation, Organisation, Document, Base)


WITH_CONCERNS = UUID(int=0)
"""In place of a service: the pupils of whom a concern about additional learning needs was recorded."""


class Change(msgspec.Struct):
    """One event in its place, with the folded state of its stream before and after it.

    `kind` is the kind of its stream. `directory` is as it was at this position of the log. `coded()` opens the
    event's coded fields (ERASED when the stream's key is gone); nothing else may be opened here. `others(service)`
    gives the other streams that a wide event changes: see `Projection`.
    """

    stream: UUID
    version: int
    position: int
    event: Event
    kind: str
    before: State
    after: State
    directory: Directory
    coded: Callable[[], Opened]
    others: Callable[[UUID], Iterator[tuple[UUID, CaseFile]]]

    def states(self, of: type[StateT]) -> tuple[StateT, StateT]:
        """The states before and after, of a stream of this kind. Raises TypeError when it is another kind."""
        if isinstance(self.before, of) and isinstance(self.after, of):
            return self.before, self.after
        raise TypeError(f"a {self.kind} stream has no {of.__name__}")


class Projection(Protocol):
    """Events to rows. Pure: it reads no clock, no random number, no table and no key but through `Change`.

    `wide` are event types after which rows of other streams change too: the engine writes what it has before such an
    event, and `Change.others(service)` then gives every pupil stream, with its state, that ever had a referral to a
    service.
    """

    @property
    def name(self) -> str: ...
    @property
    def tables(self) -> tuple[AnyTable, ...]: ...
    @property
    def topics(self) -> frozenset[type[Event]]: ...
    @property
    def wide(self) -> frozenset[type[Event]]: ...

    def project(self, change: Change, rows: RowJournal) -> None:
        """Adds to `rows` what this event makes of the tables. An exception parks the stream for this projection."""
        ...
