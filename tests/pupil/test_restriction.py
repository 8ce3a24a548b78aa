"""Restricting a file, declaring an interest, and opening a file in an emergency: who may, and what is refused."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest

from coordination.errors import NotFound
from coordination.pupil.moves.commands import OpenEmergencyFile, ReviewEmergencyAccess
from coordination.pupil.moves.events import EmergencyFileOpened, EmergencyFileReviewed
from coordination.pupil.restriction.commands import (
    DeclareInterest,
    EndInterest,
    LiftRestriction,
    RestrictPupil,
)
from coordination.pupil.restriction.events import (
    InterestDeclared,
    InterestEnded,
    PupilRestricted,
    RestrictionLifted,
)
from tests.given import SCHOOL
from tests.meeting.hwb import (
    ALNCO,
    AS_ALNCO,
    AS_CLINICIAN,
    AS_FAR_DECLO,
    AS_HEAD,
    AS_MANAGER,
    AS_OPERATOR,
    AS_STRANGER,
    BOARD,
    CLINICIAN,
    GWYNEDD,
    HEAD,
    OTHER_SCHOOL,
    PUPIL,
    at_noon,
)
from tests.pupil.case import PupilCase, day, registered, sent
from tests.pupil.moving import AS_CASEWORKER, AS_SAFEGUARDING, answer, asked

ON = day(7)
ACCESS, AGAIN, INTEREST = UUID(int=0xF3), UUID(int=0xF4), UUID(int=0xF5)
NOON = at_noon(ON)
BY_CLINICIAN: dict[str, Any] = {**AS_CLINICIAN, "recorded_at": NOON}


def restrict(**changed: Any) -> RestrictPupil:
    usual: dict[str, Any] = {"occurred_on": ON, "pupil": PUPIL, "roles": ("head",), "why": "A threat"}
    return RestrictPupil(**{**usual, **changed})


def lift(why: str = "It is over") -> LiftRestriction:
    return LiftRestriction(occurred_on=ON, pupil=PUPIL, why=why)


def declare(person: UUID) -> DeclareInterest:
    return DeclareInterest(occurred_on=ON, pupil=PUPIL, interest=INTEREST, person=person)


def end(why: str = "Recorded in error") -> EndInterest:
    return EndInterest(occurred_on=ON, pupil=PUPIL, interest=INTEREST, why=why)


def open_file(**changed: Any) -> OpenEmergencyFile:
    usual: dict[str, Any] = {"occurred_on": ON, "pupil": PUPIL, "access": ACCESS, "why": "In the ward now"}
    return OpenEmergencyFile(**{**usual, **changed})


def review(**changed: Any) -> ReviewEmergencyAccess:
    usual: dict[str, Any] = {
        "occurred_on": ON,
        "pupil": PUPIL,
        "access": ACCESS,
        "finding": "not_justified",
        "why": "The parents could be reached",
    }
    return ReviewEmergencyAccess(**{**usual, **changed})


def opened(case: PupilCase, **changed: Any) -> EmergencyFileOpened:
    (event,) = case.happened(open_file(**changed), EmergencyFileOpened, **BY_CLINICIAN)
    assert isinstance(event, EmergencyFileOpened)
    return event


def test_a_head_restricts_the_file_of_the_own_school_and_lifts_it_again() -> None:
    case = registered()
    (event,) = case.happened(restrict(people=(ALNCO,)), PupilRestricted, **AS_HEAD)
    assert isinstance(event, PupilRestricted)
    assert (event.organisation, event.roles, event.people) == (SCHOOL, ("head",), (ALNCO,))
    case.happened(restrict(people=(ALNCO,)), **AS_HEAD)  # the same again
    case.happened(restrict(), PupilRestricted, **AS_HEAD)
    case.happened(lift(), RestrictionLifted, **AS_HEAD)
    case.happened(lift(), **AS_HEAD)


@pytest.mark.parametrize("who", [AS_ALNCO, AS_CLINICIAN, AS_STRANGER, AS_FAR_DECLO, AS_CASEWORKER])
def test_nobody_else_restricts_it(who: dict[str, Any]) -> None:
    assert isinstance(sent().tries(restrict(), **who), NotFound)
    assert isinstance(sent().tries(lift(), **who), NotFound)


def test_a_service_manager_restricts_what_the_agency_received() -> None:
    mine = restrict(roles=("service_manager",))
    sent().happened(mine, PupilRestricted, **AS_MANAGER)
    assert isinstance(registered().tries(mine, **AS_MANAGER), NotFound), "nothing was disclosed to it"


def test_what_a_restriction_may_say() -> None:
    case = registered()
    case.refuses(restrict(why=" "), "cannot_be_empty", "why", **AS_HEAD)
    case.refuses(restrict(roles=("clinician", "head")), "unknown_code", "roles", **AS_HEAD)
    case.refuses(restrict(people=(CLINICIAN,)), "not_of_your_organisation", "people", **AS_HEAD)
    case.refuses(restrict(roles=("alnco",)), "restriction_without_self", "roles", **AS_HEAD)
    case.happened(restrict(roles=(), people=(HEAD,)), PupilRestricted, **AS_HEAD)


def test_everybody_declares_an_interest_of_their_own_and_a_head_those_of_the_school() -> None:
    case = registered()
    (event,) = case.happened(declare(ALNCO), InterestDeclared, **AS_ALNCO)
    assert isinstance(event, InterestDeclared)
    assert (event.interested, event.organisation) == (ALNCO, SCHOOL)
    case.happened(declare(ALNCO), **AS_ALNCO)
    registered().happened(declare(CLINICIAN), InterestDeclared, **AS_CLINICIAN)
    registered().happened(declare(ALNCO), InterestDeclared, **AS_HEAD)
    assert isinstance(registered().tries(declare(HEAD), **AS_ALNCO), NotFound)
    registered().refuses(declare(CLINICIAN), "not_of_your_organisation", "person", **AS_HEAD)
    assert isinstance(PupilCase().tries(declare(ALNCO), **AS_ALNCO), NotFound), "there is no such pupil"


def test_an_interest_is_ended_by_a_safeguarding_person_of_the_same_organisation() -> None:
    case = registered().does(declare(ALNCO), **AS_ALNCO)
    assert isinstance(case.tries(end(), **AS_ALNCO), NotFound), "never by the person"
    case.refuses(end(" "), "cannot_be_empty", "why", **AS_HEAD)
    case.happened(end(), InterestEnded, **AS_HEAD)
    assert isinstance(case.tries(end(), **AS_HEAD), NotFound)
    other = sent().does(declare(CLINICIAN), **AS_CLINICIAN)
    assert isinstance(other.tries(end(), **AS_HEAD), NotFound), "of another organisation"


def test_an_emergency_opens_the_file_to_one_person_for_a_day_and_tells_the_school() -> None:
    event = opened(registered())
    assert (event.organisation, event.header.person) == (BOARD, CLINICIAN)
    assert (event.told_party, event.authority) == ("school", GWYNEDD)
    assert event.closes_at == NOON + timedelta(hours=24)
    registered().refuses(open_file(why=" "), "cannot_be_empty", "why", **BY_CLINICIAN)


def test_a_second_opening_waits_until_the_first_has_ended_to_the_second() -> None:
    case = registered()
    ends = opened(case).closes_at
    again = open_file(access=AGAIN)
    for still in (NOON, ends - timedelta(seconds=1)):
        case.refuses(again, "emergency_access_open", **{**BY_CLINICIAN, "recorded_at": still})
    case.happened(open_file(access=UUID(int=9)), EmergencyFileOpened, **{**AS_MANAGER, "recorded_at": NOON})
    case.happened(again, EmergencyFileOpened, **{**BY_CLINICIAN, "recorded_at": ends})


def test_the_school_is_not_told_where_it_is_the_concern_or_the_family_is_in_hiding() -> None:
    assert opened(registered(), told="authority").told_party == "authority"
    hiding = asked(confidential=True, why="Refuge").does(answer("released"), **AS_SAFEGUARDING)
    assert hiding.state.profile.schools() == {OTHER_SCHOOL}
    assert opened(hiding).told_party == "authority", "whatever was asked for"


@pytest.mark.parametrize(
    "who",
    [
        {"person": ALNCO, "role": "class_teacher"},
        {**AS_CASEWORKER, "role": "auditor"},
        {**AS_CASEWORKER, "role": "administrator"},
        AS_OPERATOR,
    ],
)
def test_some_roles_have_no_permission_for_it(who: dict[str, Any]) -> None:
    assert isinstance(registered().tries(open_file(), **who), NotFound)


def test_a_school_opens_the_file_of_its_own_pupil_only_where_it_is_restricted() -> None:
    case = registered()
    case.refuses(open_file(), "file_open_already", **AS_ALNCO)
    case.does(restrict(), **AS_HEAD).happened(open_file(), EmergencyFileOpened, **AS_ALNCO)


def test_it_is_reviewed_once_by_the_safeguarding_person_of_the_authority() -> None:
    case = registered()
    opened(case)
    for who in (AS_HEAD, AS_CLINICIAN, AS_CASEWORKER, {**AS_SAFEGUARDING, "organisation": UUID(int=0x662)}):
        assert isinstance(case.tries(review(), **who), NotFound)
    case.refuses(review(why=""), "cannot_be_empty", "why", **AS_SAFEGUARDING)
    (event,) = case.happened(review(), EmergencyFileReviewed, **AS_SAFEGUARDING)
    assert isinstance(event, EmergencyFileReviewed)
    assert event.finding == "not_justified"
    case.refuses(review(), "reviewed_before", **AS_SAFEGUARDING)
