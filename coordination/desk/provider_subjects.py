"""Accounts at an outside provider of sign-ins (OpenID Connect): which account of ours a subject there belongs to."""

from __future__ import annotations

from datetime import datetime

import msgspec
from psycopg import Connection
from psycopg.rows import tuple_row

from coordination.desk.account_log import BY_THE_SERVICE, AccountChange, ChangedBy, note_account
from coordination.desk.accounts import Account, account_of
from coordination.desk.authenticators import authenticator_of
from coordination.desk.pending_sign_ins import PendingSignIn, keep_pending
from coordination.desk.sessions import SecondFactor, Session, SessionLength, SessionOrigin, open_session
from coordination.desk.sign_in import CodeNeeded
from coordination.errors import Refusal


class ProvidedIdentity(msgspec.Struct, frozen=True, kw_only=True):
    """What a provider has vouched for: its issuer, the subject, its own id of the session (perhaps none), and whether
    it asked for a second factor."""

    issuer: str
    subject: str
    provider_session: str | None = None
    second_factor: bool = False


def account_of_subject(conn: Connection, issuer: str, subject: str) -> Account | None:
    """The open account that is linked to a subject, or None."""
    sql = """select a.account, a.person, a.organisation, a.role, a.username, a.display_name, a.language
             from desk.provider_subject s join desk.account a using (account)
             where s.issuer = %s and s.subject = %s and a.disabled_at is null"""
    with conn.cursor(row_factory=tuple_row) as cursor:
        row = cursor.execute(sql, (issuer, subject)).fetchone()
    return account_of(row) if row else None


def sign_in_with_provider(
    conn: Connection,
    identity: ProvidedIdentity,
    *,
    token: str,
    csrf: str,
    now: datetime,
    length: SessionLength,
    browser: str | None = None,
) -> Session | CodeNeeded | None:
    """Open a session for the account that is linked to the subject; None when none is. An account with an authenticator
    app is asked for its code, unless the provider has asked for a second factor."""
    account = account_of_subject(conn, identity.issuer, identity.subject)
    if account is None:
        return None
    if not identity.second_factor and authenticator_of(conn, account.account) is not None:
        pending = PendingSignIn(account, identity.issuer, identity.provider_session)
        keep_pending(conn, pending, token=token, now=now)
        return CodeNeeded(account)
    second: SecondFactor | None = "provider" if identity.second_factor else None
    origin = SessionOrigin(browser, second, identity.issuer, identity.provider_session)
    return open_session(conn, account, token=token, csrf=csrf, now=now, length=length, origin=origin)


def link_subject(conn: Connection, account: Account, identity: ProvidedIdentity, *, now: datetime) -> None:
    """Link the subject to its owner's account, in place of an earlier one there. Raises Refusal
    `provider_linked_elsewhere` when it belongs to another account."""
    conn.execute(
        "delete from desk.provider_subject where issuer = %s and account = %s",
        (identity.issuer, account.account),
    )
    linked = conn.execute(
        """insert into desk.provider_subject (issuer, subject, account, linked_at) values (%s, %s, %s, %s)
           on conflict (issuer, subject) do nothing""",
        (identity.issuer, identity.subject, account.account, now),
    )
    if linked.rowcount == 0:
        raise Refusal("provider_linked_elsewhere")
    by = ChangedBy(account.person, account.organisation)
    note_account(conn, account.account, AccountChange.PROVIDER_LINKED, by=by, at=now)


def unlink_subject(conn: Connection, account: Account, issuer: str, *, now: datetime) -> None:
    """Remove the account's link to this provider, if it has one."""
    gone = conn.execute(
        "delete from desk.provider_subject where issuer = %s and account = %s", (issuer, account.account)
    )
    if gone.rowcount:
        by = ChangedBy(account.person, account.organisation)
        note_account(conn, account.account, AccountChange.PROVIDER_UNLINKED, by=by, at=now)


def is_linked(conn: Connection, account: Account, issuer: str) -> bool:
    """Whether the account is linked to a subject of this provider."""
    sql = "select 1 from desk.provider_subject where issuer = %s and account = %s"
    return conn.execute(sql, (issuer, account.account)).fetchone() is not None


def end_provider_sessions(
    conn: Connection, issuer: str, *, subject: str | None, provider_session: str | None, now: datetime
) -> int:
    """End what the provider has signed out: one of its sessions, or all sessions of a subject that began there; how
    many. With both, only the sessions that match both. Sign-ins that wait for their code end too."""
    given = {"issuer": issuer, "subject": subject, "session": provider_session}
    match = """d.issuer = %(issuer)s
               and (%(session)s::text is null or d.provider_session = %(session)s)
               and (%(subject)s::text is null or d.account in (
                    select account from desk.provider_subject
                    where issuer = %(issuer)s and subject = %(subject)s))"""
    conn.execute(f"delete from desk.pending_sign_in d where {match}".encode(), given)  # noqa: S608
    with conn.cursor(row_factory=tuple_row) as cursor:
        ended = cursor.execute(
            f"delete from desk.session d where {match} returning account".encode(),  # noqa: S608
            given,
        ).fetchall()
    for account in {row[0] for row in ended}:
        note_account(conn, account, AccountChange.SESSIONS_ENDED, by=BY_THE_SERVICE, at=now)
    return len(ended)
