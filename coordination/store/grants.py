"""The roles and their rights, put right at every start.

A database that was restored without them (`pg_restore --no-privileges`, a server that never had our roles) is complete
but for who may do what. The migrations say it, once; here their statements run again.
"""

from __future__ import annotations

import re
from pathlib import Path

from psycopg import Connection
from psycopg.errors import UndefinedTable

from coordination.store.migrate import MIGRATIONS

ROLES = "0001_roles"
_ON_TABLES = re.compile(r"((?:grant|revoke) .*? on) (.*?) ((?:to|from) .*;)")
_DROPPED = re.compile(r'relation "([^"]+)" does not exist')
_STATEMENT = re.compile(r"^(?:grant|revoke)\b[^;]*;", re.MULTILINE)


def put_rights_right(connection: Connection, folder: Path = MIGRATIONS) -> None:
    """Make the roles where they are missing, and repeat every grant and revocation of the applied migrations, in order.

    `connection` is the owner's. The whole runs in one transaction. Raises psycopg.errors.InsufficientPrivilege for an
    owner who may not make roles on this server.
    """
    applied = {name for (name,) in connection.execute("select name from log.migration")}
    with connection.transaction():
        for path in sorted(folder.glob("*.sql")):
            if path.stem not in applied:
                continue
            text = path.read_text(encoding="utf-8")
            statements = [text] if path.stem == ROLES else _STATEMENT.findall(text)
            for statement in statements:
                _repeat(connection, statement)
        if connection.execute("select to_regclass('read.position') is not null").fetchone() == (True,):
            grant_reading(connection, "read")


def _repeat(connection: Connection, statement: str) -> None:
    """Carries out a statement for those of its tables that a later migration has not dropped."""
    while True:
        try:
            with connection.transaction():
                connection.execute(statement.encode())
            return
        except UndefinedTable as problem:
            found = _DROPPED.search(str(problem))
            start, tables, end = _tables(statement)
            if found is None or found[1] not in tables:
                raise
            left = [table for table in tables if table != found[1]]
            if not left:
                return
            statement = f"{start} {', '.join(left)} {end}"


def _tables(statement: str) -> tuple[str, list[str], str]:
    """A grant or revocation on tables in its parts: up to `on`, the tables, from `to` or `from`."""
    found = _ON_TABLES.fullmatch(" ".join(statement.split()))
    if found is None:
        return statement, [], ""
    return found[1], [table.strip() for table in found[2].split(",")], found[3]


def grant_reading(connection: Connection, schema: str) -> None:
    """Let the read role select from the tables of a read schema; what it sees there is for their policies to say."""
    connection.execute(f"grant usage on schema {schema} to cydlynu_read, cydlynu_append".encode())
    connection.execute(f"grant select on all tables in schema {schema} to cydlynu_read".encode())
    connection.execute(f"grant select on {schema}.position to cydlynu_append".encode())
