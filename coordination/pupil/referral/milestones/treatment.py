"""Assessment, treatment, and the papers that follow."""

from __future__ import annotations

from uuid import UUID

from coordination.pupil.referral.milestones.milestone import OPENING, Milestone, MilestoneRules
from coordination.sensitivity import SEALED, Operational, Special

# Each line of a milestone's rules answers one kind of question: whose word and step; order; what follows; fields;
# pages.
# fmt: off


class Assessed(Milestone, frozen=True, kw_only=True):
    """The pupil was assessed."""

    topic = "referral.assessed"
    name = "assessed"
    rules = MilestoneRules(
        said_by="agency", next_step_with="agency", effect="continues", sets_phase="always", after_ending=False,
        opening=False, rank=200, comes_after=(*OPENING, "first_contact"), never_after=(),
        usually_next=("report_issued", "treatment_started", "discharged"),
        codes={}, detail_field=None, appointment=None,
        at_once=False, sentence_tells_more=False, only_by_sending=False,
    )

    appointment: Operational[UUID | None] = None


class TreatmentStarted(Milestone, frozen=True, kw_only=True):
    """Treatment started."""

    topic = "referral.treatment_started"
    name = "treatment_started"
    rules = MilestoneRules(
        said_by="agency", next_step_with="agency", effect="continues", sets_phase="always", after_ending=False,
        opening=False, rank=210, comes_after=(*OPENING, "accepted", "first_contact", "assessed"), never_after=(),
        usually_next=("report_issued", "discharged"),
        codes={}, detail_field=None, appointment=None,
        at_once=False, sentence_tells_more=False, only_by_sending=False,
    )


class ReportIssued(Milestone, frozen=True, kw_only=True):
    """The service sent its report; this can also be after an ending."""

    topic = "referral.report_issued"
    name = "report_issued"
    rules = MilestoneRules(
        said_by="agency", next_step_with="unchanged", effect="continues", sets_phase="until_ended", after_ending=True,
        opening=False, rank=220, comes_after=(*OPENING, "assessed"), never_after=(),
        usually_next=("treatment_started", "discharged"),
        codes={}, detail_field=None, appointment=None,
        at_once=False, sentence_tells_more=False, only_by_sending=False,
    )


class S21Answer(Milestone, frozen=True, kw_only=True):
    """The NHS body's answer under section 21 of the ALN Act: a treatment or service identified or none, whether it
    should be in Welsh, told to the referrer and to the plan's holder. Only this stops a section 20 clock."""

    topic = "referral.s21_answer"
    name = "s21_answer"
    rules = MilestoneRules(
        said_by="agency", next_step_with="unchanged", effect="continues", sets_phase="until_ended", after_ending=True,
        opening=False, rank=230, comes_after=OPENING, never_after=(),
        usually_next=("discharged",),
        codes={}, detail_field=None, appointment=None,
        at_once=False, sentence_tells_more=True, only_by_sending=False,
    )

    identified: Operational[bool | None] = None
    in_welsh: Operational[bool | None] = None
    told_referrer: Operational[bool] = False
    told_plan_holder: Operational[bool] = False
    what: Special[str | None] = SEALED
