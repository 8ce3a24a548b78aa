"""Migrations run once each, in order, and say what an administrator must do."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
from psycopg import sql
from psycopg.conninfo import make_conninfo

from coordination.store import server
from coordination.store.migrate import (
    APPEND,
    MIGRATIONS,
    READ,
    MigrationRefused,
    RolesMissing,
    as_role,
    migrate,
)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "0001_hats.sql").write_text(
        "create table log.hat (size int);\ninsert into log.hat values (7);\n"
    )
    (tmp_path / "0002_coats.sql").write_text("create table log.coat (size int);\n")
    return tmp_path


def rows(conninfo: str, query: str) -> list[tuple]:
    with psycopg.connect(conninfo) as link:
        return link.execute(query).fetchall()


def test_files_run_in_order_and_once(empty_database: str, folder: Path) -> None:
    assert migrate(empty_database, folder) == ["0001_hats", "0002_coats"]
    assert migrate(empty_database, folder) == []
    (folder / "0003_shoes.sql").write_text("create table log.shoe ()")
    assert migrate(empty_database, folder) == ["0003_shoes"]
    assert rows(empty_database, "select size from log.hat") == [(7,)]
    recorded = rows(empty_database, "select name, length(sha256) from log.migration order by name")
    assert recorded == [("0001_hats", 64), ("0002_coats", 64), ("0003_shoes", 64)]


def test_a_file_edited_after_it_was_applied_is_refused(empty_database: str, folder: Path) -> None:
    migrate(empty_database, folder)
    (folder / "0002_coats.sql").write_text("create table log.coat (size int, colour text);\n")
    (folder / "0003_shoes.sql").write_text("create table log.shoe ()")
    with pytest.raises(MigrationRefused, match="0002_coats was changed after it was applied"):
        migrate(empty_database, folder)
    assert rows(empty_database, "select to_regclass('log.shoe')") == [(None,)]


def test_other_line_ends_are_no_edit(empty_database: str, folder: Path) -> None:
    migrate(empty_database, folder)
    file = folder / "0001_hats.sql"
    file.write_bytes(file.read_bytes().replace(b"\n", b"\r\n"))
    assert migrate(empty_database, folder) == []


def test_a_database_newer_than_the_program_is_refused(empty_database: str, folder: Path) -> None:
    migrate(empty_database, folder)
    (folder / "0002_coats.sql").unlink()
    with pytest.raises(MigrationRefused, match="newer than this program: it has 0002_coats"):
        migrate(empty_database, folder)


@pytest.mark.parametrize("name", ["0002_boots.sql", "3_boots.sql", "boots.sql", "0003-boots.sql"])
def test_a_file_with_a_bad_or_used_number_is_refused(empty_database: str, folder: Path, name: str) -> None:
    (folder / name).write_text("select 1")
    with pytest.raises(MigrationRefused, match="each number is used once"):
        migrate(empty_database, folder)
    assert rows(empty_database, "select to_regclass('log.migration')") == [(None,)]


def test_a_failing_file_leaves_nothing_of_itself(empty_database: str, folder: Path) -> None:
    (folder / "0002_coats.sql").write_text("create table log.coat (); select 1 / 0;")
    with pytest.raises(psycopg.errors.DivisionByZero):
        migrate(empty_database, folder)
    assert rows(empty_database, "select to_regclass('log.hat') is not null, to_regclass('log.coat')") == [
        (True, None)
    ]
    (folder / "0002_coats.sql").write_text("create table log.coat ()")
    assert migrate(empty_database, folder) == ["0002_coats"]


def at_once(*calls: tuple[str, Path]) -> list[list[str]]:
    """Migrate several databases at the same moment; the results, or the first error."""
    start = threading.Barrier(len(calls))
    results: list[list[str] | Exception] = []

    def run(conninfo: str, folder: Path) -> None:
        start.wait()
        try:
            results.append(migrate(conninfo, folder))
        except Exception as error:  # handed to the test below
            results.append(error)

    threads = [threading.Thread(target=run, args=call) for call in calls]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for result in results:
        if isinstance(result, Exception):
            raise result
    return [result for result in results if isinstance(result, list)]


def test_two_programs_migrate_one_database_at_once(empty_database: str, folder: Path) -> None:
    results = at_once(*[(empty_database, folder)] * 4)
    assert sorted(results) == [[], [], [], ["0001_hats", "0002_coats"]]


@pytest.fixture(scope="module")
def own_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with server.database(tmp_path_factory.mktemp("roles"), None, durable=False) as address:
        yield address


class Cluster:
    """A server of our own on which the group roles do not exist yet."""

    def __init__(self, link: psycopg.Connection, owner: str) -> None:
        self.link = link
        self.owner = owner
        self.databases: list[str] = []
        self.logins: list[str] = []

    def do(self, statement: str, *names: str) -> None:
        self.link.execute(sql.SQL(statement).format(*map(sql.Identifier, names)))

    def database(self) -> str:
        name = f"roles {len(self.databases)}"
        self.do("create database {}", name)
        self.databases.append(name)
        return make_conninfo(self.owner, dbname=name)

    def login(self, conninfo: str) -> str:
        """The same database for a login that may do nothing but what it is granted."""
        name = f'Plain "{len(self.logins)}"'
        self.do("create role {} login nocreaterole nocreatedb", name)
        self.logins.append(name)
        return make_conninfo(conninfo, user=name)

    def has(self, role: str) -> bool:
        return bool(self.link.execute("select 1 from pg_roles where rolname = %s", [role]).fetchone())


@pytest.fixture
def cluster(own_server: str) -> Iterator[Cluster]:
    with psycopg.connect(own_server, autocommit=True) as link:
        cluster = Cluster(link, own_server)
        assert not cluster.has(APPEND)
        yield cluster
        for name in cluster.databases:
            cluster.do("drop database {}", name)  # waits for connections that are just being closed
        for role in (APPEND, READ, *cluster.logins):
            cluster.do("drop role if exists {}", role)


ROLES = "0001_roles"


@pytest.fixture
def only_roles(tmp_path: Path) -> Path:
    (tmp_path / f"{ROLES}.sql").write_text((MIGRATIONS / f"{ROLES}.sql").read_text())
    return tmp_path


def test_the_first_migration_makes_roles_and_schemas(cluster: Cluster, only_roles: Path) -> None:
    database = cluster.database()
    assert migrate(database, only_roles) == [ROLES]
    for role in (APPEND, READ):
        as_it = as_role(database, role)
        assert rows(as_it, "select current_user, session_user") == [(role, role)]
        usage = "select nspname from pg_namespace where has_schema_privilege(nspname, 'usage') order by 1"
        assert {"log", "read", "desk"} <= {name for (name,) in rows(as_it, usage)}
        for schema in ("log", "read", "desk", "public"):
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                rows(as_it, f"create table {schema}.mine ()")
    powers = "select bool_or(rolsuper or rolcreaterole or rolcreatedb or rolbypassrls) from pg_roles"
    assert rows(database, powers + f" where rolname in ('{APPEND}', '{READ}')") == [(False,)]


def test_databases_of_one_cluster_share_the_roles_even_at_once(cluster: Cluster, only_roles: Path) -> None:
    databases = [cluster.database() for _ in range(4)]
    assert at_once(*[(database, only_roles) for database in databases]) == [[ROLES]] * 4
    for database in databases:
        assert rows(as_role(database, READ), "select current_user") == [(READ,)]


def test_a_plain_login_gets_the_exact_statements_for_the_administrator(
    cluster: Cluster, only_roles: Path
) -> None:
    database = cluster.database()
    plain = cluster.login(database)
    with pytest.raises(RolesMissing) as refused:
        migrate(plain, only_roles)
    text = str(refused.value)
    statements = text.split("\n\n", 1)[1].splitlines()
    assert statements == [
        'CREATE ROLE "cydlynu_append" LOGIN;',
        'CREATE ROLE "cydlynu_read" LOGIN;',
        'GRANT "cydlynu_append", "cydlynu_read" TO "Plain ""0""";',
        'GRANT CREATE ON DATABASE "roles 0" TO "Plain ""0""";',
    ]
    assert rows(database, "select to_regclass('log.migration')") == [(None,)]

    for statement in statements:  # what the administrator does with it is enough
        cluster.link.execute(statement.encode())
    assert migrate(plain, only_roles) == [ROLES]
    assert migrate(plain, only_roles) == []
    assert rows(as_role(plain, APPEND), "select current_user") == [(APPEND,)]


def test_only_what_is_missing_is_asked_of_the_administrator(cluster: Cluster, only_roles: Path) -> None:
    database = cluster.database()
    plain = cluster.login(database)
    cluster.do("create role {} nologin", APPEND)
    cluster.do("grant {} to {}", APPEND, cluster.logins[0])
    cluster.do("grant create on database {} to {}", cluster.databases[0], cluster.logins[0])
    cluster.do("create role {} nologin", READ)
    with pytest.raises(RolesMissing) as refused:
        migrate(plain, only_roles)
    assert str(refused.value).split("\n\n", 1)[1].splitlines() == [
        'ALTER ROLE "cydlynu_append" LOGIN;',
        'ALTER ROLE "cydlynu_read" LOGIN;',
        'GRANT "cydlynu_read" TO "Plain ""0""";',
    ]


def test_a_refusal_with_another_reason_is_not_taken_for_missing_roles(
    cluster: Cluster, only_roles: Path
) -> None:
    (only_roles / "0002_too_far.sql").write_text("select pg_read_file('/etc/hostname')")
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        migrate(cluster.database(), only_roles)


def test_all_migrations_of_the_project_run_for_a_plain_login(cluster: Cluster) -> None:
    database = cluster.database()
    plain = cluster.login(database)
    with pytest.raises(RolesMissing) as refused:
        migrate(plain)
    for statement in str(refused.value).split("\n\n", 1)[1].splitlines():
        cluster.link.execute(statement.encode())
    names = migrate(plain)
    assert names == sorted(names)
    assert names[0] == ROLES
    public = "select count(*) from pg_class where relnamespace = to_regnamespace('public')"
    assert rows(plain, public) == [(0,)]
