"""The endings, the reopening, and the whole referral recorded in error."""

from __future__ import annotations

from coordination.pupil.referral.milestones.milestone import Ending, Milestone, MilestoneRules
from coordination.sensitivity import SEALED, Coded, Operational, Special

# Each line of a milestone's rules answers one kind of question: whose word and step; order; what follows; fields;
# pages.
# fmt: off


class AdviceGiven(Milestone, frozen=True, kw_only=True):
    """Advice was given instead of taking the referral on."""

    topic = "referral.advice_given"
    name = "advice_given"
    rules = MilestoneRules(
        said_by="agency", next_step_with="agency", effect="ends", sets_phase="always", after_ending=False,
        opening=False, rank=240, comes_after=(), never_after=(),
        usually_next=("reopened",),
        codes={}, detail_field=None, appointment=None,
        at_once=False, sentence_tells_more=False, only_by_sending=False,
    )

    advice: Special[str | None] = SEALED


class Declined(Milestone, frozen=True, kw_only=True):
    """Not taken on: a reason from the dated table `decline_reason`, and where else to turn. `ending`, here and in the
    next two: see `Ending`."""

    topic = "referral.declined"
    name = "declined"
    rules = MilestoneRules(
        said_by="agency", next_step_with="agency", effect="ends", sets_phase="always", after_ending=False,
        opening=False, rank=250, comes_after=(), never_after=("first_contact", "treatment_started", "placed"),
        usually_next=("reopened",),
        codes={"reason": "decline_reason"}, detail_field="reason", appointment=None,
        at_once=False, sentence_tells_more=True, only_by_sending=False,
    )

    ending: Operational[Ending | None] = None
    reason: Coded[str | None] = SEALED
    signposting: Special[str | None] = SEALED


class Discharged(Milestone, frozen=True, kw_only=True):
    """The service ended its work with the pupil; the reason is a code of `discharge_reason`."""

    topic = "referral.discharged"
    name = "discharged"
    rules = MilestoneRules(
        said_by="agency", next_step_with="agency", effect="ends", sets_phase="always", after_ending=False,
        opening=False, rank=260, comes_after=(), never_after=(),
        usually_next=("reopened",),
        codes={"reason": "discharge_reason"}, detail_field="reason", appointment=None,
        at_once=False, sentence_tells_more=True, only_by_sending=False,
    )

    ending: Operational[Ending | None] = None
    reason: Coded[str | None] = SEALED


class Withdrawn(Milestone, frozen=True, kw_only=True):
    """The school or family took the referral back."""

    topic = "referral.withdrawn"
    name = "withdrawn"
    rules = MilestoneRules(
        said_by="either", next_step_with="family", effect="ends", sets_phase="always", after_ending=False,
        opening=False, rank=270, comes_after=(), never_after=(),
        usually_next=("reopened",),
        codes={"reason": "withdrawal_reason"}, detail_field="reason", appointment=None,
        at_once=False, sentence_tells_more=True, only_by_sending=False,
    )

    ending: Operational[Ending | None] = None
    reason: Coded[str | None] = SEALED


class Reopened(Milestone, frozen=True, kw_only=True):
    """A referral that had ended goes on, as a `new_episode` with waits of its own, or else (also where it is not said)
    with those it had. The reason is a code of `reopened_reason`."""

    topic = "referral.reopened"
    name = "reopened"
    rules = MilestoneRules(
        said_by="either", next_step_with="agency", effect="reopens", sets_phase="always", after_ending=True,
        opening=False, rank=280, comes_after=(), never_after=(),
        usually_next=("acknowledged", "accepted", "appointment_offered", "declined"),
        codes={"reason": "reopened_reason"}, detail_field="reason", appointment=None,
        at_once=False, sentence_tells_more=True, only_by_sending=False,
    )

    new_episode: Operational[bool | None] = None
    reason: Coded[str | None] = SEALED


class RecordedInError(Milestone, frozen=True, kw_only=True):
    """The whole referral should not have been recorded; the comment is required."""

    topic = "referral.recorded_in_error"
    name = "recorded_in_error"
    rules = MilestoneRules(
        said_by="either", next_step_with="agency", effect="voids", sets_phase="always", after_ending=True,
        opening=False, rank=290, comes_after=(), never_after=(),
        usually_next=(),
        codes={}, detail_field=None, appointment=None,
        at_once=False, sentence_tells_more=True, only_by_sending=False,
    )
