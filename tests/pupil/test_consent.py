"""Decisions on agreement to share: who may agree, what rests on it, and what taking it back closes."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

import msgspec
import pytest

from coordination.authority import OPERATOR
from coordination.errors import NotFound, StaleVersion
from coordination.event import Command
from coordination.pupil.consent.decide import (
    OVERRIDES,
    RecordLawfulBasis,
    RefuseConsent,
    RequestConsent,
    WithdrawConsent,
)
from coordination.pupil.consent.events import (
    ConsentGiven,
    ConsentRefused,
    ConsentRequested,
    ConsentWithdrawn,
    DisclosureMade,
    LawfulBasisRecorded,
    SharingStopped,
)
from coordination.pupil.profile.commands import EndContact, RecordContact
from coordination.pupil.referral.milestones.opening import Submitted
from tests.given import SCHOOL
from tests.meeting.hwb import (
    AS_ACCOUNTS,
    AS_ALNCO,
    AS_CLINICIAN,
    AS_HEAD,
    AS_OFFICER,
    AS_PSYCHOLOGIST,
    AS_STRANGER,
    BOARD,
    CAMHS,
    EDPSYCH,
    LA_EDUCATION,
    PUPIL,
)
from tests.pupil.case import (
    AGREED,
    DAY,
    MOTHER,
    REFERRAL,
    UNCLE,
    PupilCase,
    agree,
    contact,
    day,
    reach,
    refer,
    register,
    registered,
    sent,
    submit,
)

ON: dict[str, Any] = {"occurred_on": DAY, "pupil": PUPIL}
LATE = date(2026, 12, 2)


def ask(**changed: Any) -> RequestConsent:
    usual: dict[str, Any] = {**ON, "consent": AGREED, "agency": BOARD, "contact": MOTHER}
    if changed.get("agency", BOARD) == BOARD:
        usual["service"] = CAMHS
    return RequestConsent(**{**usual, **changed})


def refuse(**changed: Any) -> RefuseConsent:
    usual: dict[str, Any] = {
        **ON,
        "consent": AGREED,
        "agency": BOARD,
        "authority": "parental_responsibility",
        "contact": MOTHER,
    }
    return RefuseConsent(**{**usual, **changed})


def withdraw(**changed: Any) -> WithdrawConsent:
    return WithdrawConsent(**{**ON, "occurred_on": day(5), "consent": AGREED, **changed})


def basis(**changed: Any) -> RecordLawfulBasis:
    usual: dict[str, Any] = {**ON, "agency": BOARD, "basis": "legal_obligation", "reason": "Statud"}
    return RecordLawfulBasis(**{**usual, **changed})


COMMANDS = (ask(), agree(), refuse(), withdraw(), basis())


@pytest.mark.parametrize("command", COMMANDS, ids=lambda c: type(c).__name__)
@pytest.mark.parametrize(
    "who",
    [
        AS_STRANGER,
        AS_CLINICIAN,
        AS_OFFICER,
        AS_ACCOUNTS,
        {**AS_ALNCO, "role": "auditor"},
        {**AS_ALNCO, "role": "clinician"},
        {"person": OPERATOR, "organisation": OPERATOR, "role": "operator"},
    ],
    ids=[
        "another school",
        "the agency",
        "an officer",
        "an administrator",
        "an auditor",
        "a clinician",
        "an operator",
    ],
)
def test_only_the_schools_staff_record_what_was_agreed(command: Command, who: dict[str, Any]) -> None:
    case = registered().does(agree(consent=UUID(int=7)))
    assert isinstance(case.tries(command, **who), NotFound)


@pytest.mark.parametrize("command", COMMANDS, ids=lambda c: type(c).__name__)
def test_nothing_is_agreed_ahead_of_its_day(command: Command) -> None:
    case = registered()
    case.refuses(msgspec.structs.replace(command, occurred_on=LATE), "in_the_future", "occurred_on")


# Asking


def test_a_question_is_asked_once_of_somebody_the_pupil_has() -> None:
    [asked] = registered().happened(ask(data_classes=("needs",)), ConsentRequested)
    assert isinstance(asked, ConsentRequested)
    assert (asked.contact, asked.data_classes, asked.purpose) == (MOTHER, ("needs",), "referral")
    registered().does(ask()).refuses(ask(), "already_asked", "consent")
    registered().happened(ask(contact=None), ConsentRequested)


@pytest.mark.parametrize(
    ("changed", "code", "field"),
    [
        ({"agency": UUID(int=5)}, "unknown_agency", "agency"),
        ({"agency": SCHOOL}, "unknown_agency", "agency"),
        ({"purpose": "gossip"}, "unknown_code", "purpose"),
        ({"contact": UUID(int=5)}, "unknown_contact", "contact"),
        ({"data_classes": ("the whole street",)}, "unknown_code", "data_classes"),
        ({"route": "by owl"}, "unknown_code", "route"),
        ({"language": "la"}, "unknown_code", "language"),
    ],
)
def test_what_cannot_be_asked(changed: dict[str, Any], code: str, field: str) -> None:
    registered().refuses(ask(**changed), code, field)


# Agreeing


@pytest.mark.parametrize(
    "changed",
    [
        {},
        {"authority": "young_person", "contact": None},
        {
            "authority": "competent_child",
            "contact": None,
            "competence_judged_by": UUID(int=9),
            "assessment": "Deall.",
        },
        {"authority": "court", "contact": None, "evidence": "Gorchymyn 12/2026"},
        {"authority": "court", "contact": UNCLE, "evidence": "Gorchymyn 12/2026"},
    ],
)
def test_who_has_the_authority_agrees(changed: dict[str, Any]) -> None:
    [given] = registered().happened(agree(**changed, words="Cewch", expires_on=day(30)), ConsentGiven)
    assert isinstance(given, ConsentGiven)
    assert (given.words, given.expires_on) == ("Cewch", day(30))


@pytest.mark.parametrize("decided", [agree, refuse], ids=["agreeing", "refusing"])
@pytest.mark.parametrize(
    "changed",
    [
        {"contact": UNCLE},
        {"contact": None},
        {"contact": UUID(int=5)},
        {"authority": "young_person"},
        {"authority": "competent_child"},
        {"authority": "neighbour"},
    ],
)
def test_who_has_none_does_not(decided: Any, changed: dict[str, Any]) -> None:
    registered().refuses(decided(**changed), "no_authority", "authority")


def test_competence_needs_who_judged_it_and_a_court_its_order() -> None:
    case = registered()
    case.refuses(agree(authority="competent_child", contact=None), "no_authority", "authority")
    case.refuses(agree(authority="court", contact=None, evidence=" "), "no_authority", "authority")


def test_authority_goes_with_the_contact() -> None:
    """One who no longer speaks for the pupil, or has lost parental responsibility, does not agree."""
    gone = registered().does(EndContact(**ON, contact=MOTHER))
    gone.refuses(agree(), "no_authority", "authority")
    lost = registered().does(RecordContact(**ON, details=contact(MOTHER, parental_responsibility=False)))
    lost.refuses(agree(), "no_authority", "authority")


@pytest.mark.parametrize(
    ("changed", "code", "field"),
    [
        ({"agency": UUID(int=5)}, "unknown_agency", "agency"),
        ({"purpose": "gossip"}, "unknown_code", "purpose"),
        ({"data_classes": ("the whole street",)}, "unknown_code", "data_classes"),
        ({"route": "by owl"}, "unknown_code", "route"),
        ({"language": "la"}, "unknown_code", "language"),
        ({"expires_on": date(2026, 3, 1)}, "ends_before_it_begins", "expires_on"),
    ],
)
def test_what_cannot_be_agreed(changed: dict[str, Any], code: str, field: str) -> None:
    registered().refuses(agree(**changed), code, field)


def test_an_answer_is_to_the_question_that_was_asked() -> None:
    """An agreement on which something rests cannot come to be about another agency or purpose."""
    case = sent()
    for answer in (agree, refuse):
        case.refuses(answer(agency=LA_EDUCATION), "already_asked", "consent")
        case.refuses(answer(purpose="meeting"), "already_asked", "consent")


def test_an_agreement_holds_from_its_first_day_to_its_last() -> None:
    held = registered().does(agree(occurred_on=day(2), expires_on=day(4))).state.consents
    on = [number for number in range(8) if held.agreement(BOARD, CAMHS, "referral", day(number))]
    assert on == [2, 3, 4]
    assert held.agreement(LA_EDUCATION, EDPSYCH, "referral", day(3)) is None
    assert held.agreement(BOARD, CAMHS, "meeting", day(3)) is None


# Refusing


def test_one_refuses_while_another_agrees_and_both_are_shown() -> None:
    case = (
        registered()
        .does(agree())
        .does(refuse(consent=UUID(int=0xE2), authority="young_person", contact=None, words="Na"))
    )
    assert case.state.consents.conflict(BOARD, CAMHS, "referral")
    assert case.state.consents.agreement(BOARD, CAMHS, "referral", day(1)) is not None


def test_refusing_what_one_had_agreed_takes_it_back_and_stops_what_rested_on_it() -> None:
    case = sent()
    back, stopped, refused = case.happened(
        refuse(occurred_on=day(3)), ConsentWithdrawn, SharingStopped, ConsentRefused
    )
    assert isinstance(back, ConsentWithdrawn) and isinstance(stopped, SharingStopped)
    assert (back.meaning, stopped.grounds, stopped.agency) == ("stop_sharing", (REFERRAL,), BOARD)
    assert isinstance(refused, ConsentRefused)
    assert case.state.consents.questions[AGREED].standing == "refused"
    assert not case.state.consents.receives(REFERRAL, BOARD, CAMHS)


def test_refusing_what_was_only_asked_is_only_a_refusal() -> None:
    registered().does(ask()).happened(refuse(), ConsentRefused)
    early = registered().does(agree(occurred_on=day(2)))
    early.refuses(refuse(occurred_on=day(1)), "before_it_was_given", "occurred_on")


# Taking back


def test_taking_back_stops_every_disclosure_that_cited_it() -> None:
    second = UUID(int=0x92)
    case = sent().does(refer(referral=second, second_referral=True))
    case.does(msgspec.structs.replace(submit(), referral=second, second_referral=True))
    _, event = case.happened(withdraw(words="Dw i wedi newid fy meddwl"), ConsentWithdrawn, SharingStopped)
    assert isinstance(event, SharingStopped)
    assert (event.grounds, event.because) == ((REFERRAL, second), "agreement_withdrawn")
    assert [(d.closed, d.until) for d in case.state.consents.disclosures] == [(False, case.last)] * 2
    assert case.state.consents.agreement(BOARD, CAMHS, "referral", day(9)) is None
    case.refuses(withdraw(), "nothing_to_withdraw", "consent")


def test_taking_back_leaves_what_another_agency_was_told_on_another_agreement() -> None:
    """Both were told of the same referral, one after the other."""
    case = sent().does(agree(consent=UUID(int=0xE2), agency=LA_EDUCATION))
    to = {"to_service": EDPSYCH, "to_agency": LA_EDUCATION}
    case.does(reach("redirected", 2, details=to), **AS_CLINICIAN)
    case.does(withdraw())
    assert not case.state.consents.receives(REFERRAL, BOARD, CAMHS)
    assert case.state.consents.receives(REFERRAL, LA_EDUCATION, EDPSYCH)
    case.does(reach("received", 6), **AS_PSYCHOLOGIST)


def test_taking_back_leaves_what_went_on_another_basis() -> None:
    case = PupilCase().does(
        register(), refer(), submit(override="safeguarding", override_reason="Perygl"), agree()
    )
    case.happened(withdraw(), ConsentWithdrawn)
    assert case.state.consents.receives(REFERRAL, BOARD, CAMHS)


def test_what_cannot_be_taken_back() -> None:
    case = registered()
    assert isinstance(case.tries(withdraw()), NotFound)
    case.does(ask(), agree(consent=UUID(int=0xE2), occurred_on=day(3)))
    case.refuses(withdraw(), "nothing_to_withdraw", "consent")
    early = withdraw(consent=UUID(int=0xE2), occurred_on=day(2))
    case.refuses(early, "before_it_was_given", "occurred_on")
    assert case.tries(early).facts == {"given": "2026-03-05"}


def test_taking_back_is_open_to_any_of_the_schools_staff_and_can_be_given_again() -> None:
    case = registered().does(agree())
    case.happened(withdraw(contact=None), ConsentWithdrawn, **AS_HEAD)
    case.happened(agree(occurred_on=day(6)), ConsentGiven)
    assert case.state.consents.agreement(BOARD, CAMHS, "referral", day(6)) is not None


@pytest.mark.parametrize("answer", [agree, refuse, withdraw])
def test_an_answer_on_an_older_view_is_overtaken(answer: Any) -> None:
    case = registered().does(ask(), agree())
    refusal = case.tries(answer(seen=case.last - 1))
    assert isinstance(refusal, StaleVersion)
    assert refusal.facts == {"seen": case.last - 1, "current": case.last}
    case.does(answer(seen=case.last))


# The basis


def test_the_lawful_basis_is_a_fact_of_its_own_public_task_until_another_is_recorded() -> None:
    case = registered()
    assert case.state.consents.lawful_basis(BOARD, CAMHS) == "public_task"
    case.happened(basis(), LawfulBasisRecorded)
    assert case.state.consents.lawful_basis(BOARD, CAMHS) == "legal_obligation"
    assert case.state.consents.lawful_basis(LA_EDUCATION, EDPSYCH) == "public_task"
    _, made = case.does(agree(), refer()).happened(submit(), Submitted, DisclosureMade)
    assert isinstance(made, DisclosureMade)
    assert (made.lawful_basis, made.consent) == ("legal_obligation", AGREED)


def test_a_recorded_basis_is_not_yet_a_reason_to_disclose() -> None:
    """The basis says why the law allows it; agreement, or a reasoned override, is still asked for."""
    case = PupilCase().does(register(), basis(), refer())
    case.refuses(submit(), "disclosure_without_basis", "consent")


@pytest.mark.parametrize(
    ("changed", "code", "field"),
    [({"basis": "habit"}, "unknown_code", "basis"), ({"agency": SCHOOL}, "unknown_agency", "agency")],
)
def test_what_cannot_be_a_basis(changed: dict[str, Any], code: str, field: str) -> None:
    registered().refuses(basis(**changed), code, field)


@pytest.mark.parametrize("override", sorted(OVERRIDES))
def test_an_override_is_reasoned_and_cites_no_agreement(override: str) -> None:
    case = PupilCase().does(register(), agree(), refer())
    _, made = case.happened(submit(override=override, override_reason="Perygl"), Submitted, DisclosureMade)
    assert isinstance(made, DisclosureMade)
    assert (made.lawful_basis, made.consent) == (override, None)
