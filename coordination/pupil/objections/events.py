"""One parent's objection, the professional's decision about it, and court orders about sharing."""

from __future__ import annotations

from datetime import date
from typing import Literal
from uuid import UUID

from coordination.event import PupilEvent
from coordination.sensitivity import SEALED, Operational, Personal, Special

Decided = Literal["continues", "stops"]
"""What a professional decided about an objection: sharing goes on, or stops."""
OrderEffect = Literal["prevents", "permits"]


class ObjectionEvent(PupilEvent, frozen=True, kw_only=True):
    """About an objection or a court order. The school's: no agency sees it, and no other contact of the pupil."""


class SharingObjected(ObjectionEvent, frozen=True, kw_only=True):
    """A contact with parental responsibility objects to sharing with an agency, or with one `service` of it. It stops
    nothing by itself: each person with parental responsibility may act alone (Children Act 1989 s.2(7))."""

    topic = "consent.objected"
    objection: Operational[UUID]
    agency: Operational[UUID]
    purpose: Operational[str]
    contact: Operational[UUID]
    route: Operational[str]
    language: Operational[str]
    service: Operational[UUID | None] = None
    words: Special[str | None] = SEALED


class ObjectionDecided(ObjectionEvent, frozen=True, kw_only=True):
    """A professional decided what follows from an objection, and why."""

    topic = "consent.objection_decided"
    objection: Operational[UUID]
    outcome: Operational[Decided]
    why: Special[str] = SEALED


class CourtOrderRecorded(ObjectionEvent, frozen=True, kw_only=True):
    """A court prevents or permits sharing, from the day of the event to its last day `until` (None: until it is ended).
    Without an agency, service or purpose it is about all of them. `court` says which court made which order."""

    topic = "consent.court_order_recorded"
    order: Operational[UUID]
    effect: Operational[OrderEffect]
    agency: Operational[UUID | None] = None
    service: Operational[UUID | None] = None
    purpose: Operational[str | None] = None
    until: Operational[date | None] = None
    court: Personal[str] = SEALED


class CourtOrderEnded(ObjectionEvent, frozen=True, kw_only=True):
    """A court order no longer applies from the day of the event on, and why: discharged, replaced, an error."""

    topic = "consent.court_order_ended"
    order: Operational[UUID]
    why: Special[str] = SEALED


AnyObjectionEvent = SharingObjected | ObjectionDecided | CourtOrderRecorded | CourtOrderEnded
"""All of them, so that the type checker finds a `match` that forgets one."""
