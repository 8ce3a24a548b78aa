"""Services that move to another agency or close, schools that close and merge: what the directory records."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

import msgspec
import pytest

from coordination.directory.decide import (
    CloseOrganisation,
    CloseService,
    EndTerms,
    MoveService,
    OpenService,
    ReceiveService,
    SetRequirements,
    SetStandard,
)
from coordination.directory.decisions.organisations import decide_close
from coordination.directory.decisions.reorganisation import (
    decide_close_service,
    decide_move_service,
    decide_receive_service,
)
from coordination.directory.decisions.terms import decide_end_terms
from coordination.directory.events import OrganisationClosed, ServiceClosed, ServiceMoved, TermsEnded
from coordination.directory.state import Directory
from coordination.errors import Refusal
from scripts.cli.reports import closed_service_note
from tests.directory.county import (
    BALA,
    BOARD,
    CAMHS,
    COUNSEL,
    GWYNEDD,
    SALT,
    TALK,
    TERMS,
    TODAY,
    TYWYN,
    County,
    camhs,
    county,
    first_appointment,
    hwb_terms,
)
from tests.given import header

LAST = date(2026, 2, 27)
YEAR_BEFORE = date(2025, 3, 2)


def move(agency: UUID = BOARD, to_agency: UUID = COUNSEL, on: date = TODAY) -> MoveService:
    return MoveService(occurred_on=on, organisation=agency, service=CAMHS, to_agency=to_agency)


def receive(agency: UUID = COUNSEL, from_agency: UUID = BOARD, on: date = TODAY) -> ReceiveService:
    return ReceiveService(occurred_on=on, organisation=agency, service=CAMHS, from_agency=from_agency)


def salt(**changed: Any) -> OpenService:
    usual = camhs(service=SALT, code="BCU-SALT", profession="speech_and_language_therapy")
    return msgspec.structs.replace(usual, **changed)


def close(**changed: Any) -> CloseService:
    usual = CloseService(occurred_on=TODAY, organisation=BOARD, service=CAMHS, open_to=LAST)
    return msgspec.structs.replace(usual, **changed)


def moved() -> County:
    asked = SetRequirements(
        occurred_on=TODAY,
        organisation=BOARD,
        service=CAMHS,
        effective_from=date(2020, 1, 1),
        requirements=("school_observation",),
    )
    return county(camhs(), first_appointment(), asked, move(), receive())


def test_a_service_that_moved_is_the_other_agencys_with_all_that_belongs_to_it() -> None:
    before = county(camhs(), first_appointment()).directory
    known = moved().directory
    found = known.service_by_code("BCU-CAMHS")
    assert found is not None
    assert (found.id, found.agency, found.agency_since, found.open_from) == (
        CAMHS,
        COUNSEL,
        TODAY,
        date(2015, 4, 1),
    )
    assert found.asks_for(TODAY) == ("school_observation",)
    assert known.standards_of(CAMHS) == before.standards_of(CAMHS)
    assert [s.id for s in known.services_of(COUNSEL)] == [CAMHS]
    assert known.services_of(BOARD) == ()


@pytest.mark.parametrize("backwards", [False, True])
def test_the_order_in_which_organisations_are_read_makes_no_difference(backwards: bool) -> None:
    here = moved()
    states = sorted(here.states.values(), key=lambda o: o.id, reverse=backwards)
    found = Directory.of(states).service(CAMHS)
    assert found is not None
    assert found.agency == COUNSEL


def test_the_other_agency_goes_on_with_the_service_and_the_first_no_longer_can() -> None:
    here = moved()
    later = first_appointment(organisation=COUNSEL, limit=21, effective_from=date(2026, 4, 1))
    here.does(later)
    assert [v.limit for v in here.directory.standards_of(CAMHS)] == [28, 21]
    assert here.directory.standards_of(CAMHS)[0].effective_to == date(2026, 3, 31)
    with pytest.raises(Refusal) as refused:
        here.does(first_appointment(limit=14, effective_from=date(2026, 5, 1)))
    assert refused.value.code == "unknown_service"


def test_a_service_that_moves_twice_and_comes_back() -> None:
    here = moved()
    here.does(move(COUNSEL, BOARD))
    here.does(receive(BOARD, COUNSEL))
    assert [s.id for s in here.directory.services_of(BOARD)] == [CAMHS]
    assert here.directory.services_of(COUNSEL) == ()
    assert Directory.of(here.states.values()).service(CAMHS) == here.directory.service(CAMHS)


def test_what_moving_says() -> None:
    here = county(camhs())
    here.given(BOARD).when(decide_move_service, move(), here.world).then(
        [
            ServiceMoved(
                header=header(),
                service=CAMHS,
                from_agency=BOARD,
                to_agency=COUNSEL,
                effective_from=TODAY,
            )
        ]
    )


@pytest.mark.parametrize(
    ("command", "code", "field"),
    [
        (move(to_agency=BOARD), "unknown_agency", "to_agency"),
        (move(to_agency=TYWYN), "unknown_agency", "to_agency"),
        (move(on=date(2026, 3, 3)), "in_the_future", "occurred_on"),
        (move(on=date(2015, 3, 31)), "end_before_start", "occurred_on"),
        (msgspec.structs.replace(move(), service=SALT), "unknown_service", "service"),
    ],
)
def test_moves_that_are_refused(command: MoveService, code: str, field: str) -> None:
    here = county(camhs())
    here.given(BOARD).when(decide_move_service, command, here.world).refused(code, field)


def test_nothing_is_received_that_did_not_move_here() -> None:
    here = county(camhs())
    here.given(COUNSEL).when(decide_receive_service, receive(), here.world).refused("unknown_service")
    here.does(move())
    here.does(receive())
    here.given(COUNSEL).when(decide_receive_service, receive(), here.world).then([])


def test_a_service_closes_and_another_takes_on_what_waits() -> None:
    here = county(camhs(), salt())
    here.given(BOARD).when(decide_close_service, close(), here.world).then(
        [ServiceClosed(header=header(), service=CAMHS, open_to=LAST)]
    )
    here.does(close())
    assert here.directory.taken_on_by(CAMHS, LAST) == here.directory.service(CAMHS)
    assert here.directory.taken_on_by(CAMHS, TODAY) is None
    here.does(close(inherited_by=SALT))
    assert here.directory.taken_on_by(CAMHS, TODAY) == here.directory.service(SALT)
    here.given(BOARD).when(decide_close_service, close(inherited_by=SALT), here.world).then([])


@pytest.mark.parametrize(
    ("command", "code", "field"),
    [
        (close(open_to=date(2014, 1, 1)), "end_before_start", "open_to"),
        (close(inherited_by=CAMHS), "inherits_in_a_circle", "inherited_by"),
        (close(inherited_by=TALK), "unknown_service", "inherited_by"),
        (close(service=TALK), "unknown_service", "service"),
    ],
)
def test_closings_that_are_refused(command: CloseService, code: str, field: str) -> None:
    here = county(camhs(), salt())
    here.given(BOARD).when(decide_close_service, command, here.world).refused(code, field)


def test_a_closed_service_inherits_nothing_and_two_do_not_inherit_from_each_other() -> None:
    here = county(camhs(), salt(open_to=date(2026, 2, 1)))
    again = close(inherited_by=SALT)
    here.given(BOARD).when(decide_close_service, again, here.world).refused("service_closed", "inherited_by")
    here = county(camhs(), salt(), close(service=SALT, open_to=date(2027, 1, 1), inherited_by=CAMHS))
    here.given(BOARD).when(decide_close_service, again, here.world).refused(
        "inherits_in_a_circle", "inherited_by"
    )


def closing(**changed: Any) -> CloseOrganisation:
    usual = CloseOrganisation(occurred_on=TODAY, organisation=TYWYN, effective_to=LAST)
    return msgspec.structs.replace(usual, **changed)


def test_a_school_closes_or_merges_into_another() -> None:
    here = county()
    here.given(TYWYN).when(decide_close, closing(), here.world).then(
        [OrganisationClosed(header=header(), effective_to=LAST)]
    )
    here.does(closing())
    here.given(TYWYN).when(decide_close, closing(merged_into=BALA), here.world).then(
        [OrganisationClosed(header=header(), effective_to=LAST, merged_into=BALA)]
    )


@pytest.mark.parametrize(
    ("command", "code"),
    [
        (closing(merged_into=TYWYN), "merges_into_closed_school"),
        (closing(merged_into=GWYNEDD), "unknown_school"),
        (closing(merged_into=BOARD), "unknown_school"),
        (closing(merged_into=BALA, effective_to=None), "cannot_be_empty"),
    ],
)
def test_mergers_that_are_refused(command: CloseOrganisation, code: str) -> None:
    here = county()
    here.given(TYWYN).when(decide_close, command, here.world).refused(code)


def test_no_school_merges_into_one_that_is_closed_by_then() -> None:
    here = county(closing(organisation=BALA))
    command = closing(merged_into=BALA)
    here.given(TYWYN).when(decide_close, command, here.world).refused("merges_into_closed_school")


def test_only_an_administrator_reorganises() -> None:
    here = county(camhs())
    clinician: dict[str, Any] = {"role": "clinician", "organisation": BOARD}
    for decide, command in ((decide_move_service, move()), (decide_close_service, close())):
        here.given(BOARD, **clinician).when(decide, command, here.world).refused("not_permitted")


def test_standards_may_be_set_anew_where_the_service_is_now() -> None:
    here = moved()
    same = first_appointment(organisation=COUNSEL)
    assert isinstance(same, SetStandard)
    assert here.does(same) == []


def test_the_agency_that_has_the_service_ends_terms_that_the_former_one_accepted() -> None:
    here = county(camhs(), hwb_terms(), move(), receive())
    command = EndTerms(occurred_on=TODAY, organisation=BOARD, terms=TERMS, effective_to=TODAY)
    former: dict[str, Any] = {"role": "service_manager", "organisation": BOARD}
    here.given(BOARD, **former).when(decide_end_terms, command, here.world).refused("not_permitted")
    now: dict[str, Any] = {"role": "service_manager", "organisation": COUNSEL}
    here.given(BOARD, **now).when(decide_end_terms, command, here.world).then(
        [TermsEnded(header=header(), terms=TERMS, effective_to=TODAY)]
    )


def test_a_report_says_that_its_service_is_closed_and_who_has_taken_it_on() -> None:
    here = county(camhs(), salt(), close())
    assert closed_service_note(here.directory, "BCU-CAMHS", LAST) is None
    said = "BCU-CAMHS closed on 2026-02-27: "
    unclaimed = closed_service_note(here.directory, "BCU-CAMHS", TODAY)
    assert unclaimed == f"{said}no service has taken on its open referrals."
    here.does(close(inherited_by=SALT))
    assert closed_service_note(here.directory, "BCU-CAMHS", TODAY) == f"{said}now with BCU-SALT."
