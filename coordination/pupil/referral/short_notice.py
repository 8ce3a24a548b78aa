"""Who is offered an hour that became free, or seen on the same visit. Pure functions.

The rule: only a child who is ready and whose family agreed to short notice is offered the hour; a more urgent child
comes before a less urgent one; of equally urgent children the one who has waited longest comes first. Nothing else
decides: not the school, not a number of days to a limit, not who asks.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import date
from uuid import UUID

import msgspec

URGENCY = ("urgent", "priority", "routine")
"""Codes of the table `priority`, the most urgent first. Any other code comes after them."""
READY = frozenset(
    {"received", "acknowledged", "triaged", "accepted", "opt_in_answered", "information_supplied"}
    | {"waiting_list_reviewed", "cancelled_by_service"}
)
"""Phases in which nothing is awaited from the school or the family and no appointment is offered."""


class WaitingChild(msgspec.Struct, frozen=True, kw_only=True):
    """A referral that waits for the service. `ready`: the service could see the child on that day."""

    referral: UUID
    school: UUID
    priority: str
    waits_since: date
    ready: bool
    short_notice: bool


def urgency(priority: str) -> int:
    """The rank of a priority: smaller is more urgent."""
    return URGENCY.index(priority) if priority in URGENCY else len(URGENCY)


def is_ready(phase: str, missing: Collection[str], away: Iterable[tuple[date, date]], on: date) -> bool:
    """Whether a referral is ready for an appointment on a day: see READY; nothing that the service requires is missing;
    the family did not ask to wait. `away`: first and last days on which it did."""
    return phase in READY and not missing and not any(first <= on <= last for first, last in away)


def in_turn(children: Iterable[WaitingChild], schools: Collection[UUID]) -> list[WaitingChild]:
    """The children at these schools who can be offered the hour, the first to be asked at the top."""
    can = [c for c in children if c.ready and c.short_notice and c.school in schools]
    return sorted(can, key=lambda c: (urgency(c.priority), c.waits_since, c.referral))
