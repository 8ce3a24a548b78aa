"""The class of a pupil and the teachers of a class: who says it, and for how long it holds."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

import msgspec
import pytest

from coordination.classes import class_name, last_day_of_class
from coordination.directory.commands import AssignClassTeacher
from coordination.directory.decide import DECISIONS
from coordination.directory.events import ClassTeacherAssigned
from coordination.errors import Refusal
from coordination.intake.pupils import PupilRow
from coordination.intake.recording.changes import class_change
from coordination.intake.recording.recorded_profiles import RecordedProfile
from coordination.pupil.profile.commands import RecordClass
from coordination.pupil.profile.events import ClassRecorded
from tests.directory.county import NIA, TODAY, TYWYN, full_county, header, manager
from tests.meeting.hwb import AS_ALNCO, AS_CLINICIAN, AS_STRANGER, PUPIL
from tests.pupil.case import DAY, registered

RECORD = RecordClass(occurred_on=DAY, pupil=PUPIL, class_name=" 9  B ")
ASSIGN = AssignClassTeacher(
    occurred_on=TODAY,
    organisation=TYWYN,
    assignment=UUID(int=0x7EAC),
    person=NIA,
    class_name="9B",
    effective_from=TODAY,
)


def test_the_school_records_a_class_and_no_one_else_does() -> None:
    registered().happened(RECORD, ClassRecorded, **AS_ALNCO)
    for who in (AS_CLINICIAN, AS_STRANGER, {**AS_ALNCO, "role": "class_teacher"}):
        registered().refuses(RECORD, "not_found", **who)


@pytest.mark.parametrize(
    ("typed", "name"),
    [(" 9  B ", "9 B"), ("Dosbarth Mrs\u00a0Jones", "Dosbarth Mrs Jones"), ("C" * 60, "C" * 60)],
)
def test_a_name_has_one_normal_form(typed: str, name: str) -> None:
    assert class_name(typed, "class_name") == name


@pytest.mark.parametrize(
    ("typed", "code"),
    [("  ", "cannot_be_empty"), ("C" * 61, "class_name_too_long"), ("9\x07B", "class_name_too_long")],
)
def test_a_name_that_cannot_be_one(typed: str, code: str) -> None:
    with pytest.raises(Refusal) as refused:
        class_name(typed, "class_name")
    assert refused.value.code == code


@pytest.mark.parametrize(
    ("recorded", "last"),
    [
        (date(2025, 9, 1), date(2026, 8, 31)),
        (date(2026, 8, 31), date(2026, 8, 31)),
        (date(2026, 1, 5), date(2026, 8, 31)),
        (date(2026, 9, 1), date(2027, 8, 31)),
    ],
)
def test_a_class_holds_to_the_end_of_the_school_year(recorded: date, last: date) -> None:
    assert last_day_of_class(recorded) == last


def assigned(command: AssignClassTeacher, **who: Any) -> list[Any]:
    here = full_county()
    here.does(manager(organisation=TYWYN, role="class_teacher", service=None))
    return list(
        DECISIONS[AssignClassTeacher].decide(here.state(TYWYN), command, header(TODAY, **who), here.world)
    )


@pytest.mark.parametrize("role", ["alnco", "head", "wellbeing_coordinator"])
def test_the_school_says_who_teaches_a_class(role: str) -> None:
    [event] = assigned(ASSIGN, role=role, organisation=TYWYN)
    assert isinstance(event, ClassTeacherAssigned)
    assert (event.person, event.class_name) == (NIA, "9B")


@pytest.mark.parametrize(
    ("role", "organisation"),
    [
        ("class_teacher", TYWYN),
        ("designated_safeguarding_person", TYWYN),
        ("administrator", TYWYN),
        ("alnco", UUID(int=0x5)),
    ],
)
def test_nobody_else_says_it(role: str, organisation: UUID) -> None:
    with pytest.raises(Refusal, match="not_permitted"):
        assigned(ASSIGN, role=role, organisation=organisation)


def test_only_a_class_teacher_of_the_school_has_a_class() -> None:
    for person in (UUID(int=0x99),):
        with pytest.raises(Refusal, match="unknown_person"):
            assigned(msgspec.structs.replace(ASSIGN, person=person), role="alnco", organisation=TYWYN)
    backwards = msgspec.structs.replace(ASSIGN, effective_to=date(2020, 1, 1))
    with pytest.raises(Refusal, match="end_before_start"):
        assigned(backwards, role="alnco", organisation=TYWYN)


SCHOOL = UUID(int=0x51)


@pytest.mark.parametrize(
    ("recorded", "written", "on", "changes"),
    [
        ({}, "9B", date(2026, 9, 5), True),
        ({SCHOOL: (date(2026, 9, 2), "9B")}, "9B", date(2027, 8, 31), False),
        # the same name in the next school year is said again, because the old one has lapsed
        ({SCHOOL: (date(2026, 9, 2), "9B")}, "9B", date(2027, 9, 1), True),
        ({SCHOOL: (date(2026, 9, 2), "9B")}, "9C", date(2026, 9, 5), True),
        ({UUID(int=0x52): (date(2026, 9, 2), "9B")}, "9B", date(2026, 9, 5), True),
        ({SCHOOL: (date(2026, 9, 2), "9B")}, "", date(2026, 9, 5), False),
        ({SCHOOL: (date(2026, 9, 2), "9B")}, None, date(2026, 9, 5), False),
    ],
)
def test_a_file_changes_a_class_only_where_it_differs(
    recorded: dict[UUID, tuple[date, str]], written: str | None, on: date, changes: bool
) -> None:
    row = PupilRow(1, "", "Gwyn", "", date(2014, 1, 1), None, "6994001", None, None, class_name=written)
    change = class_change(row, PUPIL, RecordedProfile(classes=recorded), SCHOOL, on)
    assert (change is not None) is changes
    if change is not None:
        assert change.command == RecordClass(occurred_on=on, pupil=PUPIL, class_name=written or "")
