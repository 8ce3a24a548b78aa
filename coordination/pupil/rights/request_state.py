"""Requests to see or correct a record, for decisions: whose they are, and what was recorded about each."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import assert_never
from uuid import UUID

import msgspec

from coordination.pupil.rights.events import (
    AskedBy,
    HealthOpinionRecorded,
    ParentsRequestWeighed,
    RequestAcknowledged,
    RequestAnswered,
    RequestClockStarted,
    RequestClockStopped,
    RequestKind,
    RequestOutcome,
    RequestPassedOn,
    RightsRequestEvent,
    RightsRequestReceived,
)


class ClockStop(msgspec.Struct, frozen=True):
    """The time stopped on a day and went on from another (None: it stands still)."""

    from_on: date
    reason: str
    until: date | None = None


class HealthOpinion(msgspec.Struct, frozen=True):
    """The day of an opinion, and whether it finds serious harm likely."""

    on: date
    serious_harm: bool


class RightsRequest(msgspec.Struct, frozen=True, kw_only=True):
    """`version` is the place of its receipt on the stream. `competent` and `agrees` are what was found when a parent's
    request was weighed (None: not weighed, or a child who is not competent)."""

    request: UUID
    kind: RequestKind
    asked_by: AskedBy
    controller: UUID
    received_on: date
    version: int
    stops: tuple[ClockStop, ...] = ()
    acknowledged_on: date | None = None
    competent: bool | None = None
    agrees: bool | None = None
    opinion: HealthOpinion | None = None
    passed_on: tuple[tuple[UUID, date], ...] = ()
    outcome: RequestOutcome | None = None
    answered_on: date | None = None
    withheld: tuple[int, ...] = ()
    corrected_by: tuple[int, ...] = ()

    @property
    def stopped(self) -> bool:
        """Whether its time stands still."""
        return bool(self.stops) and self.stops[-1].until is None


Requests = Mapping[UUID, RightsRequest]


def evolve(requests: Requests, event: RightsRequestEvent, version: int) -> dict[UUID, RightsRequest]:
    """The requests after the event; `version` is its place on the stream."""
    if isinstance(event, RightsRequestReceived):
        received = RightsRequest(
            request=event.request,
            kind=event.kind,
            asked_by=event.asked_by,
            controller=event.controller,
            received_on=event.header.occurred_on,
            version=version,
        )
        return {**requests, event.request: received}
    held = requests.get(event.request)
    return dict(requests) if held is None else {**requests, event.request: _after(held, event)}


def _after(held: RightsRequest, event: RightsRequestEvent) -> RightsRequest:
    replace, on = msgspec.structs.replace, event.header.occurred_on
    match event:
        case RightsRequestReceived():
            return held
        case RequestClockStopped(reason=reason):
            return replace(held, stops=(*held.stops, ClockStop(on, reason)))
        case RequestClockStarted():
            *earlier, last = held.stops
            return replace(held, stops=(*earlier, replace(last, until=on)))
        case RequestAcknowledged():
            return replace(held, acknowledged_on=on)
        case ParentsRequestWeighed(competent=competent, agrees=agrees):
            return replace(held, competent=competent, agrees=agrees)
        case HealthOpinionRecorded(serious_harm=harm):
            return replace(held, opinion=HealthOpinion(on, harm))
        case RequestPassedOn(to=to):
            return replace(held, passed_on=(*held.passed_on, (to, on)))
        case RequestAnswered(outcome=outcome, withheld=withheld, corrected_by=corrected):
            return replace(held, outcome=outcome, answered_on=on, withheld=withheld, corrected_by=corrected)
        case _:
            assert_never(event)
