"""Each time that it got worse, for decisions and read models. Reads clear fields only."""

from __future__ import annotations

from datetime import date
from typing import assert_never
from uuid import UUID

import msgspec

from coordination.pupil.support.events import Voice
from coordination.pupil.worse.events import AnyWorseEvent, WorseAnswered, WorseOutcome, WorseTold


class WorseRecord(msgspec.Struct, frozen=True, kw_only=True):
    """One time, by whom it was said, and the new triage. `answered_on` is the day of the first answer, which stops its
    clock; `outcome` the last one's."""

    worse: UUID
    referral: UUID
    service: UUID
    voice: Voice
    contact: UUID | None
    told_on: date
    answer_by: date
    version: int
    last_version: int
    answered_on: date | None = None
    outcome: WorseOutcome | None = None
    answer_version: int | None = None


Worsenings = dict[UUID, WorseRecord]


def evolve(state: Worsenings, event: AnyWorseEvent, version: int) -> Worsenings:
    """What is known after the event; `version` is its place in the pupil's stream."""
    match event:
        case WorseTold():
            told = WorseRecord(
                worse=event.worse,
                referral=event.referral,
                service=event.service,
                voice=event.voice,
                contact=event.contact,
                told_on=event.header.occurred_on,
                answer_by=event.answer_by,
                version=version,
                last_version=version,
            )
            return {**state, event.worse: told}
        case WorseAnswered():
            held = state[event.worse]
            answered = msgspec.structs.replace(
                held,
                answered_on=held.answered_on or event.header.occurred_on,
                outcome=event.outcome,
                answer_version=version,
                last_version=version,
            )
            return {**state, event.worse: answered}
        case _:
            assert_never(event)
