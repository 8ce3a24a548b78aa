"""`given(events).when(command).then(events)`: decisions tested as sentences, without a database."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

import msgspec
import pytest

from coordination.errors import Refusal
from coordination.event import Command, Event, Header, Source

PERSON = UUID(int=0xA1)
SCHOOL = UUID(int=0x51)
NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
TODAY = NOON.date()


def header(
    occurred_on: date = TODAY,
    *,
    recorded_at: datetime = NOON,
    person: UUID = PERSON,
    organisation: UUID = SCHOOL,
    role: str = "alnco",
    source: Source = "screen",
    **more: Any,
) -> Header:
    """A header with everything that a test does not care about filled in."""
    return Header(
        occurred_on=occurred_on,
        recorded_at=recorded_at,
        person=person,
        organisation=organisation,
        role=role,
        source=source,
        command_id="test",
        **more,
    )


class given:
    """`given(evolve, State(), [events])`; `.by(...)` says who acts and when; `.when(decide, command, world)`."""

    def __init__(self, evolve: Callable[[Any, Any], Any], initial: Any, events: Sequence[Event] = ()) -> None:
        self.state = initial
        for event in events:
            self.state = evolve(self.state, event)
        self.order: dict[str, Any] = {}

    def by(self, **order: Any) -> given:
        self.order = order
        return self

    def when(
        self, decide: Callable[..., list[Event]], command: Command, world: Any = None, *also: Any
    ) -> DecisionOutcome:
        """`also` are further states that the decision takes after its own."""
        stamp = header(command.occurred_on, **self.order)
        try:
            return DecisionOutcome(decide(self.state, *also, command, stamp, world), None)
        except Refusal as refusal:
            return DecisionOutcome([], refusal)


class DecisionOutcome:
    """What came of it: `.then([...])` compares events without their headers, `.refused(code, field)`."""

    def __init__(self, events: list[Event], refusal: Refusal | None) -> None:
        self.events = events
        self.refusal = refusal

    def then(self, expected: Sequence[Event]) -> DecisionOutcome:
        assert self.refusal is None, repr(self.refusal)
        bare = header(recorded_at=NOON + timedelta(0))
        assert [msgspec.structs.replace(e, header=bare) for e in self.events] == [
            msgspec.structs.replace(e, header=bare) for e in expected
        ]
        return self

    def happened(self, *types: type[Event]) -> list[Event]:
        """The events, when they are of just these types in this order."""
        assert self.refusal is None, repr(self.refusal)
        assert [type(e) for e in self.events] == list(types)
        return self.events

    def refused(self, code: str, field: str | None = None) -> Refusal:
        if self.refusal is None:
            pytest.fail(f"not refused; it gave {self.events!r}")
        assert self.refusal.code == code
        if field is not None:
            assert self.refusal.field == field
        return self.refusal
