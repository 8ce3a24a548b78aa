"""Checks that several decisions about a profile share."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from coordination.errors import Refusal, StaleVersion
from coordination.world import World

if TYPE_CHECKING:
    from coordination.pupil.casefile import CaseFile


def require_not_overtaken(case: CaseFile, thing: str, seen: int | None) -> None:
    """Raises StaleVersion when the thing was recorded again after the version that the person was shown."""
    last = case.profile.last_versions.get(thing, 0)
    if seen is not None and last > seen:
        raise StaleVersion(seen, last)


def require_known_code(world: World, table: str, code: str | None, on: date, field: str) -> None:
    """Raises Refusal `unknown_code` for a code that the table did not have on that day; None is no code."""
    if code is not None and world.directory.code(table, code, on) == "unknown":
        raise Refusal("unknown_code", field, table=table)
