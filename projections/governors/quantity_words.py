"""The words that inspectors use for a share: the glossary of Estyn, "Pupils with special educational needs in
mainstream schools" (2020), "Numbers - quantities and proportions".

The glossary gives no number for "nearly all" ("with very few exceptions") and for "around half" ("close to 50%"), and
no word at all between 40% and 60% but for those near 50%. NEARLY_ALL and NEAR_HALF are this service's reading; where
the glossary has no word, none is said.
"""

from __future__ import annotations

from fractions import Fraction
from typing import Literal

QuantityWord = Literal[
    "nearly_all",
    "most",
    "many",
    "a_majority",
    "half",
    "around_half",
    "a_minority",
    "few",
    "very_few",
    "none",
]

NEARLY_ALL = 95
"""From this percentage on the exceptions are very few: fewer than one in twenty."""
NEAR_HALF = 5
"""So many percentage points away a share is still close to 50%."""


def quantity_word(part: int, whole: int, least: int) -> QuantityWord | None:
    """The word for `part` of `whole`. None where `whole` is fewer than `least` (a word for a few children would say
    more than is known), and where the glossary has no word. Raises ValueError unless 0 <= part <= whole."""
    if not 0 <= part <= whole:
        raise ValueError("a part is not below 0 and not more than the whole")
    if whole == 0 or whole < least:
        return None
    share = Fraction(100 * part, whole)
    if part == 0:
        return "none"
    if share >= NEARLY_ALL:
        return "nearly_all"
    if share >= 90:
        return "most"
    if share >= 70:
        return "many"
    if share > 60:
        return "a_majority"
    return _up_to_60(share)


def _up_to_60(share: Fraction) -> QuantityWord | None:
    if share == 50:
        return "half"
    if abs(share - 50) <= NEAR_HALF:
        return "around_half"
    if share >= 40:
        return None
    if share >= 20:
        return "a_minority"
    return "few" if share >= 10 else "very_few"
