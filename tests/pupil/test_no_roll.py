"""What the authority's caseworker may do for a child on no school's roll."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import pytest

from coordination.authority import OPERATOR
from coordination.errors import NotFound
from coordination.event import Command, Event
from coordination.pupil import casefile
from coordination.pupil.consent.decide import WithdrawConsent
from coordination.pupil.consent.events import ConsentWithdrawn, SharingStopped
from coordination.pupil.no_roll.decide import PlaceChild, TakeOnChild
from coordination.pupil.no_roll.events import ChildTakenOn
from coordination.pupil.profile.commands import (
    ChangeIdentity,
    EndContact,
    EndRegistration,
    RecordContact,
    RecordLanguageWish,
    RecordNeeds,
    RecordViews,
)
from coordination.pupil.profile.events import (
    ContactEnded,
    ContactRecorded,
    IdentityChanged,
    LanguageWishRecorded,
    NeedsRecorded,
    RegistrationAdded,
    RegistrationEnded,
    ViewsRecorded,
)
from coordination.pupil.referral.decide import RecordMilestone, ReportSource, SubmitReferral
from coordination.pupil.referral.milestones import MILESTONES
from tests.given import SCHOOL, header
from tests.meeting.hwb import (
    AS_ALNCO,
    AS_CLINICIAN,
    AS_FAR_OFFICER,
    AS_OFFICER,
    AS_OPERATOR,
    AS_STRANGER,
    GWYNEDD,
    OTHER_SCHOOL,
    PUPIL,
)
from tests.pupil.case import AGREED, REFERRAL, UNCLE, PupilCase, contact, day, referred, register, sent
from tests.pupil.test_profile import IDENTITY

AS_AUDITOR = {**AS_OFFICER, "role": "auditor"}
ON: dict[str, Any] = {"occurred_on": day(6), "pupil": PUPIL}


def left(case: PupilCase | None = None) -> PupilCase:
    """A child with a referral to CAMHS who left the last roll on day 5."""
    return (case or sent()).does(EndRegistration(occurred_on=day(5), pupil=PUPIL, school=SCHOOL))


def milestone(name: str, **more: Any) -> RecordMilestone:
    return RecordMilestone(**ON, referral=REFERRAL, milestone=name, **more)


TOLD = ReportSource(by="the secretary", how="telephone", on=day(6))
DONE: tuple[tuple[Command, type[Event]], ...] = (
    (ChangeIdentity(**ON, **IDENTITY), IdentityChanged),
    (RecordNeeds(**ON, needs=("ASD",)), NeedsRecorded),
    (RecordLanguageWish(**ON, language="en"), LanguageWishRecorded),
    (RecordContact(**ON, details=contact(UUID(int=0x83))), ContactRecorded),
    (EndContact(**ON, contact=UNCLE), ContactEnded),
    (RecordViews(**ON, whose="child", words="Dw i gartref.", language="cy"), ViewsRecorded),
    (milestone("received", reported=TOLD), MILESTONES["received"]),
)


@pytest.mark.parametrize(("command", "event"), DONE, ids=lambda c: getattr(c, "__name__", type(c).__name__))
def test_the_caseworker_does_what_a_school_would(command: Command, event: type[Event]) -> None:
    left().happened(command, event, **AS_OFFICER)


@pytest.mark.parametrize(("command", "event"), DONE, ids=lambda c: getattr(c, "__name__", type(c).__name__))
def test_only_while_no_school_has_the_child_and_only_the_caseworker(
    command: Command, event: type[Event]
) -> None:
    assert isinstance(sent().tries(command, **AS_OFFICER), NotFound)
    for who in (AS_AUDITOR, AS_FAR_OFFICER, AS_STRANGER):
        assert isinstance(left().tries(command, **who), NotFound)
    again = left()
    again.happened(register(school=OTHER_SCHOOL, occurred_on=day(6)), RegistrationAdded, **AS_OPERATOR)
    assert isinstance(again.tries(command, **AS_OFFICER), NotFound)


def test_the_caseworker_records_that_an_agreement_was_withdrawn() -> None:
    withdraw = WithdrawConsent(**ON, consent=AGREED)
    left().happened(withdraw, ConsentWithdrawn, SharingStopped, **AS_OFFICER)
    assert isinstance(sent().tries(withdraw, **AS_OFFICER), NotFound)


def test_a_request_for_information_is_answered_and_an_appointment_agreed() -> None:
    case = left()
    case.does(milestone("received"), **AS_CLINICIAN)
    case.does(milestone("information_requested", details={"asked_of": "school"}), **AS_CLINICIAN)
    case.happened(milestone("information_supplied"), MILESTONES["information_supplied"], **AS_OFFICER)
    [offered] = case.happened(
        milestone("appointment_offered", reported=TOLD), MILESTONES["appointment_offered"], **AS_OFFICER
    )
    assert offered.word == "reported"


def test_an_unsent_referral_is_sent_by_whoever_holds_the_file() -> None:
    case = left(referred())
    send = SubmitReferral(**ON, referral=REFERRAL)
    assert isinstance(case.tries(send, **AS_ALNCO), NotFound)
    case.does(send, **AS_OFFICER)


def take_on(**changed: Any) -> TakeOnChild:
    usual: dict[str, Any] = {
        "occurred_on": day(0),
        "pupil": PUPIL,
        "authority": GWYNEDD,
        "surname": "Llŷr",
        "forename": "Siôn",
        "date_of_birth": IDENTITY["date_of_birth"],
        "contacts": (contact(),),
    }
    return TakeOnChild(**{**usual, **changed})


def test_an_authority_takes_on_a_child_and_a_school_registers_them_later() -> None:
    case = PupilCase()
    taken = case.happened(take_on(), ChildTakenOn, IdentityChanged, ContactRecorded, **AS_OFFICER)
    assert taken[1].upn == ""
    assert case.state.profile.holders() == {GWYNEDD}
    assert case.state.profile.off_roll() == ()
    case.happened(RecordNeeds(**ON, needs=("ASD",)), NeedsRecorded, **AS_OFFICER)
    case.does(register(school=OTHER_SCHOOL, occurred_on=day(8)), **AS_OPERATOR)
    assert case.state.profile.holders() == {OTHER_SCHOOL}


@pytest.mark.parametrize("who", [AS_AUDITOR, AS_FAR_OFFICER, AS_ALNCO, AS_CLINICIAN])
def test_only_its_own_caseworker_takes_a_child_on(who: dict[str, Any]) -> None:
    assert isinstance(PupilCase().tries(take_on(), **who), NotFound)


def test_what_cannot_be_taken_on() -> None:
    PupilCase().refuses(take_on(surname=" ", forename=""), "name_missing", "surname", **AS_OFFICER)
    PupilCase().refuses(take_on(sex="X"), "unknown_code", "sex", **AS_OFFICER)
    sent().refuses(take_on(), "already_registered", "surname", **AS_OFFICER)
    assert isinstance(PupilCase().tries(take_on(authority=SCHOOL), **AS_OFFICER), NotFound)


def test_only_the_operator_places_a_child_and_only_one_whom_nobody_holds() -> None:
    place = PlaceChild(occurred_on=day(5), pupil=PUPIL)
    operator = {"person": OPERATOR, "organisation": OPERATOR, "role": "operator", "source": "command_line"}
    for who in (AS_OFFICER, AS_ALNCO, {**operator, "source": "screen"}):
        assert isinstance(left().tries(place, **who), NotFound)
    for held in (left(), sent(), PupilCase()):
        held.happened(place, **operator)
    older = sent()
    older.state = casefile.evolve(older.state, RegistrationEnded(header=header(day(5)), school=SCHOOL))
    assert older.state.profile.holders() == frozenset()
    [taken] = older.happened(place, ChildTakenOn, **operator)
    assert taken.held_by == GWYNEDD
    assert older.state.profile.holders() == {GWYNEDD}
