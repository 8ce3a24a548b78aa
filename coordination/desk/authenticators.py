"""Codes of an authenticator app (TOTP, RFC 6238) as the second step of signing in, and recovery codes for a lost one.

No code is accepted twice. A clock may be one period of thirty seconds ahead or behind.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
from base64 import b32encode
from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

import msgspec
import pyotp
from psycopg import Connection
from psycopg.rows import tuple_row

from coordination.desk.throttle import ThrottleLimits
from coordination.store.keys import OuterKeys
from coordination.store.sealed_values import SealedValue, open_value, seal_value

PERIOD = 30  # seconds
DRIFT = 1  # periods
RECOVERY_CODES = 10
CODE_LIMITS = ThrottleLimits(window=timedelta(hours=1), by_pair=5, by_address=60, by_username=10)
"""Wrong codes an hour. Who comes this far knows the password, so the limit of the account is a low one."""


def new_secret() -> str:
    """A fresh secret as text (base32, 160 bits)."""
    return pyotp.random_base32()


def provisioning_address(secret: str, username: str) -> str:
    """What the QR code says: the `otpauth:` address that an app reads."""
    return pyotp.TOTP(secret).provisioning_uri(name=username, issuer_name="Cydlynu")


def accepted_step(secret: str, code: str, now: datetime, last_step: int) -> int | None:
    """The period whose code this is, if it is no more than DRIFT away and after `last_step`; otherwise None. All
    periods are compared, each in constant time."""
    app = pyotp.TOTP(secret)
    current = int(now.timestamp()) // PERIOD
    found = None
    for step in range(current - DRIFT, current + DRIFT + 1):
        same = hmac.compare_digest(app.generate_otp(step).encode(), code.encode())
        if same and step > last_step:
            found = step
    return found


def new_recovery_codes() -> list[str]:
    """Fresh codes of 80 random bits, as they are shown once."""
    texts = [b32encode(secrets.token_bytes(10)).decode().lower() for _ in range(RECOVERY_CODES)]
    return ["-".join(text[at : at + 4] for at in range(0, 16, 4)) for text in texts]


def add_authenticator(
    conn: Connection, outer: OuterKeys, account: UUID, *, secret: str, code: str, now: datetime
) -> bool:
    """Store the secret of an app that has just shown `code`, in place of an earlier one; False for a wrong code."""
    step = accepted_step(secret, plain_code(code), now, last_step=-1)
    if step is None:
        return False
    sealed = seal_value(outer, secret.encode(), _about(account))
    sql = """insert into desk.authenticator (account, wrapped, wrapped_by, sealed, added_at, last_step)
             values (%s, %s, %s, %s, %s, %s)
             on conflict (account) do update set
               wrapped = excluded.wrapped, wrapped_by = excluded.wrapped_by, sealed = excluded.sealed,
               added_at = excluded.added_at, last_step = excluded.last_step"""
    conn.execute(sql, (account, sealed.wrapped, sealed.wrapped_by, sealed.sealed, now, step))
    return True


def remove_authenticator(conn: Connection, account: UUID) -> bool:
    """Remove the app and its recovery codes; whether there was one."""
    conn.execute("delete from desk.recovery_code where account = %s", (account,))
    return conn.execute("delete from desk.authenticator where account = %s", (account,)).rowcount == 1


def use_code(conn: Connection, outer: OuterKeys, account: UUID, typed: str, now: datetime) -> str | None:
    """Use up a code of the app (`code`) or a recovery code (`recovery`); None when it is neither, or was used before.
    The account's row is locked, so that of two at once only one is accepted."""
    sql = """select wrapped, wrapped_by, sealed, last_step from desk.authenticator
             where account = %s for update"""
    with conn.cursor(row_factory=tuple_row) as cursor:
        row = cursor.execute(sql, (account,)).fetchone()
    if row is None:
        return None
    code = plain_code(typed)
    secret = open_value(outer, SealedValue(*row[:3]), _about(account)).decode()
    step = accepted_step(secret, code, now, row[3])
    if step is not None:
        conn.execute("update desk.authenticator set last_step = %s where account = %s", (step, account))
        return "code"
    used = conn.execute(
        """update desk.recovery_code set used_at = %s
           where account = %s and code_hash = %s and used_at is null""",
        (now, account, _code_hash(code)),
    )
    return "recovery" if used.rowcount else None


def replace_recovery_codes(conn: Connection, account: UUID, codes: Sequence[str]) -> None:
    """Store these codes; earlier ones are no longer good."""
    conn.execute("delete from desk.recovery_code where account = %s", (account,))
    with conn.cursor() as cursor:
        cursor.executemany(
            "insert into desk.recovery_code (account, code_hash) values (%s, %s)",
            [(account, _code_hash(plain_code(code))) for code in codes],
        )


class AuthenticatorState(msgspec.Struct, frozen=True):
    """Since when an account has an app, and how many recovery codes are left."""

    added_at: datetime
    codes_left: int


def authenticator_of(conn: Connection, account: UUID) -> AuthenticatorState | None:
    """The account's app, or None."""
    sql = """select added_at, (select count(*) from desk.recovery_code c
                               where c.account = a.account and c.used_at is null)
             from desk.authenticator a where account = %s"""
    with conn.cursor(row_factory=tuple_row) as cursor:
        row = cursor.execute(sql, (account,)).fetchone()
    return AuthenticatorState(*row) if row else None


def plain_code(typed: str) -> str:
    """A code without the blanks and hyphens that people type or copy with it."""
    return "".join(typed.split()).replace("-", "").lower()[:40]


def _code_hash(code: str) -> bytes:
    # 80 random bits: a plain hash is enough
    return hashlib.sha256(code.encode()).digest()


def _about(account: UUID) -> bytes:
    return b"authenticator " + account.bytes
