"""Sessions of signed-in people. The browser holds a random token, the database its hash."""

from __future__ import annotations

import hashlib
from datetime import datetime, timedelta

import msgspec
from psycopg import Connection
from psycopg.rows import tuple_row

from coordination.desk.accounts import Account, account_of
from coordination.desk.places import Place


class SessionLength(msgspec.Struct, frozen=True):
    """How long a session lasts without use and in total, and how old `seen_at` may be before it is updated."""

    idle: timedelta = timedelta(minutes=60)
    whole: timedelta = timedelta(hours=12)
    touch: timedelta = timedelta(minutes=1)


class Session(msgspec.Struct, frozen=True):
    """A signed-in browser. `over` means that it has ended: `account` then only says whose it was. `chosen`: the place
    of `account` is the one that the person chose for this session."""

    account: Account
    csrf: str
    created_at: datetime
    ends_at: datetime
    over: bool
    chosen: bool = False


def open_session(
    conn: Connection, account: Account, *, token: str, csrf: str, now: datetime, length: SessionLength
) -> Session:
    """Begin a session for a fresh random `token`; delete sessions that ended more than a day ago."""
    conn.execute("delete from desk.session where expires_at < %s", (now - timedelta(days=1),))
    sql = """insert into desk.session (token_hash, account, csrf, created_at, seen_at, expires_at)
             values (%s, %s, %s, %s, %s, %s)"""
    ends = now + length.whole
    conn.execute(sql, (_hash(token), account.account, csrf, now, now, ends))
    return Session(account, csrf, now, min(ends, now + length.idle), over=False)


def session_of(conn: Connection, token: str, *, now: datetime, length: SessionLength) -> Session | None:
    """The session of this token, with its last use updated; None when there is none.

    One query, and one update when the last use is more than `length.touch` ago.
    """
    sql = """select s.csrf, s.created_at, s.seen_at, s.expires_at, a.disabled_at is not null,
                    s.organisation is not null, s.service,
                    a.account, a.person, coalesce(s.organisation, a.organisation), coalesce(s.role, a.role),
                    a.username, a.display_name, a.language
             from desk.session s join desk.account a using (account) where s.token_hash = %s"""
    with conn.cursor(row_factory=tuple_row) as cursor:
        row = cursor.execute(sql, (_hash(token),)).fetchone()
    if row is None:
        return None
    csrf, created_at, seen_at, expires_at, disabled, chosen, service, *account = row
    over = disabled or now >= expires_at or now >= seen_at + length.idle
    if not over and now >= seen_at + length.touch:
        conn.execute("update desk.session set seen_at = %s where token_hash = %s", (now, _hash(token)))
    ends_at = min(expires_at, seen_at + length.idle) if over else min(expires_at, now + length.idle)
    return Session(account_of(tuple(account), service), csrf, created_at, ends_at, over=over, chosen=chosen)


def choose_place(conn: Connection, token: str, place: Place | None) -> None:
    """Sets the desk of the session (None: that of the account). The caller has checked that it is the person's."""
    values = (place.organisation, place.role, place.service) if place else (None, None, None)
    conn.execute(
        "update desk.session set organisation = %s, role = %s, service = %s where token_hash = %s",
        (*values, _hash(token)),
    )


def end_session(conn: Connection, token: str) -> None:
    """Sign out: the token is no longer valid."""
    conn.execute("delete from desk.session where token_hash = %s", (_hash(token),))


def _hash(token: str) -> bytes:
    # the token is 256 random bits: a plain hash is enough, nothing can be guessed
    return hashlib.sha256(token.encode()).digest()
