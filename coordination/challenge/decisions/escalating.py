"""Taking a challenge to the next level."""

from __future__ import annotations

from coordination.challenge.commands import EscalateChallenge
from coordination.challenge.decisions.checks import last_reply_day, require_school
from coordination.challenge.escalation import escalation_levels
from coordination.challenge.events import AnyChallengeEvent, ChallengeEscalated
from coordination.challenge.state import WITH_THE_AGENCY, Challenge
from coordination.directory.state import Directory
from coordination.errors import Refusal
from coordination.event import Header
from coordination.guards import require_words, strip_text
from coordination.world import World


def decide_escalate(
    challenge: Challenge, command: EscalateChallenge, header: Header, world: World
) -> list[AnyChallengeEvent]:
    """Escalates by one level, once the reply is overdue or did not settle the matter. Refuses `enquiry_has_no_ladder`,
    `dispute_open`, `rule_no_longer_met`, `reply_not_due`, `not_the_next_level`, `top_of_the_ladder`. With `bypass`
    only `cannot_be_empty` without a reason, and `unknown_level`."""
    if command.bypass:
        require_school(challenge, command, header, None)
        why: str | None = require_words(command.why, "why")
        _require_level(command, challenge, world)
    else:
        require_school(challenge, command, header, WITH_THE_AGENCY)
        why = strip_text(command.why)
        _require_turn(challenge, command, world)
    if command.to_person is not None and world.directory.person(command.to_person) is None:
        raise Refusal("unknown_person", "to_person")
    return [
        ChallengeEscalated(
            header=header,
            level=command.level,
            bypass=command.bypass,
            reply_due_on=last_reply_day(command.occurred_on, command.reply_working_days),
            to_person=command.to_person,
            why=why,
        )
    ]


def _require_turn(challenge: Challenge, command: EscalateChallenge, world: World) -> None:
    """Refuses an escalation that is not due, or not to the next level."""
    if challenge.kind == "enquiry":
        raise Refusal("enquiry_has_no_ladder", "level")
    if challenge.open_disputes():
        raise Refusal("dispute_open", "level")
    if not challenge.still_met():
        raise Refusal("rule_no_longer_met", "level")
    if not challenge.answered and not challenge.overdue(command.occurred_on):
        due = challenge.reply_due_on
        raise Refusal("reply_not_due", "occurred_on", due_on=due.isoformat() if due else None)
    following = next_level(challenge, world.directory)
    if following is None:
        raise Refusal("top_of_the_ladder", "level")
    if command.level != following:
        raise Refusal("not_the_next_level", "level", next=following)


def next_level(challenge: Challenge, directory: Directory) -> str | None:
    """The level above the present one for the agency's kind; None at the top."""
    levels = _levels(challenge, directory)
    if challenge.level not in levels:
        return levels[0]
    above = levels[levels.index(challenge.level) + 1 :]
    return above[0] if above else None


def _levels(challenge: Challenge, directory: Directory) -> tuple[str, ...]:
    agency = directory.organisation(challenge.agency)
    return escalation_levels(agency.agency_kind if agency else None)


def _require_level(command: EscalateChallenge, challenge: Challenge, world: World) -> None:
    """Raises Refusal `unknown_level` unless it is a code of `escalation_level`."""
    known = world.directory.code("escalation_level", command.level, command.occurred_on) != "unknown"
    if not known and command.level not in _levels(challenge, world.directory):
        raise Refusal("unknown_level", "level")
