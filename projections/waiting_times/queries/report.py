"""The waiting-time report: one scan of the waits into a histogram, and exact figures from that."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from decimal import ROUND_HALF_UP, Decimal
from typing import Any, Literal
from uuid import UUID

import msgspec
from psycopg import Cursor
from psycopg.rows import DictRow

from coordination.clocks import PARTIES, Party, band_limits, elapsed
from coordination.directory.state import Directory, Standard
from coordination.errors import Refusal
from coordination.viewer import Viewer
from projections.reader import Reader, parked, position_known_at
from projections.waiting_times.queries.conditions import KNOWN, RUNNING, RUNNING_LATE, STOPPED, STOPPED_LATE
from projections.waiting_times.queries.versions import metric_version_of

By = Literal["service", "agency", "school", "need", "board"]
GROUPINGS: tuple[By, ...] = ("service", "agency", "school", "need", "board")
NOT_RECORDED = "not_recorded"


class WaitingTimesCriteria(msgspec.Struct, frozen=True, kw_only=True):
    """The criteria of a report: a service, a standard of it (None: its first), the waits that ended between two days
    (None: open to that side), and those waiting on `as_of`, as known at an instant (None: all that is known) or at a
    log position."""

    service: str
    as_of: date
    standard: str | None = None
    from_on: date | None = None
    to_on: date | None = None
    known_at: datetime | None = None
    at: int | None = None
    by: By = "service"


class WaitBand(msgspec.Struct, frozen=True):
    """Waits of more than `over` and at most `up_to`, in the unit of the standard; None: no bound."""

    over: int | None
    up_to: int | None
    count: int


class CompletedWaits(msgspec.Struct, frozen=True):
    """Waits that ended in the period. Days are those of the standard's unit (of weeks: calendar days), unadjusted."""

    count: int
    within_standard: int
    percent_within_standard: float | None
    median_days: float | None
    p95_days: float | None
    bands: tuple[WaitBand, ...]


class OpenWaits(msgspec.Struct, frozen=True):
    """Those still waiting on the day, their waits cut off there."""

    count: int
    over_standard: int
    median_days: float | None
    longest_days: int | None


class WaitingTimesGroup(msgspec.Struct, frozen=True):
    key: str
    completed: CompletedWaits
    waiting: OpenWaits


class WaitingTimesReport(msgspec.Struct, frozen=True):
    """The report. `metric_version` is that of the rows it counted (several, "1, 2", when they differ), `log_position`
    the place in the log up to which it was read, `unconfirmed` the number of milestones behind it that were only
    reported, `parked` the number of pupils' streams that could not be counted."""

    service: str
    standard: str
    metric_version: str
    log_position: int
    as_of: date
    known_at: datetime | None
    unconfirmed: int
    parked: int
    stamp: str | None
    groups: tuple[WaitingTimesGroup, ...]


OF_STANDARD = f"w.service = %(service)s and w.standard = %(standard)s and {KNOWN}"

COMPLETED = f"""
select {{key}} as key, w.end_ordinal - w.start_ordinal as days, not {STOPPED_LATE} as within, w.metric_version,
       count(*) as n, sum(w.unconfirmed)::bigint as unconfirmed
from read.wait w {{join}}
where {OF_STANDARD} and {STOPPED}
group by 1, 2, 3, 4
"""

WAITING = f"""
select {{key}} as key, {{calendar}} as calendar, w.start_on as begun, {RUNNING_LATE} as over, w.metric_version,
       count(*) as n, sum(w.unconfirmed)::bigint as unconfirmed
from read.wait w {{join}}
where {OF_STANDARD} and {RUNNING}
group by 1, 2, 3, 4, 5
"""

WHOSE_DAYS = f"""
select {{key}} as key, w.ending = 'stopped' and w.end_on <= %(as_of)s as done, s.party,
       sum(greatest(0, least(coalesce(s.until, %(as_of)s), %(as_of)s) - s.since))::bigint as days
from read.wait w {{join}}
cross join lateral unnest(w.stretch_party, w.stretch_from, w.stretch_until) as s(party, since, until)
where {OF_STANDARD} and ({STOPPED} or {RUNNING})
group by 1, 2, 3
"""

# By need, a wait appears under each of the pupil's needs; its milestones are counted once.
UNCONFIRMED = f"""
select coalesce(sum(w.unconfirmed), 0)::bigint as unconfirmed
from read.wait w
where {OF_STANDARD} and ({STOPPED} or {RUNNING})
"""

KEYS: Mapping[By, tuple[str, str]] = {
    "service": ("w.service::text", ""),
    "agency": ("w.agency::text", ""),
    "board": ("w.agency::text", ""),
    "school": ("w.school::text", ""),
    "need": (
        f"coalesce(need.code, '{NOT_RECORDED}')",
        "left join read.referral_need n on n.referral = w.referral "
        "left join lateral unnest(n.needs) need(code) on true",
    ),
}


def report(
    reader: Reader, viewer: Viewer, directory: Directory, ask: WaitingTimesCriteria
) -> WaitingTimesReport:
    """The report for a viewer; row-level security decides which waits it counts.

    Raises Refusal `unknown_service`, `unknown_standard`, `no_standard`, `ends_before_it_begins`.
    """
    service, standard = service_and_standard(directory, ask)
    with reader.viewing(viewer) as cursor:
        given = parameters(cursor, service, standard, ask)
        key, join = KEYS[ask.by]
        completed = cursor.execute(COMPLETED.format(key=key, join=join), given).fetchall()
        # school days are counted by each school's own terms
        calendar = "w.school" if standard.unit == "school_days" else "null::uuid"
        waiting = cursor.execute(WAITING.format(key=key, join=join, calendar=calendar), given).fetchall()
        counted = cursor.execute(UNCONFIRMED, given) if ask.by == "need" else (*completed, *waiting)
        return WaitingTimesReport(
            service=ask.service,
            standard=standard.code,
            metric_version=metric_version_of(row["metric_version"] for row in (*completed, *waiting)),
            log_position=given["position"],
            as_of=ask.as_of,
            known_at=ask.known_at,
            unconfirmed=sum(int(row["unconfirmed"]) for row in counted),
            parked=parked(cursor, "waiting_times", given["position"]),
            stamp=None,
            groups=_groups(completed, waiting, standard, ask, directory),
        )


def whose_days(
    reader: Reader, viewer: Viewer, directory: Directory, ask: WaitingTimesCriteria
) -> dict[str, dict[str, dict[Party, int]]]:
    """Calendar days by group, by `completed` or `waiting`, and by party: see PARTIES. Of
    waits that still run, the days up to `as_of`."""
    service, standard = service_and_standard(directory, ask)
    found: dict[str, dict[str, dict[Party, int]]] = {}
    with reader.viewing(viewer) as cursor:
        given = parameters(cursor, service, standard, ask)
        key, join = KEYS[ask.by]
        for row in cursor.execute(WHOSE_DAYS.format(key=key, join=join), given):
            group = found.setdefault(label(row["key"], ask.by, directory), {})
            days = group.setdefault("completed" if row["done"] else "waiting", dict.fromkeys(PARTIES, 0))
            days[row["party"]] += row["days"]
    return found


def service_and_standard(directory: Directory, ask: WaitingTimesCriteria) -> tuple[UUID, Standard]:
    """The service asked for, and the version of its standard on the day of the report.

    Raises Refusal `unknown_service`, `unknown_standard`, `no_standard`, `ends_before_it_begins`.
    """
    service = directory.service_by_code(ask.service)
    if service is None:
        raise Refusal("unknown_service", "service")
    if ask.from_on and ask.to_on and ask.to_on < ask.from_on:
        raise Refusal("ends_before_it_begins", "to_on")
    versions = directory.standards_of(service.id)
    wanted = [s for s in versions if ask.standard in (None, s.code)]
    if not wanted:
        raise Refusal("unknown_standard" if ask.standard else "no_standard", "standard")
    return service.id, in_force(directory, versions, ask.standard or wanted[0].code, ask.as_of)


def in_force(directory: Directory, versions: Sequence[Standard], code: str, on: date) -> Standard:
    """The version of a standard on a day; outside its dates the last one."""
    same = [version for version in versions if version.code == code]
    return directory.standard(same[-1].service, code, on) or same[-1]


def parameters(
    cursor: Cursor[DictRow], service: UUID, standard: Standard, ask: WaitingTimesCriteria
) -> dict[str, Any]:
    """The parameters of the statements; the log position is looked up here."""
    return {
        "service": service,
        "standard": standard.code,
        "position": position_known_at(cursor, ask.known_at, ask.at),
        "from_on": ask.from_on or date.min,
        "to_on": ask.to_on or ask.as_of,
        "as_of": ask.as_of,
    }


def _groups(
    completed: Iterable[Mapping[str, Any]],
    waiting: Iterable[Mapping[str, Any]],
    standard: Standard,
    ask: WaitingTimesCriteria,
    directory: Directory,
) -> tuple[WaitingTimesGroup, ...]:
    ended: dict[str, Counter[int]] = defaultdict(Counter)
    within: Counter[str] = Counter()
    for row in completed:
        key = label(row["key"], ask.by, directory)
        ended[key][row["days"]] += row["n"]
        within[key] += row["n"] if row["within"] else 0
    open_days: dict[str, Counter[int]] = defaultdict(Counter)
    over: Counter[str] = Counter()
    for row in waiting:
        key = label(row["key"], ask.by, directory)
        terms = directory.school_days(row["calendar"]) if row["calendar"] else None
        open_days[key][elapsed(row["begun"], ask.as_of, standard.unit, terms)] += row["n"]
        over[key] += row["n"] if row["over"] else 0
    keys = sorted({*ended, *open_days}) or ([ask.service] if ask.by == "service" else [])
    return tuple(
        WaitingTimesGroup(
            key, completed_of(ended[key], within[key], standard), waiting_of(open_days[key], over[key])
        )
        for key in keys
    )


def completed_of(days: Counter[int], within: int, standard: Standard) -> CompletedWaits:
    """The figures of a histogram of completed waits."""
    count = days.total()
    limits = (None, *standard.bands, None)
    in_days = (None, *band_limits(standard.bands, standard.unit), None)
    bands = []
    for index in range(len(limits) - 1):
        low, high = in_days[index], in_days[index + 1]
        inside = sum(n for d, n in days.items() if (low is None or d > low) and (high is None or d <= high))
        bands.append(WaitBand(limits[index], limits[index + 1], inside))
    return CompletedWaits(
        count=count,
        within_standard=within,
        percent_within_standard=percent(within, count),
        median_days=percentile(days, 0.5),
        p95_days=percentile(days, 0.95),
        bands=tuple(bands),
    )


def waiting_of(days: Counter[int], over: int) -> OpenWaits:
    """The figures of a histogram of waits that still run."""
    return OpenWaits(
        count=days.total(),
        over_standard=over,
        median_days=percentile(days, 0.5),
        longest_days=max(days, default=None),
    )


def percent(part: int, whole: int) -> float | None:
    """Per cent to one decimal place, halves rounded away from 0 as in published tables; None for a share of nothing."""
    if whole == 0:
        return None
    return (part * 2000 + whole) // (2 * whole) / 10


def percentile(days: Counter[int], fraction: float) -> float | None:
    """The continuous percentile (as PostgreSQL's percentile_cont) of a histogram of days; None of nothing."""
    count = days.total()
    if count == 0:
        return None
    place = fraction * (count - 1)
    low, part = int(place), place - int(place)
    values: list[int] = []
    passed = 0
    for value in sorted(days):
        passed += days[value]
        while len(values) < 2 and passed > low + len(values):
            values.append(value)
        if len(values) == 2:
            break
    first, second = values[0], values[-1]
    return _one_place(first + (second - first) * part)


def _one_place(value: float) -> float:
    """To one decimal place as PostgreSQL's round does after its cast to numeric (15 digits): halves away from 0,
    where Python would go to the even digit."""
    return float(Decimal(f"{value:.15g}").quantize(Decimal("0.1"), ROUND_HALF_UP))


def label(key: str, by: By, directory: Directory) -> str:
    """The code that a reader knows: of a service, agency, school (its number) or need; of a board its ODS code."""
    if by == "need":
        return key
    if by == "service":
        service = directory.service(UUID(key))
        return service.code if service else key
    organisation = directory.organisation(UUID(key))
    if organisation is None:
        return key
    return (organisation.ods_code or organisation.code) if by == "board" else organisation.code
