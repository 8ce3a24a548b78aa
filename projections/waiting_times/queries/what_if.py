"""What if: the figures of a service beside those under another limit, another rule, or without one party's days."""

from __future__ import annotations

from collections import defaultdict
from datetime import date, datetime

import msgspec

from coordination.clocks import METRIC_VERSION, Party
from coordination.directory.state import Directory
from coordination.errors import Refusal
from coordination.viewer import Viewer
from projections.reader import Reader, parked
from projections.waiting_times.figures import (
    FEW_WAITS,
    CompletedWaits,
    OpenWaits,
    StandardVersion,
    WaitLengths,
    completed_of,
    waiting_of,
)
from projections.waiting_times.queries.conditions import BEGUN, ENDED_ON, ENDING, STATE
from projections.waiting_times.queries.report import (
    OF_STANDARD,
    WaitingTimesCriteria,
    by_day,
    parameters,
    service_and_standard,
    versions_of,
)
from projections.waiting_times.queries.standards import route_of, standards_of


class WhatIfCriteria(msgspec.Struct, frozen=True, kw_only=True):
    """The criteria of a report, and what is changed: the `limit`, in the unit of the standard; the days of one party
    that are left out (`without`); or that a clock starts anew at each holder (`own_days`)."""

    service: str
    as_of: date
    standard: str | None = None
    from_on: date | None = None
    to_on: date | None = None
    known_at: datetime | None = None
    at: int | None = None
    limit: int | None = None
    without: Party | None = None
    own_days: bool = False
    few: int = FEW_WAITS


class WhatIfFigures(msgspec.Struct, frozen=True, kw_only=True):
    """The figures of the same waits, as they are or as they would be."""

    limit: int | None
    completed: CompletedWaits
    waiting: OpenWaits


class WhatIfGroup(msgspec.Struct, frozen=True, kw_only=True):
    """The waits of one version of the standard: `real` as they are, `changed` as they would be."""

    version: date | None
    unit: str
    real: WhatIfFigures
    changed: WhatIfFigures


class WhatIfReport(msgspec.Struct, frozen=True, kw_only=True):
    """The report, with what was changed. `log_position` is the place in the log up to which it was read, `parked` the
    number of pupils' streams that could not be counted."""

    service: str
    standard: str
    metric_version: str
    log_position: int
    as_of: date
    known_at: datetime | None
    parked: int
    limit: int | None
    without: Party | None
    own_days: bool
    stamp: str | None
    groups: tuple[WhatIfGroup, ...]


# In calendar days. `gone` are the days that would not count: those before this holder, and those of one party after.
CHANGED = f"""
select d.version, d.state, d.days, d.days - d.gone as changed, d.late, min(d.place) as place, count(*) as n
from (
  select c.version, {STATE} as state, c.last - c.start_on as days,
         c.due_on is not null and c.last > c.due_on as late, c.place,
         case when %(own_days)s then c.begins_on - c.start_on else 0 end
         + coalesce((
             select sum(greatest(0, least(coalesce(s.until, c.last), c.last)
                                    - case when %(own_days)s then greatest(s.since, c.begins_on) else s.since end))
             from unnest(c.stretch_party, c.stretch_from, c.stretch_until) as s(party, since, until)
             where s.party = %(without)s), 0)::integer as gone
  from (
    select w.version, w.start_on, w.begins_on, w.due_on, w.uncountable, w.stretch_party, w.stretch_from,
           w.stretch_until, w.ctid as place,
           {ENDED_ON} as ended_on, {ENDING} as ending, coalesce({ENDED_ON}, %(as_of)s) as last
    from read.wait w
    where {OF_STANDARD} and {BEGUN}
  ) c
) d
where d.state in ('stopped', 'running')
group by 1, 2, 3, 4, 5
"""


def what_if(reader: Reader, viewer: Viewer, directory: Directory, ask: WhatIfCriteria) -> WhatIfReport:
    """The report for a viewer, as the waiting-time report of the same question and changed.

    Raises Refusal `unknown_service`, `unknown_standard`, `ends_before_it_begins`, and `what_if_in_calendar_days` for a
    standard in working or school days, or whose last day is moved to a working day (sections 20 and 65).
    """
    asked = asked_of(ask)
    service, standard = service_and_standard(directory, asked)
    require_calendar_days(directory, ask)
    with reader.viewing(viewer) as cursor:
        given = parameters(cursor, service, standard, asked, directory) | {
            "without": ask.without,
            "own_days": ask.own_days,
        }
        rows = cursor.execute(CHANGED.encode(), given).fetchall()
        versions = versions_of(cursor, rows, directory, service, standard)
        lengths: dict[tuple[date | None, str, str], WaitLengths] = defaultdict(WaitLengths)
        for row in rows:
            version = versions[row["version"]]
            limit = _limit_in_days(version, ask.limit)
            lengths[row["version"], row["state"], "real"].add(row["days"], row["n"], late=row["late"])
            lengths[row["version"], row["state"], "changed"].add(
                row["changed"], row["n"], late=limit is not None and row["changed"] > limit
            )
        return WhatIfReport(
            service=ask.service,
            standard=standard,
            metric_version=METRIC_VERSION,
            log_position=given["position"],
            as_of=ask.as_of,
            known_at=ask.known_at,
            parked=parked(cursor, "waiting_times", given["position"]),
            limit=ask.limit,
            without=ask.without,
            own_days=ask.own_days,
            stamp=None,
            groups=tuple(
                WhatIfGroup(
                    version=version.version,
                    unit=version.unit,
                    real=_figures(lengths, version, "real", ask.few),
                    changed=_figures(lengths, _with_limit(version, ask.limit), "changed", ask.few),
                )
                for version in sorted(versions.values(), key=lambda one: by_day(one.version))
            ),
        )


def asked_of(ask: WhatIfCriteria) -> WaitingTimesCriteria:
    """The question of the waiting-time report that is changed."""
    same = set(WaitingTimesCriteria.__struct_fields__) & set(WhatIfCriteria.__struct_fields__)
    return WaitingTimesCriteria(**{name: getattr(ask, name) for name in same})


def require_calendar_days(directory: Directory, ask: WhatIfCriteria) -> None:
    """Raises Refusal as `what_if`."""
    service, standard = service_and_standard(directory, asked_of(ask))
    units = {version.unit for version in standards_of(directory, service, standard)}
    if units - {"calendar_days", "weeks"} or route_of(directory, service, standard):
        raise Refusal("what_if_in_calendar_days", "standard")


def _limit_in_days(version: StandardVersion, limit: int | None) -> int | None:
    given = version.limit if limit is None else limit
    return given if given is None else given * (7 if version.unit == "weeks" else 1)


def _with_limit(version: StandardVersion, limit: int | None) -> StandardVersion:
    return version if limit is None else msgspec.structs.replace(version, limit=limit)


def _figures(
    lengths: dict[tuple[date | None, str, str], WaitLengths], version: StandardVersion, which: str, few: int
) -> WhatIfFigures:
    return WhatIfFigures(
        limit=version.limit,
        completed=completed_of(lengths[version.version, "stopped", which], version, few),
        waiting=waiting_of(lengths[version.version, "running", which], version, few),
    )
