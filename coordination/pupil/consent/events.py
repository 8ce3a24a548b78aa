"""Agreement to share, per agency and purpose; the lawful basis; what was disclosed."""

from __future__ import annotations

from datetime import date
from typing import Literal
from uuid import UUID

from coordination.event import PupilEvent
from coordination.sensitivity import SEALED, Operational, Personal, Special

Subject = Literal["referral", "minute", "meeting", "document", "letter", "export", "emergency", "advice"]
"""What a disclosure shared, or opened access to."""

Meaning = Literal["stop_sharing", "end_referral"]
"""What a family wants with a withdrawal: that nothing more is shared, or that the referral ends too."""


class ConsentEvent(PupilEvent, frozen=True, kw_only=True):
    """About agreement, lawful basis or disclosure. `consent` is the id of one request to one person."""


class ConsentRequested(ConsentEvent, frozen=True, kw_only=True):
    """The school asked to share with a service of an agency for a purpose. `contact` None: the pupil was asked.
    `service` None: recorded before agreements were for a service, or, with `whole_agency`, for every service of it.
    `also_services`: those for which the service, a single point of access, sorts referrals."""

    topic = "consent.requested"
    consent: Operational[UUID]
    agency: Operational[UUID]
    purpose: Operational[str]
    data_classes: Operational[tuple[str, ...]]
    route: Operational[str]
    language: Operational[str]
    contact: Operational[UUID | None] = None
    service: Operational[UUID | None] = None
    whole_agency: Operational[bool] = False
    also_services: Operational[tuple[UUID, ...]] = ()


class ConsentGiven(ConsentEvent, frozen=True, kw_only=True):
    """A person with authority agreed. `contact` None: the young person or competent child. `service`, `whole_agency`
    and `also_services` as in `ConsentRequested`; the family may have struck some of the latter out.

    `authority` is a code: a local authority that holds parental responsibility is named in `local_authority`; a
    decision in the pupil's best interests in `decided_by`; for a competent child, `competence_judged_by`, `assessed_on`
    and `assessment`. `kept_from_parents`: the child agreed alone, and nothing of it goes into what parents receive.
    `replaces` is the earlier agreement of the same person that it supersedes. `paper_form`: the printed form with the
    answer, which was typed in."""

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
    service: Operational[UUID | None] = None
    whole_agency: Operational[bool] = False
    also_services: Operational[tuple[UUID, ...]] = ()
    local_authority: Operational[UUID | None] = None
    decided_by: Operational[UUID | None] = None
    assessed_on: Operational[date | None] = None
    kept_from_parents: Operational[bool] = False
    replaces: Operational[UUID | None] = None
    paper_form: Operational[UUID | None] = None
    assessment: Special[str | None] = SEALED
    conditions: Special[str | None] = SEALED
    evidence: Personal[str | None] = SEALED
    words: Special[str | None] = SEALED


class ConsentRefused(ConsentEvent, frozen=True, kw_only=True):
    """A person with authority did not agree. `route` is how they said so (None: not recorded), `paper_form` the printed
    form with the answer, which was typed in."""

    topic = "consent.refused"
    consent: Operational[UUID]
    agency: Operational[UUID]
    purpose: Operational[str]
    authority: Operational[str]
    contact: Operational[UUID | None] = None
    service: Operational[UUID | None] = None
    route: Operational[str | None] = None
    paper_form: Operational[UUID | None] = None
    words: Special[str | None] = SEALED


class ConsentWithdrawn(ConsentEvent, frozen=True, kw_only=True):
    """An agreement was withdrawn; earlier disclosures stay valid. `grounds` are those whose access it closes now (as
    recorded before `SharingStopped`): of `service`, or (None) of every service of the agency. `meaning`: whether the
    family only stops the sharing or ends the referral too. `route` and `paper_form` as in `ConsentRefused`."""

    topic = "consent.withdrawn"
    consent: Operational[UUID]
    agency: Operational[UUID]
    contact: Operational[UUID | None] = None
    grounds: Operational[tuple[UUID, ...]] = ()
    service: Operational[UUID | None] = None
    meaning: Operational[Meaning | None] = None
    route: Operational[str | None] = None
    paper_form: Operational[UUID | None] = None
    words: Special[str | None] = SEALED


class LawfulBasisRecorded(ConsentEvent, frozen=True, kw_only=True):
    """The lawful basis for sharing this pupil's data with an agency (UK GDPR, articles 6 and 9), separate from
    agreement. Public task when none is recorded."""

    topic = "consent.lawful_basis_recorded"
    agency: Operational[UUID]
    basis: Operational[str]
    service: Operational[UUID | None] = None
    reason: Special[str | None] = SEALED


class AgreementFollowed(ConsentEvent, frozen=True, kw_only=True):
    """A service moved to another agency (`agency`), and the agreement to share with it stays valid there."""

    topic = "consent.agreement_followed"
    consent: Operational[UUID]
    service: Operational[UUID]
    from_agency: Operational[UUID]
    agency: Operational[UUID]


class DisclosureMade(ConsentEvent, frozen=True, kw_only=True):
    """Data about the pupil was shared with a service of an agency. It cites the agreement in force (`consent`) or
    another basis. `ground` is the reason (a referral), and identifies, with the service, the access that it opens.
    `whole_agency`: every service of it sees it, because the agreement says so. With neither, it was recorded before
    access was for a service, and is for the referral's holder at that point of the stream. `subject`: what was shared.
    `until`: the last day of the agreement, with which the access ends. `order`: the court order that permits it."""

    topic = "consent.disclosure_made"
    agency: Operational[UUID]
    ground: Operational[UUID]
    data_classes: Operational[tuple[str, ...]]
    lawful_basis: Operational[str]
    consent: Operational[UUID | None] = None
    service: Operational[UUID | None] = None
    whole_agency: Operational[bool] = False
    subject: Operational[Subject] = "referral"
    until: Operational[date | None] = None
    order: Operational[UUID | None] = None
    override_reason: Special[str | None] = SEALED


class DisclosureClosed(ConsentEvent, frozen=True, kw_only=True):
    """The access that a disclosure opened is closed: because the referral, or its passing on to this agency, was
    recorded in error; because the service moved to another agency; because the agreement that had followed the
    service to this agency was withdrawn; because a professional upheld an objection; or by a court order. `service` and
    `whole_agency` as in `DisclosureMade`; with neither, every service of the agency sees it no longer. The disclosure
    itself stays on the record."""

    topic = "consent.disclosure_closed"
    agency: Operational[UUID]
    ground: Operational[UUID]
    because: Operational[
        Literal[
            "recorded_in_error",
            "not_passed_on",
            "service_moved",
            "agreement_withdrawn",
            "objection_upheld",
            "court_order",
        ]
    ]
    service: Operational[UUID | None] = None
    whole_agency: Operational[bool] = False


class SharingStopped(ConsentEvent, frozen=True, kw_only=True):
    """From here on a service receives nothing new on these grounds: the agreement was withdrawn, the service passed the
    referral on, or a professional upheld an objection. What it wrote or had already received stays its own."""

    topic = "consent.sharing_stopped"
    agency: Operational[UUID]
    grounds: Operational[tuple[UUID, ...]]
    because: Operational[Literal["agreement_withdrawn", "passed_on", "objection_upheld"]]
    service: Operational[UUID | None] = None


class InformationShared(ConsentEvent, frozen=True, kw_only=True):
    """Information about the pupil reached an organisation without opening access here: a service heard it in a meeting
    (`ground`: the minute), owns an action (the action), or was sent a document, letter or export. It cites the
    agreement or the lawful basis in force; `lawful_basis` None: there was none."""

    topic = "consent.information_shared"
    organisation: Operational[UUID]
    ground: Operational[UUID]
    subject: Operational[Literal["heard", "action", "document", "letter", "export"]]
    service: Operational[UUID | None] = None
    consent: Operational[UUID | None] = None
    lawful_basis: Operational[str | None] = None


class BasisRequested(ConsentEvent, frozen=True, kw_only=True):
    """An agency that would pass a referral on asked the school for a basis to share with the next service."""

    topic = "consent.basis_requested"
    referral: Operational[UUID]
    agency: Operational[UUID]
    service: Operational[UUID]


AnyConsentEvent = (
    ConsentRequested
    | ConsentGiven
    | ConsentRefused
    | ConsentWithdrawn
    | LawfulBasisRecorded
    | AgreementFollowed
    | DisclosureMade
    | DisclosureClosed
    | SharingStopped
    | InformationShared
    | BasisRequested
)
"""All of them, so that the type checker finds a `match` that forgets one."""
