"""What each return counts, from the waits of one month. Pure.

Sources: NHS Wales Data Dictionary, Information Requirements 2021-22 onwards (neurodevelopment); the specialist CAMHS
series of the Welsh Government, which has ended; StatsWales, Mental Health (Wales) Measure 2010, Part 1 (primary
mental health).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from itertools import pairwise
from typing import Literal
from uuid import UUID

import msgspec

ReturnKind = Literal["neurodevelopment", "camhs", "primary_mental_health"]
ReturnClock = Literal["first_contact", "assessed", "treatment_started"]
"""What stops the clock; it starts with receipt, that of a treatment with the assessment."""

OLDEST_MONTHS = 17 * 12 + 6
"""The specialist CAMHS series counts those aged 17 years and 6 months or less at receipt, in completed months."""
ADULT_MONTHS = 18 * 12
NEURODEVELOPMENT_BANDS = (84, 126, 182, 252, 364)
PRIMARY_BANDS = (28, 56)
CAMHS_BANDS = (27,)
"""Under four weeks."""
REJECTED = frozenset({"declined", "passed_on", "advice_given"})


class ReturnWait(msgspec.Struct, frozen=True, kw_only=True):
    """A wait as it was at the end of the month: when its clock started and its holder received it, when and how it had
    ended (None: it runs), whether the service had accepted it, and the age at receipt in completed months."""

    clock: ReturnClock
    agency: UUID
    authority: UUID | None
    start_on: date
    begins_on: date
    ended_on: date | None
    ending: str | None
    accepted: bool
    age_months: int | None

    @property
    def days(self) -> int | None:
        """Calendar days from start to stop; None: not stopped."""
        stopped = self.ended_on if self.ending == "stopped" else None
        return None if stopped is None else (stopped - self.start_on).days


def band_names(bands: Sequence[int]) -> list[str]:
    """`up_to_84_days`, `85_to_126_days`, ..., `365_days_and_over`."""
    between = [f"{low + 1}_to_{high}_days" for low, high in pairwise(bands)]
    return [f"up_to_{bands[0]}_days", *between, f"{bands[-1] + 1}_days_and_over"]


def banded(prefix: str, days: Iterable[int], bands: Sequence[int]) -> dict[str, int]:
    """The number, and how many of it fall in each band."""
    names = [f"{prefix}.{name}" for name in band_names(bands)]
    found = dict.fromkeys((f"{prefix}.count", *names), 0)
    for count in days:
        found[f"{prefix}.count"] += 1
        found[names[sum(count > limit for limit in bands)]] += 1
    return found


def counts_of(kind: ReturnKind, waits: Iterable[ReturnWait], first: date, last: date) -> dict[str, int]:
    """The counts of a return for some waits."""
    waits = list(waits)
    match kind:
        case "neurodevelopment":
            return _neurodevelopment(waits, first, last)
        case "camhs":
            own = [wait for wait in waits if wait.age_months is not None and wait.age_months <= OLDEST_MONTHS]
            open_ = banded("waiting", _open_days(own, last), CAMHS_BANDS)
            # a series of those waiting whose age is known
            unknown = sum(1 for wait in waits if wait.ended_on is None and wait.age_months is None)
            return {**open_, "age_not_known": unknown}
        case "primary_mental_health":
            found: dict[str, int] = {}
            for name, clock in (("assessments", "assessed"), ("interventions", "treatment_started")):
                days = [
                    wait.days
                    for wait in waits
                    if wait.clock == clock
                    and wait.days is not None
                    and first <= (wait.ended_on or last) <= last
                ]
                found |= banded(name, days, PRIMARY_BANDS)
            return found


def _neurodevelopment(waits: list[ReturnWait], first: date, last: date) -> dict[str, int]:
    """Those waiting on the last day; and those received in the month, who are accepted (seen counts as accepted),
    rejected, or not yet decided (those who withdrew before a decision are among them)."""
    found = banded("waiting", _open_days(waits, last), NEURODEVELOPMENT_BANDS)
    found["waiting.within_26_weeks"] = sum(days <= 182 for days in _open_days(waits, last))
    found |= dict.fromkeys(
        ("received.count", "received.accepted", "received.rejected", "received.not_yet_decided"), 0
    )
    for wait in waits:
        if first <= wait.begins_on <= last:
            found["received.count"] += 1
            if wait.ending in REJECTED:
                found["received.rejected"] += 1
            elif wait.accepted or wait.ending == "stopped":
                found["received.accepted"] += 1
            else:
                found["received.not_yet_decided"] += 1
    return found


def _open_days(waits: Iterable[ReturnWait], last: date) -> list[int]:
    return [(last - wait.start_on).days for wait in waits if wait.ended_on is None]


def age_group(wait: ReturnWait) -> str:
    """Under 18 or not at receipt; not_recorded."""
    if wait.age_months is None:
        return "not_recorded"
    return "under_18" if wait.age_months < ADULT_MONTHS else "18_and_over"
