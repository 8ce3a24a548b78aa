from __future__ import annotations

from datetime import date
from uuid import UUID

import msgspec
import pytest

from coordination.directory.decide import (
    ChangeOrganisation,
    CloseOrganisation,
    RegisterOrganisation,
)
from coordination.directory.decisions.organisations import decide_change, decide_close, decide_register
from coordination.directory.events import OrganisationChanged, OrganisationClosed, OrganisationRegistered
from coordination.directory.evolve import ORGANISATION_STREAM
from tests.directory.county import BALA, BOARD, GWYNEDD, NEW, REFERENCE, TODAY, TYWYN, county
from tests.given import header


def school(**changed: object) -> RegisterOrganisation:
    usual = RegisterOrganisation(
        occurred_on=TODAY,
        organisation=NEW,
        kind="school",
        code="6614003",
        name="Ysgol y Bryn",
        phase="primary",
        language="welsh",
        authority=GWYNEDD,
    )
    return msgspec.structs.replace(usual, **changed)


def agency(**changed: object) -> RegisterOrganisation:
    usual = RegisterOrganisation(
        occurred_on=TODAY, organisation=NEW, kind="agency", code="GYRFA", name="Gyrfa", agency_kind="careers"
    )
    return msgspec.structs.replace(usual, **changed)


def test_a_school_is_registered() -> None:
    here = county()
    here.given(NEW).when(decide_register, school(), here.world).then(
        [
            OrganisationRegistered(
                header=header(),
                organisation=NEW,
                kind="school",
                code="6614003",
                name="Ysgol y Bryn",
                phase="primary",
                language="welsh",
                authority=GWYNEDD,
            )
        ]
    )


def test_registered_again_with_nothing_new_nothing_happens() -> None:
    here = county(school())
    here.given(NEW).when(decide_register, school(), here.world).then([])


def test_registered_again_with_another_name_only_the_name_changes_from_that_day() -> None:
    here = county(school())
    again = school(name="Ysgol Bryn Mawr", occurred_on=date(2026, 9, 1))
    here.given(NEW).when(decide_register, again, here.world).then(
        [OrganisationChanged(header=header(), effective_from=date(2026, 9, 1), name="Ysgol Bryn Mawr")]
    )
    here.does(again)
    known = here.state(NEW)
    assert (known.on(date(2026, 8, 31)).name, known.on(date(2026, 9, 1)).name, known.name) == (
        "Ysgol y Bryn",
        "Ysgol Bryn Mawr",
        "Ysgol Bryn Mawr",
    )
    assert here.directory.by_code("school", "6614003") == known


@pytest.mark.parametrize(
    ("command", "code", "field"),
    [
        (school(code="6614001"), "code_taken", "code"),
        (school(code=" "), "cannot_be_empty", "code"),
        (school(name=""), "cannot_be_empty", "name"),
        (school(kind="hospital"), "unknown_kind", "kind"),
        (school(phase=None), "cannot_be_empty", "phase"),
        (school(phase="sixth"), "unknown_code", "phase"),
        (school(language="cy"), "unknown_code", "language"),
        (school(authority=None), "cannot_be_empty", "authority"),
        (school(authority=BOARD), "unknown_authority", "authority"),
        (school(authority=UUID(int=404)), "unknown_authority", "authority"),
        (school(ods_code="7A1"), "not_of_this_kind", "ods_code"),
        (agency(agency_kind=None), "cannot_be_empty", "agency_kind"),
        (agency(agency_kind="charity"), "unknown_code", "agency_kind"),
        (agency(phase="primary"), "not_of_this_kind", "phase"),
    ],
)
def test_what_is_not_registered(command: RegisterOrganisation, code: str, field: str) -> None:
    here = county()
    here.given(NEW).when(decide_register, command, here.world).refused(code, field)


def test_the_same_code_may_belong_to_an_agency_and_a_school() -> None:
    here = county()
    here.given(NEW).when(decide_register, agency(code="6614001"), here.world).happened(OrganisationRegistered)


def test_the_code_of_an_organisation_never_changes() -> None:
    here = county()
    here.given(TYWYN).when(decide_register, school(organisation=TYWYN, code="6614009"), here.world).refused(
        "code_fixed", "code"
    )


def test_a_change_says_only_what_changed() -> None:
    here = county()
    change = ChangeOrganisation(
        occurred_on=TODAY,
        organisation=TYWYN,
        effective_from=date(2026, 9, 1),
        phase="all_age",
        language="bilingual",
    )
    here.given(TYWYN).when(decide_change, change, here.world).then(
        [OrganisationChanged(header=header(), effective_from=date(2026, 9, 1), phase="all_age")]
    )


def test_a_change_recorded_late_does_not_undo_a_later_one() -> None:
    here = county()
    for day, name in ((date(2024, 9, 1), "Third"), (date(2022, 9, 1), "Second")):
        here.does(ChangeOrganisation(occurred_on=TODAY, organisation=TYWYN, effective_from=day, name=name))
    known = here.state(TYWYN)
    assert [known.on(date(year, 10, 1)).name for year in (2021, 2022, 2025)] == [
        "Ysgol Aber",
        "Second",
        "Third",
    ]
    assert {known.on(date(year, 10, 1)).phase for year in (2021, 2022, 2025)} == {"secondary"}


@pytest.mark.parametrize(
    ("changes", "code", "field"),
    [
        ({"name": " "}, "cannot_be_empty", "name"),
        ({"phase": None}, "cannot_be_empty", "phase"),
        ({"phase": "sixth"}, "unknown_code", "phase"),
        ({"agency_kind": "police"}, "not_of_this_kind", "agency_kind"),
        ({"authority": TYWYN}, "unknown_authority", "authority"),
    ],
)
def test_a_change_is_checked_as_a_whole(changes: dict[str, object], code: str, field: str) -> None:
    here = county()
    change = ChangeOrganisation(
        occurred_on=TODAY,
        organisation=TYWYN,
        effective_from=TODAY,
        **changes,  # type: ignore[arg-type]
    )
    here.given(TYWYN).when(decide_change, change, here.world).refused(code, field)


def test_an_organisation_closes_once_and_the_closing_can_be_taken_back() -> None:
    here = county()
    close = CloseOrganisation(occurred_on=TODAY, organisation=BALA, effective_to=date(2026, 8, 31))
    here.given(BALA).when(decide_close, close, here.world).then(
        [OrganisationClosed(header=header(), effective_to=date(2026, 8, 31))]
    )
    here.does(close)
    assert here.state(BALA).is_open(date(2026, 8, 31)) and not here.state(BALA).is_open(date(2026, 9, 1))
    here.given(BALA).when(decide_close, close, here.world).then([])
    back = CloseOrganisation(occurred_on=TODAY, organisation=BALA, effective_to=None)
    here.given(BALA).when(decide_close, back, here.world).then(
        [OrganisationClosed(header=header(), effective_to=None)]
    )


def test_nothing_is_told_of_an_organisation_that_is_not_registered() -> None:
    here = county()
    change = ChangeOrganisation(occurred_on=TODAY, organisation=NEW, effective_from=TODAY, name="x")
    close = CloseOrganisation(occurred_on=TODAY, organisation=NEW, effective_to=None)
    here.given(NEW).when(decide_change, change, here.world).refused("not_found")
    here.given(NEW).when(decide_close, close, here.world).refused("not_found")


def test_another_kind_of_event_does_not_belong_on_the_stream() -> None:
    from coordination.event import Event

    with pytest.raises(TypeError):
        ORGANISATION_STREAM.step(county().state(REFERENCE), Event(header=header()))
