"""What the address of a list narrows it to. An id or code that nobody has is refused: it would only give an empty list,
which looks the same as a list in which there is nothing."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from coordination.directory.organisation import Organisation, Service
from webui.api.reading import ClosedSchema, field_problem
from webui.words.naming import directory


def organisation_in(schema: type[ClosedSchema], query: Mapping[str, Any], kind: str) -> Organisation | None:
    """The organisation that the field named after its kind (`school`, `agency`) asks for; None where it is left out.
    Raises a problem: there is none of that kind."""
    if not query.get(kind):
        return None
    found = directory().organisation(UUID(query[kind]))
    if found is None or found.kind != kind:
        raise field_problem(schema(), kind, "not_offered")
    return found


def service_in(schema: type[ClosedSchema], query: Mapping[str, Any]) -> Service | None:
    """The service that `service` asks for; None where it is left out. Raises a problem: there is none."""
    if not query.get("service"):
        return None
    found = directory().service(UUID(query["service"]))
    if found is None:
        raise field_problem(schema(), "service", "not_offered")
    return found


def code_in(schema: type[ClosedSchema], query: Mapping[str, Any], name: str) -> str | None:
    """The code that a field asks for, of the directory's table of the same name, whatever its dates; None where it is
    left out. Raises a problem: it is not in the table."""
    code: str | None = query.get(name)
    if code and not directory().knows(name, code):
        raise field_problem(schema(), name, "not_offered")
    return code


def ids_in(schema: type[ClosedSchema], query: Mapping[str, Any], *names: str) -> dict[str, UUID | None]:
    """The ids that `school`, `agency` and `service` ask for; None where it is left out. Raises a problem."""
    found: dict[str, UUID | None] = {}
    for name in names:
        one = service_in(schema, query) if name == "service" else organisation_in(schema, query, name)
        found[name] = one.id if one else None
    return found
