"""What a description of a pupil is to the school that sends it."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

import pytest

from coordination.directory.organisation import Organisation
from coordination.intake.arrival import Arrival, RecordedPupil, arrival
from coordination.pupil.matching import IdentityDetails
from tests.intake.samples import upn

HERE = Organisation(id=UUID(int=0x51), kind="school", code="6994001")
THERE = Organisation(id=UUID(int=0x52), kind="school", code="6994002")
ONE, TWO, THREE = UUID(int=1), UUID(int=2), UUID(int=3)
BORN = date(2016, 5, 4)


def details(forename: str, number: str, surname: str = "Gefell", born: date = BORN) -> IdentityDetails:
    return IdentityDetails(upn=number, surname=surname, forename=forename, date_of_birth=born)


def recorded(
    pupil: UUID, forename: str, number: str, *schools: Organisation, last: Organisation = HERE, **more: Any
) -> RecordedPupil:
    ids = frozenset(s.id for s in schools)
    return RecordedPupil(pupil, details(forename, number, **more), ids, last.id)


def doubts(found: Arrival) -> list[tuple[str, UUID]]:
    assert found.kind == "doubtful"
    assert found.pupil is None
    return [(doubt.kind, doubt.pupil) for doubt in found.doubts]


MALI, NEL = recorded(ONE, "Mali", upn(1), HERE), recorded(TWO, "Nel", upn(2), HERE)


def test_a_pupil_of_the_own_roll() -> None:
    found = arrival(details("Mali", upn(1)), HERE, numbered=MALI, alike=[MALI])
    assert found == Arrival("own", ONE)


def test_twins_with_exchanged_numbers() -> None:
    found = arrival(details("Nel", upn(1)), HERE, numbered=MALI, alike=[NEL])
    assert doubts(found) == [("exchanged_numbers", ONE), ("exchanged_numbers", TWO)]


def test_triplets_each_with_the_next_ones_number() -> None:
    third = recorded(THREE, "Lowri", upn(3), HERE)
    for held, name, other in ((MALI, "Nel", NEL), (NEL, "Lowri", third), (third, "Mali", MALI)):
        assert held.identity is not None
        found = arrival(details(name, held.identity.upn), HERE, numbered=held, alike=[other])
        assert [pupil for _, pupil in doubts(found)] == [held.pupil, other.pupil]


def test_twins_of_one_initial_are_two_pupils() -> None:
    found = arrival(details("Mari", upn(2)), HERE)
    assert found == Arrival("new")


def test_two_files_of_one_child_raise_no_doubt_each_time() -> None:
    again = recorded(TWO, "Mali", upn(2), HERE)
    found = arrival(details("Mali", upn(1)), HERE, numbered=MALI, alike=[again])
    assert found == Arrival("own", ONE)


def test_the_same_child_under_another_number_of_this_roll() -> None:
    found = arrival(details("Mali", upn(9)), HERE, alike=[MALI])
    assert doubts(found) == [("another_number", ONE)]


def test_the_same_names_on_another_roll_are_for_the_authority_only() -> None:
    there = recorded(ONE, "Mali", upn(1, school="6994002"), THERE)
    assert arrival(details("Mali", upn(9)), HERE, alike=[there]) == Arrival("new", elsewhere=(ONE,))


@pytest.mark.parametrize("known", [True, False])
@pytest.mark.parametrize("name", ["Mali", "Somebody"])
def test_a_number_of_another_school_is_the_same_answer_whether_known_or_not(known: bool, name: str) -> None:
    number = upn(1, school="6994002")
    there = recorded(ONE, "Mali", number, THERE) if known else None
    found = arrival(details(name, number), HERE, numbered=there)
    assert found == Arrival("of_another_school")


def test_a_number_of_a_school_outside_the_directory_is_no_other_answer() -> None:
    number = upn(1, school="8014001")
    assert arrival(details("Mali", number), HERE) == Arrival("of_another_school")
    there = recorded(ONE, "Mali", number, THERE)
    assert arrival(details("Mali", number), HERE, numbered=there).kind == "of_another_school"


def test_who_left_this_school_and_joined_no_other_returns() -> None:
    left = recorded(ONE, "Mali", upn(1))
    assert arrival(details("Mali", upn(1)), HERE, numbered=left) == Arrival("own", ONE)
    assert arrival(details("Huw", upn(1), "Owen"), HERE, numbered=left).kind == "of_another_school"
    elsewhere = recorded(ONE, "Mali", upn(1), last=THERE)
    assert arrival(details("Mali", upn(1)), HERE, numbered=elsewhere).kind == "of_another_school"


def test_a_number_and_a_former_number_of_two_pupils() -> None:
    found = arrival(details("Mali", upn(1)), HERE, numbered=MALI, formerly=NEL)
    assert doubts(found) == [("two_files", ONE), ("two_files", TWO)]


def test_a_former_number_finds_the_pupil() -> None:
    given = IdentityDetails(
        upn=upn(9), surname="Gefell", forename="Mali", date_of_birth=BORN, former_upns=(upn(1),)
    )
    assert arrival(given, HERE, formerly=MALI) == Arrival("own", ONE)


@pytest.mark.parametrize(
    ("given", "kind"),
    [
        (details("Mali", upn(1), born=date(2016, 4, 5)), "birth_date_changed"),
        (details("Huw", upn(1), "Owen"), "names_changed"),
        (details("Huw", upn(1), "Owen", date(2014, 9, 1)), "number_of_another"),
    ],
)
def test_a_number_with_other_details(given: IdentityDetails, kind: str) -> None:
    assert doubts(arrival(given, HERE, numbered=MALI)) == [(kind, ONE)]
