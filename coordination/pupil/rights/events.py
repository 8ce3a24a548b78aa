"""Legal holds, the erasure of a pupil's record from proposal to the destruction of its keys, and requests to see or
correct what a controller holds."""

from __future__ import annotations

from datetime import date
from typing import Literal
from uuid import UUID

from coordination.event import PupilEvent
from coordination.sensitivity import SEALED, Operational, Personal, Special

ErasureGround = Literal["retention", "request", "court", "in_error"]
"""Why a record is erased: its time is over; the person asked (UK GDPR, article 17); a court ordered it; it should never
have been made."""

RequestKind = Literal["subject_access", "educational_record", "rectification", "complaint"]
AskedBy = Literal["pupil", "parent", "representative"]
RequestOutcome = Literal["given", "given_in_part", "refused", "corrected", "upheld", "not_upheld"]


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


class RightsRequestReceived(RightsEvent, frozen=True, kw_only=True):
    """Somebody asked a controller (an organisation) to see, correct or explain what it holds; the day is that of
    receipt. `contact` is the parent or representative, where the record knows them."""

    topic = "rights.request_received"
    request: Operational[UUID]
    kind: Operational[RequestKind]
    asked_by: Operational[AskedBy]
    controller: Operational[UUID]
    contact: Operational[UUID | None] = None
    details: Special[str | None] = SEALED


class RequestClockStopped(RightsEvent, frozen=True, kw_only=True):
    """The controller needs to know who asks, or what they want: the time stops until they say."""

    topic = "rights.clock_stopped"
    request: Operational[UUID]
    reason: Operational[Literal["identity", "scope"]]


class RequestClockStarted(RightsEvent, frozen=True, kw_only=True):
    """They have said: the time goes on from that day."""

    topic = "rights.clock_started"
    request: Operational[UUID]


class RequestAcknowledged(RightsEvent, frozen=True, kw_only=True):
    """The person was told that the request, or complaint, has arrived."""

    topic = "rights.request_acknowledged"
    request: Operational[UUID]


class ParentsRequestWeighed(RightsEvent, frozen=True, kw_only=True):
    """A parent's request weighed against the child's competence: a child who is competent decides."""

    topic = "rights.parents_request_weighed"
    request: Operational[UUID]
    competent: Operational[bool]
    agrees: Operational[bool | None] = None
    why: Special[str] = SEALED


class HealthOpinionRecorded(RightsEvent, frozen=True, kw_only=True):
    """What the appropriate health professional says of the serious-harm test (Data Protection Act 2018, Schedule 3,
    Part 2)."""

    topic = "rights.health_opinion_recorded"
    request: Operational[UUID]
    serious_harm: Operational[bool]
    professional: Personal[str] = SEALED
    why: Special[str | None] = SEALED


class RequestPassedOn(RightsEvent, frozen=True, kw_only=True):
    """Another controller was told of the request: its part is its own to answer."""

    topic = "rights.request_passed_on"
    request: Operational[UUID]
    to: Operational[UUID]


class RequestAnswered(RightsEvent, frozen=True, kw_only=True):
    """The answer. `withheld` and `corrected_by` are versions on this stream: entries left out of the copy, and the
    correcting entries."""

    topic = "rights.request_answered"
    request: Operational[UUID]
    outcome: Operational[RequestOutcome]
    withheld: Operational[tuple[int, ...]] = ()
    corrected_by: Operational[tuple[int, ...]] = ()
    why: Special[str | None] = SEALED


RightsRequestEvent = (
    RightsRequestReceived
    | RequestClockStopped
    | RequestClockStarted
    | RequestAcknowledged
    | ParentsRequestWeighed
    | HealthOpinionRecorded
    | RequestPassedOn
    | RequestAnswered
)
AnyRightsEvent = (
    LegalHoldPlaced
    | LegalHoldLifted
    | ErasureProposed
    | ErasureApproved
    | ErasureDeclined
    | PupilErased
    | RightsRequestEvent
)
