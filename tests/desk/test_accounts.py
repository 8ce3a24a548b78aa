"""Accounts and their passwords."""

import unicodedata
from uuid import uuid4

import msgspec
import psycopg
import pytest

from coordination.desk.accounts import (
    account_for_sign_in,
    accounts_of,
    add_account,
    choose_language,
    disable_account,
    normal_username,
)
from coordination.desk.passwords import LONGEST, SHORTEST, PasswordCost, Passwords, check_new_password
from coordination.desk.sessions import SessionLength, open_session, session_of
from coordination.errors import Refusal
from coordination.store.migrate import READ, as_role
from tests.desk.conftest import NOW, account


def test_a_username_is_found_however_it_is_typed(conn, nia):
    found = account_for_sign_in(conn, "  NIA ")
    assert found is not None
    assert found[0] == nia


def test_a_username_has_one_form_in_either_normal_form():
    assert normal_username(unicodedata.normalize("NFD", "Gŵyneth")) == normal_username("GŴYNETH")


def test_a_username_taken_is_refused_and_the_transaction_goes_on(connect, nia):
    with connect() as conn:
        with pytest.raises(Refusal) as refused:
            add_account(conn, account("Nia"), password_hash="x", created_at=NOW)
        add_account(conn, account("cai"), password_hash="x", created_at=NOW)
    assert (refused.value.code, refused.value.field) == ("username_taken", "username")
    with connect() as conn:
        assert account_for_sign_in(conn, "cai") is not None


def test_a_disabled_account_cannot_sign_in_and_its_sessions_end(conn, nia):
    length = SessionLength()
    open_session(conn, nia, token="t", csrf="c", now=NOW, length=length)
    disable_account(conn, nia.account, NOW)
    assert account_for_sign_in(conn, "nia") is None
    assert session_of(conn, "t", now=NOW, length=length) is None


def test_the_language_chosen_is_kept(conn, nia):
    choose_language(conn, nia.account, "en")
    found = account_for_sign_in(conn, "nia")
    assert found is not None
    assert found[0].language == "en"


def test_a_language_that_is_not_ours_is_refused_by_the_database(conn, nia):
    with pytest.raises(psycopg.errors.CheckViolation):
        choose_language(conn, nia.account, "fr")


def test_the_reading_role_sees_nothing_of_the_desk(database, nia):
    with psycopg.connect(as_role(database, READ), autocommit=True) as reader:
        for table in ("account", "session", "sign_in_attempt", "read_log", "demonstration_sign_in"):
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                reader.execute(f"select * from desk.{table}")


def test_the_service_cannot_delete_an_account_or_change_the_read_log(conn, nia):
    for statement in (
        "delete from desk.account",
        "delete from desk.read_log",
        "update desk.read_log set at = at",
    ):
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            conn.execute(statement)


def test_a_password_is_the_same_in_either_normal_form(passwords):
    kept = passwords.hash(unicodedata.normalize("NFD", "tŷ bach ŵyn"))
    assert passwords.verify(kept, unicodedata.normalize("NFC", "tŷ bach ŵyn"))
    assert not passwords.verify(kept, "ty bach wyn")


def test_nobody_has_a_password(passwords):
    assert not passwords.verify(None, "nobody has this password")


def test_a_damaged_hash_lets_nobody_in(passwords):
    assert not passwords.verify("not a hash", "not a hash")


def test_a_hash_of_another_cost_is_outdated(passwords):
    assert Passwords(PasswordCost(passes=2, memory_kib=64, lanes=1)).outdated(passwords.hash("x"))
    assert not passwords.outdated(passwords.hash("x"))


@pytest.mark.parametrize(
    ("password", "code"),
    [("x" * (SHORTEST - 1), "password_too_short"), ("x" * (LONGEST + 1), "password_too_long")],
)
def test_a_new_password_has_a_length(password, code):
    with pytest.raises(Refusal, match=code):
        check_new_password(password)
    check_new_password("tri gair hud"[:SHORTEST])


@pytest.mark.parametrize(
    "password",
    [
        "password1234",
        "Password2024!",
        "p@ssw0rdp@ssw0rd",
        "qwertyuiop12",
        "123456789012",
        "aaaaaaaaaaaa",
        "iloveyou1234",
        "cydlynu 2026",
        "Nia.Prydderch1",
        "prydderch1975",
    ],
)
def test_a_common_password_is_refused(password):
    with pytest.raises(Refusal, match="password_common"):
        check_new_password(password, username="nia.prydderch", name="Nia Prydderch")


@pytest.mark.parametrize("password", ["NIA.PRYDDERCH", " nia.prydderch "])
def test_the_username_is_refused_as_a_password(password):
    with pytest.raises(Refusal, match="password_is_username"):
        check_new_password(password, username="nia.prydderch", name="Nia Prydderch")


@pytest.mark.parametrize("password", ["tair afal werdd", "Pont-y-Pŵl 1850", "correcthorsebatterystaple"])
def test_no_kinds_of_characters_are_asked_for(password):
    check_new_password(password, username="nia.prydderch", name="Nia Prydderch")


def test_no_two_accounts_share_an_id(conn, nia):
    other = account("other")
    twin = type(other)(
        account=nia.account,
        person=uuid4(),
        organisation=uuid4(),
        role="head",
        username="twin",
        display_name="T",
        language="en",
    )
    with pytest.raises(psycopg.errors.UniqueViolation):
        add_account(conn, twin, password_hash="x", created_at=NOW)


def test_the_accounts_of_people_are_listed_the_open_ones_first(conn, nia):
    again = msgspec.structs.replace(nia, account=uuid4(), username="a-new-one")
    add_account(conn, again, password_hash="x", created_at=NOW)
    disable_account(conn, nia.account, NOW)
    found = accounts_of(conn, [nia.person, uuid4()])
    assert list(found) == [nia.person]
    assert [(a.account.username, a.disabled_at) for a in found[nia.person]] == [
        ("a-new-one", None),
        ("nia", NOW),
    ]
    assert accounts_of(conn, []) == {}
