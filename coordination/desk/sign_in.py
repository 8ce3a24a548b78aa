"""Signing in: from a typed name and password, and then perhaps a code, to a session."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from datetime import datetime
from typing import Literal
from uuid import UUID

import msgspec
from psycopg import Connection

from coordination.desk.account_log import AccountChange, ChangedBy, note_account
from coordination.desk.accounts import (
    Account,
    account_for_sign_in,
    change_password_hash,
    normal_username,
)
from coordination.desk.authenticators import CODE_LIMITS, authenticator_of, use_code
from coordination.desk.passwords import Passwords
from coordination.desk.pending_sign_ins import PendingSignIn, end_pending, keep_pending, pending_of
from coordination.desk.sessions import Session, SessionLength, SessionOrigin, open_session
from coordination.desk.throttle import (
    ThrottleLimits,
    TooManyAttempts,
    attempt_succeeded,
    begin_attempt,
    key_of,
)
from coordination.store.keys import OuterKeys

Connect = Callable[[], AbstractContextManager[Connection]]


class WrongPassword(msgspec.Struct, frozen=True):
    """No such username, a closed account or a wrong password; the answer does not reveal which."""


class CodeNeeded(msgspec.Struct, frozen=True):
    """The first step was right: the browser's token now stands for a sign-in that waits for its code."""

    account: Account


class WrongCode(msgspec.Struct, frozen=True):
    """Not a code of the account's app, or one that was used before."""


class SignInExpired(msgspec.Struct, frozen=True):
    """The first step was too long ago."""


class SignInAttempt(msgspec.Struct, frozen=True, kw_only=True):
    """One attempt to sign in. `attempt`, `token` and `csrf` are fresh and random; `address` is the browser's.
    `devices`: the accounts that this browser is known to, each with the random text that its device cookie has for
    it."""

    attempt: UUID
    username: str
    password: str
    address: str
    now: datetime
    token: str
    csrf: str
    devices: Mapping[UUID, str] = {}
    browser: str | None = None


class CodeAttempt(msgspec.Struct, frozen=True, kw_only=True):
    """One attempt to give the code. `pending` is the token of the first step; the others as in SignInAttempt."""

    attempt: UUID
    pending: str
    code: str
    address: str
    now: datetime
    token: str
    csrf: str
    browser: str | None = None


def sign_in(
    connect: Connect,
    passwords: Passwords,
    attempt: SignInAttempt,
    *,
    secret: bytes,
    limits: ThrottleLimits,
    length: SessionLength,
) -> Session | CodeNeeded | WrongPassword | TooManyAttempts:
    """Try to sign in. `connect` opens a transaction; none is held while the password is being checked."""
    with connect() as conn:
        found = account_for_sign_in(conn, attempt.username)
        wait = begin_attempt(
            conn,
            attempt=attempt.attempt,
            username_key=key_of(secret, "username " + normal_username(attempt.username)),
            address_key=key_of(secret, "address " + attempt.address),
            device_key=_device_key(secret, found[0], attempt.devices) if found else None,
            now=attempt.now,
            limits=limits,
        )
        if wait is not None:
            return wait
    account, kept = found or (None, None)
    if not passwords.verify(kept, attempt.password) or account is None or kept is None:
        return WrongPassword()
    fresh = passwords.hash(attempt.password) if passwords.outdated(kept) else None
    with connect() as conn:
        attempt_succeeded(conn, attempt.attempt)
        if fresh is not None:
            change_password_hash(conn, account.account, fresh)
        if authenticator_of(conn, account.account) is not None:
            keep_pending(conn, PendingSignIn(account), token=attempt.token, now=attempt.now)
            return CodeNeeded(account)
        return open_session(
            conn,
            account,
            token=attempt.token,
            csrf=attempt.csrf,
            now=attempt.now,
            length=length,
            origin=SessionOrigin(attempt.browser),
        )


def give_code(
    connect: Connect, outer: OuterKeys, attempt: CodeAttempt, *, secret: bytes, length: SessionLength
) -> Session | WrongCode | SignInExpired | TooManyAttempts:
    """The second step of signing in."""
    with connect() as conn:
        pending = pending_of(conn, attempt.pending, attempt.now)
        if pending is None:
            return SignInExpired()
        account = pending.account
        outcome = check_code(
            conn,
            outer,
            account,
            attempt.code,
            attempt=attempt.attempt,
            address=attempt.address,
            now=attempt.now,
            secret=secret,
        )
        if outcome is not True:
            return outcome or WrongCode()
        if not end_pending(conn, attempt.pending):
            return SignInExpired()
        origin = SessionOrigin(attempt.browser, "code", pending.issuer, pending.provider_session)
        return open_session(
            conn,
            account,
            token=attempt.token,
            csrf=attempt.csrf,
            now=attempt.now,
            length=length,
            origin=origin,
        )


def check_code(
    conn: Connection,
    outer: OuterKeys,
    account: Account,
    typed: str,
    *,
    attempt: UUID,
    address: str,
    now: datetime,
    secret: bytes,
) -> Literal[True] | TooManyAttempts | None:
    """Whether this is a code of the account's app, or a recovery code; it is used up. None: it is neither."""
    wait = begin_attempt(
        conn,
        attempt=attempt,
        username_key=key_of(secret, f"code {account.account}"),
        address_key=key_of(secret, "codes from " + address),
        now=now,
        limits=CODE_LIMITS,
    )
    if wait is not None:
        return wait
    kind = use_code(conn, outer, account.account, typed, now)
    if kind is None:
        return None
    attempt_succeeded(conn, attempt)
    if kind == "recovery":
        by = ChangedBy(account.person, account.organisation)
        note_account(conn, account.account, AccountChange.RECOVERY_CODE_USED, by=by, at=now)
    return True


def check_own_password(
    connect: Connect,
    passwords: Passwords,
    account: Account,
    typed: str,
    *,
    attempt: UUID,
    now: datetime,
    secret: bytes,
    limits: ThrottleLimits,
) -> bool | TooManyAttempts:
    """Whether somebody who is signed in knows the account's password, before they change how it is entered. Counted by
    the account alone: nobody else can use this up."""
    with connect() as conn:
        key = key_of(secret, f"own password {account.account}")
        wait = begin_attempt(conn, attempt=attempt, username_key=key, address_key=key, now=now, limits=limits)
        if wait is not None:
            return wait
        found = account_for_sign_in(conn, account.username)
    if not passwords.verify(found[1] if found else None, typed):
        return False
    with connect() as conn:
        attempt_succeeded(conn, attempt)
    return True


def _device_key(secret: bytes, account: Account, devices: Mapping[UUID, str]) -> bytes | None:
    known = devices.get(account.account)
    return None if known is None else key_of(secret, f"device {account.account} {known}")
