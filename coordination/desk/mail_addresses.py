"""The mail addresses of people who sign in: those that their organisations have recorded in the directory."""

from __future__ import annotations

from collections.abc import Mapping
from uuid import UUID

from coordination.service import Coordination


def mail_address(service: Coordination, person: UUID) -> str | None:
    """The address recorded with a person's present name; None when there is none, or it cannot stand in a mail."""
    known = service.directory().person(person)
    if known is None:
        return None
    newest = known.appointments[-1]
    [opened] = service.record.opened_at([(newest.organisation, newest.named_at)])
    address = opened.get("email") if isinstance(opened, Mapping) else None
    return address if isinstance(address, str) and _plain(address) else None


def _plain(address: str) -> bool:
    """Whether it can stand in a header of a mail: one address and no line end."""
    return address.isprintable() and "@" in address and not set(address) & set(" ,;<>\"'")
