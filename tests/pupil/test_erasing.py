"""Legal holds and erasure as decisions: who, with whom, and what stands in the way."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import pytest

from coordination.event import Command
from coordination.pupil.rights.commands import (
    ApproveErasure,
    DeclineErasure,
    ErasePupil,
    LiftLegalHold,
    PlaceLegalHold,
    ProposeErasure,
)
from coordination.pupil.rights.events import (
    ErasureApproved,
    ErasureProposed,
    LegalHoldPlaced,
    PupilErased,
)
from tests.meeting.hwb import (
    AS_ACCOUNTS,
    AS_CLINICIAN,
    AS_FAR_OFFICER,
    AS_GOVERNOR,
    AS_HEAD,
    AS_OFFICER,
    AS_STRANGER,
    GWYNEDD,
    OFFICER,
    PUPIL,
)
from tests.pupil.case import LATER, PupilCase, day, reach, registered, sent

PROPOSAL, HOLD = UUID(int=0xE7), UUID(int=0xE8)
AS_OPERATOR: dict[str, Any] = {"person": UUID(int=1), "organisation": UUID(int=1), "role": "operator"}
AS_TEACHER: dict[str, Any] = {"person": UUID(int=0xA9), "role": "class_teacher"}

PROPOSE = ProposeErasure(
    occurred_on=day(9), pupil=PUPIL, proposal=PROPOSAL, ground="request", why="They asked"
)
APPROVE = ApproveErasure(occurred_on=day(9), pupil=PUPIL, proposal=PROPOSAL)
ERASE = ErasePupil(occurred_on=day(9), pupil=PUPIL, files=(PUPIL,))
PLACE = PlaceLegalHold(occurred_on=day(9), pupil=PUPIL, hold=HOLD, review_on=LATER, why="A claim")
LIFT = LiftLegalHold(occurred_on=day(9), pupil=PUPIL, hold=HOLD, why="Settled")


def approved() -> PupilCase:
    return registered().does(PROPOSE).does(APPROVE, **AS_OFFICER)


def test_a_school_proposes_the_authority_approves_and_its_administrator_carries_out() -> None:
    case = registered()
    case.happened(PROPOSE, ErasureProposed)
    case.happened(APPROVE, ErasureApproved, **AS_OFFICER)
    (erased,) = case.happened(ERASE, PupilErased, **AS_ACCOUNTS)
    assert isinstance(erased, PupilErased)
    assert (erased.proposed_by, erased.approved_by, erased.proposal) == (
        case.events[-3].header.person,
        OFFICER,
        PROPOSAL,
    )
    assert case.state.rights.erased


@pytest.mark.parametrize("by", [AS_STRANGER, AS_CLINICIAN, AS_FAR_OFFICER, AS_TEACHER, AS_ACCOUNTS])
def test_nobody_else_proposes(by: dict[str, Any]) -> None:
    registered().refuses(PROPOSE, "not_found", **by)


@pytest.mark.parametrize("by", [AS_STRANGER, AS_CLINICIAN, AS_FAR_OFFICER, AS_HEAD, AS_ACCOUNTS])
def test_nobody_but_the_authority_approves(by: dict[str, Any]) -> None:
    registered().does(PROPOSE).refuses(APPROVE, "not_found", **by)


def test_a_caseworker_does_not_approve_what_she_proposed_and_a_colleague_does() -> None:
    case = registered().does(PROPOSE, **AS_OFFICER)
    case.refuses(APPROVE, "second_person_needed", **AS_OFFICER)
    case.does(APPROVE, **AS_GOVERNOR)
    case.refuses(APPROVE, "erasure_approved_already", **AS_OFFICER)


def test_nothing_is_carried_out_that_was_not_approved_or_was_declined() -> None:
    registered().refuses(ERASE, "erasure_not_approved", **AS_ACCOUNTS)
    registered().does(PROPOSE).refuses(ERASE, "erasure_not_approved", **AS_ACCOUNTS)
    decline = DeclineErasure(occurred_on=day(9), pupil=PUPIL, proposal=PROPOSAL, why="Too early")
    case = approved().does(decline, **AS_OFFICER)
    case.refuses(ERASE, "erasure_not_approved", **AS_ACCOUNTS)
    case.does(PROPOSE)


def test_a_school_does_not_carry_it_out_by_itself() -> None:
    approved().refuses(ERASE, "not_found")


@pytest.mark.parametrize(
    ("command", "by"),
    [(PROPOSE, {}), (APPROVE, AS_OFFICER), (ERASE, AS_ACCOUNTS)],
    ids=lambda one: str(one)[:8],
)
def test_a_legal_hold_blocks_every_step_until_it_is_lifted(command: Command, by: dict[str, Any]) -> None:
    before = {ProposeErasure: registered, ApproveErasure: lambda: registered().does(PROPOSE)}
    case = before.get(type(command), approved)()
    case.happened(PLACE, LegalHoldPlaced, **AS_OFFICER)
    case.refuses(command, "under_legal_hold", **by)
    case.does(LIFT, **AS_OFFICER).does(command, **by)


def test_a_hold_is_the_schools_or_the_authoritys_and_reviewed_later() -> None:
    for by in (AS_STRANGER, AS_CLINICIAN, AS_FAR_OFFICER, AS_TEACHER):
        registered().refuses(PLACE, "not_found", **by)
    past = PlaceLegalHold(occurred_on=day(9), pupil=PUPIL, hold=HOLD, review_on=day(9), why="A claim")
    registered().refuses(past, "in_the_past", "review_on")
    registered().refuses(LIFT, "not_found")


def test_the_operator_names_two_people_and_a_ground() -> None:
    one, other = UUID(int=0xF1), UUID(int=0xF2)
    named = ErasePupil(
        occurred_on=day(9), pupil=PUPIL, files=(PUPIL,), ground="court", approvers=(one, other)
    )
    (erased,) = registered().happened(named, PupilErased, **AS_OPERATOR)
    assert isinstance(erased, PupilErased)
    assert {erased.proposed_by, erased.approved_by} == {one, other}
    registered().refuses(named, "not_found", **AS_ACCOUNTS)
    same = ErasePupil(occurred_on=day(9), pupil=PUPIL, files=(PUPIL,), ground="court", approvers=(one, one))
    registered().refuses(same, "second_person_needed", **AS_OPERATOR)


def test_a_referral_that_has_not_ended_blocks_it() -> None:
    """It would wait for ever, and nobody could end it."""
    sent().refuses(PROPOSE, "erasure_open_referral")
    sent().does(reach("withdrawn", 5, details={"reason": "family_asked"}), **AS_CLINICIAN).does(PROPOSE)


def test_an_erased_record_is_not_erased_again() -> None:
    case = approved().does(ERASE, **AS_ACCOUNTS)
    for command, by in ((ERASE, AS_ACCOUNTS), (PROPOSE, {}), (PLACE, {})):
        case.refuses(command, "record_erased", **by)


def test_other_files_than_those_of_the_command_are_not_erased_unseen() -> None:
    more = ErasePupil(occurred_on=day(9), pupil=PUPIL, files=(PUPIL, GWYNEDD))
    approved().refuses(more, "files_changed", **AS_ACCOUNTS)
