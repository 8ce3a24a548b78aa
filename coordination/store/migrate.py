"""Bring a database up to date: the numbered SQL files of `migrations`, in order, once each, and the roles' logins."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Collection
from pathlib import Path
from typing import NamedTuple

import psycopg
from psycopg import sql

from coordination.store.roles import (
    APPEND,
    READ,
    SignInRefused,
    as_role,
    can_sign_in,
    login_statements,
    make_logins,
)

__all__ = ["APPEND", "MIGRATIONS", "READ", "MigrationRefused", "RolesMissing", "as_role", "migrate"]

MIGRATIONS = Path(__file__).with_name("migrations")

_LOCK = 0x63_79_64_6C_79_6E_75  # "cydlynu": one migration at a time in one database
_FILE = re.compile(r"(\d{4})_[a-z0-9_]+\.sql")

_LEDGER = """
create schema if not exists log;
create table if not exists log.migration (
    name text primary key,
    sha256 text not null,
    applied_at timestamptz not null default clock_timestamp()
);
"""


class MigrationRefused(RuntimeError):
    """The database cannot be brought up to date; the text says why and what to do. No migration was half applied."""


class RolesMissing(MigrationRefused):
    """The login may not create the roles that it needs; the text holds the exact SQL for an administrator."""


class _Migration(NamedTuple):
    name: str
    text: str
    sha256: str


def migrate(conninfo: str, folder: Path = MIGRATIONS, only: Collection[str] | None = None) -> list[str]:
    """Apply what is missing and return the names applied, in order; [] when the database is up to date.

    `conninfo` is the owner's address. Each file runs in its own transaction, recorded in `log.migration` with
    its hash. Two processes may migrate at once: the second waits and finds nothing to do. A file changed
    after it was applied, and a database newer than the program, raise `MigrationRefused` before anything
    runs; a login without the rights raises `RolesMissing`. Before anything runs, the roles that the service works
    as can sign in. `only` names the migrations to apply (None: all).
    """
    migrations = [found for found in _files(folder) if only is None or found.name in only]
    with psycopg.connect(conninfo, autocommit=True) as link:
        link.execute("select pg_advisory_lock(%s)", [_LOCK])
        try:
            with link.transaction():
                if not _exists(link, "log.migration"):
                    link.execute(_LEDGER)
            waiting = _waiting(link, migrations)
            make_logins(link, conninfo)
            for migration in waiting:
                _apply(link, migration)
        except SignInRefused as refused:
            raise MigrationRefused(
                "The database server does not let a role of the service sign in. Allow it where the server says who "
                f"may connect (pg_hba.conf); see the README, Operations.\n\n{refused}"
            ) from refused
        except psycopg.errors.InsufficientPrivilege as error:
            statements = _for_the_administrator(link, conninfo)
            if not statements:
                raise
            raise RolesMissing(
                "The database login may not make what the service needs. "
                "Let an administrator of the database run:\n\n" + "\n".join(statements)
            ) from error
    return [migration.name for migration in waiting]


def _files(folder: Path) -> list[_Migration]:
    found: dict[str, _Migration] = {}
    for path in sorted(folder.glob("*.sql")):
        named = _FILE.fullmatch(path.name)
        if not named or named[1] in found:
            raise MigrationRefused(f"{path.name} is not a new NNNN_name.sql: each number is used once.")
        text = path.read_text(encoding="utf-8")  # with \n as line ending, whatever the checkout uses
        found[named[1]] = _Migration(path.stem, text, hashlib.sha256(text.encode()).hexdigest())
    return list(found.values())


def _waiting(link: psycopg.Connection, migrations: list[_Migration]) -> list[_Migration]:
    applied: dict[str, str] = dict(link.execute("select name, sha256 from log.migration").fetchall())
    unknown = sorted(applied.keys() - {migration.name for migration in migrations})
    if unknown:
        raise MigrationRefused(
            f"The database is newer than this program: it has {', '.join(unknown)}. Use the newer program."
        )
    for migration in migrations:
        if applied.get(migration.name, migration.sha256) != migration.sha256:
            raise MigrationRefused(
                f"{migration.name} was changed after it was applied to this database. "
                "Restore the file, and write the change as a new migration."
            )
    return [migration for migration in migrations if migration.name not in applied]


def _apply(link: psycopg.Connection, migration: _Migration) -> None:
    with link.transaction():
        link.execute(migration.text.encode())  # without parameters: a file may hold many statements
        link.execute(
            "insert into log.migration (name, sha256) values (%s, %s)", [migration.name, migration.sha256]
        )


def _for_the_administrator(link: psycopg.Connection, conninfo: str) -> list[str]:
    """The statements that the login may not run itself, or [] when it was refused for another reason."""
    login = sql.Identifier(str(_value(link, "select current_user")))
    database = sql.Identifier(str(_value(link, "select current_database()")))
    statements: list[sql.Composed] = []
    for role in (APPEND, READ):
        if not can_sign_in(link, conninfo, role):
            statements += (one + sql.SQL(";") for one in login_statements(link, conninfo, role))
    ungranted = [sql.Identifier(role) for role in (APPEND, READ) if not _can_take(link, role)]
    if ungranted:
        statements.append(sql.SQL("GRANT {} TO {};").format(sql.SQL(", ").join(ungranted), login))
    if not _value(link, "select has_database_privilege(current_database(), 'CREATE')"):
        statements.append(sql.SQL("GRANT CREATE ON DATABASE {} TO {};").format(database, login))
    return [statement.as_string(link) for statement in statements]


def _can_take(link: psycopg.Connection, role: str) -> bool:
    """Whether the login can work as the role; in every version of PostgreSQL the only reliable test is to try."""
    try:
        with link.transaction(force_rollback=True):
            link.execute(sql.SQL("set local role {}").format(sql.Identifier(role)))
    except psycopg.DatabaseError:
        return False
    return True


def _exists(link: psycopg.Connection, table: str) -> bool:
    return _value(link, "select to_regclass(%s) is not null", table) is True


def _value(link: psycopg.Connection, query: str, *parameters: object) -> object:
    row = link.execute(query, parameters).fetchone()
    assert row is not None
    return row[0]
