"""`cydlynu token`: a token printed once opens what it says, until it is revoked."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

import psycopg
import pytest

from coordination.desk.tokens import Token, use_token
from coordination.service import Coordination
from coordination.store.migrate import as_role
from tests.county import BOARD, SCHOOL, build
from tests.scripts.conftest import NOW, Cydlynu

SCOPES = ("--scope", "pupils:read", "--scope", "referrals:write")


@pytest.fixture
def desk(cydlynu: Cydlynu, record: Coordination) -> Cydlynu:
    build(record)
    return cydlynu


def held(desk: Cydlynu, secret: str) -> Token | None:
    with psycopg.connect(as_role(desk.database, "cydlynu_append")) as connection:
        return use_token(connection, secret, NOW)


def test_made_out_listed_and_revoked(desk: Cydlynu) -> None:
    said = desk("token", "create", "--organisation", "6994001", *SCOPES, "--label", "SIMS", "--days", "30")
    assert said.status == 0
    secret = said.out.strip()
    found = held(desk, secret)
    assert found is not None
    assert (found.organisation, found.role, found.label) == (SCHOOL, "alnco", "SIMS")
    assert found.scopes == ("pupils:read", "referrals:write")
    assert (found.expires_at - NOW) == timedelta(days=30)
    listed = desk("token", "list")
    assert secret not in listed.out + said.err
    ((token, code, role, standing, *_),) = listed.lines
    assert (UUID(token), code, role) == (found.token, "6994001", "alnco")
    assert standing.startswith("valid until 2026-04-01")
    assert desk("token", "revoke", token).status == 0
    over = held(desk, secret)
    assert over is not None
    assert over.revoked_at == NOW
    assert "revoked" in desk("token", "list", "--organisation", "6994001").out
    assert desk("token", "list", "--organisation", "BOARD").out == ""


def test_an_agency_and_an_authority(desk: Cydlynu) -> None:
    for code, role in (("BOARD", "clinician"), ("699", "auditor")):
        said = desk("token", "create", "--organisation", code, "--scope", "reports:read")
        found = held(desk, said.out.strip())
        assert found is not None
        assert found.role == role
        assert (found.organisation == BOARD) == (code == "BOARD")


@pytest.mark.parametrize(
    "wrong",
    [
        ("--organisation", "NOSUCH", "--scope", "pupils:read"),
        ("--organisation", "reference", "--scope", "pupils:read"),
        ("--organisation", "BOARD"),
        ("--organisation", "BOARD", "--scope", "everything"),
        ("--organisation", "BOARD", "--scope", "pupils:read", "--days", "0"),
        ("--organisation", "BOARD", "--scope", "pupils:read", "--label", "x" * 101),
    ],
)
def test_what_is_refused(desk: Cydlynu, wrong: tuple[str, ...]) -> None:
    said = desk("token", "create", *wrong)
    assert (said.status, said.out) == (1, "")
    assert desk("token", "list").out == ""


def test_a_token_that_is_none_cannot_be_revoked(desk: Cydlynu) -> None:
    assert desk("token", "revoke", str(UUID(int=7))).status == 1
    assert desk("token", "revoke", "x").status == 1
