"""Expected moves and the educational record that follows the pupil."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

import pytest

from coordination.directory.decide import SetSchoolTerm
from coordination.errors import NotFound
from coordination.pupil.moves.commands import (
    AgreeToMove,
    CancelMove,
    CompleteMove,
    ExpectMove,
    SendRecord,
    TakeOnRecord,
)
from coordination.pupil.moves.events import (
    MoveAgreed,
    MoveExpected,
    MoveFellThrough,
    RecordSent,
    RecordTakenOn,
)
from coordination.pupil.moves.time_limits import record_due
from coordination.pupil.profile.commands import EndRegistration
from coordination.pupil.profile.events import SchoolMoved
from tests.given import SCHOOL
from tests.meeting import hwb
from tests.meeting.hwb import AS_ALNCO, AS_OFFICER, BOARD, GWYNEDD, OTHER_SCHOOL, PUPIL, at_noon
from tests.pupil.case import PupilCase, day, register, registered
from tests.pupil.moving import AS_NEW_SCHOOL, AS_SERVICE, MOVE, answer, asked

AUTUMN = day(30)
ON_TIME: dict[str, Any] = {"recorded_at": at_noon(day(1))}


def expect(**changed: Any) -> ExpectMove:
    usual: dict[str, Any] = {
        "occurred_on": day(1),
        "pupil": PUPIL,
        "move": MOVE,
        "from_school": SCHOOL,
        "to_school": OTHER_SCHOOL,
        "expected_on": AUTUMN,
        "transfer": UUID(int=0xFA),
    }
    return ExpectMove(**{**usual, **changed})


AGREE = AgreeToMove(occurred_on=day(2), pupil=PUPIL, move=MOVE)
COMPLETE = CompleteMove(occurred_on=AUTUMN, pupil=PUPIL, move=MOVE)
CANCEL = CancelMove(occurred_on=day(3), pupil=PUPIL, move=MOVE, why="Stays here")


def expected() -> PupilCase:
    return registered().does(expect(), **ON_TIME)


def test_a_move_proposed_agreed_and_carried_out_on_its_day() -> None:
    case = registered()
    case.happened(expect(), MoveExpected, **ON_TIME)
    case.happened(AGREE, MoveAgreed, **{**AS_NEW_SCHOOL, **ON_TIME})
    before = at_noon(AUTUMN).replace(hour=0, minute=0)
    early = at_noon(day(29)).replace(hour=22)
    case.refuses(COMPLETE, "move_not_yet", **{**AS_SERVICE, "recorded_at": early})
    case.happened(COMPLETE, SchoolMoved, **{**AS_SERVICE, "recorded_at": before})
    assert case.state.profile.schools() == {OTHER_SCHOOL}
    assert not case.state.moves.expected[MOVE].open
    case.happened(COMPLETE, **AS_SERVICE)  # a second time: nothing


def test_the_same_move_is_expected_once_and_agreed_once() -> None:
    expected().happened(expect(move=UUID(int=1)), **ON_TIME)
    case = expected().does(AGREE, **{**AS_NEW_SCHOOL, **ON_TIME})
    case.happened(AGREE, **{**AS_NEW_SCHOOL, **ON_TIME})


@pytest.mark.parametrize(
    ("changed", "code", "field"),
    [
        ({"to_school": BOARD}, "unknown_school", "to_school"),
        ({"to_school": UUID(int=5)}, "unknown_school", "to_school"),
        ({"to_school": SCHOOL}, "move_to_own_school", "to_school"),
        ({"expected_on": day(0)}, "move_in_the_past", "expected_on"),
    ],
)
def test_what_cannot_be_expected(changed: dict[str, Any], code: str, field: str) -> None:
    registered().refuses(expect(**changed), code, field, **ON_TIME)


def test_each_side_says_what_is_its_own() -> None:
    for who in (AS_NEW_SCHOOL, AS_OFFICER, {**AS_ALNCO, "role": "class_teacher"}):
        assert isinstance(registered().tries(expect(), **{**who, **ON_TIME}), NotFound)
    for who in (AS_ALNCO, AS_OFFICER, {**AS_NEW_SCHOOL, "role": "class_teacher"}):
        assert isinstance(expected().tries(AGREE, **who), NotFound)
    assert isinstance(expected().tries(CANCEL, **AS_OFFICER), NotFound)
    assert isinstance(expected().tries(COMPLETE, **AS_NEW_SCHOOL), NotFound)
    assert isinstance(registered().tries(AGREE, **AS_NEW_SCHOOL), NotFound)


def test_without_agreement_nobody_moves() -> None:
    expected().refuses(COMPLETE, "move_not_agreed", **AS_SERVICE)


def test_a_move_that_fell_through_is_over_for_both() -> None:
    case = expected()
    case.happened(CANCEL, MoveFellThrough)
    case.happened(CANCEL, **AS_NEW_SCHOOL)
    case.refuses(AGREE, "pupil_moved_on", **AS_NEW_SCHOOL)
    case.happened(COMPLETE, **AS_SERVICE)
    case.happened(expect(move=UUID(int=2)), MoveExpected, **ON_TIME)


def test_who_has_left_does_not_move_from_there() -> None:
    gone = EndRegistration(occurred_on=day(4), pupil=PUPIL, school=SCHOOL)
    agreed = expected().does(AGREE, **{**AS_NEW_SCHOOL, **ON_TIME}).does(gone)
    agreed.refuses(COMPLETE, "pupil_moved_on", **AS_SERVICE)
    expected().does(gone).refuses(AGREE, "pupil_moved_on", **AS_NEW_SCHOOL)
    moved = expected().does(AGREE, **{**AS_NEW_SCHOOL, **ON_TIME}).does(COMPLETE, **AS_SERVICE)
    moved.refuses(CANCEL, "pupil_moved_on")


# The record


def send(**changed: Any) -> SendRecord:
    usual: dict[str, Any] = {
        "occurred_on": day(12),
        "pupil": PUPIL,
        "from_school": SCHOOL,
        "parts": ("transfer_file", "educational_record"),
    }
    return SendRecord(**{**usual, **changed})


TAKE_ON = TakeOnRecord(occurred_on=day(14), pupil=PUPIL, from_school=SCHOOL)


def moved() -> PupilCase:
    return asked().does(answer("released", day(9)))


def test_the_record_is_sent_and_taken_on() -> None:
    case = moved()
    (sent,) = case.happened(send(), RecordSent)
    assert isinstance(sent, RecordSent)
    assert (sent.to_school, sent.parts) == (OTHER_SCHOOL, ("educational_record", "transfer_file"))
    case.refuses(send(), "record_sent_before")
    case.refuses(
        TakeOnRecord(occurred_on=day(11), pupil=PUPIL, from_school=SCHOOL),
        "before_it_was_sent",
        "occurred_on",
        **AS_NEW_SCHOOL,
    )
    case.happened(TAKE_ON, RecordTakenOn, **AS_NEW_SCHOOL)
    case.refuses(TAKE_ON, "record_taken_before", **AS_NEW_SCHOOL)


def test_what_is_sent_is_one_of_the_parts() -> None:
    moved().refuses(send(parts=()), "cannot_be_empty", "parts")
    moved().refuses(send(parts=("the_cat",)), "unknown_code", "parts")


def test_only_the_two_schools_speak_of_the_record() -> None:
    for who in (AS_NEW_SCHOOL, AS_OFFICER):
        assert isinstance(moved().tries(send(), **who), NotFound)
    assert isinstance(moved().tries(TAKE_ON), NotFound)
    assert isinstance(registered().tries(send()), NotFound)


def test_a_child_between_two_rolls_has_a_record_without_a_receiver() -> None:
    gone = EndRegistration(occurred_on=day(4), pupil=PUPIL, school=SCHOOL)
    case = registered().does(gone)
    assert case.state.moves.departures[SCHOOL].to_school is None
    case.does(register(occurred_on=day(20)))
    assert case.state.moves.departures == {}  # back again: nothing goes anywhere


def term(first: date, last: date) -> SetSchoolTerm:
    return SetSchoolTerm(occurred_on=hwb.BEGAN, organisation=GWYNEDD, first_day=first, last_day=last)


def test_the_record_is_due_within_fifteen_school_days() -> None:
    left = date(2026, 3, 2)  # a Monday
    spring = term(date(2026, 1, 5), date(2026, 3, 27))
    known = hwb.world(spring, term(date(2026, 4, 13), date(2026, 7, 17)))
    assert record_due(known.directory, SCHOOL, left) == date(2026, 3, 23)
    # 13 March is a Friday: ten school days up to the holiday, five after it
    assert record_due(known.directory, SCHOOL, date(2026, 3, 13)) == date(2026, 4, 17)


def test_without_terms_the_day_is_not_known() -> None:
    assert record_due(hwb.world().directory, SCHOOL, date(2026, 3, 2)) is None
    short = hwb.world(term(date(2026, 1, 5), date(2026, 3, 6)))
    assert record_due(short.directory, SCHOOL, date(2026, 3, 2)) is None
