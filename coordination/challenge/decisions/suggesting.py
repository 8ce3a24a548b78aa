"""Suggesting a challenge (the nightly job), accepting the suggestion, putting it aside."""

from __future__ import annotations

from coordination.authority import (
    OPERATOR_ROLE,
    SCHOOL_ROLES,
    acting_organisation,
    require_not_in_future,
)
from coordination.challenge.state import Challenge
from coordination.challenge.suggestions import (
    AcceptSuggestion,
    AnySuggestionEvent,
    ChallengeSuggested,
    PutSuggestionAside,
    SuggestChallenge,
    SuggestionAccepted,
    SuggestionPutAside,
)
from coordination.directory.challenge_rules import OWN, RULE_CODES
from coordination.errors import NotFound, Refusal
from coordination.event import Header
from coordination.guards import require_current_version, require_words
from coordination.world import World


def decide_suggest(
    challenge: Challenge, command: SuggestChallenge, header: Header, world: World
) -> list[AnySuggestionEvent]:
    """The service itself, on behalf of the school. Refused `already_suggested`, `unknown_code`, `unknown_service`,
    `rule_not_met` (fewer things than the rule asks for)."""
    if header.role != OPERATOR_ROLE or acting_organisation(header) != command.school:
        raise NotFound
    require_not_in_future(header, command.occurred_on)
    if challenge.version > 0:
        raise Refusal("already_suggested", "challenge")
    if command.code not in RULE_CODES:
        raise Refusal("unknown_code", "code", table="challenge_rule")
    service = world.directory.service(command.service)
    if (service is None) != (command.code in OWN):
        raise Refusal("unknown_service", "service")
    if command.counted < command.least:
        raise Refusal("rule_not_met", "things", counted=command.counted, threshold=command.least)
    return [
        ChallengeSuggested(
            header=header,
            code=command.code,
            school=command.school,
            service=command.service,
            agency=service.agency if service else None,
            counted=command.counted,
            least=command.least,
            days=command.days,
            window=command.window,
            things=command.things,
            as_of=command.as_of,
            rule_from=command.rule_from,
            source=command.source,
            position=command.position,
        )
    ]


def decide_accept_suggestion(
    challenge: Challenge, command: AcceptSuggestion, header: Header, world: World
) -> list[AnySuggestionEvent]:
    """A person of the school. Refused `suggestion_decided`."""
    _require_open(challenge, command, header)
    return [SuggestionAccepted(header=header, raised=command.raised)]


def decide_put_aside(
    challenge: Challenge, command: PutSuggestionAside, header: Header, world: World
) -> list[AnySuggestionEvent]:
    """A person of the school, with a reason. Refused `suggestion_decided`."""
    _require_open(challenge, command, header)
    return [SuggestionPutAside(header=header, why=require_words(command.why, "why"))]


def _require_open(
    challenge: Challenge, command: AcceptSuggestion | PutSuggestionAside, header: Header
) -> None:
    """Only the school knows of the suggestion: NotFound for anyone else."""
    suggestion = challenge.suggestion
    if suggestion is None or acting_organisation(header) != suggestion.school:
        raise NotFound
    if header.role not in SCHOOL_ROLES:
        raise NotFound
    require_current_version(command, challenge.version)
    require_not_in_future(header, command.occurred_on)
    if suggestion.decided is not None:
        raise Refusal("suggestion_decided", "challenge")
