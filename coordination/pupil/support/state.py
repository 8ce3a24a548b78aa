"""The support of a pupil, for decisions and read models. Reads clear fields only, so that erasure changes no figure."""

from __future__ import annotations

from datetime import date, timedelta
from typing import assert_never
from uuid import UUID

import msgspec
from msgspec.structs import replace

from coordination.pupil.profile.events import AnyProfileEvent, RegistrationEnded, SchoolMoved
from coordination.pupil.support.events import (
    AnySupportEvent,
    NextStep,
    SupportEnded,
    SupportRecordedInError,
    SupportReviewed,
    SupportStarted,
)


class SupportReview(msgspec.Struct, frozen=True):
    """A review that counts, by its place in the pupil's stream."""

    on: date
    version: int
    next_step: NextStep


class SupportRecord(msgspec.Struct, frozen=True, kw_only=True):
    """One piece of support as it stands. `ended_on` is its last day (None: it goes on); `left`: it ended because the
    pupil left the school that gave it."""

    support: UUID
    by: UUID
    level: int
    phase: int
    started_on: date
    ends_by: date
    review_on: date
    measurable: bool
    programme: str | None
    programme_of: UUID | None
    referral: UUID | None
    advised_by: UUID | None
    first_version: int
    last_version: int
    reviews: tuple[SupportReview, ...] = ()
    ended_on: date | None = None
    ended_version: int | None = None
    left: bool = False

    @property
    def runs(self) -> bool:
        return self.ended_on is None

    @property
    def last_day_recorded(self) -> date:
        """The day of the last review, else the first day."""
        return max([review.on for review in self.reviews], default=self.started_on)


class SupportGiven(msgspec.Struct, frozen=True):
    """Every piece of support that counts, by its id, and the ids of those recorded in error."""

    given: dict[UUID, SupportRecord] = {}
    in_error: frozenset[UUID] = frozenset()


def evolve(state: SupportGiven, event: AnySupportEvent, version: int) -> SupportGiven:
    """The support after the event; `version` is its place in the pupil's stream."""
    match event:
        case SupportStarted():
            return _with(state, _started(event, version))
        case SupportReviewed():
            held = state.given[event.support]
            review = SupportReview(event.header.occurred_on, version, event.next_step)
            reviews = tuple(sorted((*held.reviews, review), key=lambda r: (r.on, r.version)))
            latest = reviews[-1].version == version
            return _with(
                state,
                replace(
                    held,
                    reviews=reviews,
                    review_on=event.review_on if latest and event.review_on else held.review_on,
                    ends_by=event.ends_by or held.ends_by,
                    last_version=version,
                ),
            )
        case SupportEnded():
            held = state.given[event.support]
            on = event.header.occurred_on
            return _with(state, replace(held, ended_on=on, ended_version=version, last_version=version))
        case SupportRecordedInError():
            rest = {id: held for id, held in state.given.items() if id != event.support}
            return SupportGiven(rest, state.in_error | {event.support})
        case _:
            assert_never(event)


def _started(event: SupportStarted, version: int) -> SupportRecord:
    return SupportRecord(
        support=event.support,
        by=event.by,
        level=event.level,
        phase=event.phase,
        started_on=event.header.occurred_on,
        ends_by=event.ends_by,
        review_on=event.review_on,
        measurable=event.measurable,
        programme=event.programme,
        programme_of=event.programme_of,
        referral=event.referral,
        advised_by=event.advised_by,
        first_version=version,
        last_version=version,
    )


def follow_roll(state: SupportGiven, event: AnyProfileEvent, version: int) -> SupportGiven:
    """A school's support ends when the pupil leaves its roll: the day before the next school has them, or their last
    day on the roll."""
    match event:
        case SchoolMoved(from_school=school):
            last = event.header.occurred_on - timedelta(days=1)
        case RegistrationEnded(school=school):
            last = event.header.occurred_on
        case _:
            return state
    ended = {
        id: replace(held, ended_on=max(last, held.started_on), left=True, last_version=version)
        for id, held in state.given.items()
        if held.runs and held.by == school
    }
    return SupportGiven({**state.given, **ended}, state.in_error) if ended else state


def _with(state: SupportGiven, held: SupportRecord) -> SupportGiven:
    return SupportGiven({**state.given, held.support: held}, state.in_error)
