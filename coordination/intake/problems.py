"""The problems that a reader finds in rows: errors and warnings."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import date
from typing import Any, Literal, NamedTuple

import msgspec
from marshmallow import ValidationError

Severity = Literal["error", "warning"]
Standing = Literal["current", "ended", "unknown"]
Known = Callable[[str, str, date], Standing]
"""(code table, code, on a date) -> whether the code may be used then: for the world to say, not a reader."""


class RowProblem(msgspec.Struct, frozen=True):
    """One thing wrong with one row.

    `row` is the number that a person sees: the row of the sheet (counting the header), the pupil's place in a
    transfer file; 0 is the file as a whole. `field` is the column, or the JSON path (`schools[3].phase`).
    `code` is a permanent lower_snake word that the edges put into English and Welsh. An `error` keeps the row
    out; a `warning` does not. `facts` never hold a cell's content about a person.
    """

    row: int
    field: str | None
    code: str
    severity: Severity = "error"
    facts: dict[str, Any] = {}


def warning(row: int, field: str | None, code: str, **facts: object) -> RowProblem:
    """A warning: the row is accepted."""
    return RowProblem(row, field, code, "warning", facts)


def error(row: int, field: str | None, code: str, **facts: object) -> RowProblem:
    """An error: the row is refused."""
    return RowProblem(row, field, code, "error", facts)


class CellFault(NamedTuple):
    """What is wrong with a value, raised by a schema's field, which does not know the row."""

    code: str
    facts: dict[str, Any]


def fault(code: str, **facts: object) -> ValidationError:
    """The error for a schema's field to raise."""
    return ValidationError([CellFault(code, facts)])


def faults(messages: object, path: str = "") -> Iterator[tuple[str, CellFault]]:
    """(path, fault) of everything that a schema found; a plain message is itself a code."""
    if isinstance(messages, Mapping):
        for key, inner in messages.items():
            if key == "_schema":
                yield from faults(inner, path)
            elif isinstance(key, int):
                yield from faults(inner, f"{path}[{key}]")
            else:
                yield from faults(inner, f"{path}.{key}" if path else str(key))
    elif isinstance(messages, CellFault):
        yield path, messages
    elif isinstance(messages, list):
        for inner in messages:
            yield from faults(inner, path)
    else:
        yield path, CellFault(str(messages), {})
