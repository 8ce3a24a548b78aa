from __future__ import annotations

from datetime import date
from uuid import UUID

import msgspec
import pytest

from coordination.directory.decide import ChangeService, OpenService, SetRequirements
from coordination.directory.decisions.services import (
    decide_change_service,
    decide_open_service,
    decide_set_requirements,
)
from coordination.directory.events import ServiceChanged, ServiceOpened, ServiceRequirementsSet
from tests.directory.county import BOARD, CAMHS, COUNSEL, SALT, TODAY, TYWYN, camhs, county
from tests.given import header


def therapy(**changed: object) -> OpenService:
    usual = OpenService(
        occurred_on=TODAY,
        organisation=BOARD,
        service=SALT,
        code="BCU-SALT",
        profession="speech_and_language_therapy",
        open_from=date(2020, 1, 1),
        open_to=date(2027, 3, 31),
    )
    return msgspec.structs.replace(usual, **changed)


def asks(*requirements: str, since: date = TODAY, service: UUID = CAMHS) -> SetRequirements:
    return SetRequirements(
        occurred_on=TODAY,
        organisation=BOARD,
        service=service,
        effective_from=since,
        requirements=requirements,
    )


def test_a_service_opens() -> None:
    here = county()
    here.given(BOARD).when(decide_open_service, therapy(), here.world).then(
        [
            ServiceOpened(
                header=header(),
                service=SALT,
                code="BCU-SALT",
                profession="speech_and_language_therapy",
                open_from=date(2020, 1, 1),
                open_to=date(2027, 3, 31),
            )
        ]
    )


def test_a_service_is_open_on_its_first_and_last_day_and_no_other() -> None:
    here = county(therapy())
    service = here.directory.service_by_code("BCU-SALT")
    assert service is not None
    days = (date(2019, 12, 31), date(2020, 1, 1), date(2027, 3, 31), date(2027, 4, 1))
    assert [service.is_open(day) for day in days] == [False, True, True, False]


def test_opened_again_with_nothing_new_nothing_happens() -> None:
    here = county(therapy())
    here.given(BOARD).when(decide_open_service, therapy(), here.world).then([])


def test_opened_again_with_another_end_it_changes() -> None:
    here = county(therapy())
    here.given(BOARD).when(decide_open_service, therapy(open_to=None), here.world).then(
        [ServiceChanged(header=header(), service=SALT, effective_from=TODAY, open_to=None)]
    )


@pytest.mark.parametrize(
    ("command", "code", "field"),
    [
        (therapy(code="BCU-CAMHS"), "code_taken", "code"),
        (therapy(code=""), "cannot_be_empty", "code"),
        (therapy(profession="astrology"), "unknown_code", "profession"),
        (therapy(open_to=date(2019, 12, 31)), "end_before_start", "open_to"),
        (camhs(code="CAMHS-2"), "code_fixed", "code"),
    ],
)
def test_what_is_not_opened(command: OpenService, code: str, field: str) -> None:
    here = county()
    here.given(BOARD).when(decide_open_service, command, here.world).refused(code, field)


def test_only_an_agency_has_services_and_each_is_one_agencys() -> None:
    here = county()
    at_school = therapy(organisation=TYWYN)
    here.given(TYWYN).when(decide_open_service, at_school, here.world).refused("wrong_kind", "organisation")
    elsewhere = camhs(organisation=COUNSEL, code="SGWRS-1")
    here.given(COUNSEL).when(decide_open_service, elsewhere, here.world).refused(
        "service_elsewhere", "service"
    )


def test_a_profession_past_its_end_is_taken_for_history() -> None:
    here = county()
    history = therapy(profession="trac", open_from=date(2016, 1, 1), open_to=date(2022, 12, 31))
    here.given(BOARD).when(decide_open_service, history, here.world).happened(ServiceOpened)


def test_closing_a_service_says_only_that() -> None:
    here = county()
    close = ChangeService(
        occurred_on=TODAY,
        organisation=BOARD,
        service=CAMHS,
        effective_from=TODAY,
        profession="camhs",
        open_to=date(2026, 3, 31),
    )
    here.given(BOARD).when(decide_change_service, close, here.world).then(
        [ServiceChanged(header=header(), service=CAMHS, effective_from=TODAY, open_to=date(2026, 3, 31))]
    )
    here.does(close)
    here.given(BOARD).when(decide_change_service, close, here.world).then([])
    service = here.directory.service(CAMHS)
    assert service is not None and not service.is_open(date(2026, 4, 1))


@pytest.mark.parametrize(
    ("changes", "code", "field"),
    [
        ({"service": UUID(int=404)}, "unknown_service", "service"),
        ({"open_to": date(2015, 3, 31)}, "end_before_start", "open_to"),
        ({"profession": "astrology"}, "unknown_code", "profession"),
    ],
)
def test_what_is_not_changed(changes: dict[str, object], code: str, field: str) -> None:
    here = county()
    usual = ChangeService(occurred_on=TODAY, organisation=BOARD, service=CAMHS, effective_from=TODAY)
    command = msgspec.structs.replace(usual, **changes)
    here.given(BOARD).when(decide_change_service, command, here.world).refused(code, field)


def test_what_a_service_asks_for_is_dated() -> None:
    here = county(asks("consent", since=date(2024, 1, 1)))
    here.given(BOARD).when(decide_set_requirements, asks("consent", "parents_view"), here.world).then(
        [
            ServiceRequirementsSet(
                header=header(),
                service=CAMHS,
                effective_from=TODAY,
                requirements=("consent", "parents_view"),
            )
        ]
    )
    here.does(asks("consent", "parents_view"))
    service = here.directory.service(CAMHS)
    assert service is not None
    assert service.asks_for(date(2023, 1, 1)) == ()
    assert service.asks_for(date(2025, 1, 1)) == ("consent",)
    assert service.asks_for(TODAY) == service.requirements == ("consent", "parents_view")


def test_asking_for_the_same_again_is_nothing_new() -> None:
    here = county(asks("consent", since=date(2024, 1, 1)))
    here.given(BOARD).when(decide_set_requirements, asks("consent"), here.world).then([])


@pytest.mark.parametrize(
    ("command", "code", "field"),
    [
        (asks("consent", "horoscope"), "unknown_code", "requirements"),
        (asks("consent", "consent"), "repeated", "requirements"),
        (asks("consent", service=UUID(int=404)), "unknown_service", "service"),
    ],
)
def test_what_a_service_cannot_ask_for(command: SetRequirements, code: str, field: str) -> None:
    here = county()
    here.given(BOARD).when(decide_set_requirements, command, here.world).refused(code, field)
