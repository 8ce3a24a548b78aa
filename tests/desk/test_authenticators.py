"""Codes of an authenticator app: each once, one period of drift, and recovery codes."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pyotp
import pytest

from coordination.desk.authenticators import (
    PERIOD,
    accepted_step,
    add_authenticator,
    authenticator_of,
    new_recovery_codes,
    new_secret,
    plain_code,
    provisioning_address,
    remove_authenticator,
    replace_recovery_codes,
    use_code,
)
from coordination.store.keys import TamperedCiphertext, load_or_make
from tests.desk.conftest import NOW

# RFC 6238, appendix B: the secret of the examples for SHA-1, and the last six digits of the code at a time
RFC_SECRET = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"
RFC_CODES = [(59, "287082"), (1111111109, "081804"), (1234567890, "005924"), (2000000000, "279037")]


@pytest.mark.parametrize(("at", "code"), RFC_CODES)
def test_codes_are_those_of_the_rfc(at, code):
    now = NOW.fromtimestamp(at, NOW.tzinfo)
    assert accepted_step(RFC_SECRET, code, now, last_step=-1) == at // PERIOD


@pytest.mark.parametrize(
    ("seconds", "accepted"), [(-60, False), (-30, True), (0, True), (30, True), (60, False)]
)
def test_a_clock_may_be_one_period_off(seconds, accepted):
    secret = new_secret()
    code = pyotp.TOTP(secret).at(NOW + timedelta(seconds=seconds))
    assert (accepted_step(secret, code, NOW, last_step=-1) is not None) is accepted


def test_a_code_is_not_accepted_at_or_before_the_last_period():
    secret = new_secret()
    step = int(NOW.timestamp()) // PERIOD
    code = pyotp.TOTP(secret).at(NOW)
    assert accepted_step(secret, code, NOW, last_step=step - 1) == step
    assert accepted_step(secret, code, NOW, last_step=step) is None
    assert accepted_step(secret, code, NOW, last_step=step + 1) is None


@pytest.mark.parametrize("typed", ["", "12345", "1234567", "abcdef", "١٢٣٤٥٦", "x" * 500])
def test_nonsense_is_no_code(typed):
    assert accepted_step(RFC_SECRET, plain_code(typed), NOW, last_step=-1) is None


def test_blanks_and_hyphens_do_not_matter():
    assert plain_code(" 123 456\u00a0") == "123456"
    assert plain_code("ABCD-efgh") == "abcdefgh"


def test_the_address_says_whose_it_is():
    address = provisioning_address(RFC_SECRET, "nia.prydderch")
    assert address.startswith("otpauth://totp/Cydlynu:nia.prydderch?")
    assert RFC_SECRET in address


def test_recovery_codes_are_random_and_typed_as_shown():
    codes = new_recovery_codes()
    assert len(set(codes)) == 10
    assert {len(plain_code(code)) for code in codes} == {16}


@pytest.fixture
def outer(tmp_path):
    return load_or_make(tmp_path / "keys.json")


@pytest.fixture
def secret(conn, outer, nia):
    """Nia's secret, added a minute ago."""
    made, then = new_secret(), NOW - timedelta(minutes=1)
    assert add_authenticator(conn, outer, nia.account, secret=made, code=pyotp.TOTP(made).at(then), now=then)
    return made


def test_a_code_is_used_up(conn, outer, nia, secret):
    code = pyotp.TOTP(secret).at(NOW)
    assert use_code(conn, outer, nia.account, code, NOW) == "code"
    assert use_code(conn, outer, nia.account, code, NOW) is None, "a replayed code"
    later = NOW + timedelta(seconds=29)
    assert use_code(conn, outer, nia.account, code, later) is None, "a replayed code, still of a good period"


def test_of_two_at_once_one_is_accepted(connect, outer, nia, secret):
    code = pyotp.TOTP(secret).at(NOW)

    def use(_):
        with connect() as conn:
            return use_code(conn, outer, nia.account, code, NOW)

    with ThreadPoolExecutor(4) as threads:
        assert sorted(map(str, threads.map(use, range(4)))) == ["None", "None", "None", "code"]


def test_the_code_that_added_the_app_does_not_sign_in(conn, outer, nia):
    made = new_secret()
    code = pyotp.TOTP(made).at(NOW)
    assert not add_authenticator(conn, outer, nia.account, secret=made, code="000000", now=NOW)
    assert add_authenticator(conn, outer, nia.account, secret=made, code=code, now=NOW)
    assert use_code(conn, outer, nia.account, code, NOW) is None


def test_a_recovery_code_works_once(conn, outer, nia, secret):
    codes = new_recovery_codes()
    replace_recovery_codes(conn, nia.account, codes)
    assert use_code(conn, outer, nia.account, codes[0].upper(), NOW) == "recovery"
    assert use_code(conn, outer, nia.account, codes[0], NOW) is None
    assert authenticator_of(conn, nia.account).codes_left == 9
    replace_recovery_codes(conn, nia.account, new_recovery_codes())
    assert use_code(conn, outer, nia.account, codes[1], NOW) is None


def test_the_database_holds_neither_secret_nor_codes(conn, outer, nia, secret):
    codes = new_recovery_codes()
    replace_recovery_codes(conn, nia.account, codes)
    rows = conn.execute("select a::text from desk.authenticator a").fetchall()
    rows += conn.execute("select c::text from desk.recovery_code c").fetchall()
    assert len(rows) == 11
    held = str(rows)
    assert secret not in held
    assert secret.encode().hex() not in held
    assert not any(plain_code(code) in held for code in codes)


def test_a_secret_moved_to_another_account_does_not_open(conn, outer, nia, secret, passwords):
    from coordination.desk.accounts import add_account
    from tests.desk.conftest import account

    huw = account("huw")
    add_account(conn, huw, password_hash="x", created_at=NOW)
    conn.execute("update desk.authenticator set account = %s", (huw.account,))
    with pytest.raises(TamperedCiphertext):
        use_code(conn, outer, huw.account, pyotp.TOTP(secret).at(NOW), NOW)


def test_without_an_app_there_is_no_code(conn, outer, nia, secret):
    assert remove_authenticator(conn, nia.account)
    assert not remove_authenticator(conn, nia.account)
    assert use_code(conn, outer, nia.account, pyotp.TOTP(secret).at(NOW), NOW) is None
    assert authenticator_of(conn, nia.account) is None
