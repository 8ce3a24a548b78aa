"""Promises: made by the agency or reported by the school, and followed until they are kept or broken."""

from __future__ import annotations

from coordination.authority import SCHOOL_ROLES, acting_organisation, require_not_in_future
from coordination.challenge.decisions.checks import require_agency, require_school
from coordination.challenge.promises import (
    AnyPromiseEvent,
    BreakPromise,
    KeepPromise,
    MakePromise,
    PromiseBroken,
    PromiseKept,
    PromiseMade,
)
from coordination.challenge.state import WITH_THE_AGENCY, Challenge, Promise
from coordination.errors import NotFound, Refusal
from coordination.event import Header
from coordination.guards import require_current_version, require_words, speaks_for_agency, strip_text
from coordination.world import World


def decide_promise(
    challenge: Challenge, command: MakePromise, header: Header, world: World
) -> list[AnyPromiseEvent]:
    """The agency promises, or the school records what it promised. Refused `already_promised`, and `promised_before`
    for a day that is over when it is promised."""
    of_agency = speaks_for_agency(header, challenge.agency)
    if of_agency:
        require_agency(challenge, command, header, world, WITH_THE_AGENCY)
    else:
        require_school(challenge, command, header, WITH_THE_AGENCY)
    if command.promise in challenge.promises:
        raise Refusal("already_promised", "promise")
    if command.promised_by < command.occurred_on:
        raise Refusal("promised_before", "promised_by")
    return [
        PromiseMade(
            header=header,
            promise=command.promise,
            promised_by=command.promised_by,
            reported=not of_agency,
            text=require_words(command.text, "text"),
        )
    ]


def decide_keep_promise(
    challenge: Challenge, command: KeepPromise, header: Header, world: World
) -> list[AnyPromiseEvent]:
    """The school records that it was kept, also after the challenge was resolved. Refused `promise_ended`."""
    _followed(challenge, command, header)
    return [PromiseKept(header=header, promise=command.promise)]


def decide_break_promise(
    challenge: Challenge, command: BreakPromise, header: Header, world: World
) -> list[AnyPromiseEvent]:
    """The school records that it was not kept. Refused `promise_ended`, and `promise_not_due` up to its last day."""
    promise = _followed(challenge, command, header)
    if command.occurred_on <= promise.promised_by:
        raise Refusal("promise_not_due", "promise", due_on=promise.promised_by.isoformat())
    return [PromiseBroken(header=header, promise=command.promise, why=strip_text(command.why))]


def _followed(challenge: Challenge, command: KeepPromise | BreakPromise, header: Header) -> Promise:
    """The promise, for staff of the school while nobody said how it ended. The agency is refused `school_only`."""
    promise = challenge.promises.get(command.promise)
    if promise is None:
        raise NotFound
    if acting_organisation(header) != challenge.school or header.role not in SCHOOL_ROLES:
        knows = acting_organisation(header) in (challenge.agency, challenge.authority)
        raise Refusal("school_only", "person") if knows else NotFound()
    require_current_version(command, challenge.version)
    require_not_in_future(header, command.occurred_on)
    if command.occurred_on < promise.made_on:
        raise Refusal("before_previous_step", "occurred_on", since=promise.made_on.isoformat())
    if promise.ended is not None:
        raise Refusal("promise_ended", "promise")
    return promise
