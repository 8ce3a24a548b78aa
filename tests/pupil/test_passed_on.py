"""A referral that was passed on: who answers what was reported, what a former holder may still say, and who sees it no
longer when the passing on, or the whole referral, was an error."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import pytest

from coordination.errors import NotFound
from coordination.pupil.consent.decide import WithdrawConsent
from coordination.pupil.consent.events import DisclosureClosed, DisclosureMade
from coordination.pupil.referral.decide import (
    ConfirmMilestone,
    ContestMilestone,
    StrikeEntry,
    allowed_milestones,
)
from coordination.pupil.referral.events import EntryStruck, MilestoneConfirmed, MilestoneContested
from coordination.pupil.referral.milestones import SAID_BY_EITHER
from coordination.pupil.referral.milestones.ending import RecordedInError
from coordination.pupil.referral.milestones.opening import Redirected
from tests.given import header
from tests.meeting.hwb import (
    AS_CLINICIAN,
    AS_PSYCHOLOGIST,
    BOARD,
    CAMHS,
    EDPSYCH,
    LA_EDUCATION,
    PUPIL,
    at_noon,
)
from tests.pupil.case import LATER, NOT_ON_RECORD, REFERRAL, PupilCase, agree, day, reach, sent, told

AGREED_THERE = UUID(int=0xE2)
ON: dict[str, Any] = {"occurred_on": LATER, "pupil": PUPIL, "referral": REFERRAL}
TO_PSYCHOLOGY = {"to_service": str(EDPSYCH), "to_agency": str(LA_EDUCATION)}


def passed_on(on: int = 10) -> PupilCase:
    """CAMHS had it until day 10, psychology has it since."""
    agreed = agree(consent=AGREED_THERE, agency=LA_EDUCATION)
    return (
        sent()
        .does(agreed)
        .does(reach("received", 0), **AS_CLINICIAN)
        .does(reach("redirected", on, details=TO_PSYCHOLOGY), **AS_CLINICIAN)
    )


def version_of(case: PupilCase, name: str) -> int:
    return next(s.version for s in case.state.referrals[REFERRAL].counting() if s.name == name)


def strike(case: PupilCase, name: str) -> StrikeEntry:
    return StrikeEntry(**ON, entry=version_of(case, name), why="Camgymeriad")


# In whose name


@pytest.mark.parametrize(
    ("happened", "mine", "others"),
    [(5, AS_CLINICIAN, AS_PSYCHOLOGIST), (12, AS_PSYCHOLOGIST, AS_CLINICIAN)],
    ids=["before it was passed on", "after it was passed on"],
)
def test_only_the_agency_that_held_it_then_answers_a_report(
    happened: int, mine: dict[str, Any], others: dict[str, Any]
) -> None:
    case = passed_on().does(reach("acknowledged", happened, reported=told(15)))
    entry = version_of(case, "acknowledged")
    for answer in (
        ConfirmMilestone(**ON, milestone=entry),
        ContestMilestone(**ON, milestone=entry, why="Nid felly"),
    ):
        case.refuses(answer, "not_reported_of_you", "milestone", **others)
    case.happened(ConfirmMilestone(**ON, milestone=entry), MilestoneConfirmed, **mine)
    case.happened(ContestMilestone(**ON, milestone=entry, why="Nid felly"), MilestoneContested, **mine)


def test_the_passing_on_itself_is_the_word_of_who_passes_on() -> None:
    case = sent().does(agree(consent=AGREED_THERE, agency=LA_EDUCATION))
    case.does(reach("redirected", 10, details=TO_PSYCHOLOGY, reported=told(10)))
    confirm = ConfirmMilestone(**ON, milestone=version_of(case, "redirected"))
    case.refuses(confirm, "not_reported_of_you", "milestone", **AS_PSYCHOLOGIST)
    case.happened(confirm, MilestoneConfirmed, **AS_CLINICIAN)


def test_a_passing_on_that_is_struck_gives_the_report_back_to_who_held_it() -> None:
    case = passed_on().does(reach("acknowledged", 12, reported=told(15)))
    confirm = ConfirmMilestone(**ON, milestone=version_of(case, "acknowledged"))
    case.refuses(confirm, "not_reported_of_you", "milestone", **AS_CLINICIAN)
    case.does(strike(case, "redirected"), **AS_CLINICIAN)
    case.happened(confirm, MilestoneConfirmed, **AS_CLINICIAN)


# What a former holder is offered


def test_a_former_holder_is_offered_what_anybody_may_say_and_no_more() -> None:
    case = passed_on()
    held = case.state.referrals[REFERRAL]
    offered = allowed_milestones(held, header(LATER, recorded_at=at_noon(LATER), **AS_CLINICIAN))
    assert set(offered) <= SAID_BY_EITHER
    assert "withdrawn" in offered
    for name in offered:
        if name != "reopened":
            case.decided(reach(name, LATER, note="Nodyn"), **AS_CLINICIAN)
    assert "acknowledged" in allowed_milestones(
        held, header(LATER, recorded_at=at_noon(LATER), **AS_PSYCHOLOGIST)
    )


# Sight that rested on an error


def test_striking_the_passing_on_closes_what_it_opened() -> None:
    case = passed_on()
    assert case.state.consents.disclosed(REFERRAL, LA_EDUCATION, EDPSYCH)
    _, closed, again = case.happened(
        strike(case, "redirected"), EntryStruck, DisclosureClosed, DisclosureMade, **AS_CLINICIAN
    )
    assert again.agency == BOARD and case.state.consents.receives(REFERRAL, BOARD, CAMHS)
    assert (closed.agency, closed.ground, closed.because) == (LA_EDUCATION, REFERRAL, "not_passed_on")
    assert not case.state.consents.disclosed(REFERRAL, LA_EDUCATION, EDPSYCH)
    assert case.state.consents.disclosed(REFERRAL, BOARD, CAMHS)
    assert isinstance(case.tries(reach("acknowledged", 12), **AS_PSYCHOLOGIST), NotFound)


def test_a_passing_on_to_the_same_service_closes_nothing() -> None:
    case = sent().does(reach("received", 0), **AS_CLINICIAN)
    inside = {"to_service": str(case.state.referrals[REFERRAL].service), "to_agency": str(BOARD)}
    case.does(reach("redirected", 3, details=inside), **AS_CLINICIAN)
    case.happened(strike(case, "redirected"), EntryStruck, **AS_CLINICIAN)
    assert case.state.consents.disclosed(REFERRAL, BOARD, CAMHS)


def test_an_agency_to_which_it_came_twice_keeps_its_sight_until_both_are_struck() -> None:
    case = passed_on()
    back = {"to_service": str(case.state.referrals[REFERRAL].services[0]), "to_agency": str(BOARD)}
    case.does(reach("redirected", 20, details=back), **AS_PSYCHOLOGIST)
    case.does(reach("redirected", 30, details=TO_PSYCHOLOGY), **AS_CLINICIAN)
    last = max(s.version for s in case.state.referrals[REFERRAL].counting() if s.name == "redirected")
    struck = StrikeEntry(**ON, entry=last, why="Camgymeriad")
    case.happened(struck, EntryStruck, DisclosureMade, **AS_CLINICIAN)
    assert case.state.consents.disclosed(REFERRAL, LA_EDUCATION, EDPSYCH)
    assert case.state.consents.receives(REFERRAL, BOARD, CAMHS)


def test_correcting_where_it_went_closes_the_wrong_agency() -> None:
    case = passed_on()
    back = {"to_service": str(case.state.referrals[REFERRAL].services[0]), "to_agency": str(BOARD)}
    corrected = reach(
        "redirected", 10, details=back, supersedes=version_of(case, "redirected"), why="Y lle anghywir"
    )
    case.happened(corrected, Redirected, DisclosureMade, DisclosureClosed, **AS_CLINICIAN)
    assert case.state.consents.receives(REFERRAL, BOARD, CAMHS)
    assert not case.state.consents.disclosed(REFERRAL, LA_EDUCATION, EDPSYCH)


@pytest.mark.parametrize("who", [{}, AS_PSYCHOLOGIST], ids=["the school", "the holder"])
def test_recording_the_referral_in_error_closes_all_that_it_opened(who: dict[str, Any]) -> None:
    case = passed_on()
    in_error = reach("recorded_in_error", LATER, note="Y disgybl anghywir")
    found = case.happened(in_error, RecordedInError, DisclosureClosed, DisclosureClosed, **who)
    assert {e.because for e in found[1:]} == {"recorded_in_error"}
    for agency, service in ((BOARD, CAMHS), (LA_EDUCATION, EDPSYCH)):
        assert not case.state.consents.disclosed(REFERRAL, agency, service)
    for as_agency in (AS_CLINICIAN, AS_PSYCHOLOGIST):
        assert isinstance(case.tries(reach("reopened", LATER), **as_agency), NotFound)


def test_that_it_was_an_error_was_an_error_and_opens_it_again() -> None:
    case = passed_on().does(reach("recorded_in_error", LATER, note="Y disgybl anghywir"))
    case.happened(strike(case, "recorded_in_error"), EntryStruck, DisclosureMade, DisclosureMade)
    assert case.state.consents.disclosed(REFERRAL, BOARD, CAMHS)
    assert case.state.consents.disclosed(REFERRAL, LA_EDUCATION, EDPSYCH)


def test_what_was_withdrawn_meanwhile_stays_closed() -> None:
    case = passed_on().does(reach("recorded_in_error", LATER, note="Y disgybl anghywir"))
    case.does(WithdrawConsent(occurred_on=LATER, pupil=PUPIL, consent=AGREED_THERE))
    case.happened(strike(case, "recorded_in_error"), EntryStruck, DisclosureMade)
    assert not case.state.consents.disclosed(REFERRAL, LA_EDUCATION, EDPSYCH)


def test_what_was_withdrawn_before_is_not_opened_by_an_error_struck() -> None:
    case = passed_on().does(WithdrawConsent(occurred_on=day(20), pupil=PUPIL, consent=AGREED_THERE))
    in_error = reach("recorded_in_error", LATER, note="Y disgybl anghywir")
    case.happened(in_error, RecordedInError, DisclosureClosed, DisclosureClosed)
    case.happened(strike(case, "recorded_in_error"), EntryStruck, DisclosureMade)
    assert not case.state.consents.disclosed(REFERRAL, LA_EDUCATION, EDPSYCH)


# Why an appointment was missed


@pytest.mark.parametrize("name", ["was_not_brought", "did_not_attend", "could_not_attend"])
def test_a_missed_appointment_may_say_why_as_a_code(name: str) -> None:
    case = sent().does(reach("received", 0), **AS_CLINICIAN)
    missed = reach(name, 9, details={"reason": "transport", **NOT_ON_RECORD})
    (event,) = case.decided(missed, **AS_CLINICIAN)
    assert getattr(event, "reason") == "transport"  # noqa: B009 - of any of the three
    case.does(reach(name, 12, details=NOT_ON_RECORD), **AS_CLINICIAN)  # nobody knows
    words = {"reason": "Ei fam", **NOT_ON_RECORD}
    case.refuses(reach(name, 15, details=words), "unknown_code", "reason", **AS_CLINICIAN)
