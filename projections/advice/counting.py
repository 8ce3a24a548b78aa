"""How often advice made a referral unnecessary, counted from the conversations. Pure functions.

The definition: a conversation about a named pupil was answered with something other than "refer", no referral of that
pupil to that service by that school was open when it was asked, and none was sent within `days` days of the day it was
asked, the last day included. It is counted once those days are over. That no referral followed does not show that the
advice was the reason: the pupil may have moved, or been helped elsewhere.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from datetime import date, timedelta
from typing import Literal, get_args
from uuid import UUID

import msgspec

DAYS = 90
"""Days within which a referral counts as one that followed, unless the report says otherwise."""
SMALLEST_SHARE = 5
"""A percentage of fewer conversations than this is not stated."""

AdviceOutcome = Literal[
    "unanswered",
    "without_name",
    "already_referred",
    "too_early",
    "referred",
    "advised_to_refer",
    "no_referral",
]
OUTCOMES: tuple[AdviceOutcome, ...] = get_args(AdviceOutcome)


class AdviceLine(msgspec.Struct, frozen=True, kw_only=True):
    """What is counted of one conversation. `referred_on` and `open_before` are only known of a named pupil."""

    school: UUID
    service: UUID
    asked_on: date
    named: bool
    answer: str | None
    open_before: bool = False
    referred_on: date | None = None


class AdviceCounts(msgspec.Struct, frozen=True, kw_only=True):
    """The conversations of one group, each in exactly one of the counts: `asked` is their sum. `judged` are those with
    which the question can be answered (`referred` and `no_referral`), `percent_no_referral` the share of `no_referral`
    among them, or None for fewer than five."""

    asked: int = 0
    unanswered: int = 0
    without_name: int = 0
    already_referred: int = 0
    too_early: int = 0
    referred: int = 0
    advised_to_refer: int = 0
    no_referral: int = 0

    @property
    def judged(self) -> int:
        return self.referred + self.no_referral

    @property
    def percent_no_referral(self) -> float | None:
        if self.judged < SMALLEST_SHARE:
            return None
        return round(100 * self.no_referral / self.judged, 1)


def outcome_of(line: AdviceLine, as_of: date, days: int = DAYS) -> AdviceOutcome:
    """In which count a conversation is on a day. A referral sent on the day it was asked, or on the last of the days,
    followed. "Advised to refer": the answer was to refer and no referral followed, so nothing was made unnecessary."""
    if line.answer is None:
        return "unanswered"
    if not line.named:
        return "without_name"
    if line.open_before:
        return "already_referred"
    last = line.asked_on + timedelta(days)
    if line.referred_on is not None and line.referred_on <= min(last, as_of):
        return "referred"
    if as_of <= last:
        return "too_early"
    return "advised_to_refer" if line.answer == "refer" else "no_referral"


def count_advice(lines: Iterable[AdviceLine], as_of: date, days: int = DAYS) -> AdviceCounts:
    """The counts of some conversations on a day."""
    found = Counter(outcome_of(line, as_of, days) for line in lines)
    return AdviceCounts(asked=found.total(), **{name: found[name] for name in OUTCOMES})


def count_groups(
    lines: Iterable[AdviceLine], key: Callable[[AdviceLine], str], as_of: date, days: int = DAYS
) -> dict[str, AdviceCounts]:
    """The counts by group, in the order of the keys."""
    groups: dict[str, list[AdviceLine]] = {}
    for line in lines:
        groups.setdefault(key(line), []).append(line)
    return {name: count_advice(groups[name], as_of, days) for name in sorted(groups)}
