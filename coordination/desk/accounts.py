"""Who may sign in: one account for one person in one role at one organisation."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

import msgspec
from psycopg import Connection
from psycopg.errors import UniqueViolation
from psycopg.rows import TupleRow, tuple_row

from coordination.desk.account_log import BY_THE_SERVICE, AccountChange, ChangedBy, note_account
from coordination.errors import Refusal


class Account(msgspec.Struct, frozen=True, kw_only=True):
    """An account as the pages, the API and the command line see it: without its password hash. `language` is `en` or
    `cy`. In a session, `organisation` and `role` are those of the desk that was chosen, and `service` its service."""

    account: UUID
    person: UUID
    organisation: UUID
    role: str
    username: str
    display_name: str
    language: str
    service: UUID | None = None


def normal_username(typed: str) -> str:
    """A username in its normal form: no surrounding spaces, no capitals, NFKC."""
    return unicodedata.normalize("NFKC", typed).casefold().strip()[:100]


def add_account(
    conn: Connection,
    account: Account,
    *,
    password_hash: str,
    created_at: datetime,
    by: ChangedBy = BY_THE_SERVICE,
) -> None:
    """Store a new account in the transaction of `conn`. Raises Refusal `username_taken`; the transaction can still be
    used."""
    values = (
        account.account,
        account.person,
        account.organisation,
        account.role,
        normal_username(account.username),
        account.display_name,
        account.language,
        password_hash,
        created_at,
    )
    sql = """insert into desk.account (account, person, organisation, role, username, display_name, language,
                                       password_hash, created_at)
             values (%s, %s, %s, %s, %s, %s, %s, %s, %s)"""
    try:
        with conn.transaction():
            conn.execute(sql, values)
            note_account(
                conn, account.account, AccountChange.OPENED, by=by, at=created_at, **_place_of(account)
            )
    except UniqueViolation as clash:
        if clash.diag.constraint_name == "account_username_key":
            raise Refusal("username_taken", "username") from None
        raise


def account_for_sign_in(conn: Connection, username: str) -> tuple[Account, str] | None:
    """The open account of this name with its password hash, or None."""
    sql = """select account, person, organisation, role, username, display_name, language, password_hash
             from desk.account where username = %s and disabled_at is null"""
    with conn.cursor(row_factory=tuple_row) as cursor:
        row = cursor.execute(sql, (normal_username(username),)).fetchone()
    return (account_of(row[:-1]), row[-1]) if row else None


def account_named(conn: Connection, username: str) -> AccountSummary | None:
    """The account of this name, open or closed, or None."""
    sql = f"select {_COLUMNS} from desk.account where username = %s"  # noqa: S608
    with conn.cursor(row_factory=tuple_row) as cursor:
        row = cursor.execute(sql.encode(), (normal_username(username),)).fetchone()
    return _summary(row) if row else None


def account_known(conn: Connection, account: UUID) -> AccountSummary | None:
    """The account of this id, open or closed, or None."""
    sql = f"select {_COLUMNS} from desk.account where account = %s"  # noqa: S608
    with conn.cursor(row_factory=tuple_row) as cursor:
        row = cursor.execute(sql.encode(), (account,)).fetchone()
    return _summary(row) if row else None


def reopen_account(
    conn: Connection, account: Account, *, password_hash: str, at: datetime, by: ChangedBy
) -> None:
    """Open a closed account again for its owner, at the place and with the language that `account` says. Raises Refusal
    `username_taken` for an account that is open, or is another person's."""
    sql = """update desk.account set disabled_at = null, password_hash = %s, organisation = %s, role = %s,
                                     display_name = %s, language = %s
             where account = %s and person = %s and disabled_at is not null"""
    values = (
        password_hash,
        account.organisation,
        account.role,
        account.display_name,
        account.language,
        account.account,
        account.person,
    )
    if conn.execute(sql, values).rowcount == 0:
        raise Refusal("username_taken", "username")
    note_account(conn, account.account, AccountChange.REOPENED, by=by, at=at, **_place_of(account))


def any_account(conn: Connection) -> bool:
    """Whether any account is open, so that somebody can sign in."""
    sql = "select exists (select from desk.account where disabled_at is null)"
    with conn.cursor(row_factory=tuple_row) as cursor:
        row = cursor.execute(sql).fetchone()
    return row is not None and bool(row[0])


class AccountSummary(msgspec.Struct, frozen=True, kw_only=True):
    """An account in an administrator's list; `disabled_at` is None for an open account."""

    account: Account
    created_at: datetime
    disabled_at: datetime | None


def accounts_of(conn: Connection, people: Iterable[UUID]) -> dict[UUID, list[AccountSummary]]:
    """The accounts of some people, the open ones first, then by username."""
    sql = f"""select {_COLUMNS} from desk.account where person = any(%s)
              order by disabled_at is not null, username"""  # noqa: S608
    found: dict[UUID, list[AccountSummary]] = {}
    with conn.cursor(row_factory=tuple_row) as cursor:
        for row in cursor.execute(sql.encode(), (list(people),)):
            known = _summary(row)
            found.setdefault(known.account.person, []).append(known)
    return found


def change_password_hash(conn: Connection, account: UUID, password_hash: str) -> None:
    """Replace the account's password hash."""
    conn.execute("update desk.account set password_hash = %s where account = %s", (password_hash, account))


def choose_language(conn: Connection, account: UUID, language: str) -> None:
    """Store the language (`en`, `cy`) in which this person reads."""
    conn.execute("update desk.account set language = %s where account = %s", (language, account))


def disable_account(conn: Connection, account: UUID, at: datetime, *, by: ChangedBy = BY_THE_SERVICE) -> None:
    """Close an account, end its sessions and its unused links. Does nothing for an account that is already closed."""
    sql = "update desk.account set disabled_at = %s where account = %s and disabled_at is null"
    if conn.execute(sql, (at, account)).rowcount:
        note_account(conn, account, AccountChange.CLOSED, by=by, at=at)
    conn.execute("delete from desk.session where account = %s", (account,))
    conn.execute("delete from desk.pending_sign_in where account = %s", (account,))
    conn.execute("delete from desk.reset_link where account = %s and used_at is null", (account,))


def move_account(
    conn: Connection, account: UUID, organisation: UUID, role: str, *, at: datetime, by: ChangedBy
) -> None:
    """Gives the account another first place: where the person still works after leaving this one. Sessions go on
    there."""
    sql = "update desk.account set organisation = %s, role = %s where account = %s"
    conn.execute(sql, (organisation, role, account))
    conn.execute(
        "update desk.session set organisation = null, role = null, service = null where account = %s",
        (account,),
    )
    note_account(conn, account, AccountChange.MOVED, by=by, at=at, role=role, organisation=str(organisation))


_COLUMNS = "account, person, organisation, role, username, display_name, language, created_at, disabled_at"


def _summary(row: TupleRow) -> AccountSummary:
    *columns, created_at, disabled_at = row
    return AccountSummary(account=account_of(tuple(columns)), created_at=created_at, disabled_at=disabled_at)


def _place_of(account: Account) -> dict[str, str]:
    return {"role": account.role, "organisation": str(account.organisation)}


def account_of(row: TupleRow, service: UUID | None = None) -> Account:
    """An account from its seven columns, in the order of the fields of `Account`."""
    account, person, organisation, role, username, display_name, language = row
    return Account(
        account=account,
        person=person,
        organisation=organisation,
        role=role,
        username=username,
        display_name=display_name,
        language=language,
        service=service,
    )
