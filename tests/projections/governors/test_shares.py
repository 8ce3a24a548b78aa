"""Shares for governors: small numbers, and years that are added before anything is withheld."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

import pytest

from projections.governors.shares import on_the_day, over_years, since
from projections.publishing.rule import DEFAULT_RULE

AS_OF = date(2026, 3, 27)


def test_a_school_year_begins_on_1_september() -> None:
    assert since(date(2026, 8, 31), 1) == date(2025, 9, 1)
    assert since(date(2026, 9, 1), 1) == date(2026, 9, 1)
    assert since(AS_OF, 1) == date(2025, 9, 1)
    assert since(AS_OF, 3) == date(2023, 9, 1)


def counted(by_year: Mapping[int, Mapping[str, int]]):  # type: ignore[no-untyped-def]
    return lambda years: {
        part: sum(by_year[year][part] for year in range(1, years + 1)) for part in by_year[1]
    }


def test_a_year_that_can_be_shown_stands_alone() -> None:
    share = over_years("reviews", counted({1: {"better": 45, "same": 5}}), AS_OF, DEFAULT_RULE)
    assert (share.years, share.whole, share.withheld) == (1, 50, False)
    assert [(p.part, p.count, p.percent, p.word) for p in share.parts] == [
        ("better", 45, 90.0, "most"),
        ("same", 5, 10.0, "few"),
    ]


def test_years_are_added_before_a_figure_is_withheld() -> None:
    years = {1: {"better": 20, "same": 3}, 2: {"better": 15, "same": 4}}
    share = over_years("reviews", counted(years), AS_OF, DEFAULT_RULE)
    assert share.years == 2
    assert [(p.part, p.count, p.word) for p in share.parts] == [("better", 35, "many"), ("same", 5, "few")]


def test_what_no_number_of_years_lets_through_is_withheld() -> None:
    years = {n: {"better": 20, "same": 1 if n == 1 else 0} for n in range(1, 6)}
    share = over_years("reviews", counted(years), AS_OF, DEFAULT_RULE)
    assert share.withheld
    assert share.years == 5
    assert [(p.count, p.percent) for p in share.parts] == [(100, 100.0), ("c", "c")]
    assert share.parts[1].word is None


@pytest.mark.parametrize(("better", "word"), [(14, None), (24, "nearly_all")])
def test_a_small_base_has_numbers_and_no_words(better: int, word: str | None) -> None:
    share = on_the_day("profiles", {"with": better, "without": 0}, AS_OF, DEFAULT_RULE)
    assert share.parts[0].percent == 100.0
    assert share.parts[0].word == word


def test_a_school_without_anything() -> None:
    share = over_years("reviews", lambda _years: {"better": 0, "same": 0}, AS_OF, DEFAULT_RULE)
    assert (share.whole, share.years) == (0, 5)
    assert {p.percent for p in share.parts} == {"z"}
