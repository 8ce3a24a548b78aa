from __future__ import annotations

from datetime import date
from uuid import UUID

import pytest

from coordination.directory.decide import AppointPerson, ChangePersonName, RecordPersonLeft
from coordination.directory.decisions.people import decide_appoint, decide_change_name, decide_left
from coordination.directory.events import PersonAppointed, PersonLeft, PersonNameChanged
from tests.directory.county import BALA, BOARD, CAMHS, NEW, NIA, OWEN, TODAY, TYWYN, county, manager
from tests.given import header


def head(school: UUID, since: date = date(2025, 9, 1)) -> AppointPerson:
    return AppointPerson(
        occurred_on=TODAY,
        organisation=school,
        person=OWEN,
        role="head",
        effective_from=since,
        name="Owen Rhys",
    )


def left(on: date, **more: object) -> RecordPersonLeft:
    return RecordPersonLeft(
        occurred_on=TODAY,
        organisation=BOARD,
        person=NIA,
        effective_to=on,
        **more,  # type: ignore[arg-type]
    )


def test_a_person_is_appointed() -> None:
    here = county()
    here.given(BOARD).when(decide_appoint, manager(), here.world).then(
        [
            PersonAppointed(
                header=header(),
                person=NIA,
                role="service_manager",
                service=CAMHS,
                effective_from=date(2026, 1, 1),
                name="Nia Prys",
                email="nia@example.org",
            )
        ]
    )


def test_sealed_fields_are_always_given_even_when_there_is_no_address() -> None:
    here = county()
    (event,) = here.given(TYWYN).when(decide_appoint, head(TYWYN), here.world).happened(PersonAppointed)
    assert isinstance(event, PersonAppointed) and event.email is None


def test_the_same_appointment_again_is_nothing_new() -> None:
    here = county(manager())
    here.given(BOARD).when(decide_appoint, manager(name="Nia Price"), here.world).then([])


@pytest.mark.parametrize(
    ("command", "code", "field"),
    [
        (manager(effective_from=date(2026, 2, 1)), "already_appointed", "role"),
        (manager(effective_from=date(2025, 1, 1)), "already_appointed", "role"),
        (manager(role="caretaker", person=OWEN), "unknown_code", "role"),
        (manager(name=" ", person=OWEN), "cannot_be_empty", "name"),
        (manager(service=UUID(int=404), person=OWEN), "unknown_service", "service"),
        (manager(effective_to=date(2025, 12, 31), person=OWEN), "end_before_start", "effective_to"),
    ],
)
def test_who_is_not_appointed(command: AppointPerson, code: str, field: str) -> None:
    here = county(manager())
    here.given(BOARD).when(decide_appoint, command, here.world).refused(code, field)


def test_no_one_is_appointed_at_an_unregistered_organisation() -> None:
    here = county()
    here.given(NEW).when(decide_appoint, head(NEW), here.world).refused("not_found")


def test_the_same_role_before_and_after_and_another_role_beside_it_are_fine() -> None:
    here = county(manager(effective_to=date(2026, 6, 30)))
    for command in (
        manager(effective_from=date(2026, 7, 1)),
        manager(effective_from=date(2024, 1, 1), effective_to=date(2025, 12, 31)),
        manager(role="clinician"),
        manager(service=None),
    ):
        here.given(BOARD).when(decide_appoint, command, here.world).happened(PersonAppointed)


def test_one_person_can_head_two_schools() -> None:
    here = county(head(TYWYN), head(BALA, since=date(2026, 1, 1)))
    person = here.directory.person(OWEN)
    assert person is not None
    assert [a.organisation for a in person.appointments] == [TYWYN, BALA]
    assert (person.organisation, person.roles, person.service) == (BALA, frozenset({"head"}), None)
    assert here.directory.roles_of(OWEN, TYWYN, TODAY) == {"head"}
    assert here.directory.roles_of(OWEN, BALA, date(2025, 12, 31)) == frozenset()
    assert here.directory.roles_of(OWEN, BOARD, TODAY) == frozenset()
    assert here.directory.roles_of(UUID(int=404), BALA, TODAY) == frozenset()
    assert [a.person for a in here.directory.people_of(BALA, TODAY)] == [OWEN]
    assert here.directory.people_of(BALA, date(2025, 12, 31)) == ()


def test_a_name_changes() -> None:
    here = county(manager())
    change = ChangePersonName(occurred_on=TODAY, organisation=BOARD, person=NIA, name="Nia Price")
    before = here.state(BOARD).version
    here.given(BOARD).when(decide_change_name, change, here.world).then(
        [PersonNameChanged(header=header(), person=NIA, name="Nia Price", email=None)]
    )
    person = here.directory.person(NIA)
    assert person is not None and person.appointments[0].named_at == before
    here.does(change)
    person = here.directory.person(NIA)
    assert person is not None and person.appointments[0].named_at == before + 1


@pytest.mark.parametrize(
    ("person", "name", "code", "field"),
    [(OWEN, "Owen", "unknown_person", "person"), (NIA, " ", "cannot_be_empty", "name")],
)
def test_which_name_does_not_change(person: UUID, name: str, code: str, field: str) -> None:
    here = county(manager())
    change = ChangePersonName(occurred_on=TODAY, organisation=BOARD, person=person, name=name)
    here.given(BOARD).when(decide_change_name, change, here.world).refused(code, field)


def test_a_person_who_leaves_leaves_every_role_that_goes_on() -> None:
    here = county(
        manager(),
        manager(role="clinician", effective_to=date(2026, 2, 1)),
        manager(role="declo", service=None, effective_from=date(2026, 9, 1)),
    )
    here.given(BOARD).when(decide_left, left(date(2026, 4, 30)), here.world).then(
        [
            PersonLeft(
                header=header(),
                person=NIA,
                role="service_manager",
                service=CAMHS,
                effective_from=date(2026, 1, 1),
                effective_to=date(2026, 4, 30),
            )
        ]
    )
    here.does(left(date(2026, 4, 30)))
    assert here.directory.roles_of(NIA, BOARD, date(2026, 4, 30)) == {"service_manager"}
    assert here.directory.roles_of(NIA, BOARD, date(2026, 5, 1)) == frozenset()
    assert here.directory.roles_of(NIA, BOARD, date(2026, 9, 1)) == {"declo"}
    here.given(BOARD).when(decide_left, left(date(2026, 4, 30)), here.world).then([])


def test_one_role_of_several_can_end() -> None:
    here = county(manager(), manager(role="clinician"))
    here.does(left(TODAY, role="clinician"))
    assert here.directory.roles_of(NIA, BOARD, date(2026, 3, 3)) == {"service_manager"}


@pytest.mark.parametrize(
    ("command", "code", "field"),
    [
        (left(date(2025, 12, 31)), "end_before_start", "effective_to"),
        (left(TODAY, role="declo"), "unknown_person", "person"),
    ],
)
def test_who_does_not_leave(command: RecordPersonLeft, code: str, field: str) -> None:
    here = county(manager())
    here.given(BOARD).when(decide_left, command, here.world).refused(code, field)
