"""What every room checks in the same words: whose word it is, not overtaken, not empty."""

from __future__ import annotations

from uuid import UUID

from coordination.authority import OPERATOR, acting_organisation
from coordination.errors import Refusal, StaleVersion
from coordination.event import Command, Header

# Who only looks, or looks after accounts, never speaks for an agency.
SILENT_ROLES = frozenset({"auditor", "administrator"})


def speaks_for_agency(header: Header, agency: UUID) -> bool:
    """Whether somebody of the agency itself speaks for it. Another organisation cannot lend it its voice:
    what it was told is *reported*. The command line of the machine acts on behalf of whom it names."""
    own = header.organisation == agency or header.person == OPERATOR
    return own and acting_organisation(header) == agency and header.role not in SILENT_ROLES


def require_current_version(command: Command, last_version: int) -> None:
    """Raises StaleVersion when the thing shown has moved on since the person saw it."""
    if command.seen is not None and last_version > command.seen:
        raise StaleVersion(command.seen, last_version)


def strip_text(value: str | None) -> str | None:
    """What was written, without the blanks around it; None when nothing was."""
    return (value or "").strip() or None


def require_words(value: str | None, field: str) -> str:
    """What was written, without the blanks around it. Raises Refusal `cannot_be_empty` when nothing was."""
    kept = strip_text(value)
    if kept is None:
        raise Refusal("cannot_be_empty", field)
    return kept
