"""The short code on a printed form, with which a school finds the form again: eight characters, the last a check
character, so that a misread code finds no other form. It is no secret."""

from __future__ import annotations

ALPHABET = "0123456789ABCDEFGHJKMNPQRTUVWXY"
"""31 characters, a prime number: any one wrong character and any two that changed places are noticed."""
LENGTH = 8
_READ_AS = str.maketrans("OILSZ", "01152")


def form_code(number: int) -> str:
    """The code of a random number, without the dash with which it is printed."""
    digits = []
    for _ in range(LENGTH - 1):
        number, digit = divmod(number, len(ALPHABET))
        digits.append(digit)
    return "".join(ALPHABET[digit] for digit in (*digits, _check(digits)))


def printed_code(code: str) -> str:
    """The code as it is printed: two groups of four."""
    return f"{code[:4]}-{code[4:]}"


def read_code(typed: str) -> str | None:
    """The code that somebody read from a form, in any case, with or without the dash, and letters taken for digits put
    right; None for what is no code."""
    text = "".join(c for c in typed.upper() if c.isalnum()).translate(_READ_AS)
    if len(text) != LENGTH or any(c not in ALPHABET for c in text):
        return None
    digits = [ALPHABET.index(c) for c in text]
    return text if digits[-1] == _check(digits[:-1]) else None


def _check(digits: list[int]) -> int:
    return sum(place * digit for place, digit in enumerate(digits, 1)) % len(ALPHABET)
