"""Access rests on the service: agreement, disclosure and decisions for one service of an agency, and for a single point
of access and the services for which it sorts referrals."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import msgspec
import pytest

from coordination.directory.commands import SetServiceTriages
from coordination.errors import NotFound
from coordination.pupil import casefile
from coordination.pupil.consent.decide import WithdrawConsent
from coordination.pupil.consent.events import ConsentGiven, ConsentRequested, DisclosureMade, SharingStopped
from coordination.pupil.referral.milestones.opening import Redirected
from tests.meeting import hwb
from tests.meeting.hwb import AS_CLINICIAN, BOARD, CAMHS, LA_EDUCATION, NURSE, PUPIL
from tests.pupil.case import (
    AGREED,
    DAY,
    REFERRAL,
    PupilCase,
    agree,
    day,
    reach,
    refer,
    register,
    sent,
    submit,
)
from tests.pupil.test_consent import ask

TO_NURSE: dict[str, Any] = {"to_service": str(NURSE), "to_agency": str(BOARD)}


def single_point() -> PupilCase:
    """CAMHS sorts referrals for the school nurses."""
    known = hwb.world()
    listed = SetServiceTriages(
        occurred_on=DAY, organisation=BOARD, service=CAMHS, services=(NURSE,), effective_from=hwb.LONG_AGO
    )
    return PupilCase(msgspec.structs.replace(known, directory=hwb._does(known.directory, listed)))


def test_an_agency_with_several_services_needs_one_named_or_the_whole() -> None:
    case = PupilCase().does(register())
    case.refuses(agree(service=None), "service_not_said", "service")
    case.refuses(agree(service=CAMHS, whole_agency=True), "service_or_whole_agency", "service")
    case.refuses(agree(service=UUID(int=9)), "service_not_of_agency", "service")
    [given] = case.happened(agree(), ConsentGiven)
    assert isinstance(given, ConsentGiven)
    assert (given.service, given.whole_agency, given.also_services) == (CAMHS, False, ())
    [other] = case.happened(agree(consent=UUID(int=0xE2), agency=LA_EDUCATION), ConsentGiven)
    assert isinstance(other, ConsentGiven) and other.service is not None, "its only service"


def test_an_agreement_with_one_service_covers_no_other_of_the_agency() -> None:
    case = PupilCase().does(register(), agree(), refer(service=NURSE))
    case.refuses(submit(), "disclosure_without_basis", "consent")
    case.does(agree(consent=UUID(int=0xE2), service=NURSE), submit())
    assert case.state.consents.disclosed(REFERRAL, BOARD, NURSE)
    assert not case.state.consents.disclosed(REFERRAL, BOARD, CAMHS)


def test_for_another_service_of_the_agency_the_referral_is_not_there() -> None:
    case = sent()
    case.decided(reach("received", 1), services=(CAMHS,), **AS_CLINICIAN)
    case.decided(reach("received", 1), services=None, **AS_CLINICIAN)
    for services in ((NURSE,), ()):
        assert isinstance(case.tries(reach("received", 1), services=services, **AS_CLINICIAN), NotFound)


def test_an_agreement_with_the_whole_agency_shows_it_to_every_service() -> None:
    case = PupilCase().does(register(), agree(whole_agency=True), refer())
    _, made = case.happened(submit(), type(case.decided(submit())[0]), DisclosureMade)
    assert isinstance(made, DisclosureMade) and (made.service, made.whole_agency) == (None, True)
    assert case.state.consents.disclosed(REFERRAL, BOARD, NURSE)
    # seen, but the service that holds it records
    case.refuses(reach("received", 1), "not_the_holder", "milestone", services=(NURSE,), **AS_CLINICIAN)


def test_one_agreement_with_a_single_point_of_access_covers_passing_on_within_its_list() -> None:
    case = single_point().does(register(), agree(), refer(), submit())
    assert case.state.consents.questions[AGREED].also_services == (NURSE,)
    case.does(reach("received", 1), **AS_CLINICIAN)
    _, made, stopped = case.happened(
        reach("redirected", 2, details=TO_NURSE), Redirected, DisclosureMade, SharingStopped, **AS_CLINICIAN
    )
    assert isinstance(made, DisclosureMade) and (made.service, made.consent) == (NURSE, AGREED)
    assert isinstance(stopped, SharingStopped) and (stopped.service, stopped.because) == (CAMHS, "passed_on")
    case.does(WithdrawConsent(occurred_on=day(5), pupil=PUPIL, consent=AGREED))
    assert not case.state.consents.receives(REFERRAL, BOARD, NURSE)


@pytest.mark.parametrize("listed", [True, False])
def test_what_is_struck_out_or_not_on_the_list_is_passed_on_to_nobody(listed: bool) -> None:
    case = single_point() if listed else PupilCase()
    case.does(register(), agree(also_services=()), refer(), submit())
    case.does(reach("received", 1), **AS_CLINICIAN)
    refused = reach("redirected", 2, details=TO_NURSE)
    case.refuses(refused, "disclosure_without_basis", "to_service", **AS_CLINICIAN)


def test_the_answer_is_about_what_was_asked_less_what_is_struck_out() -> None:
    case = single_point().does(register())
    [asked] = case.happened(ask(), ConsentRequested)
    assert isinstance(asked, ConsentRequested) and asked.also_services == (NURSE,)
    case.refuses(agree(service=NURSE), "already_asked", "consent")
    case.refuses(agree(also_services=(CAMHS,)), "not_triaged_for", "also_services")
    [given] = case.happened(agree(service=None, also_services=()), ConsentGiven)
    assert isinstance(given, ConsentGiven) and (given.service, given.also_services) == (CAMHS, ())


def test_a_disclosure_from_before_is_the_holders_and_follows_it_within_the_agency() -> None:
    """As it was recorded before agreements and disclosures were for a service."""
    case = sent()
    old = [
        msgspec.structs.replace(e, service=None) if isinstance(e, ConsentGiven | DisclosureMade) else e
        for e in case.events
    ]
    before = PupilCase()
    for event in old:
        before.state = casefile.evolve(before.state, event)  # type: ignore[arg-type]
    consents = before.state.consents
    assert consents.disclosed(REFERRAL, BOARD, CAMHS) and not consents.disclosed(REFERRAL, BOARD, NURSE)
    assert consents.agreement(BOARD, CAMHS, "referral", day(1)) is not None
    assert consents.agreement(BOARD, NURSE, "referral", day(1)) is None
