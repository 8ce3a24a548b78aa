"""Signing in: right and wrong, too often, and nothing told to who guesses."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from uuid import uuid4

import pytest

from coordination.desk.passwords import PasswordCost, Passwords
from coordination.desk.sessions import Session, SessionLength, session_of
from coordination.desk.sign_in import SignInAttempt, WrongPassword, sign_in
from coordination.desk.throttle import ThrottleLimits, TooManyAttempts
from tests.desk.conftest import CHEAP, NOW

RIGHT = "Pont-y-Pŵl 1850"
LIMITS = ThrottleLimits(window=timedelta(minutes=15), by_pair=3, by_device=3, by_address=5, by_username=12)


class Counted(Passwords):
    """Real hashing that counts how often it was asked to verify."""

    def __init__(self):
        super().__init__(CHEAP)
        self.verified = 0

    def verify(self, kept, password):
        self.verified += 1
        return super().verify(kept, password)


@pytest.fixture
def attempt(connect, passwords):
    def attempt(
        username="nia",
        password=RIGHT,
        *,
        minutes=0,
        address="192.0.2.1",
        hasher=passwords,
        token="t",
        devices=None,
    ):
        made = SignInAttempt(
            attempt=uuid4(),
            username=username,
            password=password,
            address=address,
            now=NOW + timedelta(minutes=minutes),
            token=token,
            csrf="c",
            devices=devices or {},
        )
        return sign_in(connect, hasher, made, secret=b"s", limits=LIMITS, length=SessionLength())

    return attempt


def test_the_right_password_opens_a_session(attempt, conn, nia):
    opened = attempt()
    assert isinstance(opened, Session)
    assert opened.account == nia
    assert session_of(conn, "t", now=NOW, length=SessionLength()).account == nia


@pytest.mark.parametrize(("username", "password"), [("nia", "wrong"), ("nobody", RIGHT), ("", "")])
def test_anything_else_is_simply_wrong(attempt, nia, username, password):
    assert attempt(username, password) == WrongPassword()


def test_an_unknown_name_costs_the_same_work(attempt, nia):
    hasher = Counted()
    attempt("nobody", "x", hasher=hasher)
    attempt("nia", "x", hasher=hasher)
    assert hasher.verified == 2


def test_after_too_many_failures_even_the_right_password_waits(attempt, nia):
    for minute in range(3):
        assert attempt(password="wrong", minutes=minute) == WrongPassword()
    hasher = Counted()
    # the first of the three failures leaves the window first
    assert attempt(minutes=4, hasher=hasher) == TooManyAttempts(NOW + LIMITS.window)
    assert hasher.verified == 0
    assert isinstance(attempt(minutes=15), Session)


def test_being_turned_away_does_not_prolong_the_wait(attempt, nia):
    for _ in range(3):
        attempt(password="wrong")
    for minute in range(1, 10):
        assert attempt(minutes=minute) == TooManyAttempts(NOW + LIMITS.window)


def test_a_success_forgives_the_name_at_this_address(attempt, nia):
    for minute in (0, 1):
        attempt(password="wrong", minutes=minute)
    assert isinstance(attempt(minutes=2), Session)
    for minute in (3, 4):
        assert attempt(password="wrong", minutes=minute) == WrongPassword()


def test_strangers_elsewhere_lock_nobody_out(attempt, nia):
    for _ in range(3):
        attempt(password="wrong", address="198.51.100.7")
    assert isinstance(attempt(address="198.51.100.7"), TooManyAttempts)
    assert isinstance(attempt(), Session)


def test_the_right_password_from_a_known_browser_gets_in_whatever_strangers_do(attempt, nia):
    known = {nia.account: "a random text"}
    for n in range(12):
        attempt(password="wrong", address=f"198.51.100.{n}")
    for n in range(5):
        attempt(f"name{n}", "x")
    assert isinstance(attempt(address="203.0.113.1"), TooManyAttempts), "the limit of all strangers together"
    assert isinstance(attempt(), TooManyAttempts), "the limit of this address"
    assert isinstance(attempt(devices=known), Session)


def test_a_known_browser_that_guesses_becomes_a_stranger(attempt, nia):
    known = {nia.account: "a stolen cookie"}
    for _ in range(3):
        assert attempt(password="wrong", devices=known) == WrongPassword()
    for _ in range(3):
        assert attempt(password="wrong", devices=known) == WrongPassword(), "counted as a stranger"
    assert isinstance(attempt(devices=known), TooManyAttempts)
    assert isinstance(attempt(devices={nia.account: "another cookie"}), Session)


def test_a_browser_known_to_one_account_is_a_stranger_to_others(attempt, nia):
    for _ in range(3):
        attempt(password="wrong", devices={uuid4(): "somebody else's"})
    assert isinstance(attempt(devices={uuid4(): "somebody else's"}), TooManyAttempts)


def test_an_unknown_name_is_throttled_like_a_known_one(attempt, nia):
    for _ in range(3):
        attempt("nobody", "x")
    assert isinstance(attempt("NOBODY", "x"), TooManyAttempts)


def test_an_address_that_tries_many_names_waits_and_others_do_not(attempt, nia):
    for n in range(5):
        assert attempt(f"name{n}", "x") == WrongPassword()
    assert isinstance(attempt(), TooManyAttempts)
    assert isinstance(attempt(address="192.0.2.2"), Session)


def test_an_own_account_does_not_unlock_guessing_at_others(attempt, nia):
    for n in range(4):
        attempt(f"name{n}", "x")
    assert isinstance(attempt(minutes=1), Session)
    attempt("name5", "x", minutes=2)
    assert isinstance(attempt("name6", "x", minutes=3), TooManyAttempts)


def test_many_at_once_cannot_slip_past(attempt, nia):
    with ThreadPoolExecutor(8) as threads:
        answers = list(threads.map(lambda _: attempt(password="wrong"), range(16)))
    assert sum(answer == WrongPassword() for answer in answers) == LIMITS.by_pair


def test_neither_names_nor_addresses_are_kept(attempt, conn, nia):
    attempt("a-password-typed-here", "x", address="192.0.2.77")
    rows = conn.execute("select a::text from desk.sign_in_attempt a").fetchall()
    assert rows
    assert "a-password-typed-here" not in rows[0][0]
    assert "192.0.2.77" not in rows[0][0]


def test_yesterdays_attempts_are_forgotten(attempt, conn, nia):
    attempt(password="wrong")
    attempt(password="wrong", minutes=60 * 25)
    assert conn.execute("select count(*) from desk.sign_in_attempt").fetchone()[0] == 1


def test_a_dearer_hash_is_made_at_the_next_sign_in(attempt, conn, nia):
    dearer = Passwords(PasswordCost(passes=2, memory_kib=128, lanes=1))
    attempt(hasher=dearer)
    kept = conn.execute("select password_hash from desk.account").fetchone()[0]
    assert not dearer.outdated(kept)
    assert isinstance(attempt(hasher=dearer, token="t2"), Session)
