"""What a service says of families that do not answer."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from coordination.event import OrganisationEvent
from coordination.sensitivity import Operational


class NoAnswerRuleSet(OrganisationEvent, frozen=True, kw_only=True):
    """After how many days without an answer a service may end a referral, from a day on (None: never), and how many
    days before that it tells the school. `telephone` is for families."""

    topic = "service.no_answer_rule_set"
    service: Operational[UUID]
    effective_from: Operational[date]
    days: Operational[int | None]
    told_days: Operational[int]
    telephone: Operational[str | None] = None
