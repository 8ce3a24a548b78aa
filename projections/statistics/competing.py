"""The Aalen-Johansen estimate: the share of waits that had ended in each way after each day.

Each ending competes with the others: a child who moved away can no longer be seen. The shares of all endings and the
share still waiting add up to 1. Aalen and Johansen 1978; several endings on one day are counted together, without
moving any of them.
"""

from __future__ import annotations

from collections.abc import Iterable

from projections.statistics.risk import RiskDay

Incidence = tuple[tuple[int, float], ...]
"""A day, and the share (0 to 1) that had ended in one way after it; only the days on which it grew."""


def cumulative_incidence(table: Iterable[RiskDay]) -> dict[str, Incidence]:
    """The share of waits that had ended in each way, by ending, from their risk table."""
    grown: dict[str, list[tuple[int, float]]] = {}
    still = 1.0  # the share that has not ended in any way before the day
    for row in table:
        if not row.ended:
            continue
        for ending, count in row.ended.items():
            so_far = grown.setdefault(ending, [])
            before = so_far[-1][1] if so_far else 0.0
            so_far.append((row.day, before + still * count / row.at_risk))
        still *= (row.at_risk - sum(row.ended.values())) / row.at_risk
    return {ending: tuple(points) for ending, points in sorted(grown.items())}


def share_by(incidence: Incidence, day: int) -> float:
    """The share that had ended in this way after a day."""
    return next((share for on, share in reversed(incidence) if on <= day), 0.0)
