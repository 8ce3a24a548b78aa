"""Decisions on referrals: who may say what, on whose word, and what is refused."""

from __future__ import annotations

from typing import Any

from tests.meeting.hwb import (
    AS_ACCOUNTS,
    AS_ALNCO,
    AS_CLINICIAN,
    AS_COUNSELLOR,
    AS_FAR_DECLO,
    AS_OFFICER,
    AS_PSYCHOLOGIST,
    AS_STRANGER,
    PUPIL,
)
from tests.pupil.case import (
    DAY,
    REFERRAL,
    PupilCase,
    reach,
    sent,
)

ON: dict[str, Any] = {"occurred_on": DAY, "pupil": PUPIL, "referral": REFERRAL}


STRANGERS: dict[str, dict[str, Any]] = {
    "another school": AS_STRANGER,
    "another board": AS_FAR_DECLO,
    "a charity": AS_COUNSELLOR,
    "the authority's officer": AS_OFFICER,
    "the authority's psychologist": AS_PSYCHOLOGIST,
    "an administrator": AS_ACCOUNTS,
    "an auditor at the school": {**AS_ALNCO, "role": "auditor"},
    "an administrator at the board": {**AS_CLINICIAN, "role": "administrator"},
    "a teacher's role at the board": {**AS_CLINICIAN, "role": "alnco"},
    "a clinician's role at the school": {**AS_ALNCO, "role": "clinician"},
}


def received() -> PupilCase:
    return sent().does(reach("received", 1), **AS_CLINICIAN)
