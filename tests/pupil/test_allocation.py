"""Who inside the agency has a referral."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import pytest

from coordination.errors import NotFound
from coordination.pupil.referral.decide import AllocateReferral
from coordination.pupil.referral.events import ReferralAllocated
from tests.meeting.hwb import (
    AS_ALNCO,
    AS_CLINICIAN,
    AS_DECLO,
    AS_HEAD,
    AS_MANAGER,
    AS_OFFICER,
    AS_PSYCHOLOGIST,
    AS_STRANGER,
    CLINICIAN,
    MANAGER,
    PSYCHOLOGIST,
    PUPIL,
)
from tests.pupil.case import LATER, REFERRAL, PupilCase, reach, sent
from tests.pupil.test_passed_on import passed_on


def allocate(person: UUID | None, instead_of: UUID | None = None, **more: Any) -> AllocateReferral:
    return AllocateReferral(
        occurred_on=LATER, pupil=PUPIL, referral=REFERRAL, person=person, instead_of=instead_of, **more
    )


def has(case: PupilCase) -> UUID | None:
    return case.state.referrals[REFERRAL].allocated


@pytest.mark.parametrize("who", [AS_CLINICIAN, AS_MANAGER], ids=["a clinician", "a manager"])
def test_it_is_taken_given_and_taken_back(who: dict[str, Any]) -> None:
    case = sent()
    version = case.state.referrals[REFERRAL].last_version
    case.happened(allocate(CLINICIAN), ReferralAllocated, **who)
    assert has(case) == CLINICIAN
    case.does(allocate(MANAGER, CLINICIAN), **who)
    assert has(case) == MANAGER
    case.does(allocate(None, MANAGER), **who)
    assert has(case) is None
    assert case.state.referrals[REFERRAL].last_version == version, "nobody's form is out of date for it"


@pytest.mark.parametrize(
    "who", [AS_ALNCO, AS_HEAD, AS_STRANGER, AS_PSYCHOLOGIST, AS_OFFICER, AS_DECLO], ids=repr
)
def test_to_others_there_is_nothing_to_allocate(who: dict[str, Any]) -> None:
    assert isinstance(sent().tries(allocate(CLINICIAN), **who), NotFound)


def test_only_to_somebody_in_post_there() -> None:
    case = sent()
    for person in (PSYCHOLOGIST, UUID(int=0xDEAD), AS_ALNCO.get("person", UUID(int=0xA1))):
        case.refuses(allocate(person), "not_of_the_agency", "person", **AS_CLINICIAN)


def test_two_who_take_it_at_once_are_told() -> None:
    case = sent().does(allocate(CLINICIAN), **AS_CLINICIAN)
    case.refuses(allocate(MANAGER), "allocated_meanwhile", "person", **AS_MANAGER)
    case.refuses(allocate(CLINICIAN, CLINICIAN), "nothing_changes", "person", **AS_CLINICIAN)
    case.refuses(allocate(None, MANAGER), "allocated_meanwhile", "person", **AS_CLINICIAN)
    sent().refuses(allocate(None), "nothing_changes", "person", **AS_CLINICIAN)


def test_what_is_passed_on_is_nobodys() -> None:
    case = passed_on(on=10)
    case.refuses(allocate(CLINICIAN), "not_the_holder", "person", **AS_CLINICIAN)
    case.does(allocate(PSYCHOLOGIST), **AS_PSYCHOLOGIST)
    assert has(case) == PSYCHOLOGIST
    before = sent().does(allocate(CLINICIAN), **AS_CLINICIAN)
    assert has(before) == CLINICIAN
    before.does(reach("received", 0), **AS_CLINICIAN)
    assert has(before) == CLINICIAN


def test_what_has_ended_is_taken_up_by_nobody_but_can_be_given_back() -> None:
    case = sent().does(allocate(CLINICIAN), **AS_CLINICIAN)
    case.does(reach("declined", LATER, details={"reason": "below_threshold"}), **AS_CLINICIAN)
    case.refuses(allocate(MANAGER, CLINICIAN), "referral_ended", "person", **AS_MANAGER)
    case.does(allocate(None, CLINICIAN), **AS_MANAGER)
    assert has(case) is None
