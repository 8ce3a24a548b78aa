"""The waiting times of a service in one month, as they may be published."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, datetime, timedelta
from fractions import Fraction
from typing import Literal, get_args

import msgspec

from coordination.clocks import ENDINGS
from coordination.directory.state import Directory
from coordination.errors import Refusal
from coordination.viewer import Viewer
from projections.publishing.exact import TOTAL, Column, ExactTable, Percentage, Percentile
from projections.publishing.months import whole_month
from projections.publishing.published import PublishedReport, RowMark, marks_of, publish
from projections.publishing.rule import PublishingRule, rule_of
from projections.reader import Reader
from projections.waiting_times.figures import CompletedWaits, OpenWaits, StandardVersion
from projections.waiting_times.queries.report import (
    WaitingTimesCriteria,
    WaitingTimesGroup,
    WaitingTimesReport,
    report,
)

PublishedBy = Literal["service", "agency", "board", "school", "holder", "age", "language", "priority"]
"""Groupings in which every wait is in one row: not by need, where it can be in several."""
PUBLISHED_BY: tuple[PublishedBy, ...] = get_args(PublishedBy)
BEFORE = "before."
Waits = CompletedWaits | OpenWaits


class PublishedCriteria(msgspec.Struct, frozen=True, kw_only=True):
    """The question of a published report: as WaitingTimesCriteria, for one whole month (without `from_on` and `to_on`
    the last one that was over on `as_of`). `published_on`: the day on which it is made, which says whether it is
    provisional; `revised`: whether it replaces one that was published;
    `rule`: as `rule_of` reads it."""

    service: str
    as_of: date
    published_on: date
    standard: str | None = None
    from_on: date | None = None
    to_on: date | None = None
    known_at: datetime | None = None
    at: int | None = None
    metric: str | None = None
    by: PublishedBy = "service"
    revised: bool = False
    rule: str = ""


class PublishedWaitingTimes(msgspec.Struct, frozen=True, kw_only=True):
    """The tables of a month, one for each version of the standard that its waits began under."""

    service: str
    standard: str
    metric_version: str
    log_position: int
    first: date
    last: date
    by: PublishedBy
    known_at: datetime | None
    stamp: str | None
    rule: PublishingRule
    tables: tuple[PublishedReport, ...]


def published_waiting_times(
    reader: Reader, viewer: Viewer, directory: Directory, ask: PublishedCriteria
) -> PublishedWaitingTimes:
    """The report for a viewer, whose row-level security decides which waits it counts; four questions to the table of
    waits at most. Raises Refusal as `report` does, `not_a_whole_month`, and `not_published_so` for another grouping."""
    if ask.by not in PUBLISHED_BY:
        raise Refusal("not_published_so", "by")
    first, last = whole_month(ask.from_on, ask.to_on, ask.as_of)
    month = WaitingTimesCriteria(
        service=ask.service,
        standard=ask.standard,
        as_of=last,
        from_on=first,
        to_on=last,
        known_at=ask.known_at,
        at=ask.at,
        metric=ask.metric,
    )
    eve = first - timedelta(days=1)
    day_before = msgspec.structs.replace(month, as_of=eve, from_on=eve, to_on=eve)

    def asked(criteria: WaitingTimesCriteria) -> WaitingTimesReport:
        return report(reader, viewer, directory, criteria)

    whole, whole_before = asked(month), asked(day_before)
    by_row, by_row_before = whole, whole_before
    if ask.by != "service":
        by_row, by_row_before = (asked(msgspec.structs.replace(c, by=ask.by)) for c in (month, day_before))
    return PublishedWaitingTimes(
        service=whole.service,
        standard=whole.standard,
        metric_version=whole.metric_version,
        log_position=whole.log_position,
        first=first,
        last=last,
        by=ask.by,
        known_at=whole.known_at,
        stamp=None,
        rule=rule_of(ask.rule),
        tables=tuple(
            _published(
                version,
                _rows(version, by_row, whole),
                _rows(version, by_row_before, whole_before),
                ask,
                (first, last),
            )
            for version in whole.versions
        ),
    )


def _rows(
    version: StandardVersion, by_row: WaitingTimesReport, whole: WaitingTimesReport
) -> dict[str, WaitingTimesGroup]:
    """The groups of a version by key, and the total."""
    rows = {group.key: group for group in by_row.groups if group.version == version.version}
    totals = [group for group in whole.groups if group.version == version.version]
    return {**rows, **({TOTAL: totals[0]} if totals else {})}


def _published(
    version: StandardVersion,
    now: Mapping[str, WaitingTimesGroup],
    before: Mapping[str, WaitingTimesGroup],
    ask: PublishedCriteria,
    month: tuple[date, date],
) -> PublishedReport:
    first, last = month
    keys = [*sorted({*now, *before} - {TOTAL}), TOTAL]
    banded = _has_bands(version, [*now.values(), *before.values()])
    columns = (
        _of_waits(version, BEFORE + "waiting", banded, stock=True, before=True),
        Column(name="started"),
        _of_waits(version, "completed", banded),
        Column(
            name="ended_otherwise.count",
            parts=tuple(Column(name=f"ended_otherwise.{ending}") for ending in ENDINGS),
        ),
        _of_waits(version, "waiting", banded, stock=True),
        Column(name="uncountable"),
    )
    table = ExactTable(
        columns=columns,
        counts={key: _counts(now.get(key), before.get(key), columns) for key in keys},
        percentages=tuple(_percentages(version)),
        percentiles=tuple(_percentiles(now, before, keys)),
        balance=True,
    )
    breaks = version.version is not None and first <= version.version <= last
    marks: tuple[RowMark, ...] = marks_of(
        rule_of(ask.rule), last, ask.published_on, revised=ask.revised, breaks=breaks
    )
    return publish(
        table,
        kind="waiting-times",
        about={
            "service": ask.service,
            "standard": version.code,
            "version": version.version.isoformat() if version.version else None,
            "unit": version.unit,
            "limit": version.limit,
            "target_percent": version.target_percent,
        },
        first=first,
        last=last,
        rule=rule_of(ask.rule),
        row_marks=dict.fromkeys(keys, marks),
        missing=_missing(version, banded=banded),
    )


def _missing(version: StandardVersion, *, banded: bool) -> dict[str, Literal["z", "x"]]:
    """The columns that have no figures, and why."""
    found: dict[str, Literal["z", "x"]] = {}
    for part in ("completed", "waiting"):
        if version.limit is None:
            found |= {f"{part}.within_standard": "z", f"{part}.percent_within_standard": "z"}
        if version.bands and not banded:
            found[f"{part}.bands"] = "x"
    return found


def _has_bands(version: StandardVersion, groups: list[WaitingTimesGroup]) -> bool:
    """Whether the bands are parts of what is within and over the standard: a band ends at the limit, in every row."""
    if not version.bands:
        return False
    if version.limit is None:
        return True
    return version.limit in version.bands and all(
        waits.within_standard
        == sum(band.count for band in waits.bands if band.up_to and band.up_to <= version.limit)
        for group in groups
        for waits in (group.completed, group.waiting)
    )


def _of_waits(
    version: StandardVersion, name: str, banded: bool, *, stock: bool = False, before: bool = False
) -> Column:
    """A count of waits with those within and over the standard and their bands, as far as there are any."""
    bands = [
        (low, Column(name=f"{name}.{band_name(low, high)}", stock=stock, before=before))
        for low, high in zip((None, *version.bands), (*version.bands, None), strict=True)
        if banded
    ]
    limit = version.limit
    if limit is None:
        parts = tuple(column for _, column in bands)
    else:
        inside = tuple(column for low, column in bands if low is None or low < limit)
        over = tuple(column for low, column in bands if low is not None and low >= limit)
        parts = (
            Column(name=f"{name}.within_standard", parts=inside, stock=stock, before=before),
            Column(name=f"{name}.over_standard", parts=over, stock=stock, before=before),
        )
    return Column(name=f"{name}.count", parts=parts, stock=stock, before=before)


def band_name(over: int | None, up_to: int | None) -> str:
    """The name of a band's column: `up_to_28`, `over_28_up_to_56`, `over_56`."""
    if over is None:
        return f"up_to_{up_to}"
    return f"over_{over}" + (f"_up_to_{up_to}" if up_to is not None else "")


def _counts(
    now: WaitingTimesGroup | None, before: WaitingTimesGroup | None, columns: tuple[Column, ...]
) -> dict[str, int]:
    found: dict[str, int] = {}
    if now is not None:
        found |= {"started": now.started, "uncountable": now.uncountable}
        found |= {f"ended_otherwise.{ending}": count for ending, count in now.ended_otherwise.items()}
        found["ended_otherwise.count"] = sum(now.ended_otherwise.values())
        found |= _counts_of(now.completed, "completed") | _counts_of(now.waiting, "waiting")
    if before is not None:
        found |= _counts_of(before.waiting, BEFORE + "waiting")
    return {
        each.name: found.get(each.name, 0) for column in columns for each in (column, *column.descendants())
    }


def _counts_of(waits: Waits, name: str) -> dict[str, int]:
    within = waits.within_standard or 0
    return {
        f"{name}.count": waits.count,
        f"{name}.within_standard": within,
        f"{name}.over_standard": waits.count - within,
        **{f"{name}.{band_name(band.over, band.up_to)}": band.count for band in waits.bands},
    }


def _percentages(version: StandardVersion) -> Iterator[Percentage]:
    if version.limit is not None:
        for name in ("completed", "waiting"):
            yield Percentage(
                name=f"{name}.percent_within_standard", part=f"{name}.within_standard", base=f"{name}.count"
            )


def _percentiles(
    now: Mapping[str, WaitingTimesGroup], before: Mapping[str, WaitingTimesGroup], keys: list[str]
) -> Iterator[Percentile]:
    """Those of the month, and those that were published of the day before it."""
    asked = (("completed", now, ""), ("waiting", now, ""), ("waiting", before, BEFORE))
    for part, groups, prefix in asked:
        for name, per_cent in (("median_days", 50), ("p92_days", 92), ("p95_days", 95)):
            if part == "completed" and per_cent == 92:
                continue
            yield Percentile(
                name=f"{prefix}{part}.{name}",
                base=f"{prefix}{part}.count",
                fraction=Fraction(per_cent, 100),
                days={
                    key: getattr(getattr(groups[key], part), name) if key in groups else None for key in keys
                },
            )
