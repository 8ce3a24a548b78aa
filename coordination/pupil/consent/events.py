"""Agreement to share, per agency and purpose; the lawful basis beside it; what was disclosed on which of them."""

from __future__ import annotations

from datetime import date
from typing import Literal
from uuid import UUID

from coordination.event import PupilEvent
from coordination.sensitivity import SEALED, Operational, Personal, Special


class ConsentEvent(PupilEvent, frozen=True, kw_only=True):
    """What concerns agreement, basis and disclosure. `consent` is one question to one person or body."""


class ConsentRequested(ConsentEvent, frozen=True, kw_only=True):
    """The school asked whether it may share with an agency for a purpose. `contact` None: the pupil was asked."""

    topic = "consent.requested"
    consent: Operational[UUID]
    agency: Operational[UUID]
    purpose: Operational[str]
    data_classes: Operational[tuple[str, ...]]
    route: Operational[str]
    language: Operational[str]
    contact: Operational[UUID | None] = None


class ConsentGiven(ConsentEvent, frozen=True, kw_only=True):
    """Somebody with authority agreed. `contact` None: the young person or competent child themselves."""

    topic = "consent.given"
    consent: Operational[UUID]
    agency: Operational[UUID]
    purpose: Operational[str]
    data_classes: Operational[tuple[str, ...]]
    authority: Operational[str]
    route: Operational[str]
    language: Operational[str]
    contact: Operational[UUID | None] = None
    expires_on: Operational[date | None] = None
    competence_judged_by: Operational[UUID | None] = None
    evidence: Personal[str | None] = SEALED
    words: Special[str | None] = SEALED


class ConsentRefused(ConsentEvent, frozen=True, kw_only=True):
    """Somebody with authority did not agree."""

    topic = "consent.refused"
    consent: Operational[UUID]
    agency: Operational[UUID]
    purpose: Operational[str]
    authority: Operational[str]
    contact: Operational[UUID | None] = None
    words: Special[str | None] = SEALED


class ConsentWithdrawn(ConsentEvent, frozen=True, kw_only=True):
    """An agreement was taken back; not retrospective. `grounds` are the disclosures whose access it closes now."""

    topic = "consent.withdrawn"
    consent: Operational[UUID]
    agency: Operational[UUID]
    contact: Operational[UUID | None] = None
    grounds: Operational[tuple[UUID, ...]] = ()
    words: Special[str | None] = SEALED


class LawfulBasisRecorded(ConsentEvent, frozen=True, kw_only=True):
    """The lawful basis on which this pupil's data is shared with an agency (UK GDPR Art 6 and 9), a fact of its own
    beside agreement. Default, when none is recorded: public task."""

    topic = "consent.lawful_basis_recorded"
    agency: Operational[UUID]
    basis: Operational[str]
    reason: Special[str | None] = SEALED


class DisclosureMade(ConsentEvent, frozen=True, kw_only=True):
    """Data about the pupil went to an agency. It cites the agreement in force (`consent`), or says by which other
    basis it went. `ground` is what it went for (a referral), and names the access that it opens."""

    topic = "consent.disclosure_made"
    agency: Operational[UUID]
    ground: Operational[UUID]
    data_classes: Operational[tuple[str, ...]]
    lawful_basis: Operational[str]
    consent: Operational[UUID | None] = None
    override_reason: Special[str | None] = SEALED


class DisclosureClosed(ConsentEvent, frozen=True, kw_only=True):
    """What a disclosure had opened is closed, because what it went for should not have been recorded: the referral, or
    its passing on to this agency. What the agency was told it was told; the disclosure stays on the record."""

    topic = "consent.disclosure_closed"
    agency: Operational[UUID]
    ground: Operational[UUID]
    because: Operational[Literal["recorded_in_error", "not_passed_on"]]


AnyConsentEvent = (
    ConsentRequested
    | ConsentGiven
    | ConsentRefused
    | ConsentWithdrawn
    | LawfulBasisRecorded
    | DisclosureMade
    | DisclosureClosed
)
"""All of them, so that the type checker finds a `match` that forgets one."""
