"""Checks that all decisions share: who speaks, which version was seen, what is empty."""

from __future__ import annotations

from uuid import UUID

from coordination.authority import OPERATOR, acting_organisation
from coordination.errors import Refusal, StaleVersion
from coordination.event import Command, Header

# Roles that only read, or only manage accounts, never speak for an agency.
SILENT_ROLES = frozenset({"auditor", "administrator"})


def speaks_for_agency(header: Header, agency: UUID) -> bool:
    """Whether the actor speaks for the agency. Another organisation cannot: what it records about the agency is
    *reported*. The command line on the machine acts on behalf of the organisation that it names."""
    own = header.organisation == agency or header.person == OPERATOR
    return own and acting_organisation(header) == agency and header.role not in SILENT_ROLES


def require_current_version(command: Command, last_version: int) -> None:
    """Raises StaleVersion when the thing has changed since the person saw it."""
    if command.seen is not None and last_version > command.seen:
        raise StaleVersion(command.seen, last_version)


def strip_text(value: str | None) -> str | None:
    """The text without surrounding blanks; None when it is empty."""
    return (value or "").strip() or None


def require_words(value: str | None, field: str) -> str:
    """The text without surrounding blanks. Refused `cannot_be_empty`."""
    kept = strip_text(value)
    if kept is None:
        raise Refusal("cannot_be_empty", field)
    return kept
