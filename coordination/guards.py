"""What every room checks in the same words: whose word it is, not overtaken, not empty."""

from __future__ import annotations

from uuid import UUID

from coordination.authority import OPERATOR, acting_for
from coordination.errors import Overtaken, Refused
from coordination.event import Command, Header

# Who only looks, or looks after accounts, never speaks for an agency.
SILENT_ROLES = frozenset({"auditor", "administrator"})


def own_word_of(header: Header, agency: UUID) -> bool:
    """Whether somebody of the agency itself speaks for it. Another organisation cannot lend it its voice:
    what it was told is *reported*. The command line of the machine acts on behalf of whom it names."""
    own = header.organisation == agency or header.person == OPERATOR
    return own and acting_for(header) == agency and header.role not in SILENT_ROLES


def not_overtaken(command: Command, last_version: int) -> None:
    """Raises Overtaken when the thing shown has moved on since the person saw it."""
    if command.seen is not None and last_version > command.seen:
        raise Overtaken(command.seen, last_version)


def words(value: str | None) -> str | None:
    """What was written, without the blanks around it; None when nothing was."""
    return (value or "").strip() or None


def required_words(value: str | None, field: str) -> str:
    """What was written, without the blanks around it. Refused `cannot_be_empty` when nothing was."""
    kept = words(value)
    if kept is None:
        raise Refused("cannot_be_empty", field)
    return kept
