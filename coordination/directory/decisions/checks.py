"""Checks that several decisions share."""

from __future__ import annotations

from datetime import date, timedelta
from uuid import UUID

from coordination.directory.organisation import Organisation, Service
from coordination.directory.state import Directory
from coordination.errors import NotFound, Refusal

DAY = timedelta(days=1)


def require_text(value: str, field: str) -> None:
    if not value.strip():
        raise Refusal("cannot_be_empty", field)


def require_order(start: date, end: date | None, field: str) -> None:
    """Refused `end_before_start` when the last day is before the first."""
    if end is not None and end < start:
        raise Refusal("end_before_start", field, start=start, end=end)


def require_code(directory: Directory, table: str, code: str, field: str) -> None:
    """Refused `unknown_code` for a code that was never in the table. The caller warns of one past its end."""
    if not directory.knows(table, code):
        raise Refusal("unknown_code", field, table=table, value=code)


def require_kind(organisation: Organisation, *kinds: str) -> None:
    if not organisation.registered:
        raise NotFound
    if organisation.kind not in kinds:
        raise Refusal("wrong_kind", "organisation", kind=organisation.kind)


def own_service(organisation: Organisation, service: UUID) -> Service:
    found = organisation.services.get(service)
    if found is None or found.moved_to is not None:
        raise Refusal("unknown_service", "service")
    return found
