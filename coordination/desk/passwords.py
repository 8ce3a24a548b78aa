"""Passwords: argon2id, with the same work for a username that does not exist."""

from __future__ import annotations

import threading
import unicodedata

import msgspec
from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from zxcvbn import zxcvbn

from coordination.errors import Refusal

SHORTEST = 12
LONGEST = 256
FEWEST_GUESSES = 10**8
"""A password that somebody who tries the likeliest first would find with fewer guesses is common."""
_JUDGED = 40  # characters; zxcvbn takes seconds for long ones made of figures and signs
_OF_THE_SERVICE = ("cydlynu",)


class PasswordCost(msgspec.Struct, frozen=True):
    """What one hash costs: passes, memory in KiB, lanes; and how many may run at once in one process.

    The defaults are argon2-cffi's (RFC 9106, low memory): about a quarter of a second and 64 MiB a hash.
    """

    passes: int = 3
    memory_kib: int = 65536
    lanes: int = 4
    at_once: int = 2


class Passwords:
    """Hashes and verifies. Safe to share between threads."""

    def __init__(self, cost: PasswordCost | None = None) -> None:
        cost = cost or PasswordCost()
        self._hasher = PasswordHasher(cost.passes, cost.memory_kib, cost.lanes)
        self._room = threading.BoundedSemaphore(cost.at_once)
        self._nobody = self._hasher.hash("nobody has this password")

    def hash(self, password: str) -> str:
        """The hash to store, parameters and salt included."""
        with self._room:
            return self._hasher.hash(_one_form(password))

    def verify(self, kept: str | None, password: str) -> bool:
        """Whether this is the password. `kept` is None when there is no such account: it costs the same."""
        with self._room:
            try:
                matches = self._hasher.verify(kept or self._nobody, _one_form(password))
            except (VerificationError, InvalidHashError):
                return False
        return matches and kept is not None

    def outdated(self, kept: str) -> bool:
        """Whether `kept` was made at another cost and should be made again while the password is at hand."""
        return self._hasher.check_needs_rehash(kept)


def check_new_password(password: str, *, username: str = "", name: str = "") -> None:
    """Refuse a new password that is too short or too long, is the owner's username, or is common (NCSC and NIST
    SP 800-63B: length and a list of common passwords, no rules about kinds of characters).

    Common is what zxcvbn finds easy: the 30,000 passwords of its list (MIT licence, from published breaches), words,
    names, keyboard rows, repeats and dates, also with a figure added or a letter replaced. Raises Refusal
    `password_too_short`, `password_too_long`, `password_is_username` or `password_common`.
    """
    typed = _one_form(password)
    if len(typed) < SHORTEST:
        raise Refusal("password_too_short", "password", least=SHORTEST)
    if len(password) > LONGEST:
        raise Refusal("password_too_long", "password", most=LONGEST)
    if typed.casefold().strip() == _one_form(username).casefold().strip():
        raise Refusal("password_is_username", "password")
    own = [word for word in (username, name, *name.split(), *_OF_THE_SERVICE) if word]
    if zxcvbn(typed[:_JUDGED], user_inputs=own)["guesses"] < FEWEST_GUESSES:
        raise Refusal("password_common", "password")


def _one_form(password: str) -> str:
    # ŵ typed on one keyboard must equal ŵ typed on another (RFC 8265, OpaqueString uses NFC)
    return unicodedata.normalize("NFC", password[: LONGEST + 1])
