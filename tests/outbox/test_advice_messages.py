"""Who is told of an advice conversation. Pure: the events are folded and the rules asked."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID

import msgspec
import pytest

from coordination.advice.events import AdviceAnswered, AdviceAsked, AnyAdviceEvent
from coordination.advice.state import ADVICE_STREAM
from coordination.event import RecordedEvent
from coordination.outbox.rules import messages_of
from tests.county import BOARD, CAMHS, CLINICIAN, SCHOOL
from tests.given import TODAY, header

CALL = UUID(int=0xADC1)
BY_SERVICE = {"person": CLINICIAN, "organisation": BOARD, "role": "clinician"}


def asked(**by: Any) -> AdviceAsked:
    return AdviceAsked(
        header=header(**by), school=SCHOOL, agency=BOARD, service=CAMHS, channel="email", question="?"
    )


def answered(**by: Any) -> AdviceAnswered:
    return AdviceAnswered(header=header(TODAY + timedelta(1), **by), answer="try_first", words="A diary.")


def told(*events: AnyAdviceEvent) -> list[tuple[str, UUID]]:
    found = []
    state = ADVICE_STREAM.initial
    for version, event in enumerate(events, 1):
        state = ADVICE_STREAM.step(state, event)
        found += messages_of(RecordedEvent(CALL, version, event), state)
    assert all(one.message.thing == CALL for one in found)
    return [(one.message.rule, one.message.recipient) for one in found]


@pytest.mark.parametrize(
    ("events", "expected"),
    [
        ((asked(),), [("advice_asked", CAMHS)]),
        ((asked(), answered()), [("advice_asked", CAMHS)]),
        ((asked(), answered(**BY_SERVICE)), [("advice_asked", CAMHS), ("advice_answered", SCHOOL)]),
        ((asked(**BY_SERVICE), answered(**BY_SERVICE)), [("advice_recorded", SCHOOL)]),
        ((asked(source="demonstration"),), []),
    ],
)
def test_each_side_is_told_of_what_the_other_recorded(
    events: tuple[AnyAdviceEvent, ...], expected: list[tuple[str, UUID]]
) -> None:
    assert told(*events) == expected


def test_a_message_holds_nothing_of_what_was_said() -> None:
    event = asked()
    state = ADVICE_STREAM.step(ADVICE_STREAM.initial, event)
    [queued] = messages_of(RecordedEvent(CALL, 1, event), state)
    assert b"?" not in msgspec.json.encode(queued.message)
    assert queued.pupil is None
