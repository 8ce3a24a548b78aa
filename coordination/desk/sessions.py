"""Sessions of signed-in people. The browser holds a random token, the database its hash."""

from __future__ import annotations

import hashlib
from datetime import datetime, timedelta
from typing import Literal
from uuid import UUID

import msgspec
from psycopg import Connection
from psycopg.rows import class_row, tuple_row

from coordination.desk.accounts import Account, account_of
from coordination.desk.co_signing import AWAITING, CO_SIGNERS, COUNT, STOPS, is_stopped
from coordination.desk.places import Place

SecondFactor = Literal["code", "provider"]
"""What was asked besides the password: a code of the person's app, or whatever the outside provider asks."""


class SessionLength(msgspec.Struct, frozen=True):
    """How long a session lasts without use and in total, and how old `seen_at` may be before it is updated."""

    idle: timedelta = timedelta(minutes=60)
    whole: timedelta = timedelta(hours=12)
    touch: timedelta = timedelta(minutes=1)


class SessionOrigin(msgspec.Struct, frozen=True):
    """How a session began: the kind of browser in a few words, the second factor, and of an outside provider its
    issuer and its own id of the session."""

    browser: str | None = None
    second_factor: SecondFactor | None = None
    issuer: str | None = None
    provider_session: str | None = None


class Session(msgspec.Struct, frozen=True):
    """A signed-in browser. `over` means that it has ended: `account` then only says whose it was. `chosen`: the place
    of `account` is the one that the person chose for this session. `key` tells it apart in a list. The role is
    AWAITING as long as the person's role at that place waits for a co-signature; `to_co_sign` is how much waits for
    theirs."""

    account: Account
    csrf: str
    created_at: datetime
    ends_at: datetime
    over: bool
    chosen: bool = False
    key: UUID | None = None
    second_factor: SecondFactor | None = None
    to_co_sign: int = 0


def open_session(
    conn: Connection,
    account: Account,
    *,
    token: str,
    csrf: str,
    now: datetime,
    length: SessionLength,
    origin: SessionOrigin | None = None,
) -> Session:
    """Begin a session for a fresh random `token`; delete sessions that ended more than a day ago."""
    conn.execute("delete from desk.session where expires_at < %s", (now - timedelta(days=1),))
    sql = """insert into desk.session (token_hash, account, csrf, created_at, seen_at, expires_at,
                                       browser, second_factor, issuer, provider_session)
             values (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s) returning session"""
    ends = now + length.whole
    origin = origin or SessionOrigin()
    values = (hash_of(token), account.account, csrf, now, now, ends, *msgspec.structs.astuple(origin))
    with conn.cursor(row_factory=tuple_row) as cursor:
        row = cursor.execute(sql, values).fetchone()
    key = row[0] if row else None
    if is_stopped(conn, "role", account.person, account.organisation, account.role):
        account = msgspec.structs.replace(account, role=AWAITING)
    return Session(
        account,
        csrf,
        now,
        min(ends, now + length.idle),
        over=False,
        key=key,
        second_factor=origin.second_factor,
    )


_PLACE = {
    "organisation": "coalesce(s.organisation, a.organisation)",
    "role": "coalesce(s.role, a.role)",
}

_SESSION = """select s.csrf, s.created_at, s.seen_at, s.expires_at, a.disabled_at is not null,
       s.organisation is not null, s.session, s.second_factor, s.service,
       a.account, a.person, {organisation}, case when {stopped} then '{awaiting}' else {role} end,
       a.username, a.display_name, a.language, case when {role} = any(%s) then {count} else 0 end
from desk.session s join desk.account a using (account) where s.token_hash = %s""".format(
    **_PLACE,
    awaiting=AWAITING,
    stopped=STOPS.format(kind="role", subject="a.person", **_PLACE),
    count=COUNT.format(person="a.person", **_PLACE),
)


def session_of(conn: Connection, token: str, *, now: datetime, length: SessionLength) -> Session | None:
    """The session of this token, with its last use updated; None when there is none.

    One query, and one update when the last use is more than `length.touch` ago.
    """
    with conn.cursor(row_factory=tuple_row) as cursor:
        row = cursor.execute(_SESSION, (list(CO_SIGNERS), hash_of(token))).fetchone()
    if row is None:
        return None
    (
        csrf,
        created_at,
        seen_at,
        expires_at,
        disabled,
        chosen,
        key,
        second_factor,
        service,
        *account,
        to_co_sign,
    ) = row
    over = disabled or now >= expires_at or now >= seen_at + length.idle
    if not over and now >= seen_at + length.touch:
        conn.execute("update desk.session set seen_at = %s where token_hash = %s", (now, hash_of(token)))
    ends_at = min(expires_at, seen_at + length.idle) if over else min(expires_at, now + length.idle)
    return Session(
        account_of(tuple(account), service),
        csrf,
        created_at,
        ends_at,
        over=over,
        chosen=chosen,
        key=key,
        second_factor=second_factor,
        to_co_sign=to_co_sign,
    )


def choose_place(conn: Connection, token: str, place: Place | None) -> None:
    """Sets the desk of the session (None: that of the account). The caller has checked that it is the person's."""
    values = (place.organisation, place.role, place.service) if place else (None, None, None)
    conn.execute(
        "update desk.session set organisation = %s, role = %s, service = %s where token_hash = %s",
        (*values, hash_of(token)),
    )


def end_session(conn: Connection, token: str) -> None:
    """Sign out: the token is no longer valid."""
    conn.execute("delete from desk.session where token_hash = %s", (hash_of(token),))


class OpenSession(msgspec.Struct, frozen=True, kw_only=True):
    """A session in a list of an account's sessions."""

    session: UUID
    browser: str | None
    created_at: datetime
    seen_at: datetime
    second_factor: SecondFactor | None
    issuer: str | None


def open_sessions(
    conn: Connection, account: UUID, *, now: datetime, length: SessionLength
) -> list[OpenSession]:
    """The sessions of an account that have not ended, the last used first."""
    sql = """select session, browser, created_at, seen_at, second_factor, issuer from desk.session
             where account = %s and expires_at > %s and seen_at > %s order by seen_at desc, session"""
    with conn.cursor(row_factory=class_row(OpenSession)) as cursor:
        return cursor.execute(sql, (account, now, now - length.idle)).fetchall()


def end_one_session(conn: Connection, account: UUID, session: UUID) -> bool:
    """End a session of an account; False when the account has no such session."""
    sql = "delete from desk.session where account = %s and session = %s"
    return conn.execute(sql, (account, session)).rowcount == 1


def end_sessions(conn: Connection, account: UUID, *, but: UUID | None = None) -> int:
    """End all sessions of an account, except one, and the sign-ins that wait for their code; how many sessions."""
    conn.execute("delete from desk.pending_sign_in where account = %s", (account,))
    sql = "delete from desk.session where account = %s and session is distinct from %s"
    return conn.execute(sql, (account, but)).rowcount


def second_factor_added(conn: Connection, session: UUID) -> None:
    """The person of this session has just shown a code of their app."""
    conn.execute("update desk.session set second_factor = 'code' where session = %s", (session,))


def hash_of(token: str) -> bytes:
    """What a table holds instead of a token. The token is 256 random bits: a plain hash is enough, nothing can be
    guessed."""
    return hashlib.sha256(token.encode()).digest()
