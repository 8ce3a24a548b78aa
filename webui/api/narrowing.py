"""The filters in the address of a list. An unknown id or code is refused: the empty list that it would give looks the
same as a list without results."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from coordination.directory.organisation import Organisation, Service
from webui.api.reading import ClosedSchema, field_problem
from webui.words.naming import directory


def organisation_in(schema: type[ClosedSchema], query: Mapping[str, Any], kind: str) -> Organisation | None:
    """The organisation in the field named after its kind (`school`, `agency`); None if the field is left out.
    Raises Problem if there is none of that kind."""
    if not query.get(kind):
        return None
    found = directory().organisation(UUID(query[kind]))
    if found is None or found.kind != kind:
        raise field_problem(schema(), kind, "not_offered")
    return found


def service_in(schema: type[ClosedSchema], query: Mapping[str, Any]) -> Service | None:
    """The service in the field `service`; None if it is left out. Raises Problem if there is none."""
    if not query.get("service"):
        return None
    found = directory().service(UUID(query["service"]))
    if found is None:
        raise field_problem(schema(), "service", "not_offered")
    return found


def code_in(schema: type[ClosedSchema], query: Mapping[str, Any], name: str) -> str | None:
    """The code in a field, from the directory's table of the same name, whatever its dates; None if it is left out.
    Raises Problem if it is not in the table."""
    code: str | None = query.get(name)
    if code and not directory().knows(name, code):
        raise field_problem(schema(), name, "not_offered")
    return code


def ids_in(schema: type[ClosedSchema], query: Mapping[str, Any], *names: str) -> dict[str, UUID | None]:
    """The ids of the fields `school`, `agency` and `service`; None for each that is left out. Raises Problem."""
    found: dict[str, UUID | None] = {}
    for name in names:
        one = service_in(schema, query) if name == "service" else organisation_in(schema, query, name)
        found[name] = one.id if one else None
    return found
