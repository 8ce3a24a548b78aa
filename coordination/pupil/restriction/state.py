"""Restrictions and interests, as decisions need them. Whose an interest is, is sealed."""

from __future__ import annotations

from typing import assert_never
from uuid import UUID

import msgspec

from coordination.pupil.restriction.events import (
    AnyRestrictionEvent,
    InterestDeclared,
    InterestEnded,
    PupilRestricted,
    RestrictionLifted,
)


class Restriction(msgspec.Struct, frozen=True):
    """Who of an organisation may still see the file."""

    roles: tuple[str, ...]
    people: tuple[UUID, ...]


class Restrictions(msgspec.Struct, frozen=True):
    """By organisation, those in force; the open interests with the organisation of the person."""

    held: dict[UUID, Restriction] = {}
    interests: dict[UUID, UUID] = {}


def evolve(restrictions: Restrictions, event: AnyRestrictionEvent) -> Restrictions:
    """The restrictions after the event."""
    replace = msgspec.structs.replace
    match event:
        case PupilRestricted(organisation=organisation, roles=roles, people=people):
            held = {**restrictions.held, organisation: Restriction(roles, people)}
            return replace(restrictions, held=held)
        case RestrictionLifted(organisation=organisation):
            left = {key: one for key, one in restrictions.held.items() if key != organisation}
            return replace(restrictions, held=left)
        case InterestDeclared(interest=interest, organisation=organisation):
            return replace(restrictions, interests={**restrictions.interests, interest: organisation})
        case InterestEnded(interest=interest):
            open_ones = {key: one for key, one in restrictions.interests.items() if key != interest}
            return replace(restrictions, interests=open_ones)
        case _:
            assert_never(event)
