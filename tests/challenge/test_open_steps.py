"""Which steps of a challenge are open to each side."""

from __future__ import annotations

import msgspec
import pytest

from coordination.challenge.open_steps import OpenQuestion, Side, open_steps

SENT = OpenQuestion(
    phase="sent",
    closed=False,
    answered=False,
    overdue=False,
    still_met=True,
    next_level="service_manager",
    open_disputes=False,
    lines_to_dispute=True,
    rulers_to_ask=True,
)


def at(side: Side, **changes: object) -> list[str]:
    return open_steps(msgspec.structs.replace(SENT, **changes), side)


@pytest.mark.parametrize("side", ["school", "head", "agency", "ruler"])
def test_none_when_it_is_closed(side: Side) -> None:
    assert at(side, closed=True, open_disputes=True) == []


def test_only_the_head_teacher_approves() -> None:
    assert at("school", phase="raised") == ["word", "withdraw", "bypass"]
    assert at("head", phase="raised") == ["approve", "decline", "word", "withdraw", "bypass"]


def test_an_approved_one_is_sent_first() -> None:
    assert at("school", phase="approved") == ["send", "withdraw", "bypass"]


def test_what_was_approved_is_worded_anew_by_the_head_teacher_only() -> None:
    assert at("head", phase="approved") == ["send", "word", "withdraw", "bypass"]
    assert "word" not in at("head")


def test_without_a_reply_it_is_not_escalated_before_the_day_has_passed() -> None:
    assert at("school") == ["report_reply", "promise", "resolve", "withdraw", "bypass"]
    assert at("school", overdue=True) == [
        "report_reply",
        "promise",
        "resolve",
        "escalate",
        "withdraw",
        "bypass",
    ]


def test_a_reply_is_weighed_first() -> None:
    found = at("school", phase="replied", answered=True)
    assert found == ["resolve", "report_reply", "promise", "escalate", "withdraw", "bypass"]


@pytest.mark.parametrize("missing", [{"still_met": False}, {"next_level": None}])
def test_not_escalated_without_ground_or_level(missing: dict[str, object]) -> None:
    assert "escalate" not in at("school", answered=True, overdue=True, **missing)


def test_an_open_dispute_is_ruled_on_first() -> None:
    assert at("school", answered=True, open_disputes=True) == [
        "report_reply",
        "promise",
        "bypass",
        "name_ruler",
    ]
    assert at("school", open_disputes=True, rulers_to_ask=False) == ["report_reply", "promise", "bypass"]
    assert at("ruler", open_disputes=True) == ["rule"]
    assert at("ruler") == []


def test_the_agency_answers_what_was_sent() -> None:
    assert at("agency") == ["acknowledge", "reply", "dispute", "promise"]
    assert at("agency", phase="acknowledged") == ["reply", "dispute", "promise"]
    assert at("agency", phase="replied", lines_to_dispute=False) == ["reply", "promise"]
    assert at("agency", phase="replied", open_disputes=True) == ["reply", "dispute", "promise", "name_ruler"]
    assert at("agency", phase="approved") == []
