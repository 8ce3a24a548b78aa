"""Who is told what of the things that happen to a referral, as rows of the outbox on a real database."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import psycopg
import pytest

from coordination.errors import Refusal
from coordination.outbox.message import Message, QueuedMessage, case_reference
from coordination.pupil.actions.decide import AgreeAction
from coordination.pupil.actions.events import Owner
from coordination.pupil.consent.decide import WithdrawConsent
from coordination.pupil.referral.commands import SubmitReferral
from coordination.pupil.referral.milestones import MILESTONES
from coordination.service import Coordination
from tests.county import ALNCO, BOARD, CAMHS, CLINICIAN, HEAD, OTHER_SCHOOL, PUPIL, SCHOOL, order, register
from tests.projections.casework import AGREED_CAMHS, TO_CAMHS, RecordedCase, day

Told = tuple[str, str, UUID, str]
"""Rule, kind of recipient, recipient, detail."""


def outbox(database: str) -> list[Told]:
    with psycopg.connect(database) as link:
        return link.execute(
            "select rule, recipient_kind, recipient, detail from desk.outbox order by created_at, rule"
        ).fetchall()


@pytest.fixture
def case(county: Coordination) -> RecordedCase:
    register(county)
    case = RecordedCase(county)
    case.agrees(AGREED_CAMHS, BOARD, day(0))
    return case


def test_a_service_is_told_of_a_referral_when_it_is_sent_and_not_before(
    database: str, case: RecordedCase
) -> None:
    case.opens(TO_CAMHS, CAMHS, day(0))
    assert outbox(database) == []
    case.sends(TO_CAMHS, day(0))
    assert outbox(database) == [("referral_sent", "service", CAMHS, "")]


def test_each_side_is_told_of_the_other_s_steps_and_nobody_of_their_own(
    database: str, case: RecordedCase
) -> None:
    case.refers(TO_CAMHS, CAMHS, day(0))
    case.says(CLINICIAN, TO_CAMHS, "received", day(1))
    reported = case.reports(TO_CAMHS, "appointment_offered", day(2))
    case.confirms(CLINICIAN, TO_CAMHS, reported, day(3))
    assert outbox(database)[1:] == [
        ("referral_news", "organisation", SCHOOL, "received"),
        ("referral_reported", "service", CAMHS, "appointment_offered"),
        ("report_confirmed", "organisation", SCHOOL, ""),
    ]


def test_a_withdrawal_is_told_to_the_service_that_it_was_about(database: str, case: RecordedCase) -> None:
    case.refers(TO_CAMHS, CAMHS, day(0))
    case.does(ALNCO, day(5), WithdrawConsent, pupil=PUPIL, consent=AGREED_CAMHS)
    assert outbox(database)[1:] == [("sharing_ended", "service", CAMHS, "")]
    case.reports(TO_CAMHS, "received", day(6))
    assert len(outbox(database)) == 2, "a service without sight is told nothing more"


def test_a_school_that_the_pupil_has_left_is_told_nothing_more(database: str, case: RecordedCase) -> None:
    case.refers(TO_CAMHS, CAMHS, day(0))
    case.says(CLINICIAN, TO_CAMHS, "received", day(1))
    case.moves(day(2))
    case.says(CLINICIAN, TO_CAMHS, "accepted", day(3))
    told = [(recipient, detail) for rule, _, recipient, detail in outbox(database) if rule == "referral_news"]
    assert told == [(SCHOOL, "received"), (OTHER_SCHOOL, "accepted")]


@pytest.mark.parametrize("source", ["import", "command_line", "demonstration"])
def test_history_and_fiction_tell_nobody(database: str, case: RecordedCase, source: str) -> None:
    send = {"pupil": PUPIL, "referral": TO_CAMHS}
    case.opens(TO_CAMHS, CAMHS, day(0))
    case.service.perform(SubmitReferral(occurred_on=day(0), **send), order(ALNCO, day(0), source=source))
    assert outbox(database) == []


def test_the_owner_of_an_action_is_told_but_not_of_what_they_gave_themselves(
    database: str, case: RecordedCase
) -> None:
    for number, owner in enumerate(
        (
            Owner(organisation=BOARD, service=CAMHS),
            Owner(organisation=SCHOOL, person=HEAD),
            Owner(organisation=SCHOOL, person=ALNCO),
        )
    ):
        fields: dict[str, Any] = {"what": "Ring", "owner": owner, "due_on": day(30)}
        case.does(ALNCO, day(number), AgreeAction, pupil=PUPIL, action=UUID(int=0xAC0 + number), **fields)
    assert outbox(database) == [
        ("action_agreed", "service", CAMHS, ""),
        ("action_agreed", "person", HEAD, ""),
    ]


def test_what_is_refused_tells_nobody(database: str, case: RecordedCase) -> None:
    case.refers(TO_CAMHS, CAMHS, day(0))
    with pytest.raises(Refusal):
        case.sends(TO_CAMHS, day(1))
    assert len(outbox(database)) == 1


def test_every_milestone_can_be_told_of(database: str) -> None:
    """The outbox takes the name of each as it is."""
    with psycopg.connect(database) as link:
        for number, name in enumerate(MILESTONES):
            link.execute(
                "insert into desk.outbox (message, rule, recipient_kind, recipient, subject, thing, detail, urgent,"
                " stream, version, created_at, due_at)"
                " values (%s, 'referral_news', 'service', %s, 'referral', %s, %s, false, %s, 1, now(), now())",
                (UUID(int=number), CAMHS, TO_CAMHS, name, PUPIL),
            )
    assert len(outbox(database)) == len(MILESTONES)


def test_the_reference_says_nothing_and_is_the_same_for_both_sides() -> None:
    reference = case_reference(TO_CAMHS)
    assert reference == case_reference(UUID(str(TO_CAMHS)))
    assert len(reference) == 9
    assert case_reference(UUID(int=0x1F << 123)) == "Z000-0000"
    assert not set("ILOU") & set(case_reference(UUID("3fa85f64-5717-4562-b3fc-2c963f66afa6")))


def test_a_message_has_one_id_however_often_it_is_decided() -> None:
    told = Message(
        rule="referral_sent",
        recipient_kind="service",
        recipient=CAMHS,
        subject="referral",
        thing=TO_CAMHS,
    )
    at = order(ALNCO, day(0)).recorded_at
    queued = [
        QueuedMessage(message=told, stream=PUPIL, version=version, pupil=PUPIL, created_at=at)
        for version in (7, 7, 8)
    ]
    assert len({one.id for one in queued}) == 2
