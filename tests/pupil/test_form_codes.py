"""The code on a printed form: read as people read, and never taken for another form's."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from coordination.pupil.family.form_codes import ALPHABET, LENGTH, form_code, printed_code, read_code

NUMBERS = st.integers(min_value=0, max_value=2**40)


@given(NUMBERS)
@settings(max_examples=60)
def test_a_code_is_read_with_or_without_its_dash_in_any_case(number: int) -> None:
    code = form_code(number)
    assert len(code) == LENGTH and set(code) <= set(ALPHABET)
    assert read_code(printed_code(code).lower()) == read_code(f" {code} ") == code


@given(NUMBERS, st.integers(0, LENGTH - 1), st.integers(1, len(ALPHABET) - 1))
@settings(max_examples=100)
def test_one_wrong_character_is_noticed(number: int, place: int, other: int) -> None:
    code = form_code(number)
    wrong = ALPHABET[(ALPHABET.index(code[place]) + other) % len(ALPHABET)]
    assert read_code(code[:place] + wrong + code[place + 1 :]) is None


def test_letters_that_look_like_digits_are_put_right_and_other_text_is_no_code() -> None:
    code = next(c for c in (form_code(n) for n in range(1, 5000)) if "0" in c and "1" in c)
    assert read_code(code.replace("0", "O").replace("1", "l")) == code


@pytest.mark.parametrize("typed", ["", "ABC", "????-????", "ABCDEFGH1", "ÀBCD-EFGH"])
def test_what_is_no_code_finds_nothing(typed: str) -> None:
    assert read_code(typed) is None
