"""The wording of an authority's letters: in both languages, with places that can be filled in, from a day on."""

from __future__ import annotations

from datetime import date, timedelta

import msgspec
import pytest

from coordination.directory.dated import in_force
from coordination.directory.decisions.letter_wordings import LONGEST, decide_set_letter_wording
from coordination.directory.letter_wordings import (
    PLACES,
    LetterWordingSet,
    SetLetterWording,
    filled_in,
    unknown_places,
)
from coordination.errors import Refusal
from tests.directory.county import BALA, GWYNEDD, TODAY, county
from tests.given import header

USUAL = SetLetterWording(
    occurred_on=TODAY,
    organisation=GWYNEDD,
    subject="attendance",
    effective_from=TODAY,
    opening="We write to {service} about our meetings.",
    opening_cy="Ysgrifennwn at {service} am ein cyfarfodydd.",
)


def test_a_wording_is_set_and_set_again_is_nothing_new() -> None:
    here = county()
    here.given(GWYNEDD).when(decide_set_letter_wording, USUAL, here.world).then(
        [
            LetterWordingSet(
                header=header(),
                subject="attendance",
                opening=USUAL.opening,
                opening_cy=USUAL.opening_cy,
                request="",
                request_cy="",
                effective_from=TODAY,
            )
        ]
    )
    here.does(USUAL)
    here.given(GWYNEDD).when(decide_set_letter_wording, USUAL, here.world).then([])


def test_it_holds_from_its_first_to_its_last_day() -> None:
    last = TODAY + timedelta(days=30)
    here = county()
    here.does(msgspec.structs.replace(USUAL, effective_to=last))
    versions = here.state(GWYNEDD).letter_wordings["attendance"]
    days = (TODAY - timedelta(days=1), TODAY, last, last + timedelta(days=1))
    assert [in_force(versions, on) is not None for on in days] == [False, True, True, False]


@pytest.mark.parametrize(
    ("changed", "code", "field"),
    [
        ({"opening_cy": ""}, "both_languages", "opening_cy"),
        ({"opening": "  "}, "both_languages", "opening"),
        ({"request": "Ring {nobody}.", "request_cy": "Ffoniwch."}, "unknown_place", "request"),
        ({"opening": "A brace { alone"}, "unknown_place", "opening"),
        ({"opening": "x" * (LONGEST + 1)}, "too_long", "opening"),
        ({"subject": "weather"}, "unknown_code", "subject"),
        ({"effective_to": date(2000, 1, 1)}, "end_before_start", "effective_to"),
    ],
)
def test_what_is_wrong_is_said(changed: dict[str, object], code: str, field: str) -> None:
    here = county()
    with pytest.raises(Refusal) as refused:
        here.does(msgspec.structs.replace(USUAL, **changed))
    assert (refused.value.code, refused.value.field) == (code, field)


def test_only_an_authority_has_one() -> None:
    here = county()
    with pytest.raises(Refusal):
        here.does(msgspec.structs.replace(USUAL, organisation=BALA))


def test_places_are_filled_in_and_never_twice() -> None:
    places = {name: f"<{name} {{school}}>" for name in PLACES}
    text = " ".join("{" + name + "}" for name in sorted(PLACES))
    assert unknown_places(text) == ()
    assert filled_in(text, places).count("{school}") == len(PLACES), "what was filled in is not read again"
    assert filled_in("By {reply_by}", {}) == "By"
