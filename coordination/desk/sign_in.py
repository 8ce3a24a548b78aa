"""Signing in, from a typed name and password to a session."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import datetime
from uuid import UUID

import msgspec
from psycopg import Connection

from coordination.desk.accounts import account_for_sign_in, change_password_hash, normal_username
from coordination.desk.passwords import Passwords
from coordination.desk.sessions import Session, SessionLength, open_session
from coordination.desk.throttle import (
    ThrottleLimits,
    TooManyAttempts,
    attempt_succeeded,
    begin_attempt,
    key_of,
)

Connect = Callable[[], AbstractContextManager[Connection]]


class WrongPassword(msgspec.Struct, frozen=True):
    """No such username, a closed account or a wrong password; the answer does not reveal which."""


class SignInAttempt(msgspec.Struct, frozen=True, kw_only=True):
    """One attempt to sign in. `attempt`, `token` and `csrf` are fresh and random; `address` is the browser's."""

    attempt: UUID
    username: str
    password: str
    address: str
    now: datetime
    token: str
    csrf: str


def sign_in(
    connect: Connect,
    passwords: Passwords,
    attempt: SignInAttempt,
    *,
    secret: bytes,
    limits: ThrottleLimits,
    length: SessionLength,
) -> Session | WrongPassword | TooManyAttempts:
    """Try to sign in. `connect` opens a transaction; none is held while the password is being checked."""
    with connect() as conn:
        wait = begin_attempt(
            conn,
            attempt=attempt.attempt,
            username_key=key_of(secret, "username " + normal_username(attempt.username)),
            address_key=key_of(secret, "address " + attempt.address),
            now=attempt.now,
            limits=limits,
        )
        if wait is not None:
            return wait
        found = account_for_sign_in(conn, attempt.username)
    account, kept = found or (None, None)
    if not passwords.verify(kept, attempt.password) or account is None or kept is None:
        return WrongPassword()
    fresh = passwords.hash(attempt.password) if passwords.outdated(kept) else None
    with connect() as conn:
        attempt_succeeded(conn, attempt.attempt)
        if fresh is not None:
            change_password_hash(conn, account.account, fresh)
        return open_session(
            conn, account, token=attempt.token, csrf=attempt.csrf, now=attempt.now, length=length
        )
