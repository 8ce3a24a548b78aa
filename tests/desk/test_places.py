"""The places of one person under one sign-in."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from uuid import UUID

import psycopg

from coordination.desk.account_log import BY_THE_SERVICE
from coordination.desk.accounts import Account, add_account, move_account
from coordination.desk.places import Place, may_sit, places_of
from coordination.desk.sessions import SessionLength, choose_place, open_session, session_of
from coordination.directory.decide import AppointPerson, RecordPersonLeft
from tests.directory.county import BOARD, CAMHS, NIA, TODAY, TYWYN, camhs, county

ACCOUNT = Account(
    account=UUID(int=0xACC),
    person=NIA,
    organisation=TYWYN,
    role="alnco",
    username="nia",
    display_name="Nia",
    language="cy",
)
SCHOOL = Place(TYWYN, "alnco")
CLINIC = Place(BOARD, "clinician", CAMHS)
NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)


def appoint(place: Place, on: date = TODAY) -> AppointPerson:
    return AppointPerson(
        occurred_on=TODAY,
        organisation=place.organisation,
        person=NIA,
        role=place.role,
        service=place.service,
        effective_from=on,
        name="Nia",
    )


def test_every_role_in_force_is_a_place_and_the_account_s_own_comes_first() -> None:
    known = county(camhs(), appoint(CLINIC, date(2020, 1, 1)), appoint(SCHOOL)).directory
    assert places_of(ACCOUNT, known, TODAY) == (SCHOOL, CLINIC)
    assert places_of(ACCOUNT, known, date(2021, 1, 1)) == (CLINIC,)
    assert may_sit(ACCOUNT, CLINIC, known, TODAY)
    assert not may_sit(ACCOUNT, Place(BOARD, "service_manager", CAMHS), known, TODAY)


def test_a_role_that_has_ended_is_no_place() -> None:
    left = RecordPersonLeft(occurred_on=TODAY, organisation=BOARD, person=NIA, effective_to=TODAY)
    known = county(camhs(), appoint(SCHOOL), appoint(CLINIC), left).directory
    assert places_of(ACCOUNT, known, TODAY) == (SCHOOL, CLINIC)
    assert places_of(ACCOUNT, known, TODAY + timedelta(days=1)) == (SCHOOL,)


def test_whom_the_directory_does_not_know_works_at_the_place_of_the_account() -> None:
    assert places_of(ACCOUNT, county().directory, TODAY) == (SCHOOL,)


def test_a_session_sits_at_the_chosen_place_until_the_account_moves(database: str) -> None:
    with psycopg.connect(database, autocommit=True) as desk:
        add_account(desk, ACCOUNT, password_hash="x", created_at=NOW)
        length = SessionLength()
        open_session(desk, ACCOUNT, token="t", csrf="c", now=NOW, length=length)

        def at() -> tuple[UUID, str, UUID | None, bool]:
            found = session_of(desk, "t", now=NOW, length=length)
            assert found is not None
            return found.account.organisation, found.account.role, found.account.service, found.chosen

        assert at() == (TYWYN, "alnco", None, False)
        choose_place(desk, "t", CLINIC)
        assert at() == (BOARD, "clinician", CAMHS, True)
        move_account(desk, ACCOUNT.account, BOARD, "service_manager", at=NOW, by=BY_THE_SERVICE)
        assert at() == (BOARD, "service_manager", None, False)
