"""The inspectors' words for a share, on each boundary and on either side of it."""

from __future__ import annotations

import pytest

from projections.governors.quantity_words import quantity_word

BOUNDARIES = [
    (1000, "nearly_all"),
    (950, "nearly_all"),
    (949, "most"),
    (900, "most"),
    (899, "many"),
    (700, "many"),
    (699, "a_majority"),
    (601, "a_majority"),
    (600, None),  # the glossary says "over 60%"
    (551, None),
    (550, "around_half"),
    (501, "around_half"),
    (500, "half"),
    (499, "around_half"),
    (450, "around_half"),
    (449, None),
    (400, None),  # the glossary says "below 40%"
    (399, "a_minority"),
    (200, "a_minority"),
    (199, "few"),
    (100, "few"),
    (99, "very_few"),
    (1, "very_few"),
    (0, "none"),
]


@pytest.mark.parametrize(("part", "word"), BOUNDARIES)
def test_each_boundary_of_the_glossary(part: int, word: str | None) -> None:
    assert quantity_word(part, 1000, 20) == word


def test_nothing_is_said_of_a_small_base() -> None:
    assert quantity_word(19, 19, 20) is None
    assert quantity_word(20, 20, 20) == "nearly_all"
    assert quantity_word(0, 0, 20) is None


@pytest.mark.parametrize(("part", "whole"), [(-1, 20), (21, 20)])
def test_a_part_that_is_none(part: int, whole: int) -> None:
    with pytest.raises(ValueError, match="part"):
        quantity_word(part, whole, 20)
