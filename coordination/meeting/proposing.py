"""An agenda that proposes itself: which pupils, why, and in which order, so that a service is needed for a short time.

Pure: what is known of the pupils, and the hours, are arguments.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, time
from typing import Literal, get_args
from uuid import UUID

import msgspec

Why = Literal["breach", "overdue_action", "carried_over", "asked", "concern", "review_due"]
"""A limit that has passed; an action that is late; not reached at an earlier meeting; an agency waits for the school; a
teacher's concern without an answer; a review of support that is due by the meeting. The most pressing first."""
PRESSING: Mapping[str, int] = {why: n for n, why in enumerate(get_args(Why))}
ASSUMED_MINUTES = 15
"""For each pupil, where the meeting has no end."""
MOST_ROUNDS = 50


class Reason(msgspec.Struct, frozen=True, kw_only=True):
    """Why a pupil should be on an agenda, since which day, and which services it concerns."""

    pupil: UUID
    why: Why
    since: date
    services: tuple[UUID, ...] = ()


class ProposedItem(msgspec.Struct, frozen=True, kw_only=True):
    """A pupil proposed for an agenda with every reason, the most pressing first, and the services concerned."""

    pupil: UUID
    reasons: tuple[Reason, ...]
    services: tuple[UUID, ...]


def proposed_items(reasons: Iterable[Reason]) -> list[ProposedItem]:
    """One proposal for each pupil: by the most pressing reason, then the longest-standing."""
    of: dict[UUID, list[Reason]] = defaultdict(list)
    for one in reasons:
        of[one.pupil].append(one)
    found = []
    for pupil, held in of.items():
        ordered = sorted(held, key=_pressing)
        services = dict.fromkeys(service for one in ordered for service in one.services)
        found.append(ProposedItem(pupil=pupil, reasons=tuple(ordered), services=tuple(services)))
    return sorted(found, key=lambda p: (_pressing(p.reasons[0]), p.pupil.int))


def _pressing(one: Reason) -> tuple[int, date]:
    return PRESSING[one.why], one.since


def stand_together(items: Sequence[tuple[UUID, Sequence[UUID]]]) -> list[UUID]:
    """The items (each with the services needed for it) in an order in which each service's stand together: the sum,
    over the services, of the items from its first to its last is as small as moving one item at a time makes it. The
    same items in any order of the services give the same answer; of equal orders the given one comes first."""
    needed = {item: frozenset(services) for item, services in items}
    order = [item for item, _ in items]
    best = _spread(order, needed)
    for _ in range(MOST_ROUNDS):
        found = _moved(order, needed, best)
        if found is None:
            break
        order, best = found
    return order


def _moved(
    order: list[UUID], needed: Mapping[UUID, frozenset[UUID]], best: int
) -> tuple[list[UUID], int] | None:
    """The order with one item moved that is better by most; None where no move is better."""
    chosen: tuple[list[UUID], int] | None = None
    for n, item in enumerate(order):
        rest = [*order[:n], *order[n + 1 :]]
        for to in range(len(order)):
            tried = [*rest[:to], item, *rest[to:]]
            spread = _spread(tried, needed)
            if spread < (chosen[1] if chosen else best):
                chosen = tried, spread
    return chosen


def _spread(order: Sequence[UUID], needed: Mapping[UUID, frozenset[UUID]]) -> int:
    first: dict[UUID, int] = {}
    last: dict[UUID, int] = {}
    for n, item in enumerate(order):
        for service in needed[item]:
            first.setdefault(service, n)
            last[service] = n
    return sum(last[service] - first[service] + 1 for service in first)


def needed_from_to(
    items: Sequence[tuple[UUID, Sequence[UUID]]], starts_at: time | None, ends_at: time | None
) -> dict[UUID, tuple[time, time]]:
    """From when to when each service is needed, where the pupils share the meeting's time equally; in whole minutes,
    the first rounded down and the last up. Empty for a meeting without an hour."""
    if starts_at is None or not items:
        return {}
    first = starts_at.hour * 60 + starts_at.minute
    length = ends_at.hour * 60 + ends_at.minute - first if ends_at else ASSUMED_MINUTES * len(items)
    found: dict[UUID, tuple[time, time]] = {}
    for n, (_item, services) in enumerate(items):
        begins = first + n * length // len(items)
        ends = first - (-(n + 1) * length // len(items))
        for service in services:
            since = found[service][0] if service in found else _hour(begins)
            found[service] = since, _hour(ends)
    return found


def _hour(minutes: int) -> time:
    """The time of day, at latest one minute before midnight."""
    kept = min(minutes, 24 * 60 - 1)
    return time(kept // 60, kept % 60)
