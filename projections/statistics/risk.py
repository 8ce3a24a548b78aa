"""Who was still waiting on each day of a wait: the table that survival curves and competing endings start from."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping

import msgspec


class ObservedWait(msgspec.Struct, frozen=True):
    """A wait as far as it was observed, in days of its own unit counted from the start of its clock.

    `entered`: the day from which it was observed; later than 0 for a wait that a service took over from another (left
    truncation). `days`: the day it ended, or the last day observed. `ending`: how it ended; None: it had not (it is
    censored).
    """

    entered: int
    days: int
    ending: str | None


class RiskDay(msgspec.Struct, frozen=True):
    """A day of the waits: `at_risk` are those observed on it that had not ended before it; `ended` those that ended on
    it, by ending; `censored` those last observed on it."""

    day: int
    at_risk: int
    ended: Mapping[str, int]
    censored: int


def risk_table(waits: Mapping[ObservedWait, int]) -> tuple[RiskDay, ...]:
    """Day 0 and each day on which a wait ended or was last observed, in order, from waits and how often each occurred.

    A wait is at risk on every day from the one it entered on to the one it ended or was last observed on, both
    included. So several that end on one day are at risk together, and one that was last observed on the day of
    another's end is still at risk then.
    """
    entered: dict[int, int] = defaultdict(int)
    censored: dict[int, int] = defaultdict(int)
    ended: dict[int, dict[str, int]] = {}
    for wait, count in waits.items():
        entered[wait.entered] += count
        if wait.ending is None:
            censored[wait.days] += count
        else:
            on_day = ended.setdefault(wait.days, {})
            on_day[wait.ending] = on_day.get(wait.ending, 0) + count
    entries = sorted(entered.items(), reverse=True)
    table, at_risk = [], 0
    for day in sorted({0, *ended, *censored}):
        while entries and entries[-1][0] <= day:
            at_risk += entries.pop()[1]
        left, gone = censored.get(day, 0), ended.get(day, {})
        table.append(RiskDay(day, at_risk, gone, left))
        at_risk -= left + sum(gone.values())
    return tuple(table)
