"""School terms of an authority, and those that a school keeps for itself."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

import msgspec

from coordination.directory import events as happened
from coordination.directory.commands import SetSchoolTerm
from coordination.directory.decisions.checks import require_kind, require_order
from coordination.directory.events import AnyOrganisationEvent
from coordination.directory.organisation import Organisation, SchoolTerm
from coordination.directory.permission import require_administrator
from coordination.errors import Refusal
from coordination.event import Header
from coordination.world import World


def decide_set_school_term(
    organisation: Organisation, command: SetSchoolTerm, header: Header, world: World
) -> list[AnyOrganisationEvent]:
    """Sets a term; it replaces the one that it overlaps."""
    require_administrator(header, world)
    require_kind(organisation, "authority", "school")
    require_order(command.first_day, command.last_day, "last_day")
    term = SchoolTerm(
        first_day=command.first_day, last_day=command.last_day, closed=_in_order(command.closed)
    )
    if any(not term.first_day <= day <= term.last_day for day in term.closed):
        raise Refusal("closed_day_outside_term", "closed")
    if term in organisation.school_terms:
        return []
    if sum(term.overlaps(other) for other in organisation.school_terms) > 1:
        raise Refusal("overlaps_two_terms", "first_day")
    return [happened.SchoolTermSet(header=header, **msgspec.structs.asdict(term))]


def _in_order(days: Iterable[date]) -> tuple[date, ...]:
    return tuple(sorted(set(days)))
