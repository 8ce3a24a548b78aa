"""A service's own rule about families that do not answer."""

from __future__ import annotations

from coordination.directory.commands import SetNoAnswerRule
from coordination.directory.decisions.checks import own_service, require_kind
from coordination.directory.events import AnyOrganisationEvent
from coordination.directory.no_answer_events import NoAnswerRuleSet
from coordination.directory.organisation import SERVICE_PROVIDERS, NoAnswerRule, Organisation
from coordination.directory.permission import require_administrator
from coordination.errors import Refusal
from coordination.event import Header
from coordination.guards import strip_text
from coordination.world import World

MOST_DAYS = 366


def decide_set_no_answer_rule(
    organisation: Organisation, command: SetNoAnswerRule, header: Header, world: World
) -> list[AnyOrganisationEvent]:
    """Sets the rule of a service from a day on: its own service manager, or an administrator. Refuses `out_of_range`
    for days that are not from 1 to a year, and a notice that is longer than the time for an answer."""
    require_kind(organisation, *SERVICE_PROVIDERS)
    if (header.organisation, header.role) != (organisation.id, "service_manager"):
        require_administrator(header, world)
    service = own_service(organisation, command.service)
    if command.days is not None and not 1 <= command.days <= MOST_DAYS:
        raise Refusal("days_out_of_range", "days", least=1, most=MOST_DAYS)
    if not 1 <= command.told_days <= (command.days or MOST_DAYS):
        raise Refusal("days_out_of_range", "told_days", least=1, most=command.days or MOST_DAYS)
    rule = NoAnswerRule(
        effective_from=command.effective_from,
        days=command.days,
        told_days=command.told_days,
        telephone=strip_text(command.telephone),
    )
    if rule in service.no_answer_versions:
        return []
    return [
        NoAnswerRuleSet(
            header=header,
            service=service.id,
            effective_from=rule.effective_from,
            days=rule.days,
            told_days=rule.told_days,
            telephone=rule.telephone,
        )
    ]
