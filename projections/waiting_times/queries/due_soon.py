"""Before it is late: the open waits that pass their last permitted day in the next days."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Literal
from uuid import UUID

import msgspec

from coordination.clocks import METRIC_VERSION
from coordination.directory.state import Directory
from coordination.viewer import Viewer
from projections.overdue import overdue
from projections.reader import Reader, parked, position_known_at
from projections.waiting_times.queries.conditions import KNOWN, waits_on

ByHolder = Literal["service", "school"]


class DueSoonCriteria(msgspec.Struct, frozen=True, kw_only=True):
    """The criteria: the waits open on `as_of`, as known at an instant (None: all that is known) or at a log position.
    `by`: the service, or the school that referred."""

    as_of: date
    known_at: datetime | None = None
    at: int | None = None
    by: ByHolder = "service"


class DueSoonGroup(msgspec.Struct, frozen=True, kw_only=True):
    """The open waits of a service (or school) against one standard and version. `over` have passed their last
    permitted day. `within_7`, `within_14` and `within_28` will have passed it so many calendar days after the day of
    the report if nothing stops them, each number including the one before; `later` have more time, and `no_last_day`
    count school days beyond the known terms."""

    key: str
    standard: str
    version: date | None
    waiting: int
    over: int
    within_7: int
    within_14: int
    within_28: int
    later: int
    no_last_day: int


class DueSoonReport(msgspec.Struct, frozen=True, kw_only=True):
    """The report. `log_position` is the place in the log up to which it was read, `parked` the number of pupils'
    streams that could not be counted."""

    as_of: date
    metric_version: str
    known_at: datetime | None
    log_position: int
    parked: int
    stamp: str | None
    groups: tuple[DueSoonGroup, ...]


# The day on which a wait is late is the day after its last permitted one.
DUE = f"""
select {{key}} as key, w.standard, w.version, count(*) as waiting,
       count(*) filter (where {overdue("w.due_on", "%(as_of)s")}) as over,
       count(*) filter (where w.due_on >= %(as_of)s and w.due_on < %(as_of)s + 7) as within_7,
       count(*) filter (where w.due_on >= %(as_of)s and w.due_on < %(as_of)s + 14) as within_14,
       count(*) filter (where w.due_on >= %(as_of)s and w.due_on < %(as_of)s + 28) as within_28,
       count(*) filter (where w.due_on >= %(as_of)s + 28) as later,
       count(*) filter (where w.due_on is null) as no_last_day
from read.wait w
where {KNOWN} and {waits_on("%(as_of)s")} and w.limit_days is not null
group by 1, 2, 3
"""
KEYS: Mapping[ByHolder, str] = {"service": "w.service", "school": "w.school"}


def due_soon(reader: Reader, viewer: Viewer, directory: Directory, ask: DueSoonCriteria) -> DueSoonReport:
    """The report for a viewer, whose own waits it counts: a school's, an agency's, an authority's. By school, the
    standards of all services are counted together by their codes."""
    with reader.viewing(viewer) as cursor:
        position = position_known_at(cursor, ask.known_at, ask.at)
        given = {"position": position, "as_of": ask.as_of}
        rows = cursor.execute(DUE.format(key=KEYS[ask.by]).encode(), given).fetchall()
        groups = [
            DueSoonGroup(
                key=_code(directory, ask.by, row["key"]),
                **{name: row[name] for name in DueSoonGroup.__struct_fields__ if name != "key"},
            )
            for row in rows
        ]
        return DueSoonReport(
            as_of=ask.as_of,
            metric_version=METRIC_VERSION,
            known_at=ask.known_at,
            log_position=position,
            parked=parked(cursor, "waiting_times", position),
            stamp=None,
            groups=tuple(sorted(groups, key=lambda g: (g.key, g.standard, g.version or date.min))),
        )


def _code(directory: Directory, by: ByHolder, key: UUID) -> str:
    found = directory.service(key) if by == "service" else directory.organisation(key)
    return found.code if found else str(key)
