"""Every command about a referral and its decision."""

from __future__ import annotations

from coordination.decisions import Decision, decides
from coordination.event import Command
from coordination.pupil.casefile import PUPIL_STREAM
from coordination.pupil.referral.commands import (
    REFERRAL_DATA,
    AgreeShortNotice,
    AllocateReferral,
    ConfirmMilestone,
    ContestMilestone,
    MoveReferralService,
    OpenReferral,
    RaiseImmediateRisk,
    RecordMilestone,
    RecordUnavailability,
    ReportSource,
    ReviewPlace,
    StrikeEntry,
    SubmitReferral,
)
from coordination.pupil.referral.decisions.allocation import ALLOCATING, decide_allocate
from coordination.pupil.referral.decisions.corrections import decide_strike
from coordination.pupil.referral.decisions.milestones import allowed_milestones, decide_milestone
from coordination.pupil.referral.decisions.opening import decide_open, decide_risk, decide_unavailability
from coordination.pupil.referral.decisions.placing import decide_review, decide_short_notice
from coordination.pupil.referral.decisions.reorganisation import decide_move_referral_service
from coordination.pupil.referral.decisions.reports import decide_confirm, decide_contest
from coordination.pupil.referral.decisions.sending import decide_submit

__all__ = [
    "ALLOCATING",
    "DECISIONS",
    "REFERRAL_DATA",
    "AgreeShortNotice",
    "AllocateReferral",
    "ConfirmMilestone",
    "ContestMilestone",
    "MoveReferralService",
    "OpenReferral",
    "RaiseImmediateRisk",
    "RecordMilestone",
    "RecordUnavailability",
    "ReportSource",
    "ReviewPlace",
    "StrikeEntry",
    "SubmitReferral",
    "allowed_milestones",
]

DECISIONS: dict[type[Command], Decision] = dict(
    [
        decides(OpenReferral, decide_open, PUPIL_STREAM),
        decides(SubmitReferral, decide_submit, PUPIL_STREAM),
        decides(RecordMilestone, decide_milestone, PUPIL_STREAM),
        decides(StrikeEntry, decide_strike, PUPIL_STREAM),
        decides(ConfirmMilestone, decide_confirm, PUPIL_STREAM),
        decides(ContestMilestone, decide_contest, PUPIL_STREAM),
        decides(RaiseImmediateRisk, decide_risk, PUPIL_STREAM),
        decides(RecordUnavailability, decide_unavailability, PUPIL_STREAM),
        decides(MoveReferralService, decide_move_referral_service, PUPIL_STREAM),
        decides(AllocateReferral, decide_allocate, PUPIL_STREAM),
        decides(ReviewPlace, decide_review, PUPIL_STREAM),
        decides(AgreeShortNotice, decide_short_notice, PUPIL_STREAM),
    ]
)
