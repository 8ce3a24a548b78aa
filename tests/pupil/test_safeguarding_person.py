"""The school's safeguarding person reports what a service did only for a referral with immediate risk."""

from __future__ import annotations

from coordination.pupil.referral.decide import RaiseImmediateRisk
from coordination.pupil.referral.milestones.opening import Received
from tests.meeting.hwb import AS_ALNCO, PUPIL
from tests.pupil.case import DAY, instant, reach, sent, told

SAFEGUARDING = {**AS_ALNCO, "role": "designated_safeguarding_person"}


def test_a_report_waits_for_immediate_risk() -> None:
    report = reach("received", 1, reported=told(1))
    sent().refuses(report, "not_permitted", **SAFEGUARDING)
    sent().happened(report, Received, **AS_ALNCO)
    case = sent()
    case.does(
        RaiseImmediateRisk(
            occurred_on=DAY,
            pupil=PUPIL,
            referral=report.referral,
            told=("crisis_team",),
            told_at=instant(DAY),
        ),
        **SAFEGUARDING,
    )
    case.happened(report, Received, **SAFEGUARDING)
