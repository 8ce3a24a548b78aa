"""Checks that several steps of a challenge share: who acts, in which phase, on which day."""

from __future__ import annotations

from datetime import date

from coordination.authority import SCHOOL_ROLES, acting_organisation, require_not_in_future
from coordination.calendars import wales
from coordination.challenge.state import Challenge, Phase
from coordination.errors import NotFound, Refusal
from coordination.event import Command, Header
from coordination.guards import require_current_version, speaks_for_agency
from coordination.world import World


def require_school(
    challenge: Challenge, command: Command, header: Header, phases: frozenset[Phase] | None
) -> None:
    """The actor is staff of the school and the challenge is in one of these phases (None: any open phase).

    The agency and the authority, who can see a challenge once it was sent, are refused with `school_only`; for anyone
    else NotFound.
    """
    if not challenge.raised:
        raise NotFound
    if acting_organisation(header) != challenge.school or header.role not in SCHOOL_ROLES:
        knows = challenge.sent_on is not None and acting_organisation(header) in (
            challenge.agency,
            challenge.authority,
        )
        raise Refusal("school_only", "person") if knows else NotFound()
    require_order(challenge, command, header, phases)


def require_agency(
    challenge: Challenge, command: Command, header: Header, world: World, phases: frozenset[Phase]
) -> None:
    """The actor speaks for the service challenged, after the challenge was sent; no other organisation or service can
    speak for it.

    The school is refused with `agency_only`; for anyone else, and before it is sent, NotFound.
    """
    if challenge.raised and acting_organisation(header) == challenge.school and header.role in SCHOOL_ROLES:
        raise Refusal("agency_only", "person")
    if challenge.sent_on is None or not speaks_for_agency(header, challenge.agency):
        raise NotFound
    if not world.acts_for(challenge.service):
        raise NotFound
    require_order(challenge, command, header, phases)


def require_order(
    challenge: Challenge, command: Command, header: Header, phases: frozenset[Phase] | None
) -> None:
    """Raises Refusal `challenge_closed` after the end, `out_of_order` in another phase, `in_the_future`, and
    `before_previous_step` for a day before the previous step's. Raises StaleVersion."""
    require_current_version(command, challenge.version)
    if challenge.closed:
        raise Refusal("challenge_closed", "challenge", phase=challenge.phase)
    if phases is not None and challenge.phase not in phases:
        raise Refusal("out_of_order", "challenge", phase=challenge.phase)
    require_not_in_future(header, command.occurred_on)
    if command.occurred_on < challenge.since:
        raise Refusal("before_previous_step", "occurred_on", since=challenge.since.isoformat())


def last_reply_day(on: date, working_days: int) -> date:
    """The last day for the reply: `working_days` working days after `on`. Raises Refusal `out_of_range` below 1."""
    if working_days < 1:
        raise Refusal("out_of_range", "reply_working_days", at_least=1)
    return wales().add(on, working_days)
