"""Agreement to share, per agency and purpose; the lawful basis; what was disclosed."""

from __future__ import annotations

from datetime import date
from typing import Literal
from uuid import UUID

from coordination.event import PupilEvent
from coordination.sensitivity import SEALED, Operational, Personal, Special


class ConsentEvent(PupilEvent, frozen=True, kw_only=True):
    """About agreement, lawful basis or disclosure. `consent` is the id of one request to one person."""


class ConsentRequested(ConsentEvent, frozen=True, kw_only=True):
    """The school asked to share with an agency for a purpose. `contact` None: the pupil was asked."""

    topic = "consent.requested"
    consent: Operational[UUID]
    agency: Operational[UUID]
    purpose: Operational[str]
    data_classes: Operational[tuple[str, ...]]
    route: Operational[str]
    language: Operational[str]
    contact: Operational[UUID | None] = None


class ConsentGiven(ConsentEvent, frozen=True, kw_only=True):
    """A person with authority agreed. `contact` None: the young person or competent child."""

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
    """A person with authority did not agree."""

    topic = "consent.refused"
    consent: Operational[UUID]
    agency: Operational[UUID]
    purpose: Operational[str]
    authority: Operational[str]
    contact: Operational[UUID | None] = None
    words: Special[str | None] = SEALED


class ConsentWithdrawn(ConsentEvent, frozen=True, kw_only=True):
    """An agreement was withdrawn; earlier disclosures stay valid. `grounds` are those whose access it closes now."""

    topic = "consent.withdrawn"
    consent: Operational[UUID]
    agency: Operational[UUID]
    contact: Operational[UUID | None] = None
    grounds: Operational[tuple[UUID, ...]] = ()
    words: Special[str | None] = SEALED


class LawfulBasisRecorded(ConsentEvent, frozen=True, kw_only=True):
    """The lawful basis for sharing this pupil's data with an agency (UK GDPR, articles 6 and 9), separate from
    agreement. Public task when none is recorded."""

    topic = "consent.lawful_basis_recorded"
    agency: Operational[UUID]
    basis: Operational[str]
    reason: Special[str | None] = SEALED


class AgreementFollowed(ConsentEvent, frozen=True, kw_only=True):
    """A service moved to another agency (`agency`), and the agreement to share with it stays valid there."""

    topic = "consent.agreement_followed"
    consent: Operational[UUID]
    service: Operational[UUID]
    from_agency: Operational[UUID]
    agency: Operational[UUID]


class DisclosureMade(ConsentEvent, frozen=True, kw_only=True):
    """Data about the pupil was shared with an agency. It cites the agreement in force (`consent`) or another basis.
    `ground` is the reason (a referral), and identifies the access that it opens."""

    topic = "consent.disclosure_made"
    agency: Operational[UUID]
    ground: Operational[UUID]
    data_classes: Operational[tuple[str, ...]]
    lawful_basis: Operational[str]
    consent: Operational[UUID | None] = None
    override_reason: Special[str | None] = SEALED


class DisclosureClosed(ConsentEvent, frozen=True, kw_only=True):
    """The access that a disclosure opened is closed: because the referral, or its passing on to this agency, was
    recorded in error; because the service moved to another agency; or because the agreement that had followed the
    service to this agency was withdrawn. The disclosure itself stays on the record."""

    topic = "consent.disclosure_closed"
    agency: Operational[UUID]
    ground: Operational[UUID]
    because: Operational[
        Literal["recorded_in_error", "not_passed_on", "service_moved", "agreement_withdrawn"]
    ]


AnyConsentEvent = (
    ConsentRequested
    | ConsentGiven
    | ConsentRefused
    | ConsentWithdrawn
    | LawfulBasisRecorded
    | AgreementFollowed
    | DisclosureMade
    | DisclosureClosed
)
"""All of them, so that the type checker finds a `match` that forgets one."""
