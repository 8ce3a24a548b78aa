"""The state of what may be sent to a family, for decisions."""

from __future__ import annotations

from datetime import date
from typing import assert_never
from uuid import UUID

import msgspec

from coordination.pupil.family.events import (
    AnyFamilyEvent,
    FamilyHoldLifted,
    FamilyHoldPlaced,
    FamilyItemsSupplied,
    FamilyRecipientsDecided,
)


class FamilyHold(msgspec.Struct, frozen=True):
    """`contact` None: about the whole family. `until` is its last day, `lifted_on` the first day without it."""

    hold: UUID
    contact: UUID | None
    since: date
    until: date | None
    version: int
    lifted_on: date | None = None

    def in_force(self, on: date) -> bool:
        """Whether it applies on a day."""
        lifted = self.lifted_on is not None and on >= self.lifted_on
        return self.since <= on and (self.until is None or on <= self.until) and not lifted

    def is_about(self, contact: UUID | None) -> bool:
        """Whether it is about this contact (None: the pupil)."""
        return self.contact is None or self.contact == contact


class FamilyMatters(msgspec.Struct, frozen=True):
    """`recipients`: those whom the social worker named, None before any decision. `supplied`: by what was supplied,
    the versions of the events in the pupil's stream, the newest last."""

    holds: dict[UUID, FamilyHold] = {}
    recipients: frozenset[UUID] | None = None
    supplied: tuple[int, ...] = ()

    def holds_on(self, contact: UUID | None, on: date) -> tuple[FamilyHold, ...]:
        """The holds about a contact (None: the pupil) that apply on a day."""
        return tuple(h for h in self.holds.values() if h.in_force(on) and h.is_about(contact))


def evolve(matters: FamilyMatters, event: AnyFamilyEvent, version: int) -> FamilyMatters:
    """The state after the event; `version` is its place in the pupil's stream."""
    on = event.header.occurred_on
    replace = msgspec.structs.replace
    match event:
        case FamilyHoldPlaced(hold=key, contact=contact, until=until):
            placed = FamilyHold(key, contact, on, until, version)
            return replace(matters, holds={**matters.holds, key: placed})
        case FamilyHoldLifted(hold=key):
            lifted = replace(matters.holds[key], lifted_on=on)
            return replace(matters, holds={**matters.holds, key: lifted})
        case FamilyRecipientsDecided(contacts=contacts):
            return replace(matters, recipients=frozenset(contacts))
        case FamilyItemsSupplied():
            return replace(matters, supplied=(*matters.supplied, version))
        case _:
            assert_never(event)
