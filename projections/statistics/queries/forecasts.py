"""The forecasts of the services of an authority, each with the record of the forecasts before it."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any
from uuid import UUID

import msgspec

from coordination.directory.state import Directory
from coordination.viewer import Viewer
from projections.reader import Reader, position
from projections.statistics.forecast import Forecast, Outcome, forecast, outcome_of
from projections.statistics.risk import ObservedWait
from projections.waiting_times.queries.standards import default_standard

YEARS_SCORED = 3
ENTERED = """
select w.service, w.standard, w.begins_on, w.start_on, w.end_on, w.ending, count(*)::int as n
from read.wait w
where w.known_to is null and w.begins_on > %(since)s and w.begins_on <= %(as_of)s
group by 1, 2, 3, 4, 5, 6
"""
Row = Mapping[str, Any]


class ScoredForecast(msgspec.Struct, frozen=True, kw_only=True):
    """The forecast that was possible on an earlier day (None: too few waits), and how it turned out for those who
    entered in the year from then."""

    on: date
    made: Forecast | None
    outcome: Outcome | None


class ServiceForecast(msgspec.Struct, frozen=True, kw_only=True):
    """The forecast of a service on a day (None: too few waits), and its record, the newest first."""

    service: UUID
    made: Forecast | None
    record: tuple[ScoredForecast, ...]


class Forecasts(msgspec.Struct, frozen=True, kw_only=True):
    """Of every open service, in calendar days of the first standard of each."""

    as_of: date
    services: tuple[ServiceForecast, ...]
    log_position: int


def forecasts(reader: Reader, viewer: Viewer, directory: Directory, as_of: date) -> Forecasts:
    """The forecasts over the waits that the viewer may count, by entry cohorts of a year."""
    with reader.viewing(viewer) as cursor:
        asked = {"since": years_before(as_of, YEARS_SCORED + 1), "as_of": as_of}
        rows = cursor.execute(ENTERED, asked).fetchall()
        at = position(cursor)
    by_service: dict[UUID, list[Row]] = defaultdict(list)
    for row in rows:
        if row["standard"] == default_standard(directory, row["service"]):
            by_service[row["service"]].append(row)
    found = (one for one in directory.services if not one.closed_by(as_of))
    return Forecasts(
        as_of=as_of,
        services=tuple(_of_service(one.id, by_service[one.id], as_of) for one in found),
        log_position=at,
    )


def _of_service(service: UUID, rows: Iterable[Row], as_of: date) -> ServiceForecast:
    known = list(rows)
    record = []
    for years in range(1, YEARS_SCORED + 1):
        then, after = years_before(as_of, years), years_before(as_of, years - 1)
        made = forecast(cohort(known, years_before(then, 1), then, then))
        outcome = outcome_of(made, cohort(known, then, after, as_of)) if made is not None else None
        record.append(ScoredForecast(on=then, made=made, outcome=outcome))
    made = forecast(cohort(known, years_before(as_of, 1), as_of, as_of))
    return ServiceForecast(service=service, made=made, record=tuple(record))


def cohort(rows: Iterable[Row], after: date, until: date, as_of: date) -> Counter[ObservedWait]:
    """The waits that began after a day and until another, as far as they had come by `as_of`."""
    found: Counter[ObservedWait] = Counter()
    for row in rows:
        if not after < row["begins_on"] <= until:
            continue
        ended = row["end_on"] is not None and row["end_on"] <= as_of
        last = row["end_on"] if ended else as_of
        entered = (row["begins_on"] - row["start_on"]).days
        wait = ObservedWait(entered, (last - row["start_on"]).days, row["ending"] if ended else None)
        found[wait] += row["n"]
    return found


def years_before(day: date, years: int) -> date:
    """The same day of an earlier year; of 29 February the 28th."""
    if (day.month, day.day) == (2, 29):
        day = day.replace(day=28)
    return day.replace(year=day.year - years)
