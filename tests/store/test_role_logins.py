"""The roles that the service works as are logins of their own, with no way to the owner."""

from __future__ import annotations

import contextlib
import subprocess
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
from psycopg.conninfo import conninfo_to_dict, make_conninfo

from coordination.store import server
from coordination.store.migrate import MigrationRefused, migrate
from coordination.store.roles import APPEND, READ, as_role, password_of

ESCAPES = (
    "reset role",
    "set role none",
    "set role cydlynu",
    "set local role cydlynu",
    "set session authorization cydlynu",
    "reset session authorization",
    "select set_config('role', 'cydlynu', false)",
    "set role app",
    f"grant cydlynu to {READ}",
    "alter role cydlynu_read createrole",
)


@pytest.mark.parametrize("role", [READ, APPEND])
def test_no_statement_makes_a_connection_of_a_role_the_owner_s(database: str, role: str) -> None:
    with psycopg.connect(as_role(database, role), autocommit=True) as link:
        for statement in ESCAPES:
            with contextlib.suppress(psycopg.errors.InsufficientPrivilege):
                link.execute(statement.encode())
            assert link.execute("select current_user, session_user").fetchone() == (role, role), statement
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                link.execute("delete from log.event")
    mine = "select count(*) from pg_auth_members where member = %s::regrole"
    with psycopg.connect(database) as link:
        assert link.execute(mine, [role]).fetchone() == (0,)


@pytest.mark.parametrize(
    "address",
    [
        "postgresql://ann:s%20x@db.example:5433/cyd?sslmode=require",
        "host=db.example port=5433 dbname=cyd user=ann password='s x' sslmode=require",
    ],
)
def test_any_form_of_address_becomes_the_role_s_with_its_own_password(address: str) -> None:
    before, read, append = map(conninfo_to_dict, (address, as_role(address, READ), as_role(address, APPEND)))
    assert (read["user"], append["user"]) == (READ, APPEND)
    assert len({before["password"], read["password"], append["password"]}) == 3
    assert {**read, "user": "ann", "password": "s x"} == before


def test_an_address_without_a_password_gives_the_roles_none() -> None:
    assert conninfo_to_dict(as_role("host=db.example user=ann", READ)) == {"host": "db.example", "user": READ}


def test_other_options_of_the_address_are_kept(database: str) -> None:
    address = make_conninfo(database, options="-c statement_timeout=4321")
    address = as_role(address, READ, jit="off", application_name=r"a b\c")
    query = (
        "select current_user, current_setting('statement_timeout'), current_setting('jit'),"
        " current_setting('application_name')"
    )
    with psycopg.connect(address) as link:
        assert link.execute(query).fetchone() == (READ, "4321ms", "off", r"a b\c")


def test_a_setting_cannot_smuggle_in_another() -> None:
    with pytest.raises(ValueError, match="not the name of a setting"):
        as_role("dbname=x", READ, **{"jit=off -c role": "postgres"})


@pytest.fixture(scope="module")
def guarded(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, Path]]:
    """The owner's address, with a password, on a server that asks for one; and the server's pg_hba.conf."""
    folder = tmp_path_factory.mktemp("guarded")
    with server.database(folder, None, durable=False) as address:
        rules = folder / "postgres/cluster/pg_hba.conf"
        rules.write_text("local all app trust\nlocal all all scram-sha-256\n")
        administrator = make_conninfo(address, user=server.ADMINISTRATOR, dbname="postgres")
        with psycopg.connect(administrator, autocommit=True) as link:
            link.execute("alter role cydlynu password 'first secret'")
            link.execute("select pg_reload_conf()")
        yield make_conninfo(address, password="first secret"), rules


def test_on_a_server_with_passwords_the_roles_follow_the_owner_s(guarded: tuple[str, Path]) -> None:
    address, rules = guarded
    migrate(address)
    for role in (READ, APPEND):
        with psycopg.connect(as_role(address, role)) as link:
            assert link.execute("select session_user").fetchone() == (role,)
    with pytest.raises(psycopg.OperationalError, match="password authentication failed"):
        psycopg.connect(make_conninfo(as_role(address, READ), password="first secret"))

    with psycopg.connect(address, autocommit=True) as link:  # the operator changes the owner's password
        link.execute("alter role cydlynu password 'second secret'")
    changed = make_conninfo(address, password="second secret")
    with pytest.raises(psycopg.OperationalError, match="password authentication failed"):
        psycopg.connect(as_role(changed, READ))
    assert migrate(changed) == []
    with psycopg.connect(as_role(changed, READ)) as link:
        assert link.execute("select session_user").fetchone() == (READ,)

    rules.write_text("local all app trust\nlocal all cydlynu scram-sha-256\n")
    with psycopg.connect(changed, user=server.ADMINISTRATOR, password=None) as link:
        link.execute("select pg_reload_conf()")
    with pytest.raises(MigrationRefused, match=r"no pg_hba\.conf entry"):
        migrate(changed)


def test_the_password_is_stable_and_tells_nothing_of_the_owner_s() -> None:
    # worked out with `printf cydlynu_read | openssl dgst -sha256 -hmac secret`
    given = subprocess.run(
        ["openssl", "dgst", "-sha256", "-hmac", "secret", "-r"],
        input=READ.encode(),
        capture_output=True,
        check=True,
    )
    assert password_of("user=ann password=secret", READ) == given.stdout.split()[0].decode()
