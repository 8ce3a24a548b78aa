"""Withdrawing an agreement: the sharing stops, or the referral ends too; and what the service still has and does."""

from __future__ import annotations

import pytest

from coordination.clocks import party_periods
from coordination.errors import NotFound
from coordination.pupil.consent.decide import WithdrawConsent
from coordination.pupil.consent.decisions.withdrawing import ResumeSharing
from coordination.pupil.consent.events import (
    ConsentWithdrawn,
    DisclosureMade,
    SharingStopped,
)
from coordination.pupil.placement import placement
from coordination.pupil.referral.milestones import MILESTONES
from coordination.pupil.referral.milestones.ending import Withdrawn
from coordination.pupil.referral.phase import phase
from tests.meeting.hwb import AS_CLINICIAN, AS_STRANGER, BOARD, CAMHS, PUPIL
from tests.pupil.case import AGREED, REFERRAL, PupilCase, agree, day, reach, sent


def withdraw(on: int = 5, meaning: str = "stop_sharing") -> WithdrawConsent:
    return WithdrawConsent(occurred_on=day(on), pupil=PUPIL, consent=AGREED, meaning=meaning)  # type: ignore[arg-type]


def accepted() -> PupilCase:
    return sent().does(reach("received", 1), reach("accepted", 2), **AS_CLINICIAN)


def test_stopping_leaves_the_referral_open_and_the_days_with_the_service() -> None:
    case = accepted()
    withdrawn, stopped = case.happened(withdraw(), ConsentWithdrawn, SharingStopped)
    assert isinstance(withdrawn, ConsentWithdrawn) and isinstance(stopped, SharingStopped)
    assert withdrawn.meaning == "stop_sharing"
    assert (stopped.agency, stopped.grounds) == (BOARD, (REFERRAL,))
    assert not phase(case.referral.counting()).ended
    [*_, last] = party_periods(list(case.referral.counting()), day(0), day(30), (), off_roll=())
    assert (last.party, last.until) == ("agency", day(30)), "the clock goes on"
    case.happened(reach("first_contact", 9), MILESTONES["first_contact"], **AS_CLINICIAN)


def test_ending_ends_the_referral_on_the_day_and_its_clock() -> None:
    case = accepted()
    ended, _, stopped = case.happened(
        withdraw(meaning="end_referral"), Withdrawn, ConsentWithdrawn, SharingStopped
    )
    assert isinstance(ended, Withdrawn) and isinstance(stopped, SharingStopped)
    assert (ended.referral, ended.word, ended.reason) == (REFERRAL, "own", "agreement_withdrawn")
    stands = phase(case.referral.counting())
    assert (stands.ended, stands.since) == (True, day(5))
    assert placement(case.state, case.referral, case.world.directory, day(6)) is None


def test_ending_on_the_day_of_receipt_and_after_the_referral_ended() -> None:
    sent().does(reach("received", 1), **AS_CLINICIAN).happened(
        withdraw(1, "end_referral"), Withdrawn, ConsentWithdrawn, SharingStopped
    )
    over = accepted().does(reach("discharged", 4), **AS_CLINICIAN)
    over.happened(withdraw(meaning="end_referral"), ConsentWithdrawn, SharingStopped)


def test_only_what_was_shared_on_the_agreement_ends() -> None:
    """Sent under a safeguarding basis, it goes on: the agreement was not what it was shared on."""
    from tests.pupil.case import refer, register, submit

    case = PupilCase().does(
        register(), refer(), submit(override="safeguarding", override_reason="Perygl"), agree()
    )
    case.happened(withdraw(meaning="end_referral"), ConsentWithdrawn)
    assert case.state.consents.receives(REFERRAL, BOARD, CAMHS)


def test_sharing_again_needs_a_new_agreement() -> None:
    case = accepted().does(withdraw())
    again = ResumeSharing(occurred_on=day(8), pupil=PUPIL, referral=REFERRAL)
    case.refuses(again, "disclosure_without_basis", "consent")
    case.does(agree(consent=AGREED, occurred_on=day(7)))
    [made] = case.happened(again, DisclosureMade)
    assert isinstance(made, DisclosureMade)
    assert (made.agency, made.ground, made.consent) == (BOARD, REFERRAL, AGREED)
    assert case.state.consents.receives(REFERRAL, BOARD, CAMHS)
    case.refuses(again, "sharing_not_stopped", "referral")


@pytest.mark.parametrize("who", [AS_CLINICIAN, AS_STRANGER])
def test_only_who_holds_the_file_shares_again(who: dict[str, object]) -> None:
    case = accepted().does(withdraw()).does(agree(occurred_on=day(7)))
    again = ResumeSharing(occurred_on=day(8), pupil=PUPIL, referral=REFERRAL)
    assert isinstance(case.tries(again, **who), NotFound)
