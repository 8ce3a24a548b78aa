"""What happens to a referral besides its milestones, which are in `milestones/`."""

from __future__ import annotations

from datetime import date, datetime
from typing import Literal
from uuid import UUID

from coordination.event import PupilEvent
from coordination.sensitivity import SEALED, Coded, Operational, Personal, Special


class ReferralEvent(PupilEvent, frozen=True, kw_only=True):
    """What concerns one referral."""

    referral: Operational[UUID]


class ReferralOpened(ReferralEvent, frozen=True, kw_only=True):
    """A referral entered the record. `immediate_risk` was asked first; `reference` is the school's or agency's own
    reference number; `needs` are the pupil's at that moment; `basis` says how it came here (`school_referral` or
    `historical_record`). `kept_from_parents`: a competent child agreed alone, and nothing of it goes into what parents
    receive."""

    topic = "referral.opened"
    school: Operational[UUID]
    service: Operational[UUID]
    agency: Operational[UUID]
    legal_route: Operational[str]
    basis: Operational[Literal["school_referral", "historical_record"]]
    priority: Operational[str]
    immediate_risk: Operational[bool]
    informed_and_discussed: Operational[bool | None] = None
    year: Operational[int | None] = None
    copied_from: Operational[UUID | None] = None
    kept_from_parents: Operational[bool] = False
    needs: Coded[tuple[str, ...] | None] = SEALED
    reference: Personal[str | None] = SEALED
    reason: Special[str | None] = SEALED


class ImmediateRiskRaised(ReferralEvent, frozen=True, kw_only=True):
    """A person may be in danger now: who was told (codes of the table `told`: emergency_services, nhs_111_option_2,
    crisis_team, social_services, designated_safeguarding_person) and when. Such a referral must not only wait."""

    topic = "referral.immediate_risk_raised"
    told: Operational[tuple[str, ...]]
    told_at: Operational[datetime]
    concern: Special[str | None] = SEALED


class EntryStruck(ReferralEvent, frozen=True, kw_only=True):
    """One milestone was entered in error: it stays visible and no longer counts."""

    topic = "referral.entry_struck"
    supersedes: Operational[int]
    why: Special[str] = SEALED


class MilestoneConfirmed(ReferralEvent, frozen=True, kw_only=True):
    """The agency says that a reported milestone (its version in the pupil's stream) is right. Without an account it
    says so by a link that a school made (`link_of`), in the name and job that the person who answered gave."""

    topic = "referral.milestone_confirmed"
    milestone: Operational[int]
    link_of: Operational[UUID | None] = None
    answered_by: Personal[str | None] = SEALED
    answered_as: Personal[str | None] = SEALED


class MilestoneContested(ReferralEvent, frozen=True, kw_only=True):
    """The agency says that a reported milestone is not right, and what was; by a link as one that is confirmed."""

    topic = "referral.milestone_contested"
    milestone: Operational[int]
    says_on: Operational[date | None] = None
    link_of: Operational[UUID | None] = None
    answered_by: Personal[str | None] = SEALED
    answered_as: Personal[str | None] = SEALED
    why: Special[str] = SEALED


class UnavailabilityRecorded(ReferralEvent, frozen=True, kw_only=True):
    """The family asked for no appointment from one day up to and including another. Deducted from the adjusted
    figure only; the unadjusted days always stand beside it."""

    topic = "referral.unavailability_recorded"
    from_on: Operational[date]
    until: Operational[date]
    reason: Coded[str | None] = SEALED


class ReferralServiceMoved(ReferralEvent, frozen=True, kw_only=True):
    """The service that has the referral is another agency's from the day of the event on, or (`inherited_by`) has
    closed, and a service of another agency takes the referral on. It stays a referral to `service`, whose clocks and
    days go on. What the other agency may see of it is a disclosure of its own."""

    topic = "referral.service_moved"
    service: Operational[UUID]
    from_agency: Operational[UUID]
    to_agency: Operational[UUID]
    inherited_by: Operational[UUID | None] = None


class ReferralAllocated(ReferralEvent, frozen=True, kw_only=True):
    """The agency that holds the referral allocates it to one of its people (None: removes the allocation). Others are
    told that it is allocated, never to whom."""

    topic = "referral.allocated"
    person: Operational[UUID | None] = None


class PlaceReviewed(ReferralEvent, frozen=True, kw_only=True):
    """A place in a resource base or specialist class was reviewed against its exit criteria: it goes on (`stays`), an
    exit is prepared (`exit_planned`), or other provision is needed (`other_provision`). `exit_due_on`: by when the
    authority looks again whether the exit criteria are met (Estyn 2008, paragraphs 54 and 76)."""

    topic = "referral.place_reviewed"
    outcome: Operational[Literal["stays", "exit_planned", "other_provision"]]
    next_review_on: Operational[date]
    exit_due_on: Operational[date | None] = None
    words: Special[str | None] = SEALED


class ShortNoticeAgreed(ReferralEvent, frozen=True, kw_only=True):
    """The family agreed, or no longer agrees, to be offered an hour at short notice."""

    topic = "referral.short_notice_agreed"
    agreed: Operational[bool]


class ServiceNoteRecorded(ReferralEvent, frozen=True, kw_only=True):
    """A note within the service, about the milestone with this version in the pupil's stream. Only the service reads
    it: not the school, and not a later holder of the referral."""

    topic = "referral.service_note"
    service: Operational[UUID]
    agency: Operational[UUID]
    milestone: Operational[int]
    note: Special[str] = SEALED
