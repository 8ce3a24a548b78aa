"""The state of objections and court orders, and what follows from them for sharing."""

from __future__ import annotations

from datetime import date
from typing import assert_never
from uuid import UUID

import msgspec

from coordination.pupil.objections.events import (
    AnyObjectionEvent,
    CourtOrderEnded,
    CourtOrderRecorded,
    Decided,
    ObjectionDecided,
    OrderEffect,
    SharingObjected,
)


class Objection(msgspec.Struct, frozen=True):
    """One person's objection. `decided_version` is the place of the decision in the pupil's stream."""

    objection: UUID
    agency: UUID
    service: UUID | None
    purpose: str
    contact: UUID
    since: date
    last_version: int
    outcome: Decided | None = None
    decided_on: date | None = None
    decided_version: int | None = None

    def is_about(self, agency: UUID, service: UUID | None, purpose: str) -> bool:
        """Whether it is about sharing with the service of the agency (None: any) for the purpose."""
        same_service = self.service is None or service is None or self.service == service
        return (self.agency, self.purpose) == (agency, purpose) and same_service


class CourtOrder(msgspec.Struct, frozen=True):
    """`until` is its last day, `ended_on` the first day on which it no longer applies."""

    order: UUID
    effect: OrderEffect
    agency: UUID | None
    service: UUID | None
    purpose: str | None
    since: date
    until: date | None
    last_version: int
    ended_on: date | None = None

    def in_force(self, on: date) -> bool:
        """Whether it applies on a day: begun, not past its last day and not ended."""
        ended = self.ended_on is not None and on >= self.ended_on
        return self.since <= on and (self.until is None or on <= self.until) and not ended

    def is_about(self, agency: UUID, service: UUID | None, purpose: str) -> bool:
        """Whether it is about sharing with the service of the agency (None: any) for the purpose."""
        return (
            self.agency in (None, agency)
            and (self.service is None or service is None or self.service == service)
            and self.purpose in (None, purpose)
        )


class Objections(msgspec.Struct, frozen=True):
    objections: dict[UUID, Objection] = {}
    orders: dict[UUID, CourtOrder] = {}

    def undecided(self) -> tuple[Objection, ...]:
        """The objections about which a professional has not decided yet, the oldest first."""
        waiting = [o for o in self.objections.values() if o.outcome is None]
        return tuple(sorted(waiting, key=lambda o: (o.since, o.last_version)))

    def order_on(self, agency: UUID, service: UUID | None, purpose: str, on: date) -> CourtOrder | None:
        """The court order that applies on a day: the one recorded last, where several do."""
        found = [o for o in self.orders.values() if o.in_force(on) and o.is_about(agency, service, purpose)]
        return max(found, key=lambda o: o.last_version) if found else None

    def stopped_since(self, agency: UUID, service: UUID | None, purpose: str) -> int | None:
        """The version of the last decision that stops sharing, None where none does. Agreement that was given before it
        does not permit sharing; what a person agrees to afterwards does."""
        found = [
            o.decided_version
            for o in self.objections.values()
            if o.outcome == "stops" and o.decided_version is not None and o.is_about(agency, service, purpose)
        ]
        return max(found, default=None)


def evolve(held: Objections, event: AnyObjectionEvent, version: int) -> Objections:
    """The objections and orders after the event; `version` is its place in the pupil's stream."""
    on = event.header.occurred_on
    replace = msgspec.structs.replace
    match event:
        case SharingObjected(objection=key):
            raised = Objection(key, event.agency, event.service, event.purpose, event.contact, on, version)
            return replace(held, objections={**held.objections, key: raised})
        case ObjectionDecided(objection=key, outcome=outcome):
            decided = replace(
                held.objections[key],
                outcome=outcome,
                decided_on=on,
                decided_version=version,
                last_version=version,
            )
            return replace(held, objections={**held.objections, key: decided})
        case CourtOrderRecorded(order=key):
            order = CourtOrder(
                key, event.effect, event.agency, event.service, event.purpose, on, event.until, version
            )
            return replace(held, orders={**held.orders, key: order})
        case CourtOrderEnded(order=key):
            ended = replace(held.orders[key], ended_on=on, last_version=version)
            return replace(held, orders={**held.orders, key: ended})
        case _:
            assert_never(event)
