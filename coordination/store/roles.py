"""The two database roles that the service works as, and signing in as one.

`cydlynu_append` adds to the log and uses the desk; `cydlynu_read` sees what the row policies let it see. Each is a
login of its own and a member of no other role: a connection of one can become neither the other nor the owner,
whatever statement reaches it.

The private server lets in whoever may enter its socket's folder. For another server each role has a password worked
out from the owner's, so that there is one secret to keep, and no way back from a role's password to the owner's.
"""

from __future__ import annotations

import hmac
import re
import time
from collections.abc import Iterator

import psycopg
from psycopg import sql
from psycopg.conninfo import conninfo_to_dict, make_conninfo

APPEND = "cydlynu_append"
READ = "cydlynu_read"

_NAME = re.compile(r"[a-z_][a-z0-9_]*")
# Another database of the same server may be making or changing the same role ('tuple concurrently updated').
_AT_ONCE = (
    psycopg.errors.InternalError_,
    psycopg.errors.UniqueViolation,
    psycopg.errors.DuplicateObject,
)
_ATTEMPTS = 20


class SignInRefused(RuntimeError):
    """The server does not let one of the roles sign in, though it is as it should be; the text is the server's."""


def as_role(conninfo: str, role: str, **settings: str) -> str:
    """The same database, signed in as `role`; `conninfo` is the owner's address.

    Accepts a URL or `key=value` pairs and returns `key=value` pairs; all else in the address is kept. `settings` are
    run-time settings for these connections, such as `jit="off"`.
    """
    given = conninfo_to_dict(conninfo)
    options = [str(given["options"])] if given.get("options") else []
    for name, value in settings.items():
        if not _NAME.fullmatch(name):
            raise ValueError(f"not the name of a setting: {name!r}")
        options.append(f"-c {name}={_escaped(value)}")
    changed = {"user": role, "password": password_of(conninfo, role), "options": " ".join(options) or None}
    return make_conninfo(conninfo, **changed)


def password_of(conninfo: str, role: str) -> str | None:
    """The role's password, from that in the owner's address; None where the address has none."""
    owners = conninfo_to_dict(conninfo).get("password")
    return hmac.digest(str(owners).encode(), role.encode(), "sha256").hex() if owners else None


def make_logins(link: psycopg.Connection, conninfo: str) -> None:
    """Let both roles sign in to this database, with the password that belongs to the owner's address. Nothing is done
    when they can.

    `link` is the owner's, in autocommit mode. Raises psycopg.errors.InsufficientPrivilege when the owner may not
    change the roles (`login_statements` says what an administrator runs), and SignInRefused when the server still
    does not let one in.
    """
    for role in (APPEND, READ):
        refused = _refusal(link, conninfo, role)
        for _ in range(_ATTEMPTS):
            if refused is None:
                break
            try:
                for statement in login_statements(link, conninfo, role):
                    link.execute(statement)
            except _AT_ONCE:
                time.sleep(0.05)
            refused = _refusal(link, conninfo, role)
        if refused is not None:
            raise SignInRefused(refused)


def login_statements(link: psycopg.Connection, conninfo: str, role: str) -> Iterator[sql.Composed]:
    """What lets one role sign in: made or changed, and allowed to connect to the database. The password is given as
    its SCRAM verifier, from which it cannot be worked out."""
    password = password_of(conninfo, role)
    verb = "ALTER" if _exists(link, role) else "CREATE"
    statement = sql.SQL(f"{verb} ROLE {{}} LOGIN").format(sql.Identifier(role))
    if password is not None:
        verifier = link.pgconn.encrypt_password(password.encode(), role.encode(), b"scram-sha-256").decode()
        statement += sql.SQL(" PASSWORD {}").format(sql.Literal(verifier))
    yield statement
    if _exists(link, role) and not _value(
        link, "select has_database_privilege(%s, current_database(), 'connect')", role
    ):
        database = sql.Identifier(str(_value(link, "select current_database()")))
        yield sql.SQL("GRANT CONNECT ON DATABASE {} TO {}").format(database, sql.Identifier(role))


def can_sign_in(link: psycopg.Connection, conninfo: str, role: str) -> bool:
    """Whether the role is there and the server lets it in with its password."""
    return _refusal(link, conninfo, role) is None


def _refusal(link: psycopg.Connection, conninfo: str, role: str) -> str | None:
    """Why the role cannot sign in; None when it can. Only trying tells: no login may read another's password."""
    if not _exists(link, role):
        return f'role "{role}" does not exist'
    try:
        psycopg.connect(as_role(conninfo, role)).close()
    except psycopg.OperationalError as refused:
        return str(refused).strip()
    return None


def _exists(link: psycopg.Connection, role: str) -> bool:
    return bool(_value(link, "select count(*) from pg_catalog.pg_roles where rolname = %s", role))


def _escaped(value: str) -> str:
    """A value inside `options`, where a backslash keeps a blank from ending it."""
    return re.sub(r"([\s\\])", r"\\\1", value)


def _value(link: psycopg.Connection, query: str, *parameters: object) -> object:
    row = link.execute(query, parameters).fetchone()
    assert row is not None
    return row[0]
