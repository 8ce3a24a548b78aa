"""What people ask to be recorded of objections and court orders."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from coordination.event import Command
from coordination.pupil.objections.events import Decided, OrderEffect


class ObjectToSharing(Command, frozen=True, kw_only=True):
    """A contact with parental responsibility objects; `objection` is a new random id."""

    pupil: UUID
    objection: UUID
    agency: UUID
    contact: UUID
    purpose: str = "referral"
    service: UUID | None = None
    route: str = "verbal"
    language: str = "en"
    words: str | None = None


class DecideObjection(Command, frozen=True, kw_only=True):
    """A professional decides about an objection, or decides again."""

    pupil: UUID
    objection: UUID
    outcome: Decided
    why: str


class RecordCourtOrder(Command, frozen=True, kw_only=True):
    """A court order from `occurred_on` to `until`; `order` is a new random id."""

    pupil: UUID
    order: UUID
    effect: OrderEffect
    court: str
    agency: UUID | None = None
    service: UUID | None = None
    purpose: str | None = None
    until: date | None = None


class EndCourtOrder(Command, frozen=True, kw_only=True):
    """The order no longer applies from `occurred_on` on."""

    pupil: UUID
    order: UUID
    why: str
