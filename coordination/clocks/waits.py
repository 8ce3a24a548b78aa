"""Every wait of a referral: one clock of one standard in one episode and holding, with its days and whose they were."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Literal
from uuid import UUID

import msgspec

from coordination.calendars import SchoolDays
from coordination.clocks import limits
from coordination.clocks.episodes import Holding, episodes
from coordination.clocks.parties import PartyPeriod, Turn, periods_between, turns_of
from coordination.clocks.runs import ClockRun, WaitGap, runs_of
from coordination.directory.state import Directory, Standard
from coordination.errors import Refusal
from coordination.pupil.profile.state import OffRoll
from coordination.pupil.referral.phase import DatedMilestone, in_order
from coordination.pupil.referral.state import Referral

METRIC_VERSION = "2"
FAR = date(9999, 12, 31)
"""Up to which the periods of a wait that still runs are worked out."""

HolderKind = Literal["service", "school"]


class Wait(msgspec.Struct, frozen=True):
    """One wait. `start_on` is when the clock started, `begins_on` when this holder's part of it did: the days between
    are inherited. `held_from`: see `ClockRun`. `due_on` is the last day within the limit, `own_due_on` the same counted
    from `held_from`; both None without a limit or where the school's terms are not known that far. The ordinals differ
    by the elapsed days in the unit; `uncountable` is 'terms_unknown' where the first or the last day cannot be counted.
    `periods` follow each other from `start_on` to the end, or to FAR."""

    standard: str
    number: int
    service: UUID
    agency: UUID
    holder_kind: HolderKind
    version: Standard | None
    unit: str
    start_on: date
    begins_on: date
    held_from: date | None
    due_on: date | None
    own_due_on: date | None
    end_on: date | None
    ending: str | None
    age_years: int | None
    inherited_from: UUID | None
    uncountable: str | None
    start_ordinal: int | None
    end_ordinal: int | None
    unconfirmed: int
    gaps: tuple[WaitGap, ...]
    periods: tuple[PartyPeriod, ...]

    @property
    def inherited_days(self) -> int:
        """Calendar days of the wait before it came to this holder."""
        return (self.begins_on - self.start_on).days

    @property
    def stop_on(self) -> date | None:
        """The day on which it stopped."""
        return self.end_on if self.ending == "stopped" else None

    @property
    def ended_on(self) -> date | None:
        """The day on which it ended otherwise."""
        return None if self.ending == "stopped" else self.end_on

    @property
    def runs(self) -> bool:
        """Whether it has neither stopped nor ended."""
        return self.end_on is None


class Counting(msgspec.Struct, frozen=True):
    """The last day within the limit, the same from `held_from`, and the ordinals of the first and the
    last day; None where there is none or it cannot be counted. `counted`: whether its days so far can be."""

    due_on: date | None
    own_due_on: date | None
    start_ordinal: int | None
    end_ordinal: int | None
    counted: bool


def waits_of(referral: Referral, directory: Directory, off_roll: Iterable[OffRoll] = ()) -> tuple[Wait, ...]:
    """Every wait of a referral, those of one standard numbered by the day on which they begin. `off_roll`: when the
    child was on no school's roll."""
    ordered = in_order(referral.counting())
    held = episodes(referral, ordered)
    runs = runs_of(referral, directory, ordered, held)
    if not runs:
        return ()
    holdings = [holding for episode in held for holding in episode.holdings]
    away, turns = tuple(off_roll), turns_of(ordered)
    numbers: dict[str, int] = {}
    found = []
    for run in sorted(runs, key=lambda r: (r.begins_on, r.holding.number if r.holding else 0, r.first)):
        number = numbers[run.standard] = numbers.get(run.standard, 0) + 1
        found.append(_wait(run, number, referral, directory, turns, holdings, away))
    return tuple(found)


def counting_of(run: ClockRun, school: UUID, directory: Directory) -> Counting:
    """The days of a clock against its limit, by the terms of the school where it counts school days."""
    version, start, end = run.version, run.start.on, run.end_on
    if version is None:
        last = None if end is None else end.toordinal()
        return Counting(None, None, start.toordinal(), last, counted=True)
    unit = version.unit
    terms = directory.school_days(school) if unit == "school_days" else None
    try:
        first = limits.ordinal(start, unit, terms)
    except Refusal:
        return Counting(None, None, None, None, counted=False)
    due, since = _due_on(start, version, terms), run.held_from
    own = due if since == start else None if since is None else _due_on(since, version, terms)
    if end is None:
        return Counting(due, own, first, None, counted=True)
    try:
        last = limits.end_ordinal(start, end, unit, terms)
    except Refusal:
        return Counting(due, own, first, None, counted=False)
    return Counting(due, own, first, last, counted=True)


def _due_on(start: date, version: Standard, terms: SchoolDays | None) -> date | None:
    try:
        return limits.due_on(start, version.limit, version.unit, version.legal_route, terms)
    except Refusal:  # the terms are not known that far, or the calendar ends
        return None


def _wait(
    run: ClockRun,
    number: int,
    referral: Referral,
    directory: Directory,
    turns: Sequence[Turn],
    holdings: Sequence[Holding],
    off_roll: tuple[OffRoll, ...],
) -> Wait:
    counting = counting_of(run, referral.school, directory)
    version, start, stop = run.version, run.start, run.stop
    unconfirmed = _unconfirmed(start) + (_unconfirmed(stop) if stop is not None else 0)
    periods = periods_between(turns, start.on, run.end_on or FAR, referral.unavailable, off_roll, holdings)
    return Wait(  # by place, as the struct has them: names take four times as long
        run.standard,
        number,
        run.service,
        run.agency,
        "school" if run.standard == "not_sent" else "service",
        version,
        version.unit if version is not None else "calendar_days",
        start.on,
        run.begins_on,
        run.held_from,
        counting.due_on,
        counting.own_due_on,
        run.end_on,
        run.ending,
        start.age_years,
        run.inherited_from,
        None if counting.counted else "terms_unknown",
        counting.start_ordinal,
        counting.end_ordinal,
        unconfirmed,
        run.gaps,
        tuple(periods),
    )


def _unconfirmed(step: DatedMilestone) -> int:
    return 1 if step.word == "reported" and step.standing != "confirmed" else 0
