"""The cursor over what changed."""

from __future__ import annotations

from typing import Any

import pytest

from tests.county import PUPIL
from tests.projections.casework import TO_CAMHS
from tests.webui.api.conftest import ApiClient, fields, problem
from tests.webui.api.test_referrals import begin, say


def walked(who: ApiClient, after: int = 0, size: int = 3) -> tuple[list[dict[str, Any]], int]:
    found = []
    while True:
        page = who.get(f"/changes?after={after}&per_page={size}").json
        found += page["items"]
        after = page["next"]
        if not page["more"]:
            return found, after


def test_each_change_once_and_only_what_is_seen(
    school: ApiClient, board: ApiClient, education: ApiClient
) -> None:
    before, cursor = walked(board)
    assert {c["thing"] for c in before if c["topic"] == "referral.received"} == {str(TO_CAMHS)}
    assert walked(board, cursor) == ([], cursor)
    _before, elsewhere = walked(education)
    referral = begin(school)
    say(board, referral, "received")
    news, after = walked(board, cursor)
    assert [c["topic"] for c in news] == [
        "referral.opened",
        "referral.decided",
        "referral.submitted",
        "referral.received",
    ]
    assert {(c["stream"], c["thing"], c["kind"]) for c in news} == {(str(PUPIL), referral, "pupil")}
    assert after > cursor
    assert walked(education, elsewhere)[0] == []


def test_no_words_and_no_people(school: ApiClient) -> None:
    text = school.get("/changes?after=0&per_page=200").text
    for word in ("Siân", "Gŵyn", "Iawn", "cysgu", str(school.token.token)):
        assert word not in text


@pytest.mark.parametrize(
    ("query", "field", "code"),
    [
        ("", "after", "missing"),
        ("after=-1", "after", "too_small"),
        ("after=x", "after", "not_a_number"),
        ("after=9999999999999999", "after", "too_large"),
        ("after=0&per_page=201", "per_page", "too_large"),
        ("after=0&page=2", "page", "unknown_field"),
    ],
)
def test_a_cursor_that_is_none(school: ApiClient, query: str, field: str, code: str) -> None:
    assert fields(problem(school.get(f"/changes?{query}"), 422, "not_as_described")) == {field: code}


def test_from_far_ahead(school: ApiClient) -> None:
    page = school.get("/changes?after=1000000000").json
    assert (page["items"], page["more"]) == ([], False)
    assert page["next"] < 1000000000
