"""Who sees support and one-page profiles, what is due, how programmes went, and the days without support."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import msgspec
import pytest

from coordination.directory.commands import AppointPerson, AssignClassTeacher
from coordination.directory.programmes import SetProgramme
from coordination.errors import NotFound
from coordination.pupil.aln.commands import AnswerConcern, TellConcern
from coordination.pupil.one_page_profile.decide import WriteOnePageProfile
from coordination.pupil.profile.commands import RecordClass
from coordination.pupil.support.commands import EndSupport, ReviewSupport, StartSupport, StrikeOutSupport
from coordination.pupil.support.events import ReviewVoice
from coordination.service import Coordination
from coordination.viewer import Viewer
from projections.aln.queries.concerns import concerns_of_pupil
from projections.aln.queries.told import concerns_to_answer, told_concerns
from projections.engine import Engine
from projections.reader import Reader
from projections.support.queries.meanwhile import MeanwhileCriteria, days_without_support
from projections.support.queries.of_pupil import support_of_pupil
from projections.support.queries.of_school import (
    programme_has_pupils,
    programme_outcomes,
    running_support,
    tally_outcomes,
)
from tests.county import (
    ADMINISTRATOR,
    ALNCO,
    AUDITOR,
    BOARD,
    CAMHS,
    CLINICIAN,
    PUPIL,
    SCHOOL,
    order,
    register,
)
from tests.projections.casework import AGREED_CAMHS, DAY0, TO_CAMHS, RecordedCase, day, viewer, viewers

SUPPORT, NEXT, PROFILE, CONCERN = (UUID(int=0x5001 + n) for n in range(4))
TODAY = day(60)
TEACHER = UUID(int=0x7EA)
WRITTEN = {
    "occasion": "every_day",
    "language": "cy",
    "with_child": True,
    "important": "Mot y ci",
    "admired": "Caredig",
    "support": "Amser i ateb",
}


def started(case: RecordedCase, on: int = 5, **changed: Any) -> None:
    usual: dict[str, Any] = {
        "support": SUPPORT,
        "level": 2,
        "ends_by": day(70),
        "activity": "Paired reading",
        "aim": "Reads a page",
        "need": "SLCD",
        "programme": "TALK",
    }
    case.does(ALNCO, day(on), StartSupport, **{"pupil": PUPIL, **usual, **changed})


@pytest.fixture
def case(county: Coordination, engine: Engine) -> Any:
    case = RecordedCase(county)
    case.does(
        ALNCO,
        DAY0,
        SetProgramme,
        organisation=SCHOOL,
        code="TALK",
        name="Talk Boost",
        level=2,
        entry_criteria="Below the screen",
        exit_criteria="Passes it",
        usual_weeks=10,
        effective_from=DAY0,
    )
    return case


@pytest.fixture
def teacher(case: RecordedCase) -> Viewer:
    """The teacher of 9B, in which the pupil is."""
    appointed = AppointPerson(
        occurred_on=DAY0,
        organisation=SCHOOL,
        person=TEACHER,
        name="Non Enghraifft",
        email=None,
        role="class_teacher",
        service=None,
        effective_from=DAY0,
        effective_to=None,
    )
    case.service.perform(appointed, order(ADMINISTRATOR, DAY0))
    register(case.service)
    case.does(ALNCO, DAY0, RecordClass, pupil=PUPIL, class_name="9B")
    assigned = AssignClassTeacher(
        occurred_on=DAY0,
        organisation=SCHOOL,
        assignment=UUID(int=0x7EAC),
        person=TEACHER,
        class_name="9B",
        effective_from=DAY0,
    )
    case.service.perform(assigned, order(ALNCO, DAY0))
    return Viewer(person=TEACHER, organisation=SCHOOL, role="class_teacher", today=TODAY)


def reviewed(case: RecordedCase, on: int, outcome: str, **changed: Any) -> None:
    usual = {
        "voices": (ReviewVoice("child", "Da iawn.", "cy"),),
        "next_step": "go_on",
        "support": SUPPORT,
        "pupil": PUPIL,
    }
    case.does(ALNCO, day(on), ReviewSupport, outcome=outcome, **{**usual, **changed})


def test_the_school_sees_support_with_its_reviews_and_its_words(
    case: RecordedCase, engine: Engine, reader: Reader
) -> None:
    register(case.service)
    started(case)
    reviewed(case, 20, "same")
    reviewed(case, 30, "nearer", next_step="change")
    started(case, 31, support=NEXT, follows=SUPPORT, programme=None, advised_by=CAMHS)
    engine.catch_up()
    first, second = support_of_pupil(reader, viewer(ALNCO, TODAY), PUPIL).support
    assert (first.support, first.phase, first.runs, first.advised_by) == (NEXT, 2, True, CAMHS)
    assert [r.outcome for r in second.reviews] == ["same", "nearer"]
    assert [w.kind for w in second.words] == ["started", "reviewed", "reviewed", "ended"]
    assert (second.ended_on, second.need, second.outcome) == (day(30), "SLCD", "nearer")


def test_a_teacher_sees_support_of_own_classes_and_not_who_advised_it(
    case: RecordedCase, engine: Engine, reader: Reader, teacher: Viewer
) -> None:
    started(case, advised_by=CAMHS)
    engine.catch_up()
    (seen,) = support_of_pupil(reader, teacher, PUPIL).support
    assert seen.words
    assert (seen.advised_by, seen.referral) == (None, None)
    with reader.viewing(teacher) as cursor:
        assert cursor.execute("select count(*) as n from read.support_advice").fetchone() == {"n": 0}
    other = msgspec.structs.replace(teacher, person=UUID(int=0x7777))
    with pytest.raises(NotFound):
        support_of_pupil(reader, other, PUPIL)


def test_a_service_sees_support_and_profile_only_as_data_classes_of_their_own(
    case: RecordedCase, engine: Engine, reader: Reader
) -> None:
    register(case.service)
    started(case)
    case.does(ALNCO, day(6), WriteOnePageProfile, pupil=PUPIL, profile=PROFILE, **WRITTEN)
    case.agrees(AGREED_CAMHS, BOARD, day(7))
    case.opens(TO_CAMHS, CAMHS, day(7))
    case.sends(TO_CAMHS, day(7), data_classes=("identity", "referral", "needs"))
    engine.catch_up()
    clinician = viewer(CLINICIAN, TODAY)
    shown = support_of_pupil(reader, clinician, PUPIL)
    assert (shown.support, shown.profiles) == ((), ())


def test_with_the_class_agreed_the_service_sees_what_was_tried(
    case: RecordedCase, engine: Engine, reader: Reader
) -> None:
    register(case.service)
    started(case)
    reviewed(case, 6, "same")
    case.does(ALNCO, day(6), WriteOnePageProfile, pupil=PUPIL, profile=PROFILE, **WRITTEN)
    case.agrees(AGREED_CAMHS, BOARD, day(7))
    case.opens(TO_CAMHS, CAMHS, day(7))
    case.sends(TO_CAMHS, day(7), data_classes=("identity", "referral", "support"))
    engine.catch_up()
    shown = support_of_pupil(reader, viewer(CLINICIAN, TODAY), PUPIL)
    assert [(s.support, s.outcome, bool(s.words)) for s in shown.support] == [(SUPPORT, "same", True)]
    assert shown.profiles == ()


def test_nobody_else_sees_words(case: RecordedCase, engine: Engine, reader: Reader) -> None:
    register(case.service)
    started(case)
    case.does(ALNCO, day(6), WriteOnePageProfile, pupil=PUPIL, profile=PROFILE, **WRITTEN)
    engine.catch_up()
    for name, who in viewers(TODAY).items():
        with reader.viewing(who) as cursor:
            for table in ("support_words", "one_page_profile", "support_advice"):
                row = cursor.execute(f"select count(*) as n from read.{table}".encode()).fetchone()
                assert row is not None
                assert (row["n"] > 0) is (name in ("alnco", "head") and table != "support_advice"), (
                    name,
                    table,
                )


def test_what_is_due_within_a_week_or_was_and_its_boundary(
    case: RecordedCase, engine: Engine, reader: Reader
) -> None:
    register(case.service)
    started(case, review_on=day(20))
    engine.catch_up()
    running = running_support(reader, viewer(ALNCO, TODAY))
    assert [row.due_on for row in running.rows] == [day(20)]
    assert len(running.due(day(13))) == 1
    assert running.due(day(12)) == ()


def test_programmes_count_each_support_once_by_its_last_review(
    case: RecordedCase, engine: Engine, reader: Reader
) -> None:
    register(case.service)
    started(case)
    reviewed(case, 20, "same")
    reviewed(case, 30, "met", next_step="end")
    started(case, 31, support=NEXT)
    engine.catch_up()
    for who in (ALNCO, AUDITOR):
        (found,) = programme_outcomes(reader, viewer(who, TODAY), TODAY)
        assert (found.programme, found.need, found.started, found.running, found.not_reviewed) == (
            "TALK",
            "SLCD",
            2,
            1,
            1,
        )
        assert found.outcomes == {"met": 1}
    assert programme_has_pupils(reader, SCHOOL, "TALK", day(70), TODAY)
    case.does(ALNCO, day(40), EndSupport, pupil=PUPIL, support=NEXT, reason="other")
    engine.catch_up()
    assert not programme_has_pupils(reader, SCHOOL, "TALK", day(40), TODAY)
    assert programme_has_pupils(reader, SCHOOL, "TALK", day(39), TODAY)


def test_support_recorded_in_error_leaves_no_row(case: RecordedCase, engine: Engine, reader: Reader) -> None:
    register(case.service)
    started(case, advised_by=CAMHS)
    reviewed(case, 20, "met", next_step="end")
    case.does(ALNCO, day(30), StrikeOutSupport, pupil=PUPIL, support=SUPPORT, why="wrong child")
    engine.catch_up()
    for table in (
        "support",
        "support_need",
        "support_advice",
        "support_review",
        "support_words",
        "support_days",
    ):
        with reader.viewing(viewers(TODAY)["operator"]) as cursor:
            assert cursor.execute(f"select count(*) as n from read.{table}".encode()).fetchone() == {
                "n": 0
            }, table


# A wait from day 0 to day 40, and when support was in place: from and until (None: it goes on), both days included.
@pytest.mark.parametrize(
    "given_on",
    [
        [],
        [(0, 39)],
        [(0, None)],
        [(10, 19), (15, 29)],
        [(10, 19), (21, 29)],
        [(40, 50)],
    ],
)
def test_days_with_nothing_in_place(
    case: RecordedCase, engine: Engine, reader: Reader, given_on: list[tuple[int, int | None]]
) -> None:
    register(case.service)
    case.agrees(AGREED_CAMHS, BOARD, DAY0)
    case.refers(TO_CAMHS, CAMHS, DAY0)
    case.says(CLINICIAN, TO_CAMHS, "received", DAY0)
    case.says(CLINICIAN, TO_CAMHS, "first_contact", day(40))
    for number, (first, last) in enumerate(given_on):
        support = UUID(int=0x6001 + number)
        started(case, first, support=support)
        if last is not None:
            case.does(ALNCO, day(last), EndSupport, pupil=PUPIL, support=support, reason="other")
    engine.catch_up()
    directory = case.service.directory()
    ask = MeanwhileCriteria(as_of=TODAY)
    found, *_ = (
        one for one in days_without_support(reader, viewer(ALNCO, TODAY), directory, ask) if one.days == 40
    )
    covered = {n for first, last in given_on for n in range(first, (last if last is not None else 99) + 1)}
    expected = sum(n not in covered for n in range(40))
    assert (found.waits, found.days, found.days_without_support) == (1, 40, expected)
    assert found.never_supported == (expected == 40)
    for by in ("school", "need"):
        asked = msgspec.structs.replace(ask, by=by)
        same = days_without_support(reader, viewer(AUDITOR, TODAY), directory, asked)
        assert expected in {one.days_without_support for one in same if one.standard == found.standard}


def test_a_school_answers_what_a_teacher_told(
    case: RecordedCase, engine: Engine, reader: Reader, teacher: Viewer
) -> None:
    tell = TellConcern(occurred_on=day(3), pupil=PUPIL, concern=CONCERN, words="Colli’r edefyn.")
    as_teacher = msgspec.structs.replace(order(ALNCO, day(3)), role="class_teacher", person=TEACHER)
    case.service.perform(tell, as_teacher)
    engine.catch_up()
    assert concerns_to_answer(reader, viewer(ALNCO, TODAY)) == 1
    (own,) = told_concerns(reader, teacher, 10)
    assert (own.concern, own.answered_on) == (CONCERN, None)
    case.does(ALNCO, day(4), AnswerConcern, pupil=PUPIL, concern=CONCERN, outcome="aln_decision")
    engine.catch_up()
    (own,) = told_concerns(reader, teacher, 10)
    assert (own.outcome, own.answered_on, own.starts_decision) == ("aln_decision", day(4), True)
    assert concerns_to_answer(reader, viewer(ALNCO, TODAY)) == 0
    (known,) = concerns_of_pupil(reader, viewer(ALNCO, TODAY), PUPIL).concerns
    assert known.phase == "with_school"
    for name, who in viewers(TODAY).items():
        if name not in ("alnco", "head"):
            assert told_concerns(reader, who, 10) == (), name


def test_the_outcomes_are_put_together_by_programme_and_need() -> None:
    def row(outcome: str, n: int, *, ended: bool = True, need: str = "SLCD") -> dict[str, Any]:
        return {
            "programme": "A",
            "programme_of": SCHOOL,
            "need": need,
            "ended": ended,
            "outcome": outcome,
            "n": n,
        }

    found = tally_outcomes(
        [row("met", 3), row("met", 1, ended=False), row("", 2), row("same", 4, need="ASD")]
    )
    assert [(f.need, f.started, f.running, f.not_reviewed, f.outcomes) for f in found] == [
        ("SLCD", 6, 1, 2, {"met": 4}),
        ("ASD", 4, 0, 0, {"same": 4}),
    ]
