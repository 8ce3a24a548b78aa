"""The log of accounts: rows are only added, with ids and codes."""

from datetime import timedelta

import psycopg
import pytest

from coordination.desk.account_log import (
    AccountChange,
    ChangedBy,
    entries_about,
    note_account,
)
from tests.desk.conftest import NOW, account


def test_what_happened_to_a_persons_account_is_told_newest_first(conn, nia):
    huw = account("huw")
    by = ChangedBy(huw.person, huw.organisation)
    note_account(conn, nia.account, AccountChange.PASSWORD_RESET, by=by, at=NOW + timedelta(days=1))
    newest, oldest = entries_about(conn, [nia.person], first=0, most=10)
    assert (newest.what, newest.by_person, newest.by_organisation) == (
        "password_reset",
        huw.person,
        huw.organisation,
    )
    assert (oldest.what, oldest.by_person) == ("opened", None)
    assert oldest.detail == {"role": "alnco", "organisation": str(nia.organisation)}
    assert entries_about(conn, [nia.person], first=1, most=1) == [oldest]
    assert entries_about(conn, [huw.person], first=0, most=10) == []


@pytest.mark.parametrize(
    "change",
    [
        "update desk.account_log set what = 'closed'",
        "delete from desk.account_log",
        "truncate desk.account_log",
    ],
)
def test_nobody_changes_a_row(conn, database, nia, change):
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        conn.execute(change)
    with psycopg.connect(database) as owner, pytest.raises(psycopg.Error, match="append-only"):
        owner.execute(change)
    assert len(entries_about(conn, [nia.person], first=0, most=10)) == 1
