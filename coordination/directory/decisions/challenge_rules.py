"""Who sets the challenge rules of an authority."""

from __future__ import annotations

import msgspec

from coordination.directory.challenge_rules import (
    OF_MEETINGS,
    RULE_CODES,
    ChallengeRule,
    ChallengeRuleSet,
    SetChallengeRule,
)
from coordination.directory.decisions.checks import require_kind, require_order
from coordination.directory.events import AnyOrganisationEvent
from coordination.directory.organisation import Organisation
from coordination.directory.permission import require_administrator
from coordination.errors import Refusal
from coordination.event import Header
from coordination.guards import require_words
from coordination.world import World

MOST = 260
"""Working days in a year: no rule waits longer."""


def decide_set_challenge_rule(
    organisation: Organisation, command: SetChallengeRule, header: Header, world: World
) -> list[AnyOrganisationEvent]:
    """An administrator of the authority. Refused `not_permitted`, `unknown_code`, `cannot_be_empty` (a rule has a
    source, and one about meetings a window), `out_of_range` (more things than the window has, or days outside 0 to
    MOST), `end_before_start`."""
    require_administrator(header, world)
    require_kind(organisation, "authority")
    if command.code not in RULE_CODES:
        raise Refusal("unknown_code", "code", table="challenge_rule")
    window = command.window if command.code in OF_MEETINGS else None
    if command.code in OF_MEETINGS and window is None:
        raise Refusal("cannot_be_empty", "window")
    if not 1 <= command.least <= (window or MOST):
        raise Refusal("out_of_range", "least", at_least=1)
    if not 0 <= command.days <= MOST:
        raise Refusal("out_of_range", "days", at_least=0)
    require_order(command.effective_from, command.effective_to, "effective_to")
    wanted = ChallengeRule(
        code=command.code,
        least=command.least,
        days=command.days,
        window=window,
        source=require_words(command.source, "source"),
        effective_from=command.effective_from,
        effective_to=command.effective_to,
    )
    if wanted in organisation.challenge_rules.get(wanted.code, ()):
        return []
    return [ChallengeRuleSet(header=header, **msgspec.structs.asdict(wanted))]
