"""An open referral whose service moves to another agency, or closes and is inherited: who has it, who sees it, on
which basis, and what the former agency may still say."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any
from uuid import UUID

import msgspec

from coordination.clocks import party_periods
from coordination.directory.decide import CloseService, MoveService, ReceiveService
from coordination.directory.evolve import evolve
from coordination.directory.state import Directory
from coordination.domain import DECISIONS
from coordination.errors import NotFound
from coordination.event import Command
from coordination.pupil.consent.decide import WithdrawConsent
from coordination.pupil.consent.events import (
    AgreementFollowed,
    ConsentWithdrawn,
    DisclosureClosed,
    DisclosureMade,
    SharingStopped,
)
from coordination.pupil.referral.decide import ConfirmMilestone, MoveReferralService, StrikeEntry
from coordination.pupil.referral.events import EntryStruck, MilestoneConfirmed, ReferralServiceMoved
from coordination.pupil.referral.phase import in_order
from coordination.world import World
from tests.given import header
from tests.meeting.hwb import (
    AS_CLINICIAN,
    AS_COUNSELLOR,
    AS_FAR_DECLO,
    BOARD,
    CAMHS,
    CHARITY,
    COUNSELLOR,
    FAR_BOARD,
    PUPIL,
    at_noon,
)
from tests.pupil.case import (
    AGREED,
    LATER,
    REFERRAL,
    PupilCase,
    agree,
    day,
    reach,
    referred,
    sent,
    submit,
    told,
)

AS_JOB: dict[str, Any] = {"role": "operator", "source": "command_line", "person": UUID(int=1)}
FIRST = day(20)


def reorganised(known: World, *commands: Command) -> World:
    """The directory after commands of the operator, given on a later day."""
    directory: Directory = known.directory
    stamp = header(LATER, recorded_at=at_noon(LATER), role="operator", source="command_line")
    for command in commands:
        state = directory.organisation(command.organisation)  # type: ignore[attr-defined]
        assert state is not None
        for event in DECISIONS[type(command)].decide(state, command, stamp, World(directory)):
            state = evolve(state, event)
        directory = directory.with_organisation(state)
    return msgspec.structs.replace(known, directory=directory)


def camhs_to(to_agency: UUID, from_agency: UUID = BOARD, on: date = FIRST) -> tuple[Command, ...]:
    return (
        MoveService(occurred_on=on, organisation=from_agency, service=CAMHS, to_agency=to_agency),
        ReceiveService(occurred_on=on, organisation=to_agency, service=CAMHS, from_agency=from_agency),
    )


def follow(on: date = FIRST) -> MoveReferralService:
    return MoveReferralService(occurred_on=on, pupil=PUPIL, referral=REFERRAL)


def with_the_far_board(case: PupilCase | None = None) -> PupilCase:
    """CAMHS has had it since day 0, and is the far board's since day 20."""
    case = case or sent().does(reach("received", 0), **AS_CLINICIAN)
    case.world = reorganised(case.world, *camhs_to(FAR_BOARD))
    return case


def disclosed_to(case: PupilCase, agency: UUID) -> bool:
    return case.state.consents.disclosed(REFERRAL, agency, CAMHS)


def test_the_referral_follows_its_service_with_the_agreement_as_its_basis() -> None:
    case = with_the_far_board()
    moved, followed, made, closed = case.happened(
        follow(), ReferralServiceMoved, AgreementFollowed, DisclosureMade, DisclosureClosed, **AS_JOB
    )
    assert isinstance(moved, ReferralServiceMoved)
    assert (moved.service, moved.from_agency, moved.to_agency) == (CAMHS, BOARD, FAR_BOARD)
    assert isinstance(followed, AgreementFollowed)
    assert (followed.consent, followed.agency) == (AGREED, FAR_BOARD)
    assert isinstance(made, DisclosureMade)
    assert (made.agency, made.consent, made.lawful_basis) == (FAR_BOARD, AGREED, "public_task")
    assert isinstance(closed, DisclosureClosed)
    assert (closed.agency, closed.because) == (BOARD, "service_moved")
    assert (case.referral.service, case.referral.agency) == (CAMHS, FAR_BOARD)
    assert (disclosed_to(case, BOARD), disclosed_to(case, FAR_BOARD)) == (False, True)


def test_the_same_again_does_nothing() -> None:
    case = with_the_far_board().does(follow(), **AS_JOB)
    case.happened(follow(), **AS_JOB)


def test_a_referral_that_has_ended_stays_where_it_was() -> None:
    case = sent().does(reach("received", 0), reach("discharged", 5), **AS_CLINICIAN)
    with_the_far_board(case).happened(follow(), **AS_JOB)
    assert disclosed_to(case, BOARD)


def test_nobody_but_the_job_moves_a_referral() -> None:
    case = with_the_far_board()
    for who in ({}, AS_CLINICIAN, AS_FAR_DECLO, {**AS_JOB, "source": "screen"}):
        assert isinstance(case.tries(follow(), **who), NotFound)


def test_the_new_agency_answers_and_the_former_one_no_longer_sees_it() -> None:
    case = with_the_far_board().does(follow(), **AS_JOB)
    case.does(reach("accepted", 25), **AS_FAR_DECLO)
    assert isinstance(case.tries(reach("accepted", 26), **AS_CLINICIAN), NotFound)


def test_what_was_reported_of_the_service_before_is_the_new_agencys_to_answer() -> None:
    case = sent().does(reach("acknowledged", 3, reported=told(4)))
    entry = next(s.version for s in case.referral.steps if s.name == "acknowledged")
    with_the_far_board(case).does(follow(), **AS_JOB)
    confirm = ConfirmMilestone(occurred_on=LATER, pupil=PUPIL, referral=REFERRAL, milestone=entry)
    case.happened(confirm, MilestoneConfirmed, **AS_FAR_DECLO)


def test_the_new_agency_corrects_the_services_own_entries() -> None:
    case = with_the_far_board().does(follow(), **AS_JOB)
    entry = next(s.version for s in case.referral.steps if s.name == "received")
    strike = StrikeEntry(occurred_on=LATER, pupil=PUPIL, referral=REFERRAL, entry=entry, why="Camgymeriad")
    case.happened(strike, EntryStruck, **AS_FAR_DECLO)


def test_a_referral_that_was_not_sent_follows_without_a_disclosure_and_can_be_sent() -> None:
    case = with_the_far_board(referred())
    case.happened(follow(), ReferralServiceMoved, AgreementFollowed, **AS_JOB)
    case.does(submit(day(21)))
    assert disclosed_to(case, FAR_BOARD)


def test_withdrawing_stops_the_sharing_with_the_agency_that_has_the_service_now() -> None:
    case = with_the_far_board().does(follow(), **AS_JOB)
    withdraw = WithdrawConsent(occurred_on=day(30), pupil=PUPIL, consent=AGREED)
    _, stopped = case.happened(withdraw, ConsentWithdrawn, SharingStopped)
    assert isinstance(stopped, SharingStopped)
    assert (stopped.agency, stopped.because) == (FAR_BOARD, "agreement_withdrawn")
    assert not case.state.consents.receives(REFERRAL, FAR_BOARD, CAMHS)


def test_after_a_withdrawal_the_referral_moves_and_nothing_is_disclosed() -> None:
    case = sent().does(WithdrawConsent(occurred_on=day(5), pupil=PUPIL, consent=AGREED))
    with_the_far_board(case).happened(follow(), ReferralServiceMoved, **AS_JOB)
    assert not disclosed_to(case, FAR_BOARD)


def test_a_service_that_moves_twice_before_and_after() -> None:
    case = with_the_far_board().does(follow(), **AS_JOB)
    case.world = reorganised(case.world, *camhs_to(CHARITY, FAR_BOARD, day(40)))
    case.does(follow(day(40)), **AS_JOB)
    assert case.referral.agency == CHARITY
    assert [disclosed_to(case, a) for a in (BOARD, FAR_BOARD, CHARITY)] == [False, False, True]
    case.world = reorganised(case.world, *camhs_to(BOARD, CHARITY, day(60)))
    case.does(follow(day(60)), **AS_JOB)
    assert case.referral.agency == BOARD
    assert [disclosed_to(case, a) for a in (BOARD, FAR_BOARD, CHARITY)] == [True, False, False]
    case.does(reach("accepted", 61), **AS_CLINICIAN)


def test_two_moves_at_once_are_one_event() -> None:
    case = with_the_far_board()
    case.world = reorganised(case.world, *camhs_to(CHARITY, FAR_BOARD, day(40)))
    moved = case.does(follow(day(40)), **AS_JOB).referral.moves
    assert [(m.from_agency, m.to_agency) for m in moved] == [(BOARD, CHARITY)]


def test_the_days_of_the_service_go_on_over_the_move() -> None:
    def days(case: PupilCase) -> list[Any]:
        steps = in_order(case.referral.counting())
        return party_periods(steps, day(0), day(60))

    before = with_the_far_board()
    expected = days(before)
    assert days(before.does(follow(), **AS_JOB)) == expected
    assert sum(p.days for p in expected) == (day(60) - day(0)) / timedelta(days=1)


# Closed, and inherited


def closed(case: PupilCase, inherited_by: UUID | None) -> PupilCase:
    command = CloseService(
        occurred_on=FIRST,
        organisation=BOARD,
        service=CAMHS,
        open_to=day(19),
        inherited_by=inherited_by,
    )
    case.world = reorganised(case.world, command)
    return case


def test_nothing_happens_to_a_referral_that_nobody_takes_on() -> None:
    case = closed(sent(), None)
    case.happened(follow(), **AS_JOB)
    assert disclosed_to(case, BOARD)


def test_another_agencys_service_inherits_only_with_an_agreement_of_its_own() -> None:
    case = closed(sent(), COUNSELLOR)
    case.refuses(follow(), "disclosure_without_basis", "consent", **AS_JOB)
    case.does(agree(consent=UUID(int=0xE7), agency=CHARITY))
    moved, made, closed_ = case.happened(
        follow(), ReferralServiceMoved, DisclosureMade, DisclosureClosed, **AS_JOB
    )
    assert isinstance(moved, ReferralServiceMoved)
    assert isinstance(made, DisclosureMade)
    assert (moved.to_agency, moved.inherited_by, made.agency) == (CHARITY, COUNSELLOR, CHARITY)
    assert isinstance(closed_, DisclosureClosed)
    assert (case.referral.service, case.referral.inherited_by) == (CAMHS, COUNSELLOR)
    case.does(reach("received", 22), **AS_COUNSELLOR)


def test_inherited_later_the_referral_follows_then() -> None:
    case = closed(sent(), None).does(agree(consent=UUID(int=0xE7), agency=CHARITY))
    case.happened(follow(), **AS_JOB)
    closed(case, COUNSELLOR).does(follow(day(50)), **AS_JOB)
    assert (case.referral.agency, case.referral.moves[-1].on) == (CHARITY, day(50))


def test_the_day_before_the_first_day_nothing_happens() -> None:
    case = closed(sent(), COUNSELLOR).does(agree(consent=UUID(int=0xE7), agency=CHARITY))
    case.happened(follow(day(19)), **AS_JOB)
