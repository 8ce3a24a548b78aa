"""A single point of access: the dated list of services for which it sorts referrals."""

from __future__ import annotations

from datetime import date
from uuid import UUID

import msgspec
import pytest

from coordination.directory.commands import AppointPerson, MoveService, ReceiveService
from coordination.directory.decide import SetServiceTriages
from coordination.directory.decisions.services import decide_set_triages
from coordination.directory.events import ServiceTriagesSet
from coordination.directory.sight import Sight, sight_at
from coordination.directory.single_points import single_points_of_access
from coordination.errors import Refusal
from coordination.event import Command
from coordination.store.mapper import decode, encode
from tests.directory.county import BOARD, CAMHS, COUNSEL, NIA, TODAY, TYWYN, County, camhs, full_county
from tests.given import header

OTHER, THIRD = UUID(int=0xCE), UUID(int=0xCF)
CLINICIAN = UUID(int=0xF1)


def county(*more: Command) -> County:
    here = full_county()
    for service, code in ((OTHER, "OTHER"), (THIRD, "THIRD")):
        here.does(camhs(organisation=COUNSEL, service=service, code=code))
    for command in more:
        here.does(command)
    return here


def sorts_for(*services: UUID, since: date = TODAY, until: date | None = None) -> SetServiceTriages:
    return SetServiceTriages(
        occurred_on=TODAY,
        organisation=BOARD,
        service=CAMHS,
        services=services,
        effective_from=since,
        effective_to=until,
    )


def test_a_list_holds_from_its_first_day_to_its_last_or_to_the_next() -> None:
    here = county(
        sorts_for(OTHER, since=date(2026, 1, 1), until=date(2026, 6, 30)),
        sorts_for(OTHER, THIRD, since=date(2026, 9, 1)),
    )
    found = here.directory.service(CAMHS)
    days = (date(2025, 12, 31), date(2026, 1, 1), date(2026, 6, 30), date(2026, 7, 1), date(2026, 9, 1))
    assert [len(found.triages_for(day)) for day in days] == [0, 1, 1, 0, 2]


def test_the_same_list_again_changes_nothing_and_none_ends_it() -> None:
    here = county(sorts_for(OTHER))
    here.given(BOARD).when(decide_set_triages, sorts_for(OTHER), here.world).then([])
    county().given(BOARD).when(decide_set_triages, sorts_for(), county().world).then([])
    here.does(sorts_for())
    assert here.directory.service(CAMHS).triages_for(TODAY) == ()


def test_the_event_comes_back_from_its_stored_form() -> None:
    event = ServiceTriagesSet(
        header=header(TODAY), service=CAMHS, services=(OTHER,), effective_from=TODAY, effective_to=None
    )
    assert decode(event.topic, encode(event)) == event


@pytest.mark.parametrize(
    ("command", "code", "field"),
    [
        (sorts_for(UUID(int=9)), "unknown_service", "services"),
        (sorts_for(OTHER, OTHER), "repeated", "services"),
        (sorts_for(CAMHS), "triages_for_itself", "services"),
        (sorts_for(OTHER, until=date(2020, 1, 1)), "end_before_start", "effective_to"),
    ],
)
def test_a_list_that_cannot_be(command: SetServiceTriages, code: str, field: str) -> None:
    here = county()
    here.given(BOARD).when(decide_set_triages, command, here.world).refused(code, field)


def test_the_list_goes_with_the_service() -> None:
    here = county(
        sorts_for(OTHER),
        MoveService(occurred_on=TODAY, organisation=BOARD, service=CAMHS, to_agency=COUNSEL),
        ReceiveService(occurred_on=TODAY, organisation=COUNSEL, service=CAMHS, from_agency=BOARD),
    )
    assert here.directory.service(CAMHS).agency == COUNSEL
    assert here.directory.service(CAMHS).triages_for(TODAY) == (OTHER,)


# For which services a person looks


def appoint(role: str = "clinician", at: UUID = COUNSEL, **more: object) -> AppointPerson:
    usual = AppointPerson(
        occurred_on=TODAY,
        organisation=at,
        person=CLINICIAN,
        role=role,
        effective_from=date(2026, 1, 1),
        name="A name",
    )
    return msgspec.structs.replace(usual, **more)


@pytest.mark.parametrize(
    ("commands", "expected"),
    [
        ([], Sight()),
        ([appoint(service=OTHER)], Sight((OTHER,))),
        ([appoint(service=OTHER), appoint(service=THIRD)], Sight((OTHER, THIRD))),
        ([appoint("service_manager", service=THIRD)], Sight((THIRD,))),
        # several services and none named: no case
        ([appoint()], Sight()),
        ([appoint(whole_agency=True)], Sight(whole_agency=True)),
        ([appoint("declo")], Sight(whole_agency=True)),
        ([appoint(service=OTHER, effective_to=date(2026, 2, 1))], Sight()),
        # a role somewhere else gives nothing here
        ([appoint(at=BOARD, service=CAMHS)], Sight()),
    ],
)
def test_whose_cases_a_person_sees(commands: list[Command], expected: Sight) -> None:
    assert sight_at(county(*commands).directory, CLINICIAN, COUNSEL, TODAY) == expected


def test_of_an_agency_with_one_service_none_need_be_named() -> None:
    here = county(appoint(at=BOARD))
    assert sight_at(here.directory, CLINICIAN, BOARD, TODAY) == Sight((CAMHS,))
    assert sight_at(here.directory, NIA, BOARD, TODAY).services == (CAMHS,)


@pytest.mark.parametrize(
    ("command", "code"),
    [
        (appoint(service=OTHER, whole_agency=True), "service_or_whole_agency"),
        (appoint("alnco", at=TYWYN, whole_agency=True), "wrong_kind"),
    ],
)
def test_a_whole_agency_is_said_alone_and_of_an_agency(command: AppointPerson, code: str) -> None:
    with pytest.raises(Refusal, match=code):
        county(command)


def test_the_lists_go_out_as_the_directory_file_has_them() -> None:
    assert single_points_of_access(county().directory) == []
    here = county(
        sorts_for(OTHER, THIRD, since=date(2026, 1, 1), until=date(2026, 6, 30)), sorts_for(since=TODAY)
    )
    code = here.directory.service(CAMHS).code
    assert single_points_of_access(here.directory) == [
        {
            "service": code,
            "services": ["OTHER", "THIRD"],
            "effective_from": "2026-01-01",
            "effective_to": "2026-06-30",
        },
        {"service": code, "services": [], "effective_from": TODAY.isoformat(), "effective_to": None},
    ]
