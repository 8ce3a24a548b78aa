"""Tokens of an organisation's own systems."""

from __future__ import annotations

import hashlib
from datetime import date, timedelta
from typing import Any
from uuid import UUID, uuid4

import psycopg
import pytest

from coordination.desk.keyed_requests import KeyReused, answer_request, begin_request, forget_request
from coordination.desk.tokens import (
    LONGEST,
    Token,
    count_use,
    create_token,
    revoke_token,
    sight_of_token,
    tokens_among,
    tokens_of,
    use_token,
)
from coordination.directory.organisation import Organisation, Service
from coordination.directory.sight import Sight
from coordination.directory.state import Directory
from coordination.errors import NotFound, Refusal
from tests.desk.conftest import NOW

Connection = psycopg.Connection[Any]
SCHOOL = Organisation(id=UUID(int=0x51), kind="school", code="6994001")
CAMHS, THERAPY = (
    Service(id=UUID(int=n), code=code, agency=UUID(int=0x61), profession="x", open_from=date(2020, 1, 1))
    for n, code in ((0x71, "CAMHS"), (0x72, "SALT"))
)
BOARD = Organisation(id=UUID(int=0x61), kind="agency", code="BOARD", services={CAMHS.id: CAMHS})
AUTHORITY = Organisation(id=UUID(int=0x20), kind="authority", code="699")
OPERATOR = UUID(int=1)


def made(conn: Connection, organisation: Organisation | None = BOARD, **more: Any) -> tuple[Token, str]:
    given: dict[str, Any] = {
        "token": uuid4(),
        "secret": uuid4().hex + uuid4().hex,
        "scopes": ["referrals:read"],
        "label": "Paris",
        "created_by": OPERATOR,
        "now": NOW,
    }
    return create_token(conn, organisation=organisation, **(given | more))


def test_the_database_holds_the_hash_and_the_program_the_token(conn: Connection) -> None:
    token, held = made(conn)
    assert held.startswith("cyd_")
    row = conn.execute("select * from desk.token").fetchone()
    assert row is not None
    assert held not in str(row)
    assert hashlib.sha256(held.encode()).digest() in row
    found = use_token(conn, held, NOW)
    assert found == token
    assert use_token(conn, held[:-1], NOW) is None
    assert use_token(conn, held.removeprefix("cyd_"), NOW) is None
    assert use_token(conn, "cyd_" + "x" * 10_000, NOW) is None


@pytest.mark.parametrize(
    ("organisation", "role"), [(SCHOOL, "alnco"), (BOARD, "clinician"), (AUTHORITY, "auditor")]
)
def test_the_role_is_that_of_the_kind(conn: Connection, organisation: Organisation, role: str) -> None:
    assert made(conn, organisation)[0].role == role


@pytest.mark.parametrize(
    ("wrong", "code"),
    [
        ({"organisation": None}, "unknown_organisation"),
        ({"organisation": Organisation(kind="reference")}, "unknown_organisation"),
        ({"scopes": []}, "cannot_be_empty"),
        ({"scopes": ["pupils:read", "everything"]}, "unknown_scope"),
        ({"label": "  "}, "cannot_be_empty"),
        ({"label": "x" * 101}, "label_too_long"),
        ({"label": "a\x00b"}, "label_too_long"),
        ({"days": 0}, "out_of_range"),
        ({"days": LONGEST + 1}, "out_of_range"),
    ],
)
def test_what_is_refused(conn: Connection, wrong: dict[str, Any], code: str) -> None:
    with pytest.raises(Refusal) as refused:
        made(conn, **wrong)
    assert refused.value.code == code
    assert tokens_of(conn) == []


def test_revoked_once_and_only_by_its_organisation(conn: Connection) -> None:
    token, held = made(conn)
    with pytest.raises(NotFound):
        revoke_token(conn, token.token, now=NOW, organisation=SCHOOL.id)
    with pytest.raises(NotFound):
        revoke_token(conn, uuid4(), now=NOW)
    revoke_token(conn, token.token, now=NOW, organisation=BOARD.id)
    revoke_token(conn, token.token, now=NOW + timedelta(days=1))
    found = use_token(conn, held, NOW)
    assert found is not None
    assert found.revoked_at == NOW


def test_listed_by_organisation_the_newest_first(conn: Connection) -> None:
    first = made(conn)[0]
    second = made(conn, now=NOW + timedelta(seconds=1))[0]
    other = made(conn, SCHOOL)[0]
    assert tokens_of(conn, BOARD.id) == [second, first]
    assert {one.token for one in tokens_of(conn)} == {first.token, second.token, other.token}


def test_use_is_noted_at_most_once_a_minute(conn: Connection) -> None:
    token, held = made(conn)
    for seconds, noted in ((0, 0), (30, 0), (60, 60), (90, 60)):
        use_token(conn, held, NOW + timedelta(seconds=seconds))
        assert tokens_of(conn)[0].last_used_at == NOW + timedelta(seconds=noted)
    assert tokens_of(conn)[0].token == token.token


def test_requests_are_counted_in_windows(conn: Connection) -> None:
    token, window = made(conn)[0].token, timedelta(minutes=1)

    def used(seconds: int) -> int:
        return count_use(conn, token, now=NOW + timedelta(seconds=seconds), window=window).requests

    assert [used(s) for s in (0, 1, 59, 60, 61)] == [1, 2, 3, 1, 2]


KEY, ASKED = b"k" * 32, b"a" * 32


def test_asked_again_is_answered_as_before(conn: Connection) -> None:
    given: dict[str, Any] = {"organisation": BOARD.id, "key": KEY}
    assert begin_request(conn, **given, asked=ASKED, now=NOW) is None
    assert begin_request(conn, **given, asked=ASKED, now=NOW) is None
    answer_request(conn, **given, status=201, answer={"pupil": "x"})
    again = begin_request(conn, **given, asked=ASKED, now=NOW)
    assert again is not None
    assert (again.status, again.answer) == (201, {"pupil": "x"})
    with pytest.raises(KeyReused):
        begin_request(conn, **given, asked=b"b" * 32, now=NOW)
    assert begin_request(conn, organisation=SCHOOL.id, key=KEY, asked=b"b" * 32, now=NOW) is None
    forget_request(conn, **given)
    assert begin_request(conn, **given, asked=ASKED, now=NOW) == again


def test_what_came_to_nothing_leaves_the_key_free(conn: Connection) -> None:
    given: dict[str, Any] = {"organisation": BOARD.id, "key": KEY}
    begin_request(conn, **given, asked=ASKED, now=NOW)
    forget_request(conn, **given)
    assert begin_request(conn, **given, asked=b"b" * 32, now=NOW) is None


def test_which_ids_are_tokens(conn: Connection) -> None:
    token = made(conn)[0].token
    assert tokens_among(conn, [token, uuid4()]) == {token}


BOTH = Organisation(id=BOARD.id, kind="agency", code="BOARD", services={CAMHS.id: CAMHS, THERAPY.id: THERAPY})


def test_a_token_of_an_agency_is_for_its_services(conn: Connection) -> None:
    """The only one, those that are named, or the whole agency where somebody says so."""
    known = Directory.of([BOTH])
    today = NOW.date()
    assert made(conn, BOARD)[0].services == (CAMHS.id,)
    named, held = made(conn, BOTH, services=[THERAPY.id])
    assert use_token(conn, held, NOW) == named
    assert sight_of_token(named, known, today) == Sight(services=(THERAPY.id,))
    whole, held = made(conn, BOTH, whole_agency=True)
    assert use_token(conn, held, NOW) == whole
    assert sight_of_token(whole, known, today) == Sight(whole_agency=True)
    assert made(conn, SCHOOL)[0].services is None


@pytest.mark.parametrize(
    ("organisation", "wrong", "code"),
    [
        (BOTH, {}, "service_not_said"),
        (BOTH, {"services": [THERAPY.id], "whole_agency": True}, "service_or_whole_agency"),
        (BOARD, {"services": [THERAPY.id]}, "service_not_of_agency"),
        (SCHOOL, {"services": [THERAPY.id]}, "service_not_of_agency"),
    ],
)
def test_a_token_for_a_service_that_cannot_be(
    conn: Connection, organisation: Organisation, wrong: dict[str, Any], code: str
) -> None:
    with pytest.raises(Refusal, match=code):
        made(conn, organisation, **wrong)


def test_a_token_from_before_is_for_the_whole_agency(conn: Connection) -> None:
    old, held = made(conn, BOARD)
    conn.execute("update desk.token set services = null where token = %s", (old.token,))
    found = use_token(conn, held, NOW)
    assert found is not None
    assert sight_of_token(found, Directory.of([BOTH]), NOW.date()) == Sight(whole_agency=True)
