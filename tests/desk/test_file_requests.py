"""Asking for a pupil's file on the desk, and carrying it out."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any
from uuid import UUID

import psycopg
import pytest

from coordination.desk.file_requests import (
    AskedPupil,
    RequestRow,
    ask,
    close_request,
    request_of,
    requests_of,
)
from coordination.errors import Refusal
from coordination.intake.file_requests import carry_out_requests, escalate_requests
from coordination.pupil.casefile import PUPIL_STREAM, CaseFile
from coordination.pupil.moves.commands import AnswerFileRequest
from coordination.pupil.profile.commands import RegisterPupil
from coordination.service import Coordination
from tests.county import ALNCO, AUTHORITY, OTHER_ALNCO, OTHER_SCHOOL, PUPIL, SCHOOL, UPN, at, order, register

MONDAY = date(2025, 3, 3)
NEW_PUPIL = UUID(int=0xB7)


def described(upn: str = UPN, **changed: Any) -> AskedPupil:
    usual: dict[str, Any] = {
        "occurred_on": MONDAY,
        "pupil": NEW_PUPIL,
        "school": OTHER_SCHOOL,
        "upn": upn,
        "surname": "Nobody",
        "forename": "Nemo",
        "date_of_birth": date(2012, 2, 2),
        "sex": "M",
        "language": "en",
    }
    return AskedPupil(
        register=RegisterPupil(**{**usual, **changed}), provisions=((date(2024, 9, 2), "idp_la"),)
    )


def asks(service: Coordination, asked: AskedPupil | None = None, **more: Any) -> UUID:
    with service.record.desk() as conn:
        return ask(
            conn,
            service.record.outer,
            asked or described(),
            more.pop("context", None) or order(OTHER_ALNCO, MONDAY),
            now=more.pop("now", at(MONDAY)),
            **more,
        )


def row(service: Coordination, request: UUID, school: UUID = OTHER_SCHOOL) -> RequestRow | None:
    with service.record.desk() as conn:
        return request_of(conn, service.record.outer, request, school)


def case(service: Coordination, pupil: UUID = PUPIL) -> CaseFile:
    found: CaseFile = service.batch().state(PUPIL_STREAM, pupil)
    return found


def test_what_was_typed_is_sealed_and_only_the_school_finds_it(county: Coordination, database: str) -> None:
    request = asks(county)
    with psycopg.connect(database) as conn:
        stored = repr(conn.execute("select * from desk.file_request").fetchall())
    assert "Nobody" not in stored and UPN not in stored
    found = row(county, request)
    assert found is not None and found.asked is not None
    assert found.asked.register.surname == "Nobody"
    assert row(county, request, SCHOOL) is None


def test_the_same_request_twice_is_one_and_the_other_schools_is_another(county: Coordination) -> None:
    first = asks(county)
    assert asks(county, described(surname="Again")) == first
    other = asks(county, described(school=SCHOOL), context=order(ALNCO, MONDAY))
    assert other != first


def test_the_same_command_sent_twice_writes_one_row(county: Coordination) -> None:
    context = order(OTHER_ALNCO, MONDAY)
    first = asks(county, context=context)
    with county.record.desk() as conn:
        close_request(conn, first, at(MONDAY))
    assert asks(county, context=context) == first


def test_a_school_may_ask_so_often_a_day(county: Coordination) -> None:
    numbers = ["B801200005001", "E670200126001", "H66621012601A"]
    asks(county, described(numbers[0]), most=2)
    asks(county, described(numbers[1]), most=2)
    with pytest.raises(Refusal, match="too_many_file_requests"):
        asks(county, described(numbers[2]), most=2)
    asks(county, described(numbers[1]), most=2)  # one that waits already does not count
    asks(county, described(numbers[2]), most=2, now=at(MONDAY) + timedelta(hours=24))


def test_an_unknown_number_registers_the_pupil_and_answers_the_request(county: Coordination) -> None:
    request = asks(county)
    assert carry_out_requests(county, now=at(MONDAY, 13)) == 1
    assert case(county, NEW_PUPIL).profile.schools() == {OTHER_SCHOOL}
    assert county.record.pupils_by_upn([UPN]) == {UPN: NEW_PUPIL}
    found = row(county, request)
    assert found is not None and found.answered and found.asked is None and found.pupil == NEW_PUPIL
    assert carry_out_requests(county, now=at(MONDAY, 14)) == 0


def test_a_request_that_cannot_be_carried_out_keeps_what_was_typed(county: Coordination) -> None:
    """An unknown code: the school is told why, nothing is registered, and asking again replaces the request."""
    context = order(OTHER_ALNCO, MONDAY)
    wrong = asks(county, described(sex="Q"), context=context)
    assert carry_out_requests(county, now=at(MONDAY, 13)) == 1
    assert carry_out_requests(county, now=at(MONDAY, 13)) == 0
    found = row(county, wrong)
    assert found is not None and (found.refused, found.answered, found.pupil) == ("unknown_code", False, None)
    assert found.asked is not None and found.asked.register.surname == "Nobody"
    assert county.record.pupils_by_upn([UPN]) == {}
    assert asks(county, described(sex="Q"), context=context) == wrong
    again = asks(county)
    assert again != wrong
    assert carry_out_requests(county, now=at(MONDAY, 14)) == 1
    assert county.record.pupils_by_upn([UPN]) == {UPN: NEW_PUPIL}
    replaced = row(county, wrong)
    assert replaced is not None and replaced.asked is None


@pytest.mark.parametrize(
    "changed",
    [{}, {"surname": "Gŵyn-Llŷr", "forename": "Siân", "date_of_birth": date(2011, 5, 20), "sex": "F"}],
    ids=["everything else wrong", "all of it right"],
)
def test_a_known_number_changes_nothing_of_the_file(county: Coordination, changed: dict[str, Any]) -> None:
    register(county)
    before = case(county)
    request = asks(county, described(**changed))
    carry_out_requests(county, now=at(MONDAY, 13))
    after = case(county)
    assert after.profile == before.profile and after.version == before.version + 1
    assert after.moves.requests[request].open
    found = row(county, request)
    assert found is not None and not found.answered and found.asked is not None


def test_once_answered_what_was_typed_is_deleted(county: Coordination) -> None:
    register(county)
    request = asks(county)
    carry_out_requests(county, now=at(MONDAY, 13))
    released = AnswerFileRequest(occurred_on=MONDAY, pupil=PUPIL, request=request, answer="released")
    county.perform(released, order(ALNCO, MONDAY, hour=15))
    assert escalate_requests(county, now=at(MONDAY, 16)) == 0
    found = row(county, request)
    assert found is not None and found.answered and found.asked is None
    with county.record.desk() as conn:
        assert requests_of(conn, county.record.outer, OTHER_SCHOOL) == []


def test_after_five_working_days_the_authority_answers(county: Coordination) -> None:
    register(county)
    request = asks(county)
    carry_out_requests(county, now=at(MONDAY, 13))
    assert escalate_requests(county, now=at(date(2025, 3, 10))) == 0
    assert escalate_requests(county, now=at(date(2025, 3, 11))) == 1
    assert escalate_requests(county, now=at(date(2025, 3, 12))) == 0
    assert case(county).moves.requests[request].authority == AUTHORITY
