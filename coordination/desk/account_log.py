"""The log of accounts: what happened to which account, and by whom. Rows are only added. It holds ids and codes, no
names, and is no part of the organisations' streams, which every process reads."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from enum import StrEnum
from uuid import UUID

import msgspec
from psycopg import Connection
from psycopg.rows import class_row, tuple_row
from psycopg.types.json import Jsonb


class AccountChange(StrEnum):
    """What can happen to an account."""

    OPENED = "opened"
    REOPENED = "reopened"
    CLOSED = "closed"
    MOVED = "moved"
    ROLE_GIVEN = "role_given"
    PASSWORD_CHANGED = "password_changed"  # noqa: S105 - a code, not a password
    PASSWORD_RESET = "password_reset"  # noqa: S105
    RESET_LINK_MADE = "reset_link_made"
    RESET_ASKED = "reset_asked"
    TOTP_ADDED = "totp_added"
    TOTP_REMOVED = "totp_removed"
    RECOVERY_CODES_MADE = "recovery_codes_made"
    RECOVERY_CODE_USED = "recovery_code_used"
    SESSIONS_ENDED = "sessions_ended"
    PROVIDER_LINKED = "provider_linked"
    PROVIDER_UNLINKED = "provider_unlinked"
    CO_SIGNED = "co_signed"
    CO_SIGNATURE_DECLINED = "co_signature_declined"


class ChangedBy(msgspec.Struct, frozen=True):
    """Who changed an account: a person, working at an organisation. Without a person the service did it by itself."""

    person: UUID | None = None
    organisation: UUID | None = None


BY_THE_SERVICE = ChangedBy()


class AccountEntry(msgspec.Struct, frozen=True, kw_only=True):
    """A row of the log. `detail` holds codes, ids and counts only."""

    entry: int
    at: datetime
    account: UUID
    person: UUID
    by_person: UUID | None
    by_organisation: UUID | None
    what: str
    detail: Mapping[str, str | int]


def note_account(
    conn: Connection,
    account: UUID,
    what: AccountChange,
    *,
    by: ChangedBy,
    at: datetime,
    **detail: str | int,
) -> None:
    """Add a row in the transaction of `conn`, so that neither the change nor its row is kept without the other.
    `detail` are codes, ids as text and counts: never a name. An unknown account adds nothing."""
    sql = """insert into desk.account_log (at, account, person, by_person, by_organisation, what, detail)
             select %s, account, person, %s, %s, %s, %s from desk.account where account = %s"""
    conn.execute(sql, (at, by.person, by.organisation, what.value, Jsonb(detail), account))


def entries_about(conn: Connection, people: Iterable[UUID], *, first: int, most: int) -> list[AccountEntry]:
    """The rows about the accounts of some people, the newest first: `most` rows after the first `first`."""
    sql = """select entry, at, account, person, by_person, by_organisation, what, detail
             from desk.account_log where person = any(%s) order by entry desc offset %s limit %s"""
    with conn.cursor(row_factory=class_row(AccountEntry)) as cursor:
        return cursor.execute(sql, (list(people), first, most)).fetchall()


def count_about(conn: Connection, people: Iterable[UUID]) -> int:
    """How many rows there are about the accounts of some people."""
    with conn.cursor(row_factory=tuple_row) as cursor:
        sql = "select count(*) from desk.account_log where person = any(%s)"
        row = cursor.execute(sql, (list(people),)).fetchone()
    return int(row[0]) if row else 0
