"""The state of an advice conversation for decisions."""

from __future__ import annotations

from datetime import date
from typing import assert_never
from uuid import UUID

from msgspec import Struct
from msgspec.structs import replace

from coordination.advice.events import (
    Advice,
    AdviceAnswered,
    AdviceAsked,
    AdviceErased,
    AdviceNamed,
    AdviceStruck,
    AnyAdviceEvent,
    Channel,
)
from coordination.authority import acting_organisation
from coordination.event import AdviceEvent
from coordination.streams import StreamKind, ToAdvice

NO_ORGANISATION = UUID(int=0)


class Conversation(Struct, frozen=True):
    """An advice conversation; not recorded while `version` is 0. `by_service`: the service recorded it. `reported`: the
    answer is as the school reports it, until the service gives its own."""

    version: int = 0
    school: UUID = NO_ORGANISATION
    agency: UUID = NO_ORGANISATION
    service: UUID = NO_ORGANISATION
    channel: Channel = "call"
    asked_on: date = date.min
    by_service: bool = False
    named: bool = False
    answer: Advice | None = None
    other_service: UUID | None = None
    answered_on: date | None = None
    reported: bool = False
    struck: bool = False
    erased: bool = False

    @property
    def recorded(self) -> bool:
        """Whether the conversation exists."""
        return self.version > 0


def evolve(held: Conversation, event: AnyAdviceEvent) -> Conversation:
    """The conversation after one more event. Reads no sealed field."""
    after = replace(held, version=held.version + 1)
    match event:
        case AdviceAsked():
            return replace(
                after,
                school=event.school,
                agency=event.agency,
                service=event.service,
                channel=event.channel,
                asked_on=event.header.occurred_on,
                by_service=acting_organisation(event.header) == event.agency,
                named=event.named,
            )
        case AdviceAnswered():
            return replace(
                after,
                answer=event.answer,
                other_service=event.other_service,
                answered_on=event.header.occurred_on,
                reported=acting_organisation(event.header) != held.agency,
            )
        case AdviceNamed():
            return replace(after, named=True)
        case AdviceStruck():
            return replace(after, struck=True)
        case AdviceErased():
            return replace(after, erased=True)
        case _:
            assert_never(event)


ADVICE_STREAM: StreamKind[Conversation, AnyAdviceEvent, ToAdvice] = StreamKind(
    "advice", AdviceEvent, Conversation(), evolve, lambda command: command.advice
)
