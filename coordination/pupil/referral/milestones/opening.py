"""From the decision to refer to the agency's acceptance."""

from __future__ import annotations

from datetime import date
from typing import Literal
from uuid import UUID

from coordination.pupil.referral.milestones.milestone import OPENING, TRIAGE, Milestone, MilestoneRules
from coordination.sensitivity import Operational

# Each line of a milestone's rules answers one kind of question: whose word and step; order; what follows; fields;
# pages.
# fmt: off


class Decided(Milestone, frozen=True, kw_only=True):
    """The school decided to refer."""

    topic = "referral.decided"
    name = "decided"
    rules = MilestoneRules(
        said_by="school", next_step_with="school", effect="continues", sets_phase="always", after_ending=False,
        opening=True, rank=10, comes_after=(), never_after=(),
        usually_next=(),
        codes={}, detail_field=None, appointment=None,
        at_once=False, sentence_tells_more=False, only_by_sending=False,
    )


class Submitted(Milestone, frozen=True, kw_only=True):
    """The referral went to the agency. `supplied` and `missing` are what the service asks for with a referral."""

    topic = "referral.submitted"
    name = "submitted"
    rules = MilestoneRules(
        said_by="school", next_step_with="agency", effect="continues", sets_phase="always", after_ending=False,
        opening=True, rank=20, comes_after=("decided",), never_after=(),
        usually_next=("received", "acknowledged", *TRIAGE),
        codes={"supplied": "requirement", "missing": "requirement"}, detail_field=None, appointment=None,
        at_once=False, sentence_tells_more=True, only_by_sending=True,
    )

    supplied: Operational[tuple[str, ...]] = ()
    missing: Operational[tuple[str, ...]] = ()


class Received(Milestone, frozen=True, kw_only=True):
    """It reached the agency. `age_months` is the pupil's age at receipt, in completed months."""

    topic = "referral.received"
    name = "received"
    rules = MilestoneRules(
        said_by="agency", next_step_with="agency", effect="continues", sets_phase="always", after_ending=False,
        opening=True, rank=30, comes_after=("decided", "submitted"), never_after=(),
        usually_next=("acknowledged", *TRIAGE),
        codes={}, detail_field=None, appointment=None,
        at_once=True, sentence_tells_more=False, only_by_sending=False,
    )

    age_months: Operational[int | None] = None


class Acknowledged(Milestone, frozen=True, kw_only=True):
    """The agency said that it has the referral."""

    topic = "referral.acknowledged"
    name = "acknowledged"
    rules = MilestoneRules(
        said_by="agency", next_step_with="agency", effect="continues", sets_phase="always", after_ending=False,
        opening=False, rank=40, comes_after=OPENING, never_after=("treatment_started",),
        usually_next=("triaged", *TRIAGE, "appointment_offered"),
        codes={}, detail_field=None, appointment=None,
        at_once=True, sentence_tells_more=False, only_by_sending=False,
    )


class Triaged(Milestone, frozen=True, kw_only=True):
    """The agency judged how urgent it is: `priority`."""

    topic = "referral.triaged"
    name = "triaged"
    rules = MilestoneRules(
        said_by="agency", next_step_with="agency", effect="continues", sets_phase="always", after_ending=False,
        opening=False, rank=50, comes_after=OPENING, never_after=(),
        usually_next=(*TRIAGE, "appointment_offered", "opt_in_asked"),
        codes={"priority": "priority"}, detail_field="priority", appointment=None,
        at_once=False, sentence_tells_more=True, only_by_sending=False,
    )

    priority: Operational[str | None] = None


class InformationRequested(Milestone, frozen=True, kw_only=True):
    """The agency cannot go on without information. `asked_of` says whose move it is."""

    topic = "referral.information_requested"
    name = "information_requested"
    rules = MilestoneRules(
        said_by="agency", next_step_with="as_asked", effect="continues", sets_phase="always", after_ending=False,
        opening=False, rank=110, comes_after=OPENING, never_after=(),
        usually_next=("information_supplied", "accepted", "declined"),
        codes={"requirements": "requirement"}, detail_field="asked_of", appointment=None,
        at_once=False, sentence_tells_more=True, only_by_sending=False,
    )

    asked_of: Operational[Literal["school", "family"]] = "school"
    requirements: Operational[tuple[str, ...]] = ()


class InformationSupplied(Milestone, frozen=True, kw_only=True):
    """The agency was given what it had asked for: `requirements`."""

    topic = "referral.information_supplied"
    name = "information_supplied"
    rules = MilestoneRules(
        said_by="school_first", next_step_with="agency", effect="continues", sets_phase="always", after_ending=False,
        opening=False, rank=120, comes_after=(), never_after=(),
        usually_next=("triaged", "accepted", "appointment_offered", "declined", "redirected"),
        codes={"requirements": "requirement"}, detail_field=None, appointment=None,
        at_once=False, sentence_tells_more=True, only_by_sending=False,
    )

    requirements: Operational[tuple[str, ...]] = ()


class Redirected(Milestone, frozen=True, kw_only=True):
    """Passed on to another service; the first receipt date is kept."""

    topic = "referral.redirected"
    name = "redirected"
    rules = MilestoneRules(
        said_by="agency", next_step_with="agency", effect="passes_on", sets_phase="always", after_ending=False,
        opening=False, rank=60, comes_after=OPENING, never_after=(),
        usually_next=("acknowledged", *TRIAGE),
        codes={}, detail_field="to_service", appointment=None,
        at_once=False, sentence_tells_more=True, only_by_sending=False,
    )

    to_service: Operational[UUID | None] = None
    to_agency: Operational[UUID | None] = None


class OptInAsked(Milestone, frozen=True, kw_only=True):
    """The family was asked to say that they want the appointment, by a day."""

    topic = "referral.opt_in_asked"
    name = "opt_in_asked"
    rules = MilestoneRules(
        said_by="agency", next_step_with="family", effect="continues", sets_phase="always", after_ending=False,
        opening=False, rank=70, comes_after=OPENING, never_after=(),
        usually_next=("opt_in_answered", "opt_in_unanswered"),
        codes={}, detail_field="answer_by", appointment=None,
        at_once=False, sentence_tells_more=True, only_by_sending=False,
    )

    answer_by: Operational[date | None] = None


class OptInAnswered(Milestone, frozen=True, kw_only=True):
    """The family said that they want the appointment."""

    topic = "referral.opt_in_answered"
    name = "opt_in_answered"
    rules = MilestoneRules(
        said_by="either", next_step_with="agency", effect="continues", sets_phase="always", after_ending=False,
        opening=False, rank=80, comes_after=OPENING, never_after=(),
        usually_next=("appointment_offered", "accepted"),
        codes={}, detail_field=None, appointment=None,
        at_once=False, sentence_tells_more=False, only_by_sending=False,
    )


class OptInUnanswered(Milestone, frozen=True, kw_only=True):
    """The day passed without an answer. This never ends a referral by itself."""

    topic = "referral.opt_in_unanswered"
    name = "opt_in_unanswered"
    rules = MilestoneRules(
        said_by="agency", next_step_with="agency", effect="continues", sets_phase="always", after_ending=False,
        opening=False, rank=90, comes_after=OPENING, never_after=(),
        usually_next=("opt_in_asked", "appointment_offered", "discharged"),
        codes={}, detail_field=None, appointment=None,
        at_once=False, sentence_tells_more=True, only_by_sending=False,
    )


class WaitingListReviewed(Milestone, frozen=True, kw_only=True):
    """The agency looked through its waiting list and keeps the referral on it."""

    topic = "referral.waiting_list_reviewed"
    name = "waiting_list_reviewed"
    rules = MilestoneRules(
        said_by="agency", next_step_with="unchanged", effect="continues", sets_phase="never", after_ending=False,
        opening=False, rank=95, comes_after=OPENING, never_after=(),
        usually_next=(),
        codes={}, detail_field=None, appointment=None,
        at_once=False, sentence_tells_more=False, only_by_sending=False,
    )


class Accepted(Milestone, frozen=True, kw_only=True):
    """The agency took the referral on."""

    topic = "referral.accepted"
    name = "accepted"
    rules = MilestoneRules(
        said_by="agency", next_step_with="agency", effect="continues", sets_phase="always", after_ending=False,
        opening=False, rank=100, comes_after=OPENING, never_after=(),
        usually_next=("appointment_offered", "opt_in_asked", "first_contact"),
        codes={}, detail_field=None, appointment=None,
        at_once=True, sentence_tells_more=False, only_by_sending=False,
    )
