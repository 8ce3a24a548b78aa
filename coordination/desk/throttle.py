"""Limits on sign-in attempts, by username and by address, shared by all processes."""

from __future__ import annotations

import hashlib
import hmac
from datetime import datetime, timedelta
from uuid import UUID

import msgspec
from psycopg import Connection
from psycopg.rows import tuple_row


class ThrottleLimits(msgspec.Struct, frozen=True):
    """Failures allowed within the window. A whole school may share an address, so an address is allowed more."""

    window: timedelta = timedelta(minutes=15)
    by_username: int = 6
    by_address: int = 60


class TooManyAttempts(msgspec.Struct, frozen=True):
    """Too many failures: the instant from which another attempt is accepted."""

    at: datetime


def key_of(secret: bytes, value: str) -> bytes:
    """What the table holds instead of a username or an address."""
    return hmac.digest(secret, value.encode(), hashlib.sha256)


def begin_attempt(
    conn: Connection,
    *,
    attempt: UUID,
    username_key: bytes,
    address_key: bytes,
    now: datetime,
    limits: ThrottleLimits,
) -> TooManyAttempts | None:
    """Count an attempt *before* its password is checked, so that many at once cannot pass; None: continue.

    It counts as a failure until `attempt_succeeded`. Rejected attempts are not counted.
    """
    # both keys in one order, so that two attempts never deadlock; both locks end with the transaction
    for key in sorted((username_key, address_key)):
        conn.execute("select pg_advisory_xact_lock(%s)", (int.from_bytes(key[:8], "big", signed=True),))
    since = now - limits.window
    last = (
        _nth_last(conn, _FAILURES_OF_USERNAME, username_key, since, limits.by_username),
        _nth_last(conn, _FAILURES_FROM_ADDRESS, address_key, since, limits.by_address),
    )
    until = max((at + limits.window for at in last if at is not None), default=None)
    if until is not None:
        return TooManyAttempts(until)
    forget = now - max(limits.window, timedelta(days=1))
    conn.execute("delete from desk.sign_in_attempt where at < %s", (forget,))
    sql = "insert into desk.sign_in_attempt (attempt, username_key, address_key, at) values (%s, %s, %s, %s)"
    conn.execute(sql, (attempt, username_key, address_key, now))
    return None


def attempt_succeeded(conn: Connection, attempt: UUID) -> None:
    """The password was right: this attempt is no failure, and earlier failures of the username no longer count."""
    conn.execute("update desk.sign_in_attempt set succeeded = true where attempt = %s", (attempt,))


# a success clears the username, not the address: otherwise one's own account would allow guessing at all others
_FAILURES_OF_USERNAME = """
    select at from desk.sign_in_attempt
    where username_key = %(key)s and at > %(since)s and not succeeded
      and at > coalesce((select max(at) from desk.sign_in_attempt
                         where username_key = %(key)s and at > %(since)s and succeeded), '-infinity')
    order by at desc offset %(before)s limit 1"""
_FAILURES_FROM_ADDRESS = """
    select at from desk.sign_in_attempt
    where address_key = %(key)s and at > %(since)s and not succeeded
    order by at desc offset %(before)s limit 1"""


def _nth_last(conn: Connection, sql: str, key: bytes, since: datetime, most: int) -> datetime | None:
    """The instant of the `most`th last failure, which must leave the window first."""
    with conn.cursor(row_factory=tuple_row) as cursor:
        row = cursor.execute(sql, {"key": key, "since": since, "before": most - 1}).fetchone()
    return row[0] if row else None
