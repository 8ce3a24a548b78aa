"""The report of statutory waits: how long schools and authorities took, against the time limits of the law."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from datetime import date, datetime
from typing import Any, Literal

import msgspec
from psycopg import Cursor
from psycopg.rows import DictRow

from coordination.directory.state import Directory
from coordination.errors import Refusal
from coordination.pupil.aln.waits import NO_STANDARD, NOT_PASSED_ON
from coordination.viewer import Viewer
from projections.reader import Reader, parked, position_known_at
from projections.waiting_times.figures import FEW_WAITS, StandardVersion
from projections.waiting_times.queries.conditions import (
    BEGAN,
    BEGUN,
    ENDED_ON,
    ENDING,
    KNOWN,
    RUNNING_LATE,
    STATE,
    STOPPED_LATE,
)
from projections.waiting_times.queries.report import (
    NOT_ENDED,
    NOT_RECORDED,
    WaitingTimesReport,
    by_day,
    group_of,
    label,
)
from projections.waiting_times.queries.versions import metric_version_of
from projections.waiting_times.tally import WaitTally, total_of

StatutoryBy = Literal["holder", "school", "age", "start_month", "end_month"]
WITHOUT_LIMIT = (NO_STANDARD, NOT_PASSED_ON)

KEYS: Mapping[StatutoryBy, str] = {
    "holder": "w.holder::text",
    "school": f"coalesce(w.school::text, '{NOT_RECORDED}')",
    "age": f"coalesce(w.age_years::text, '{NOT_RECORDED}')",
    "start_month": "to_char(w.begins_on, 'YYYY-MM')",
    "end_month": f"coalesce(to_char({ENDED_ON}, 'YYYY-MM'), '{NOT_ENDED}')",
}

# One line for each key, version, state and length, as WaitTally takes it.
COUNTED = f"""
select c.key, c.version, c.unit, c.limit_days, c.bands, {STATE} as state, c.calendar, c.metric_version,
       case when c.ending = 'stopped' then c.end_ordinal - c.start_ordinal end as days,
       case when c.ending is null then c.start_on end as since, null::date as until,
       case when c.ending is null then {RUNNING_LATE} when c.ending = 'stopped' then {STOPPED_LATE} end as late,
       count(*) as n, count(*) filter (where c.began) as began
from (
  select {{key}} as key, case when w.unit = 'school_days' then w.holder end as calendar, w.version, w.unit,
         w.limit_days, w.bands, w.metric_version, w.uncountable, w.start_on, w.start_ordinal, w.end_ordinal, w.due_on,
         {BEGAN} as began, {ENDED_ON} as ended_on, {ENDING} as ending
  from read.statutory_wait w
  where w.standard = %(standard)s and {KNOWN} and {BEGUN}
) c
group by 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12
"""


class StatutoryCriteria(msgspec.Struct, frozen=True, kw_only=True):
    """The criteria of a report on statutory waits: a time limit (or `none`, `not_passed_on`), and the period, day and
    knowledge as of a waiting-time report."""

    standard: str
    as_of: date
    from_on: date | None = None
    to_on: date | None = None
    known_at: datetime | None = None
    at: int | None = None
    by: StatutoryBy = "holder"
    few: int = FEW_WAITS


def is_statutory(directory: Directory, standard: str | None) -> bool:
    """Whether a code is that of a statutory time limit, or of a statutory clock without one."""
    codes = {version.code for version in directory.statutory_standards()}
    return standard in codes or standard in WITHOUT_LIMIT


def check_statutory(directory: Directory, ask: StatutoryCriteria) -> None:
    """Raises Refusal `unknown_standard`, `ends_before_it_begins`."""
    if not is_statutory(directory, ask.standard):
        raise Refusal("unknown_standard", "standard")
    if ask.from_on and ask.to_on and ask.to_on < ask.from_on:
        raise Refusal("ends_before_it_begins", "to_on")


def statutory_report(
    reader: Reader, viewer: Viewer, directory: Directory, ask: StatutoryCriteria
) -> WaitingTimesReport:
    """The report for a viewer, with the fields of a waiting-time report; `service` is empty. Row-level security decides
    which waits it counts. Raises Refusal as `check_statutory`."""
    check_statutory(directory, ask)
    with reader.viewing(viewer) as cursor:
        position = position_known_at(cursor, ask.known_at, ask.at)
        rows = cursor.execute(
            COUNTED.format(key=KEYS[ask.by]).encode(), _parameters(ask, position)
        ).fetchall()
        versions = {row["version"]: _version(row, directory, ask.standard) for row in rows}
        tallies: dict[tuple[str, date | None], WaitTally] = defaultdict(WaitTally)
        for row in rows:
            terms = directory.school_days(row["calendar"]) if row["calendar"] else None
            tally = tallies[_label(row["key"], ask.by, directory), row["version"]]
            tally.add(row, versions[row["version"]], None, terms, ask.as_of)
        whole = total_of(tallies.values())
        ordered = sorted(tallies.items(), key=lambda one: (one[0][0], by_day(one[0][1])))
        return WaitingTimesReport(
            service="",
            standard=ask.standard,
            metric_version=metric_version_of(
                row["metric_version"] for row in rows if row["began"] or row["state"] != "outside"
            ),
            log_position=position,
            as_of=ask.as_of,
            known_at=ask.known_at,
            unconfirmed=0,
            parked=parked(cursor, "aln", position),
            started=whole.started,
            ended_otherwise=whole.ended_otherwise,
            uncountable=whole.uncountable,
            stamp=None,
            versions=tuple(versions[version] for version in sorted(versions, key=by_day)),
            groups=tuple(
                group_of(key, tally, versions[version], ask.few) for (key, version), tally in ordered
            ),
        )


def _parameters(ask: StatutoryCriteria, position: int) -> dict[str, Any]:
    return {
        "standard": ask.standard,
        "position": position,
        "from_on": ask.from_on or date.min,
        "to_on": min(ask.to_on or ask.as_of, ask.as_of),
        "as_of": ask.as_of,
    }


def _version(row: Mapping[str, Any], directory: Directory, code: str) -> StandardVersion:
    same = (
        v for v in directory.statutory_standards() if v.code == code and v.effective_from == row["version"]
    )
    found = next(same, None)
    return StandardVersion(
        code=code,
        version=row["version"],
        start=found.start if found else None,
        stop=found.stop if found else None,
        unit=row["unit"],
        limit=row["limit_days"],
        bands=tuple(row["bands"]),
        target_percent=found.target_percent if found else None,
    )


def _label(key: str, by: StatutoryBy, directory: Directory) -> str:
    """A school's number, an authority's code; what has no id, as it is."""
    return key if key in (NOT_RECORDED, NOT_ENDED) else label(key, by, directory)


STATUTORY_ROWS = """
with changed as (
    select w.concern, w.number,
           min(w.known_from) filter (where w.known_from > %(after)s) as begun,
           max(w.known_from) filter (where w.known_from > %(after)s) as last,
           max(w.known_to) filter (where w.known_to > %(after)s and w.known_to <= %(until)s) as ended,
           bool_or(w.known_from <= %(after)s and (w.known_to is null or w.known_to > %(after)s)) as before,
           bool_or(w.known_to is null or w.known_to > %(until)s) as afterwards
    from read.statutory_wait w
    where w.standard = %(standard)s and w.known_from <= %(until)s
      and (w.known_from > %(after)s or w.known_to > %(after)s and w.known_to <= %(until)s)
    group by 1, 2
)
select case when not before then 'waits_new' when afterwards then 'waits_changed' else 'waits_gone' end as code,
       count(*) as count, min(least(begun, ended)) as first, max(greatest(last, ended)) as last
from changed where before or afterwards
group by 1 order by 1
"""


def statutory_changes(
    cursor: Cursor[DictRow], ask: StatutoryCriteria, after: int, until: int
) -> list[tuple[str, int, int, int]]:
    """The waits that came, changed and went between two positions: code, how often, first and last position."""
    given = {"standard": ask.standard, "after": after, "until": until}
    rows = cursor.execute(STATUTORY_ROWS.encode(), given).fetchall()
    return [(row["code"], int(row["count"]), int(row["first"]), int(row["last"])) for row in rows]
