"""Every command about a referral and its decision."""

from __future__ import annotations

from coordination.event import Command
from coordination.pupil.decision import Decide, for_case_file
from coordination.pupil.referral.commands import (
    REFERRAL_DATA,
    AllocateReferral,
    ConfirmMilestone,
    ContestMilestone,
    OpenReferral,
    RaiseImmediateRisk,
    RecordMilestone,
    RecordUnavailability,
    Reported,
    StrikeEntry,
    SubmitReferral,
)
from coordination.pupil.referral.decisions.allocation import ALLOCATING, decide_allocate
from coordination.pupil.referral.decisions.corrections import decide_strike
from coordination.pupil.referral.decisions.milestones import allowed_milestones, decide_milestone
from coordination.pupil.referral.decisions.opening import decide_open, decide_risk, decide_unavailability
from coordination.pupil.referral.decisions.reports import decide_confirm, decide_contest
from coordination.pupil.referral.decisions.sending import decide_submit

__all__ = [
    "ALLOCATING",
    "DECISIONS",
    "REFERRAL_DATA",
    "AllocateReferral",
    "ConfirmMilestone",
    "ContestMilestone",
    "OpenReferral",
    "RaiseImmediateRisk",
    "RecordMilestone",
    "RecordUnavailability",
    "Reported",
    "StrikeEntry",
    "SubmitReferral",
    "allowed_milestones",
]

DECISIONS: dict[type[Command], Decide] = dict(
    (
        for_case_file(OpenReferral, decide_open),
        for_case_file(SubmitReferral, decide_submit),
        for_case_file(RecordMilestone, decide_milestone),
        for_case_file(StrikeEntry, decide_strike),
        for_case_file(ConfirmMilestone, decide_confirm),
        for_case_file(ContestMilestone, decide_contest),
        for_case_file(RaiseImmediateRisk, decide_risk),
        for_case_file(RecordUnavailability, decide_unavailability),
        for_case_file(AllocateReferral, decide_allocate),
    )
)
