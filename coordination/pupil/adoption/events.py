"""A child's identity is replaced by law: adoption, on the same stream."""

from __future__ import annotations

from datetime import date

from coordination.event import PupilEvent
from coordination.sensitivity import SEALED, Coded, Personal, Special


class AdoptionEvent(PupilEvent, frozen=True, kw_only=True):
    """About the replacement of an identity."""


class IdentityReplaced(AdoptionEvent, frozen=True, kw_only=True):
    """The child has a new identity in law. Names, contacts and words that were recorded on this stream before it are
    withheld from everybody but an adoption officer. The whole identity from now on, and why (the order, its date)."""

    topic = "pupil.identity_replaced"
    upn: Personal[str] = SEALED
    surname: Personal[str] = SEALED
    forename: Personal[str] = SEALED
    date_of_birth: Personal[date] = SEALED
    sex: Personal[str | None] = SEALED
    language: Coded[str | None] = SEALED
    middle_names: Personal[str | None] = SEALED
    preferred_surname: Personal[str | None] = SEALED
    preferred_forename: Personal[str | None] = SEALED
    why: Special[str] = SEALED
