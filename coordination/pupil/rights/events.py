"""Legal holds, and the erasure of a pupil's record from proposal to the destruction of its keys."""

from __future__ import annotations

from datetime import date
from typing import Literal
from uuid import UUID

from coordination.event import PupilEvent
from coordination.sensitivity import SEALED, Operational, Special

ErasureGround = Literal["retention", "request", "court", "in_error"]
"""Why a record is erased: its time is over; the person asked (UK GDPR, article 17); a court ordered it; it should never
have been made."""


class RightsEvent(PupilEvent, frozen=True, kw_only=True):
    """About the rights over a pupil's record."""


class LegalHoldPlaced(RightsEvent, frozen=True, kw_only=True):
    """Nothing of the record may be erased until the hold is lifted: a claim, an inquiry, a court. `review_on` is the
    day on which somebody looks whether it is still needed."""

    topic = "pupil.legal_hold_placed"
    hold: Operational[UUID]
    review_on: Operational[date]
    why: Special[str] = SEALED


class LegalHoldLifted(RightsEvent, frozen=True, kw_only=True):
    """A legal hold is no longer needed."""

    topic = "pupil.legal_hold_lifted"
    hold: Operational[UUID]
    why: Special[str] = SEALED


class ErasureProposed(RightsEvent, frozen=True, kw_only=True):
    """A school, or the authority of a child on no roll, proposes to erase the record."""

    topic = "pupil.erasure_proposed"
    proposal: Operational[UUID]
    ground: Operational[ErasureGround]
    why: Special[str] = SEALED


class ErasureApproved(RightsEvent, frozen=True, kw_only=True):
    """A second person, of the authority, approves a proposal."""

    topic = "pupil.erasure_approved"
    proposal: Operational[UUID]


class ErasureDeclined(RightsEvent, frozen=True, kw_only=True):
    """A proposal is declined, or withdrawn by those who made it."""

    topic = "pupil.erasure_declined"
    proposal: Operational[UUID]
    why: Special[str] = SEALED


class PupilErased(RightsEvent, frozen=True, kw_only=True):
    """The key of this stream was destroyed in the save of this event: nothing sealed on it opens again. Who proposed
    and who approved it, as ids of persons. It has no sealed field."""

    topic = "pupil.erased"
    ground: Operational[ErasureGround]
    proposed_by: Operational[UUID]
    approved_by: Operational[UUID]
    proposal: Operational[UUID | None] = None


AnyRightsEvent = (
    LegalHoldPlaced | LegalHoldLifted | ErasureProposed | ErasureApproved | ErasureDeclined | PupilErased
)
