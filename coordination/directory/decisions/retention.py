"""Setting a dated version of a retention rule."""

from __future__ import annotations

import msgspec

from coordination.directory.commands import SetRetentionRule
from coordination.directory.decisions.checks import require_kind, require_order, require_text
from coordination.directory.events import AnyOrganisationEvent, RetentionRuleSet
from coordination.directory.organisation import REFERENCE, Organisation
from coordination.directory.permission import require_administrator
from coordination.directory.retention import CASES, STARTS, RetentionRule
from coordination.errors import Refusal
from coordination.event import Header
from coordination.world import World


def decide_set_retention_rule(
    organisation: Organisation, command: SetRetentionRule, header: Header, world: World
) -> list[AnyOrganisationEvent]:
    """Sets a version from a day on. Refuses a rule without a source, for nobody that is known (`unknown_code`), and
    less than one year (`out_of_range`)."""
    require_administrator(header, world)
    require_kind(organisation, REFERENCE)
    require_text(command.code, "code")
    require_text(command.source, "source")
    if command.applies not in CASES:
        raise Refusal("unknown_code", "applies", table="retention")
    if command.begins not in STARTS:
        raise Refusal("unknown_code", "begins", table="retention")
    if not 1 <= command.years <= 150:
        raise Refusal("out_of_range", "years")
    require_order(command.effective_from, command.effective_to, "effective_to")
    fields = {name: getattr(command, name) for name in RetentionRule.__struct_fields__}
    rule = RetentionRule(**fields)
    if rule in organisation.retention.get(command.code, ()):
        return []
    return [RetentionRuleSet(header=header, **msgspec.structs.asdict(rule))]
