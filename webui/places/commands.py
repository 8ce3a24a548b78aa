"""What was typed about a base, as a command."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

from coordination.place.commands import (
    MakeHostAgreement,
    PlaceCommand,
    RecordStaffTraining,
    ReviewBaseFunction,
    SetPlaceCriteria,
    SetPlaces,
)

COMMANDS: dict[str, type[PlaceCommand]] = {
    "places": SetPlaces,
    "criteria": SetPlaceCriteria,
    "agreement": MakeHostAgreement,
    "function": ReviewBaseFunction,
    "training": RecordStaffTraining,
}


def arrangement(
    kind: str, base: UUID, typed: dict[str, Any], today: date, seen: int | None = None
) -> PlaceCommand:
    """The command of what is arranged for a base. Raises KeyError for another kind."""
    fields = {"occurred_on": today, **typed}
    if kind == "agreement":
        fields["school"] = UUID(str(typed["school"]))
    if kind == "function":
        fields["needs"] = tuple(typed["needs"] or ())
    return COMMANDS[kind](place=base, seen=seen, **fields)
