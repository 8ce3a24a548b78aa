"""The dated challenge rules of an authority."""

from __future__ import annotations

from datetime import date, timedelta

import msgspec
import pytest

from coordination.directory.challenge_rules import USUAL_RULES, ChallengeRuleSet, SetChallengeRule
from coordination.directory.decisions.challenge_rules import decide_set_challenge_rule
from coordination.errors import Refusal
from tests.directory.county import GWYNEDD, TODAY, TYWYN, county
from tests.given import header

USUAL = SetChallengeRule(
    occurred_on=TODAY,
    organisation=GWYNEDD,
    code="silence",
    least=2,
    days=15,
    source="ALN panel, 3 September 2025",
    effective_from=TODAY,
)


def test_a_rule_is_set_and_set_again_is_nothing_new() -> None:
    here = county()
    given = {name: getattr(USUAL, name) for name in ("code", "least", "days", "window", "source")}
    here.given(GWYNEDD).when(decide_set_challenge_rule, USUAL, here.world).then(
        [ChallengeRuleSet(header=header(), effective_from=TODAY, **given)]
    )
    here.does(USUAL)
    here.given(GWYNEDD).when(decide_set_challenge_rule, USUAL, here.world).then([])


def test_it_holds_for_the_authoritys_schools_from_its_first_to_its_last_day() -> None:
    last = TODAY + timedelta(days=30)
    here = county()
    here.does(msgspec.structs.replace(USUAL, effective_to=last))
    directory = here.world.directory
    days = (TODAY - timedelta(days=1), TODAY, last, last + timedelta(days=1))
    assert [directory.challenge_rule(TYWYN, "silence", on).days for on in days] == [10, 15, 15, 10]
    assert directory.challenge_rule(TYWYN, "delay", TODAY) == USUAL_RULES["delay"]


@pytest.mark.parametrize(
    ("changed", "code", "field"),
    [
        ({"code": "weather"}, "unknown_code", "code"),
        ({"source": "  "}, "cannot_be_empty", "source"),
        ({"least": 0}, "out_of_range", "least"),
        ({"days": -1}, "out_of_range", "days"),
        ({"days": 261}, "out_of_range", "days"),
        ({"code": "missed_of_last"}, "cannot_be_empty", "window"),
        ({"code": "missed_of_last", "window": 3, "least": 4}, "out_of_range", "least"),
        ({"effective_to": date(2000, 1, 1)}, "end_before_start", "effective_to"),
    ],
)
def test_what_is_refused(changed: dict[str, object], code: str, field: str) -> None:
    here = county()
    with pytest.raises(Refusal) as refused:
        here.does(msgspec.structs.replace(USUAL, **changed))
    assert (refused.value.code, refused.value.field) == (code, field)
