"""Ending a challenge: resolved, or withdrawn."""

from __future__ import annotations

from coordination.challenge.commands import ResolveChallenge, WithdrawChallenge
from coordination.challenge.decisions.checks import require_school
from coordination.challenge.events import AnyChallengeEvent, ChallengeResolved, ChallengeWithdrawn
from coordination.challenge.state import WITH_THE_AGENCY, Challenge
from coordination.errors import Refusal
from coordination.event import Header
from coordination.guards import require_words, strip_text
from coordination.world import World


def decide_resolve(
    challenge: Challenge, command: ResolveChallenge, header: Header, world: World
) -> list[AnyChallengeEvent]:
    """The school records the outcome, a code of `challenge_outcome`. Refuses `dispute_open`, `unknown_code`,
    `not_an_outcome`."""
    require_school(challenge, command, header, WITH_THE_AGENCY)
    if challenge.open_disputes():
        raise Refusal("dispute_open", "outcome")
    if world.directory.code("challenge_outcome", command.outcome, command.occurred_on) == "unknown":
        raise Refusal("unknown_code", "outcome", table="challenge_outcome")
    if command.outcome == "withdrawn":  # that is another step, with its reason
        raise Refusal("not_an_outcome", "outcome")
    return [ChallengeResolved(header=header, outcome=command.outcome, note=strip_text(command.note))]


def decide_withdraw(
    challenge: Challenge, command: WithdrawChallenge, header: Header, world: World
) -> list[AnyChallengeEvent]:
    """The school withdraws an open challenge, with a reason. Refuses `dispute_open`: after the end there can be no
    ruling, and the mark would stay contested."""
    require_school(challenge, command, header, None)
    if challenge.open_disputes():
        raise Refusal("dispute_open", "why")
    return [ChallengeWithdrawn(header=header, why=require_words(command.why, "why"))]
