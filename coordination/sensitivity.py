"""The class of every event field, and what follows from it.

`operational` fields (ids, dates, states) are stored clear. `coded` (needs, reasons and other codes that tell of
health), `personal` (names, contact, date of birth) and `special` (free text about a pupil) are sealed together under
the stream's own key. If in doubt, choose personal: a class can be lowered later, never raised.

A field takes its class in its annotation: `reason: Special[str] = SEALED`. The default says that an event read back
from the log does not hold the value: it is opened only by those who may, with the stream's key.
"""

from __future__ import annotations

from enum import StrEnum
from functools import cache
from typing import TYPE_CHECKING, Annotated, Any, TypeVar, get_args, get_origin, get_type_hints
from uuid import UUID

import msgspec

if TYPE_CHECKING:
    from coordination.event import Event

T = TypeVar("T")


class Sensitivity(StrEnum):
    """How much a field reveals about a person, from least to most."""

    operational = "operational"
    coded = "coded"
    personal = "personal"
    special = "special"


SEALED = msgspec.UNSET

Operational = Annotated[T, Sensitivity.operational]
Coded = Annotated[T | msgspec.UnsetType, Sensitivity.coded]
Personal = Annotated[T | msgspec.UnsetType, Sensitivity.personal]
Special = Annotated[T | msgspec.UnsetType, Sensitivity.special]

# The envelope is of the store, not of the event: the header holds ids and times only, `sealed` is the ciphertext.
ENVELOPE = frozenset({"header", "sealed"})


class UnclassifiedField(TypeError):
    """An event field has no sensitivity class; the test of the registry fails on it."""


class Coordinates(msgspec.Struct, frozen=True):
    """The place of a ciphertext in the log, which is the associated data of its seal: it cannot be opened at another
    place."""

    stream: UUID
    version: int
    topic: str
    sealed: str


class ErasedValue(msgspec.Struct, frozen=True):
    """What is returned in place of a value whose stream's key was destroyed."""


ERASED = ErasedValue()
Opened = dict[str, Any] | ErasedValue
"""The sealed fields as JSON has them; their types are those of the event's annotations."""


@cache
def classes(event_type: type[Event]) -> dict[str, Sensitivity]:
    """The class of each field of an event type, the envelope left out.

    Raises UnclassifiedField when a field's annotation names none.
    """
    found: dict[str, Sensitivity] = {}
    for name, hint in get_type_hints(event_type, include_extras=True).items():
        if name in ENVELOPE or name not in event_type.__struct_fields__:
            continue
        marks = (
            [m for m in get_args(hint)[1:] if isinstance(m, Sensitivity)]
            if get_origin(hint) is Annotated
            else []
        )
        if len(marks) != 1:
            raise UnclassifiedField(f"{event_type.__name__}.{name}")
        found[name] = marks[0]
    return found


@cache
def sealed_fields(event_type: type[Event]) -> tuple[str, ...]:
    """The names of the fields that are stored in the event's one ciphertext, in a fixed order."""
    return tuple(sorted(n for n, c in classes(event_type).items() if c is not Sensitivity.operational))


@cache
def coded_fields(event_type: type[Event]) -> frozenset[str]:
    """The sealed fields that a projector may open."""
    return frozenset(n for n, c in classes(event_type).items() if c is Sensitivity.coded)
