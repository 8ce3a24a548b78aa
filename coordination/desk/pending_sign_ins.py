"""Sign-ins whose first step was right and whose code is still to come. The browser holds a random token, the database
its hash."""

from __future__ import annotations

from datetime import datetime, timedelta

import msgspec
from psycopg import Connection
from psycopg.rows import tuple_row

from coordination.desk.accounts import Account, account_of
from coordination.desk.sessions import hash_of

GOOD_FOR = timedelta(minutes=10)


class PendingSignIn(msgspec.Struct, frozen=True):
    """Whose code is to come, and through which outside provider they came, if any."""

    account: Account
    issuer: str | None = None
    provider_session: str | None = None


def keep_pending(conn: Connection, pending: PendingSignIn, *, token: str, now: datetime) -> None:
    """Keep it under a fresh random token; expired ones are deleted."""
    conn.execute("delete from desk.pending_sign_in where expires_at <= %s", (now,))
    sql = """insert into desk.pending_sign_in (token_hash, account, expires_at, issuer, provider_session)
             values (%s, %s, %s, %s, %s)"""
    values = (
        hash_of(token),
        pending.account.account,
        now + GOOD_FOR,
        pending.issuer,
        pending.provider_session,
    )
    conn.execute(sql, values)


def pending_of(conn: Connection, token: str, now: datetime) -> PendingSignIn | None:
    """What waits under this token; None when it is unknown or expired, or its account was closed."""
    sql = """select p.issuer, p.provider_session,
                    a.account, a.person, a.organisation, a.role, a.username, a.display_name, a.language
             from desk.pending_sign_in p join desk.account a using (account)
             where p.token_hash = %s and p.expires_at > %s and a.disabled_at is null"""
    with conn.cursor(row_factory=tuple_row) as cursor:
        row = cursor.execute(sql, (hash_of(token), now)).fetchone()
    if row is None:
        return None
    issuer, provider_session, *account = row
    return PendingSignIn(account_of(tuple(account)), issuer, provider_session)


def end_pending(conn: Connection, token: str) -> bool:
    """It is done with; False when another request was first."""
    sql = "delete from desk.pending_sign_in where token_hash = %s"
    return conn.execute(sql, (hash_of(token),)).rowcount == 1
