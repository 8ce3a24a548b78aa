"""Links with which the owner of an account sets a new password: random, shown or mailed once, good once, and only for a
while. The database holds their hash."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

import msgspec
from psycopg import Connection
from psycopg.rows import tuple_row

from coordination.desk.account_log import BY_THE_SERVICE, AccountChange, ChangedBy, note_account
from coordination.desk.account_messages import tell_account
from coordination.desk.accounts import Account, account_of, change_password_hash
from coordination.desk.sessions import end_sessions, hash_of

BY_HAND = timedelta(hours=24)
"""How long a link is good that an administrator hands over."""
BY_MAIL = timedelta(hours=1)
"""How long a link is good that was mailed."""
MOST_REQUESTS = 3
"""How many links by mail an account may ask for in a day."""


def make_reset_link(
    conn: Connection,
    account: UUID,
    *,
    secret: str,
    by: ChangedBy,
    now: datetime,
    good_for: timedelta = BY_HAND,
) -> datetime:
    """Make a link of a fresh random `secret`; earlier ones of the account end. Returns until when it is good."""
    forget_links(conn, account)
    sql = """insert into desk.reset_link (link_hash, account, made_at, made_by, expires_at)
             values (%s, %s, %s, %s, %s)"""
    conn.execute(sql, (hash_of(secret), account, now, by.person, now + good_for))
    note_account(conn, account, AccountChange.RESET_LINK_MADE, by=by, at=now)
    return now + good_for


def forget_links(conn: Connection, account: UUID) -> None:
    """End the links of an account that nobody has used."""
    conn.execute("delete from desk.reset_link where account = %s and used_at is null", (account,))


def account_of_link(conn: Connection, secret: str, now: datetime) -> Account | None:
    """The open account whose password the link sets; None when it is unknown, used or expired."""
    sql = """select a.account, a.person, a.organisation, a.role, a.username, a.display_name, a.language
             from desk.reset_link l join desk.account a using (account)
             where l.link_hash = %s and l.used_at is null and l.expires_at > %s and a.disabled_at is null"""
    with conn.cursor(row_factory=tuple_row) as cursor:
        row = cursor.execute(sql, (hash_of(secret), now)).fetchone()
    return account_of(row) if row else None


class UsedLink(msgspec.Struct, frozen=True):
    """A link that has just set the password of an account, and who made it."""

    account: Account
    made_by: ChangedBy


def use_reset_link(conn: Connection, secret: str, *, password_hash: str, now: datetime) -> UsedLink | None:
    """Set the password of the link's account and end all its sessions. Of two at once only one does; None for a link
    that is not good (any more)."""
    account = account_of_link(conn, secret, now)
    used = conn.execute(
        "update desk.reset_link set used_at = %s where link_hash = %s and used_at is null",
        (now, hash_of(secret)),
    )
    if account is None or used.rowcount == 0:
        return None
    change_password_hash(conn, account.account, password_hash)
    end_sessions(conn, account.account)
    by = ChangedBy(account.person, account.organisation)
    made_by = _maker(conn, account.account)
    note_account(conn, account.account, AccountChange.PASSWORD_RESET, by=by, at=now)
    tell_account(conn, "password_changed", account, now)
    return UsedLink(account, made_by)


def _maker(conn: Connection, account: UUID) -> ChangedBy:
    """Who made the account's last link: the only one that can be good."""
    sql = """select by_person, by_organisation from desk.account_log
             where account = %s and what = 'reset_link_made' order by entry desc limit 1"""
    with conn.cursor(row_factory=tuple_row) as cursor:
        row = cursor.execute(sql, (account,)).fetchone()
    return ChangedBy(*row) if row else BY_THE_SERVICE


def ask_by_mail(conn: Connection, request: UUID, account: UUID | None, now: datetime) -> None:
    """Note that a link was asked for; `account` is None for an unknown name. The worker sends the mail, so that the
    page does the same in the same time whether the account exists."""
    sql = "insert into desk.reset_request (request, account, at) values (%s, %s, %s)"
    conn.execute(sql, (request, account, now))


class AskedLink(msgspec.Struct, frozen=True):
    """An open account for which a link by mail was asked."""

    request: UUID
    account: Account


def take_requests(conn: Connection, now: datetime) -> list[AskedLink]:
    """Take away all requests; those of the last hour and of open accounts, once each and not more than MOST_REQUESTS a
    day, are returned and noted in the log of accounts."""
    sql = """with taken as (delete from desk.reset_request returning request, account, at)
             select distinct on (account) t.request, a.account, a.person, a.organisation, a.role, a.username,
                    a.display_name, a.language
             from taken t join desk.account a using (account)
             where a.disabled_at is null and t.at > %s
               and (select count(*) from desk.account_log g
                    where g.account = a.account and g.what = 'reset_asked' and g.at > %s) < %s"""
    with conn.cursor(row_factory=tuple_row) as cursor:
        rows = cursor.execute(sql, (now - BY_MAIL, now - timedelta(days=1), MOST_REQUESTS)).fetchall()
    asked = [AskedLink(request, account_of(tuple(account))) for request, *account in rows]
    for one in asked:
        note_account(conn, one.account.account, AccountChange.RESET_ASKED, by=BY_THE_SERVICE, at=now)
    return asked
