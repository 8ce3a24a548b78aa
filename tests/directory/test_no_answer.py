"""A service's own rule about not answering: dated, and set by the service or an administrator."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from coordination.directory.commands import SetNoAnswerRule
from coordination.directory.decisions.no_answer import decide_set_no_answer_rule
from coordination.directory.no_answer_events import NoAnswerRuleSet
from tests.directory.county import BOARD, CAMHS, TODAY, full_county


def rule(**changed: Any) -> SetNoAnswerRule:
    usual: dict[str, Any] = {
        "occurred_on": TODAY,
        "organisation": BOARD,
        "service": CAMHS,
        "effective_from": TODAY,
        "days": 28,
        "told_days": 14,
    }
    return SetNoAnswerRule(**{**usual, **changed})


def test_the_rule_holds_from_its_first_day_until_the_next() -> None:
    here = full_county()
    here.does(rule())
    here.does(rule(effective_from=date(2027, 1, 1), days=None))
    service = here.directory.service(CAMHS)
    assert service.no_answer_rule(TODAY - timedelta(days=1)) is None, "the day before"
    first = service.no_answer_rule(TODAY)
    assert first is not None and (first.days, first.told_days) == (28, 14)
    later = service.no_answer_rule(date(2027, 1, 1))
    assert later is not None and later.days is None


def test_the_service_s_own_manager_sets_it_and_the_same_again_records_nothing() -> None:
    here = full_county()
    outcome = (
        here.given(BOARD)
        .by(organisation=BOARD, role="service_manager")
        .when(decide_set_no_answer_rule, rule(), here.world)
    )
    assert [type(e) for e in outcome.events] == [NoAnswerRuleSet]
    here.does(rule())
    here.given(BOARD).when(decide_set_no_answer_rule, rule(), here.world).then([])


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"days": 0}, "days"),
        ({"days": 367}, "days"),
        ({"told_days": 0}, "told_days"),
        ({"days": 10, "told_days": 11}, "told_days"),
    ],
)
def test_days_that_cannot_be(changed: dict[str, Any], field: str) -> None:
    here = full_county()
    here.given(BOARD).when(decide_set_no_answer_rule, rule(**changed), here.world).refused(
        "days_out_of_range", field
    )


def test_it_is_not_another_agency_s_to_set() -> None:
    here = full_county()
    here.given(BOARD).by(role="service_manager", source="screen").when(
        decide_set_no_answer_rule, rule(), here.world
    ).refused("not_permitted", None)
