"""What became of the waits of one group: an account that adds up. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

import msgspec

from coordination.calendars import SchoolDays
from coordination.clocks import ENDINGS, band_of, elapsed
from coordination.errors import Refusal
from projections.waiting_times.figures import StandardVersion, WaitLengths


class WaitTally:
    """The waits of one group and standard version up to the day of a report: each that began is once in `stopped`,
    `ended`, `running` or `uncountable`, or it ended outside the period. `started` counts those that began in it."""

    __slots__ = ("ended", "running", "started", "stopped", "uncountable")

    def __init__(self) -> None:
        self.started = 0
        self.stopped = WaitLengths()
        self.running = WaitLengths()
        self.ended: dict[str, int] = dict.fromkeys(ENDINGS, 0)
        self.uncountable = 0

    @property
    def is_empty(self) -> bool:
        """Whether nothing of the group belongs to the period and the day."""
        counted = (self.started, self.uncountable, *self.ended.values())
        return not any(counted) and not self.stopped.days and not self.running.days

    def add(
        self,
        row: Mapping[str, Any],
        version: StandardVersion,
        route: str | None,
        terms: SchoolDays | None,
        as_of: date,
    ) -> None:
        """Adds a line of a histogram: `n` waits in one `state`, of which `began` began in the period. Of those stopped
        the `days`, of those that run the day `since`; where the standard is of a legal `route` that ends bands on
        working days, `since` and `until` of both. A running wait of which a day up to `as_of` cannot be counted is
        uncountable."""
        self.started += row["began"]
        count, late = row["n"], bool(row["late"])
        match row["state"]:
            case "stopped":
                band = _band(row["since"], row["until"], version, route)
                self.stopped.add(row["days"], count, late=late, band=band)
            case "running":
                try:
                    days = elapsed(row["since"], as_of, version.unit, terms)
                except Refusal:  # the school's terms are not known that far
                    self.uncountable += count
                    return
                band = _band(row["since"], as_of, version, route)
                self.running.add(days, count, late=late, band=band)
            case "uncountable":
                self.uncountable += count
            case "outside":
                pass
            case ending:
                self.ended[ending] += count


def _band(since: date, until: date, version: StandardVersion, route: str | None) -> int | None:
    """The band by its dates, where a band that ends on no working day ends on the next; None: the days say it."""
    return band_of(since, until, version.bands, version.unit, route) if route else None


class WaitTotal(msgspec.Struct, frozen=True):
    """What may be added over groups and versions: counts, no lengths."""

    started: int
    ended_otherwise: dict[str, int]
    uncountable: int


def total_of(tallies: Iterable[WaitTally]) -> WaitTotal:
    """Several accounts together."""
    held = list(tallies)
    return WaitTotal(
        started=sum(tally.started for tally in held),
        ended_otherwise={ending: sum(tally.ended[ending] for tally in held) for ending in ENDINGS},
        uncountable=sum(tally.uncountable for tally in held),
    )
