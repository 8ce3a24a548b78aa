"""What a projection is given and gives."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Protocol
from uuid import UUID

import msgspec

from coordination.directory.state import Directory
from coordination.event import Event
from coordination.sensitivity import Opened
from projections.rows import RowJournal, Table


class Change(msgspec.Struct):
    """One event in its place, with the folded state of its stream before and after it.

    `kind` is the kind of its stream. `directory` is as it was at this position of the log. `coded()` opens the
    event's coded fields (ERASED when the stream's key is gone); nothing else may be opened here.
    """

    stream: UUID
    version: int
    position: int
    event: Event
    kind: str
    before: Any
    after: Any
    directory: Directory
    coded: Callable[[], Opened]
    others: Callable[[UUID], Any]


class Projection(Protocol):
    """Events to rows. Pure: it reads no clock, no random number, no table and no key but through `Change`.

    `wide` are event types after which rows of other streams change too: the engine writes what it has before such an
    event, and `Change.others(service)` then gives every pupil stream, with its state, that ever had a referral to a
    service.
    """

    name: str
    tables: tuple[Table, ...]
    topics: frozenset[type[Event]]
    wide: frozenset[type[Event]]

    def project(self, change: Change, rows: RowJournal) -> None:
        """Adds to `rows` what this event makes of the tables. An exception parks the stream for this projection."""
        ...
