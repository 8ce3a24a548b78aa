"""A child's age on the day a clock starts, from the ages that the receipts tell in clear."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from coordination.pupil.referral.phase import DatedMilestone
from coordination.world import completed_months


def age_years(steps: Iterable[DatedMilestone], on: date) -> int | None:
    """Completed years on a day, from the completed months at a receipt; None where no receipt tells them, or where
    they leave two years possible. A child born on 29 February is a year older on 1 March."""
    for step in steps:
        if step.age_months is None:
            continue
        low, high = _months_between(step.on, on)
        years = {(step.age_months + low) // 12, (step.age_months + high) // 12}
        if len(years) == 1:
            return max(years.pop(), 0)
    return None


def _months_between(at: date, on: date) -> tuple[int, int]:
    """The fewest and the most months that a child can grow older from a day to another (negative: younger)."""
    if on == at:
        return 0, 0
    if on > at:
        whole = completed_months(at, on) or 0
        return whole, whole + 1
    whole = completed_months(on, at) or 0
    return -whole - 1, -whole
