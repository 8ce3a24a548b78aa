"""When an authority's schools are told that they could challenge a service, or have something to put right themselves:
dated rules with their source."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from uuid import UUID

import msgspec

from coordination.event import Command, OrganisationEvent
from coordination.sensitivity import Operational

OWN = ("own_not_sent", "own_action_overdue")
"""What a school owes itself: told to the school only, before anything of an agency's."""
RULE_CODES = (
    *OWN,
    "missed_of_last",
    "absent_without_apology",
    "delay",
    "silence",
    "information",
    "support",
)
OF_MEETINGS = frozenset({"missed_of_last", "absent_without_apology"})


class ChallengeRule(msgspec.Struct, frozen=True, kw_only=True):
    """A dated rule. It is met by `least` things: of the last `window` meetings missed (`missed_of_last`,
    `absent_without_apology`), or each more than `days` working days late: waits beyond their last day (`delay`),
    referrals sent and not confirmed (`silence`), questions asked for advice and not answered (`information`), reviews
    that found that the support which the service advised does not meet the need (`support`), referrals that the school
    has not sent (`own_not_sent`) and its own actions (`own_action_overdue`). `source`: who decided it, and where it
    stands."""

    code: str
    least: int
    days: int
    window: int | None
    source: str
    effective_from: date
    effective_to: date | None = None


class ChallengeRuleSet(OrganisationEvent, frozen=True, kw_only=True):
    """A dated challenge rule of an authority. One with the same first day replaces it; a later one follows it."""

    topic = "challenge_rule.set"

    code: Operational[str]
    least: Operational[int]
    days: Operational[int]
    window: Operational[int | None]
    source: Operational[str]
    effective_from: Operational[date]
    effective_to: Operational[date | None] = None


class SetChallengeRule(Command, frozen=True, kw_only=True):
    """A rule from a day on; the same first day again replaces that version, for example to end it."""

    organisation: UUID
    code: str
    least: int
    source: str
    effective_from: date
    days: int = 0
    window: int | None = None
    effective_to: date | None = None


def _usual(code: str, least: int, days: int = 0, window: int | None = None) -> ChallengeRule:
    return ChallengeRule(
        code=code, least=least, days=days, window=window, source="Cydlynu", effective_from=date.min
    )


USUAL_RULES: Mapping[str, ChallengeRule] = {
    rule.code: rule
    for rule in (
        _usual("own_not_sent", 1, 5),
        _usual("own_action_overdue", 1),
        _usual("missed_of_last", 2, window=3),
        _usual("absent_without_apology", 2, window=6),
        _usual("delay", 1),
        _usual("silence", 1, 10),
        _usual("information", 1, 20),
        _usual("support", 1),
    )
}
"""What holds where an authority has set no rule of its own."""
