"""Checks that several decisions about a profile share."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING
from uuid import UUID

from coordination.errors import Refusal, StaleVersion
from coordination.event import Header
from coordination.pupil.holders import require_holder
from coordination.world import World

if TYPE_CHECKING:
    from coordination.pupil.casefile import CaseFile


def require_not_overtaken(case: CaseFile, thing: str, seen: int | None) -> None:
    """Raises StaleVersion when the thing was recorded again after the version that the person was shown."""
    last = case.profile.last_versions.get(thing, 0)
    if seen is not None and last > seen:
        raise StaleVersion(seen, last)


def require_leading_school(case: CaseFile, header: Header) -> UUID:
    """The leading school, when the actor is its staff; of a pupil on no roll the authority that holds the file, when
    the actor is its caseworker. Raises NotFound for an organisation without the pupil on its
    roll, and Refusal `not_leading_school` for the staff of another school that has."""
    held = case.profile
    holder = require_holder(held, header)
    if held.schools() and holder != held.leading_school():
        raise Refusal("not_leading_school")
    return holder


def require_a_name(surname: str, forename: str) -> None:
    """Raises Refusal `name_missing` where both names are empty; a pupil may have one."""
    if not surname.strip() and not forename.strip():
        raise Refusal("name_missing", "surname")


def require_known_code(world: World, table: str, code: str | None, on: date, field: str) -> None:
    """Raises Refusal `unknown_code` for a code that the table did not have on that day; None is no code."""
    if code is not None and world.directory.code(table, code, on) == "unknown":
        raise Refusal("unknown_code", field, table=table)
