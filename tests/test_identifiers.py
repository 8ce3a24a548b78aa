from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from coordination.identifiers import (
    check_nhs_number,
    check_school_number,
    check_upn,
    is_temporary_upn,
    normalise_name,
)

LETTERS = "ABCDEFGHJKLMNPQRTUVWXYZ"


def check_letter(rest: str) -> str:
    """The rule as it is published, worked by hand: value times position (2 to 13), modulo 23."""
    values = [int(c) if c.isdigit() else LETTERS.index(c) for c in rest]
    return LETTERS[sum(v * p for p, v in enumerate(values, 2)) % 23]


@pytest.mark.parametrize("number", ["B801200005001", "E670200126001", " e670 2001 26001 ", "H66621012601A"])
def test_good_upns(number: str) -> None:
    found = check_upn(number)
    assert found.ok and found.value == number.replace(" ", "").upper()


@pytest.mark.parametrize(
    ("number", "problem"),
    [
        ("A801200005001", "upn_check_letter"),
        ("B207000016049", "upn_check_letter"),  # a worked example that is wrong in print
        ("B80120000500", "upn_length"),
        ("B8012000050011", "upn_length"),
        ("B80120000A001", "upn_characters"),
        ("I801200005001", "upn_characters"),
        ("B80120000500O", "upn_characters"),
        ("B٨01200005001", "upn_characters"),
        ("  ", "upn_missing"),
    ],
)
def test_bad_upns_say_what_is_wrong(number: str, problem: str) -> None:
    assert check_upn(number).problem == problem


@settings(deadline=None)
@given(st.from_regex(r"[0-9]{11}[0-9A-HJ-NP-RT-Z]", fullmatch=True))
def test_one_letter_of_23_is_right(rest: str) -> None:
    right = [letter for letter in LETTERS if check_upn(letter + rest).ok]
    assert right == [check_letter(rest)]
    assert is_temporary_upn(right[0] + rest) == rest[-1].isalpha()


@settings(deadline=None)
@given(st.text())
def test_no_text_breaks_a_check(text: str) -> None:
    for check in (check_upn, check_school_number):
        found = check(text)
        assert check(found.value) == found, "the normal form is normal"


def test_nhs_numbers() -> None:
    # the example of the NHS Data Dictionary, and as people write it
    for text in ("9434765919", "943 476 5919", " 943-476-5919 "):
        assert check_nhs_number(text).value == "9434765919"
        assert check_nhs_number(text).ok
    for wrong in ("9434765918", "9434765910", "4934765919"):
        assert check_nhs_number(wrong).problem == "nhs_number_check_digit"
    for wrong in ("943476591", "94347659190", "943476591x", "٩434765919", " "):
        assert check_nhs_number(wrong).problem == "nhs_number_digits"
    assert "9434765919" not in repr(check_nhs_number("9434765919"))


@settings(deadline=None)
@given(st.integers(0, 10**9 - 1))
def test_an_nhs_number_has_one_check_digit_at_most(number: int) -> None:
    """Counted apart: weights 10 to 2; a remainder of 10 makes no number (NHS Data Dictionary)."""
    digits = f"{number:09}"
    left = (11 - sum(int(d) * w for d, w in zip(digits, range(10, 1, -1), strict=True)) % 11) % 11
    good = [last for last in "0123456789" if check_nhs_number(digits + last).ok]
    assert good == ([] if left == 10 else [str(left)])


def test_school_numbers() -> None:
    for text in ("6702012", "670/2012", " 670 / 2012", "670-2012", "670 2012"):
        assert check_school_number(text).value == "6702012"
    for text in ("67020", "670/20123", "LLLL", "670LLLL", "66x2012"):
        assert check_school_number(text).problem == "school_number_format"
    assert check_school_number("").problem == "school_number_missing"


def test_names_are_composed() -> None:
    assert normalise_name(" Siw\u0302an   Hy\u0302wel\u200b ") == "Siŵan Hŷwel"


@settings(deadline=None)
@given(st.text())
def test_a_normal_name_is_normal(text: str) -> None:
    name = normalise_name(text)
    assert normalise_name(name) == name
    assert unicodedata.is_normalized("NFC", name)


def test_an_identifier_is_not_printed() -> None:
    assert "E670200126001" not in repr(check_upn("E670200126001"))
