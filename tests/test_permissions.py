"""The table of permissions: complete, and the only source of the guards, the menu and the API's scopes."""

from __future__ import annotations

import pytest

from coordination.authority import OPERATOR_ROLE, ROLES_AT
from coordination.permission_differences import DIFFERENCES
from coordination.permissions import (
    FAMILY_ROLE,
    ROLES,
    TABLE,
    Right,
    Thing,
    may,
    right,
    roles_with,
)
from webui.shell import roles as guards
from webui.words.permissions import RIGHTS, THINGS

CASE_DATA = (
    Thing.IDENTITY,
    Thing.UPN,
    Thing.NEEDS,
    Thing.CONTACTS,
    Thing.WORDS,
    Thing.REFERRAL,
    Thing.REFERRAL_CONTENT,
    Thing.SERVICE_NOTES,
    Thing.ALLOCATION,
    Thing.MINUTE,
    Thing.MEETING,
    Thing.PROFILE,
    Thing.CONCERN,
    Thing.MOVES,
    Thing.EMERGENCY_ACCESS,
)


def test_every_thing_has_a_right_for_every_role_that_exists() -> None:
    existing = {role for roles in ROLES_AT.values() for role in roles} | {FAMILY_ROLE}
    assert set(ROLES) == existing
    assert set(TABLE) == set(Thing)
    for thing, held in TABLE.items():
        assert tuple(held) == ROLES, thing


def test_every_thing_and_right_has_words() -> None:
    assert set(THINGS) == set(Thing)
    assert set(RIGHTS) == set(Right)


@pytest.mark.parametrize("role", ["administrator", "national_analyst", "data_protection_officer"])
def test_some_roles_reach_no_case(role: str) -> None:
    assert [thing for thing in CASE_DATA if may(role, thing)] == []


def test_a_class_teacher_reads_of_own_classes_and_no_more() -> None:
    allowed = {thing: right("class_teacher", thing) for thing in Thing if may("class_teacher", thing)}
    assert allowed == {
        Thing.IDENTITY: Right.OWN_CLASSES,
        Thing.NEEDS: Right.OWN_CLASSES,
        Thing.PROFILE: Right.OWN_CLASSES,
        Thing.CLASSES: Right.OWN_CLASSES,
        Thing.DIRECTORY: Right.READ,
        Thing.PROGRAMMES: Right.READ,
        Thing.CONCERN: Right.RAISE,
    }


def test_a_role_outside_the_table_has_no_right() -> None:
    assert {right("caretaker", thing) for thing in Thing} == {Right.NO}
    assert OPERATOR_ROLE not in ROLES


def test_every_guard_is_taken_from_the_table() -> None:
    every = {name: value for name, value in vars(guards).items() if name.isupper()}
    assert every
    for name, roles in every.items():
        assert set(roles) <= set(ROLES) - {FAMILY_ROLE}, name
        # an administrator carries out an erasure that two others approved, and opens nothing of it
        assert "administrator" not in roles or name in ("ERASING_DESK", "RIGHTS_DESK", "PLACE_DESK"), name
        assert "class_teacher" not in roles or name == "TEACHER_DESK", name
    assert roles_with(Thing.MINUTE, Right.OWN_SCHOOL) == guards.SCHOOL_DESK


def test_a_difference_names_a_role_and_things_and_says_why() -> None:
    for one in DIFFERENCES:
        assert one.role in ROLES
        assert one.things
        assert one.why
        assert one.why_cy
