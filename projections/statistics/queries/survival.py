"""Survival curves and competing endings by month or year of entry: one scan of the waits of a standard.

Whose time is measured: a wait belongs to the month in which it began at its service (`begins_on`), and its days run
from the start of its clock. A wait that the service took over from another is observed from the day it came, with the
days it already had (left truncation): so time counts only where the service could have seen the child.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Any, Literal, get_args
from uuid import UUID

import msgspec

from coordination.calendars import SchoolDays
from coordination.clocks import ENDINGS, elapsed
from coordination.directory.state import Directory
from coordination.errors import Refusal
from coordination.viewer import Viewer
from projections.reader import Reader, parked
from projections.statistics.competing import Incidence, cumulative_incidence
from projections.statistics.risk import ObservedWait, risk_table
from projections.statistics.survival import CONFIDENCE, STOPPED, kaplan_meier
from projections.waiting_times.figures import FEW_WAITS, StandardVersion
from projections.waiting_times.queries.conditions import BEGAN, ENDED_ON, ENDING
from projections.waiting_times.queries.report import (
    OF_STANDARD,
    WaitingTimesCriteria,
    by_day,
    parameters,
    service_and_standard,
    statement,
    versions_of,
)
from projections.waiting_times.queries.versions import metric_version_of

ByEntry = Literal["month", "year"]
ENTRIES: tuple[ByEntry, ...] = get_args(ByEntry)


class SurvivalCriteria(msgspec.Struct, frozen=True, kw_only=True):
    """A service, a standard of it (None: its first), and the waits that began between two days (None: open to that
    side), grouped by the month or the year in which they began, as far as they had come by `as_of`; as known at an
    instant (None: all that is known) or at a log position, under a version of the metric rules (None: the newest).
    Groups of fewer than `few` waits say so."""

    service: str
    as_of: date
    standard: str | None = None
    from_on: date | None = None
    to_on: date | None = None
    known_at: datetime | None = None
    at: int | None = None
    metric: str | None = None
    by_entry: ByEntry = "month"
    few: int = FEW_WAITS


class SurvivalGroup(msgspec.Struct, frozen=True, kw_only=True):
    """The waits that began in one month or year (`key`: "2026-03", "2026") under one version of the standard.

    `n` waits make the curve; `uncountable` have a day that cannot be counted and are left out. `curve`: day, share
    still waiting, lower and upper bound of the band, with `at_risk` observed on that day. `median_days` None: not
    reached; where `broken_on` is set, the curve says nothing from that day on (see SurvivalCurve). `ended`: how many
    ended in each way, `waiting`: still waiting on the day of the report. `incidence`: by ending, the share that had
    ended so after a day, with every ending competing. Days are those of `unit` (of weeks: calendar days).
    """

    key: str
    version: date | None
    unit: str
    n: int
    median_days: int | None
    broken_on: int | None
    few_waits: bool
    curve: tuple[tuple[int, float, float, float], ...]
    at_risk: tuple[int, ...]
    ended: dict[str, int]
    waiting: int
    uncountable: int
    incidence: dict[str, Incidence]


class SurvivalReport(msgspec.Struct, frozen=True, kw_only=True):
    """The curves of a service by a standard. The band is pointwise, log-log, of the level `confidence`; the rest of the
    fields as in the waiting-time report."""

    service: str
    standard: str
    by_entry: ByEntry
    confidence: float
    metric_version: str
    log_position: int
    as_of: date
    known_at: datetime | None
    parked: int
    stamp: str | None
    versions: tuple[StandardVersion, ...]
    groups: tuple[SurvivalGroup, ...]


# One line for each entry, version and ending, with how many waits lasted how many days. The days themselves stand where
# a length is not in the row: of what runs, of what was taken over, and of what had ended before it went on.
OBSERVED = f"""
select c.entry, c.version, c.calendar, c.metric_version, c.ending, c.uncountable, c.since, c.begins, c.until,
       array_agg(c.days) as days, array_agg(c.n) as n, min(c.place) as place
from (
  select date_trunc(%(by_entry)s, w.begins_on::timestamp)::date as entry, w.version, {{calendar}} as calendar,
         w.metric_version, {ENDING} as ending, w.uncountable is not null as uncountable,
         case when w.end_on <= %(as_of)s then w.end_ordinal - w.start_ordinal end as days,
         case when w.end_on <= %(as_of)s and w.begins_on = w.start_on then null else w.start_on end as since,
         case when w.begins_on > w.start_on then w.begins_on end as begins,
         case when cardinality(w.gap_from) > 0 and not coalesce(w.end_on <= %(as_of)s, false)
              then {ENDED_ON} end as until,
         count(*) as n, min(w.ctid) as place
  from read.wait w
  where {OF_STANDARD} and {BEGAN}
  group by 1, 2, 3, 4, 5, 6, 7, 8, 9, 10
) c
group by 1, 2, 3, 4, 5, 6, 7, 8, 9
"""

Row = Mapping[str, Any]
Key = tuple[date, date | None]


class _Entered:
    """The waits of one entry and version."""

    __slots__ = ("uncountable", "waits")

    def __init__(self) -> None:
        self.waits: Counter[ObservedWait] = Counter()
        self.uncountable = 0


def survival(reader: Reader, viewer: Viewer, directory: Directory, ask: SurvivalCriteria) -> SurvivalReport:
    """The curves for a viewer; row-level security decides which waits they count.

    Raises Refusal `unknown_service`, `unknown_standard`, `ends_before_it_begins`.
    """
    whole = waits_asked(ask)
    service, standard = service_and_standard(directory, whole)
    with reader.viewing(viewer) as cursor:
        given = parameters(cursor, service, standard, whole, directory) | {"by_entry": ask.by_entry}
        asking = statement(OBSERVED, "service", directory, service, standard)
        rows = cursor.execute(asking, given).fetchall()
        versions = versions_of(cursor, rows, directory, service, standard)
        return SurvivalReport(
            service=ask.service,
            standard=standard,
            by_entry=ask.by_entry,
            confidence=CONFIDENCE,
            metric_version=ask.metric or metric_version_of(row["metric_version"] for row in rows),
            log_position=given["position"],
            as_of=ask.as_of,
            known_at=ask.known_at,
            parked=parked(cursor, "waiting_times", given["position"]),
            stamp=None,
            versions=tuple(versions[version] for version in sorted(versions, key=by_day)),
            groups=tuple(
                _group(entry, entered, versions[version], ask)
                for (entry, version), entered in _entered(rows, versions, ask.as_of, directory)
            ),
        )


def waits_asked(ask: SurvivalCriteria) -> WaitingTimesCriteria:
    """The question about the waits themselves."""
    return WaitingTimesCriteria(
        service=ask.service,
        standard=ask.standard,
        as_of=ask.as_of,
        from_on=ask.from_on,
        to_on=ask.to_on,
        known_at=ask.known_at,
        at=ask.at,
        metric=ask.metric,
    )


def _entered(
    rows: Iterable[Row], versions: Mapping[date | None, StandardVersion], as_of: date, directory: Directory
) -> list[tuple[Key, _Entered]]:
    """The waits by entry and version, the oldest first."""
    found: dict[Key, _Entered] = defaultdict(_Entered)
    terms = {
        of: directory.school_days(of) for of in {row["calendar"] for row in rows} if isinstance(of, UUID)
    }
    for row in rows:
        entered = found[row["entry"], row["version"]]
        unit = versions[row["version"]].unit
        for days, count in zip(row["days"], row["n"], strict=True):
            observed = None
            if not row["uncountable"]:
                observed = _observed(row, days, unit, terms.get(row["calendar"]), as_of)
            if observed is None:
                entered.uncountable += count
            else:
                entered.waits[observed] += count
    return sorted(found.items(), key=lambda one: (one[0][0], by_day(one[0][1])))


def _observed(
    row: Row, days: int | None, unit: str, terms: SchoolDays | None, as_of: date
) -> ObservedWait | None:
    """A wait of a line; None where a day of it cannot be counted."""
    since, begins = row["since"], row["begins"]
    try:
        if days is None:
            days = elapsed(since, row["until"] or as_of, unit, terms)
        entered = elapsed(since, begins, unit, terms) if begins is not None else 0
    except Refusal:  # the school's terms are not known that far
        return None
    return ObservedWait(entered, days, row["ending"])


def _group(entry: date, entered: _Entered, version: StandardVersion, ask: SurvivalCriteria) -> SurvivalGroup:
    table = risk_table(entered.waits)
    curve = kaplan_meier(table)
    ended = dict.fromkeys((STOPPED, *ENDINGS), 0)
    waiting = 0
    for wait, count in entered.waits.items():
        if wait.ending is None:
            waiting += count
        else:
            ended[wait.ending] += count
    n = entered.waits.total()
    return SurvivalGroup(
        key=f"{entry:%Y-%m}" if ask.by_entry == "month" else f"{entry:%Y}",
        version=version.version,
        unit=version.unit,
        n=n,
        median_days=curve.median_days,
        broken_on=curve.broken_on,
        few_waits=n < ask.few,
        curve=tuple((point.day, point.survival, point.lower, point.upper) for point in curve.points),
        at_risk=tuple(point.at_risk for point in curve.points),
        ended=ended,
        waiting=waiting,
        uncountable=entered.uncountable,
        incidence=cumulative_incidence(table),
    )
