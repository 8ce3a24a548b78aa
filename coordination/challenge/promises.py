"""What an agency promises in answer to a challenge, by a day, and whether it kept it."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from coordination.event import ChallengeEvent, Command
from coordination.sensitivity import SEALED, Operational, Personal


class PromiseMade(ChallengeEvent, frozen=True, kw_only=True):
    """The agency promised something by `promised_by` (that day included); `reported`: the school recorded what it was
    promised outside the service."""

    topic = "challenge.promise_made"
    promise: Operational[UUID]
    promised_by: Operational[date]
    reported: Operational[bool]
    text: Personal[str] = SEALED


class PromiseKept(ChallengeEvent, frozen=True, kw_only=True):
    """The school recorded that the promise was kept."""

    topic = "challenge.promise_kept"
    promise: Operational[UUID]


class PromiseBroken(ChallengeEvent, frozen=True, kw_only=True):
    """The school recorded, after its last day, that the promise was not kept."""

    topic = "challenge.promise_broken"
    promise: Operational[UUID]
    why: Personal[str | None] = SEALED


AnyPromiseEvent = PromiseMade | PromiseKept | PromiseBroken


class MakePromise(Command, frozen=True, kw_only=True):
    """`promise` is a new random id."""

    challenge: UUID
    promise: UUID
    promised_by: date
    text: str


class KeepPromise(Command, frozen=True, kw_only=True):
    challenge: UUID
    promise: UUID


class BreakPromise(Command, frozen=True, kw_only=True):
    challenge: UUID
    promise: UUID
    why: str | None = None
