"""Appointments: offered, answered, attended, missed, cancelled."""

from __future__ import annotations

from datetime import datetime
from typing import Literal
from uuid import UUID

from coordination.pupil.referral.milestones.milestone import OPENING, Milestone, MilestoneRules
from coordination.sensitivity import SEALED, Coded, Operational, Personal

# Each line of a milestone's rules answers one kind of question: whose word and step; order; what follows; fields;
# pages.
# fmt: off


class AppointmentOffered(Milestone, frozen=True, kw_only=True):
    """An appointment was offered: sent on the day it occurred, for one or more instants, where, in which language."""

    topic = "referral.appointment_offered"
    name = "appointment_offered"
    rules = MilestoneRules(
        said_by="agency", next_step_with="new_offer", effect="continues", sets_phase="always", after_ending=False,
        opening=False, rank=130, comes_after=OPENING, never_after=(),
        usually_next=("appointment_answered", "could_not_attend", "cancelled_by_service", "first_contact"),
        codes={"language": "language"}, detail_field="for_when", appointment="offered",
        at_once=False, sentence_tells_more=True, only_by_sending=False,
    )

    appointment: Operational[UUID | None] = None
    for_when: Operational[tuple[datetime, ...]] = ()
    language: Operational[str | None] = None
    place: Personal[str | None] = SEALED


class AppointmentAnswered(Milestone, frozen=True, kw_only=True):
    """The family's answer to an offer; `chosen` is the instant they took. It names its appointment, as outcomes do, or
    says that there is none on record."""

    topic = "referral.appointment_answered"
    name = "appointment_answered"
    rules = MilestoneRules(
        said_by="either", next_step_with="unchanged", effect="continues", sets_phase="until_ended", after_ending=False,
        opening=False, rank=140, comes_after=OPENING, never_after=(),
        usually_next=("could_not_attend", "cancelled_by_service", "first_contact", "appointment_offered"),
        codes={}, detail_field="answer", appointment="answered",
        at_once=False, sentence_tells_more=True, only_by_sending=False,
    )

    appointment: Operational[UUID | None] = None
    no_appointment_on_record: Operational[bool] = False
    answer: Operational[Literal["accepted", "another_time_asked", "declined"]] = "accepted"
    chosen: Operational[datetime | None] = None


class WasNotBrought(Milestone, frozen=True, kw_only=True):
    """The child was not brought to the appointment: never the child's choice. Tells the school the same day. The
    reason, of this and of the other missed appointments, is a code of `missed_reason`, if known."""

    topic = "referral.was_not_brought"
    name = "was_not_brought"
    rules = MilestoneRules(
        said_by="agency", next_step_with="agency", effect="continues", sets_phase="always", after_ending=False,
        opening=False, rank=150, comes_after=OPENING, never_after=(),
        usually_next=("appointment_offered", "first_contact", "discharged"),
        codes={"reason": "missed_reason"}, detail_field=None, appointment="missed",
        at_once=False, sentence_tells_more=True, only_by_sending=False,
    )

    appointment: Operational[UUID | None] = None
    no_appointment_on_record: Operational[bool] = False
    reason: Coded[str | None] = SEALED


class DidNotAttend(Milestone, frozen=True, kw_only=True):
    """A young person who chooses for themselves did not come."""

    topic = "referral.did_not_attend"
    name = "did_not_attend"
    rules = MilestoneRules(
        said_by="agency", next_step_with="agency", effect="continues", sets_phase="always", after_ending=False,
        opening=False, rank=160, comes_after=OPENING, never_after=(),
        usually_next=("appointment_offered", "first_contact", "discharged"),
        codes={"reason": "missed_reason"}, detail_field=None, appointment="missed",
        at_once=False, sentence_tells_more=True, only_by_sending=False,
    )

    appointment: Operational[UUID | None] = None
    no_appointment_on_record: Operational[bool] = False
    reason: Coded[str | None] = SEALED


class CouldNotAttend(Milestone, frozen=True, kw_only=True):
    """Notice was given, at any time before the appointment."""

    topic = "referral.could_not_attend"
    name = "could_not_attend"
    rules = MilestoneRules(
        said_by="agency", next_step_with="agency", effect="continues", sets_phase="always", after_ending=False,
        opening=False, rank=170, comes_after=OPENING, never_after=(),
        usually_next=("appointment_offered", "first_contact"),
        codes={"reason": "missed_reason"}, detail_field=None, appointment="missed",
        at_once=False, sentence_tells_more=True, only_by_sending=False,
    )

    appointment: Operational[UUID | None] = None
    no_appointment_on_record: Operational[bool] = False
    reason: Coded[str | None] = SEALED


class CancelledByService(Milestone, frozen=True, kw_only=True):
    """The service cancelled the appointment."""

    topic = "referral.cancelled_by_service"
    name = "cancelled_by_service"
    rules = MilestoneRules(
        said_by="agency", next_step_with="agency", effect="continues", sets_phase="always", after_ending=False,
        opening=False, rank=180, comes_after=OPENING, never_after=(),
        usually_next=("appointment_offered", "first_contact"),
        codes={}, detail_field=None, appointment="cancelled",
        at_once=False, sentence_tells_more=False, only_by_sending=False,
    )

    appointment: Operational[UUID | None] = None
    no_appointment_on_record: Operational[bool] = False


class FirstContact(Milestone, frozen=True, kw_only=True):
    """The service first saw the pupil."""

    topic = "referral.first_contact"
    name = "first_contact"
    rules = MilestoneRules(
        said_by="agency", next_step_with="agency", effect="continues", sets_phase="always", after_ending=False,
        opening=False, rank=190, comes_after=OPENING, never_after=(),
        usually_next=("assessed", "treatment_started", "report_issued", "discharged"),
        codes={}, detail_field=None, appointment="attended",
        at_once=False, sentence_tells_more=False, only_by_sending=False,
    )

    appointment: Operational[UUID | None] = None
    no_appointment_on_record: Operational[bool] = False
