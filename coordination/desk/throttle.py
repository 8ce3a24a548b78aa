"""Limits on sign-in attempts, shared by all processes.

They cannot be used to lock somebody out whose username is known: failures count for the pair of username and address,
and for the address. A browser that has signed in to the account before (it holds a device cookie) is counted by itself
alone, so that the right password from it gets in whatever strangers do. After OWASP, "Slow Down Online Guessing Attacks
with Device Cookies". What many addresses together may try at one username is limited too, for strangers only: NIST
SP 800-63B section 5.2.2 asks for at most 100.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Mapping
from datetime import datetime, timedelta
from uuid import UUID

import msgspec
from psycopg import Connection
from psycopg.rows import tuple_row


class ThrottleLimits(msgspec.Struct, frozen=True):
    """Failures allowed within the window: of one username from one address, of one known browser, from one address (a
    whole school may share one, so it is allowed more), and of one username from all addresses."""

    window: timedelta = timedelta(minutes=15)
    by_pair: int = 6
    by_device: int = 6
    by_address: int = 60
    by_username: int = 100


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
    device_key: bytes | None = None,
) -> TooManyAttempts | None:
    """Count an attempt *before* its password is checked, so that many at once cannot pass; None: continue.

    `device_key` is of a browser known to the account. Once that browser has failed too often, it is a stranger. An
    attempt counts as a failure until `attempt_succeeded`. Rejected attempts are not counted.
    """
    # the keys in one order, so that two attempts never deadlock; the locks end with the transaction
    for key in sorted(key for key in (username_key, address_key, device_key) if key is not None):
        conn.execute("select pg_advisory_xact_lock(%s)", (int.from_bytes(key[:8], "big", signed=True),))
    given = {
        "username": username_key,
        "address": address_key,
        "device": device_key,
        "since": now - limits.window,
    }
    if device_key is not None and _nth_last(conn, _OF_DEVICE, given, limits.by_device) is not None:
        device_key = None
    if device_key is None:
        last = (
            _nth_last(conn, _OF_PAIR, given, limits.by_pair),
            _nth_last(conn, _FROM_ADDRESS, given, limits.by_address),
            _nth_last(conn, _OF_USERNAME, given, limits.by_username),
        )
        until = max((at + limits.window for at in last if at is not None), default=None)
        if until is not None:
            return TooManyAttempts(until)
    forget = now - max(limits.window, timedelta(days=1))
    conn.execute("delete from desk.sign_in_attempt where at < %s", (forget,))
    sql = """insert into desk.sign_in_attempt (attempt, username_key, address_key, device_key, at)
             values (%s, %s, %s, %s, %s)"""
    conn.execute(sql, (attempt, username_key, address_key, device_key, now))
    return None


def attempt_succeeded(conn: Connection, attempt: UUID) -> None:
    """The password was right: this attempt is no failure, and earlier failures of its pair, or of its known browser, no
    longer count."""
    conn.execute("update desk.sign_in_attempt set succeeded = true where attempt = %s", (attempt,))


# a success clears its own pair or browser, not the address: otherwise one's own account would allow guessing at all
# others; nor the username, which would let strangers go on after each sign-in of its owner
_OF_PAIR = """
    select at from desk.sign_in_attempt
    where username_key = %(username)s and address_key = %(address)s and device_key is null
      and at > %(since)s and not succeeded
      and at > coalesce((select max(at) from desk.sign_in_attempt
                         where username_key = %(username)s and address_key = %(address)s and device_key is null
                           and at > %(since)s and succeeded), '-infinity')
    order by at desc offset %(before)s limit 1"""
_OF_DEVICE = """
    select at from desk.sign_in_attempt
    where device_key = %(device)s and at > %(since)s and not succeeded
      and at > coalesce((select max(at) from desk.sign_in_attempt
                         where device_key = %(device)s and at > %(since)s and succeeded), '-infinity')
    order by at desc offset %(before)s limit 1"""
_FROM_ADDRESS = """
    select at from desk.sign_in_attempt
    where address_key = %(address)s and device_key is null and at > %(since)s and not succeeded
    order by at desc offset %(before)s limit 1"""
_OF_USERNAME = """
    select at from desk.sign_in_attempt
    where username_key = %(username)s and device_key is null and at > %(since)s and not succeeded
    order by at desc offset %(before)s limit 1"""


def _nth_last(conn: Connection, sql: str, given: Mapping[str, object], most: int) -> datetime | None:
    """The instant of the `most`th last failure, which must leave the window first."""
    with conn.cursor(row_factory=tuple_row) as cursor:
        row = cursor.execute(sql.encode(), {**given, "before": most - 1}).fetchone()
    return row[0] if row else None
