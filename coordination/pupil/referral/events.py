"""A referral from the thought to the end: one event type per milestone.

A milestone is somebody's word: the party's own, or *reported* by the school (by whom, how, when it was said), which
the agency can confirm or contest. A milestone may supersede an earlier entry (its version in the pupil's stream) and
then says why; both stay visible.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import ClassVar, Literal
from uuid import UUID

from coordination.event import PupilEvent
from coordination.sensitivity import SEALED, Coded, Operational, Personal, Special

Word = Literal["own", "reported"]


class ReferralEvent(PupilEvent, frozen=True, kw_only=True):
    """What concerns one referral."""

    referral: Operational[UUID]


class ReferralOpened(ReferralEvent, frozen=True, kw_only=True):
    """A referral entered the record. `immediate_risk` was asked first; `reference` is the school's or agency's own
    reference number; `needs` are the pupil's at that moment; `basis` says how it came here (`school_referral` or
    `historical_record`)."""

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
    needs: Coded[tuple[str, ...] | None] = SEALED
    reference: Personal[str | None] = SEALED
    reason: Special[str | None] = SEALED


class ImmediateRiskRaised(ReferralEvent, frozen=True, kw_only=True):
    """Somebody may be in danger now: who was told (codes of the table `told`: emergency_services, nhs_111_option_2,
    crisis_team, social_services, designated_safeguarding_person) and when. Such a referral never merely waits."""

    topic = "referral.immediate_risk_raised"
    told: Operational[tuple[str, ...]]
    told_at: Operational[datetime]
    concern: Special[str | None] = SEALED


class Milestone(ReferralEvent, frozen=True, kw_only=True):
    """A step of the referral, on the day it occurred. `name` is its word in files, standards and reports."""

    name: ClassVar[str] = ""

    word: Operational[Word] = "own"
    reported_how: Operational[str | None] = None
    reported_on: Operational[date | None] = None
    supersedes: Operational[int | None] = None
    reported_by: Personal[str | None] = SEALED
    why: Special[str | None] = SEALED
    note: Special[str | None] = SEALED


class Decided(Milestone, frozen=True, kw_only=True):
    """The school decided to refer."""

    topic = "referral.decided"
    name = "decided"


class Submitted(Milestone, frozen=True, kw_only=True):
    """The referral went to the agency. `supplied` and `missing` are what the service asks for with a referral."""

    topic = "referral.submitted"
    name = "submitted"
    supplied: Operational[tuple[str, ...]] = ()
    missing: Operational[tuple[str, ...]] = ()


class Received(Milestone, frozen=True, kw_only=True):
    """It reached the agency. `age_months` is the pupil's age at receipt, in completed months."""

    topic = "referral.received"
    name = "received"
    age_months: Operational[int | None] = None


class Acknowledged(Milestone, frozen=True, kw_only=True):
    topic = "referral.acknowledged"
    name = "acknowledged"


class Triaged(Milestone, frozen=True, kw_only=True):
    topic = "referral.triaged"
    name = "triaged"
    priority: Operational[str | None] = None


class InformationRequested(Milestone, frozen=True, kw_only=True):
    """The agency cannot go on without information. `asked_of` says whose move it is."""

    topic = "referral.information_requested"
    name = "information_requested"
    asked_of: Operational[Literal["school", "family"]] = "school"
    requirements: Operational[tuple[str, ...]] = ()


class InformationSupplied(Milestone, frozen=True, kw_only=True):
    topic = "referral.information_supplied"
    name = "information_supplied"
    requirements: Operational[tuple[str, ...]] = ()


class Redirected(Milestone, frozen=True, kw_only=True):
    """Passed on to another service; the first receipt date is kept."""

    topic = "referral.redirected"
    name = "redirected"
    to_service: Operational[UUID | None] = None
    to_agency: Operational[UUID | None] = None


class OptInAsked(Milestone, frozen=True, kw_only=True):
    """The family was asked to say that they want the appointment, by a day."""

    topic = "referral.opt_in_asked"
    name = "opt_in_asked"
    answer_by: Operational[date | None] = None


class OptInAnswered(Milestone, frozen=True, kw_only=True):
    topic = "referral.opt_in_answered"
    name = "opt_in_answered"


class OptInUnanswered(Milestone, frozen=True, kw_only=True):
    """The day passed without an answer. This never ends a referral by itself."""

    topic = "referral.opt_in_unanswered"
    name = "opt_in_unanswered"


class Accepted(Milestone, frozen=True, kw_only=True):
    topic = "referral.accepted"
    name = "accepted"


class Declined(Milestone, frozen=True, kw_only=True):
    """Not taken on: a reason from the dated table `decline_reason`, and where else to turn."""

    topic = "referral.declined"
    name = "declined"
    reason: Coded[str | None] = SEALED
    signposting: Special[str | None] = SEALED


class AdviceGiven(Milestone, frozen=True, kw_only=True):
    """Advice was given instead of taking the referral on."""

    topic = "referral.advice_given"
    name = "advice_given"
    advice: Special[str | None] = SEALED


class AppointmentOffered(Milestone, frozen=True, kw_only=True):
    """An appointment was offered: sent on the day it occurred, for one or more instants, where, in which language."""

    topic = "referral.appointment_offered"
    name = "appointment_offered"
    appointment: Operational[UUID | None] = None
    for_when: Operational[tuple[datetime, ...]] = ()
    language: Operational[str | None] = None
    place: Personal[str | None] = SEALED


class AppointmentAnswered(Milestone, frozen=True, kw_only=True):
    """The family's answer to an offer; `chosen` is the instant they took."""

    topic = "referral.appointment_answered"
    name = "appointment_answered"
    appointment: Operational[UUID | None] = None
    answer: Operational[Literal["accepted", "another_time_asked", "declined"]] = "accepted"
    chosen: Operational[datetime | None] = None


class WasNotBrought(Milestone, frozen=True, kw_only=True):
    """The child was not brought to the appointment: never the child's choice. Tells the school the same day. The
    reason, of this and of the other missed appointments, is a code of `missed_reason`, where anybody knows it."""

    topic = "referral.was_not_brought"
    name = "was_not_brought"
    appointment: Operational[UUID | None] = None
    reason: Coded[str | None] = SEALED


class DidNotAttend(Milestone, frozen=True, kw_only=True):
    """A young person who chooses for themselves did not come."""

    topic = "referral.did_not_attend"
    name = "did_not_attend"
    appointment: Operational[UUID | None] = None
    reason: Coded[str | None] = SEALED


class CouldNotAttend(Milestone, frozen=True, kw_only=True):
    """Notice was given, at any time before the appointment."""

    topic = "referral.could_not_attend"
    name = "could_not_attend"
    appointment: Operational[UUID | None] = None
    reason: Coded[str | None] = SEALED


class CancelledByService(Milestone, frozen=True, kw_only=True):
    topic = "referral.cancelled_by_service"
    name = "cancelled_by_service"
    appointment: Operational[UUID | None] = None


class FirstContact(Milestone, frozen=True, kw_only=True):
    topic = "referral.first_contact"
    name = "first_contact"
    appointment: Operational[UUID | None] = None


class Assessed(Milestone, frozen=True, kw_only=True):
    topic = "referral.assessed"
    name = "assessed"
    appointment: Operational[UUID | None] = None


class TreatmentStarted(Milestone, frozen=True, kw_only=True):
    topic = "referral.treatment_started"
    name = "treatment_started"


class ReportIssued(Milestone, frozen=True, kw_only=True):
    topic = "referral.report_issued"
    name = "report_issued"


class S21Answer(Milestone, frozen=True, kw_only=True):
    """The NHS body's answer under section 21 of the ALN Act: a treatment or service identified or none, whether it
    should be in Welsh, told to the referrer and to the plan's holder. Only this stops a section 20 clock."""

    topic = "referral.s21_answer"
    name = "s21_answer"
    identified: Operational[bool | None] = None
    in_welsh: Operational[bool | None] = None
    told_referrer: Operational[bool] = False
    told_plan_holder: Operational[bool] = False
    what: Special[str | None] = SEALED


class Discharged(Milestone, frozen=True, kw_only=True):
    topic = "referral.discharged"
    name = "discharged"
    reason: Coded[str | None] = SEALED


class Withdrawn(Milestone, frozen=True, kw_only=True):
    """The school or family took the referral back."""

    topic = "referral.withdrawn"
    name = "withdrawn"
    reason: Coded[str | None] = SEALED


class Reopened(Milestone, frozen=True, kw_only=True):
    topic = "referral.reopened"
    name = "reopened"
    reason: Coded[str | None] = SEALED


class RecordedInError(Milestone, frozen=True, kw_only=True):
    """The whole referral should not have been recorded; the comment is required."""

    topic = "referral.recorded_in_error"
    name = "recorded_in_error"


class EntryStruck(ReferralEvent, frozen=True, kw_only=True):
    """One milestone was entered in error: it stays visible and no longer counts."""

    topic = "referral.entry_struck"
    supersedes: Operational[int]
    why: Special[str] = SEALED


class MilestoneConfirmed(ReferralEvent, frozen=True, kw_only=True):
    """The agency says that a reported milestone (its version in the pupil's stream) is right. Without an account it
    says so by a link that a school made (`link_of`), in the name and job that whoever answered gave."""

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


class ReferralAllocated(ReferralEvent, frozen=True, kw_only=True):
    """Within the agency that holds it, somebody takes the referral up; None: nobody has it again. The agency's own
    matter: others are told that it is allocated, never to whom."""

    topic = "referral.allocated"
    person: Operational[UUID | None] = None
