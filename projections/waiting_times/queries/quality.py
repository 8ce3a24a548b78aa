"""Whether the record behind the waits can be trusted: what was recorded late, left out, contested, or stands still."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, datetime
from decimal import ROUND_HALF_UP, Decimal
from typing import Any, Literal

import msgspec
from psycopg import Cursor
from psycopg.rows import DictRow

from coordination.clocks import METRIC_VERSION
from coordination.directory.state import Directory
from coordination.pupil.referral.milestones import MILESTONES
from coordination.viewer import Viewer
from projections.reader import Reader, parked, position_known_at
from projections.waiting_times.figures import percent
from projections.waiting_times.queries.conditions import KNOWN, waits_on

QUIET_DAYS = 60
LATE_DAYS = 7

Check = Literal["late_entries", "quiet", "missing_outcomes", "contested", "no_receipt", "uncountable"]
CHECKS: tuple[Check, ...] = (
    *("late_entries", "quiet", "missing_outcomes", "contested", "no_receipt", "uncountable"),
)

# an appointment has its outcome with one of these, or with an ending
OUTCOMES = tuple(
    name
    for name, of in MILESTONES.items()
    if of.rules.appointment in ("attended", "missed", "cancelled")
    or name in ("assessed", "treatment_started")
    or of.rules.effect in ("ends", "voids", "passes_on")
)
# what happens with the pupil: a referral that comes so far was received
CONTACTS = ("first_contact", "assessed", "treatment_started", "report_issued", "s21_answer")
BEFORE_CONTACT = tuple(
    name
    for name, of in MILESTONES.items()
    if of.rules.said_by == "agency" and of.rules.appointment is None and name not in CONTACTS
)


class DataQualityCriteria(msgspec.Struct, frozen=True, kw_only=True):
    """The criteria: what had happened by `as_of`, as known at an instant (None: all that is known) or at a log
    position. An entry is late when it was recorded more than `late_days` after its day, an open wait quiet when nothing
    happened to its referral for `quiet_days` (both in calendar days)."""

    as_of: date
    known_at: datetime | None = None
    at: int | None = None
    quiet_days: int = QUIET_DAYS
    late_days: int = LATE_DAYS


class DataQualityGroup(msgspec.Struct, frozen=True, kw_only=True):
    """What one check found for one key: `count` of `of`, in per cent. `late_entries` and `no_receipt` are by the
    organisation that recorded the entry, the other checks by the service that has the referral. `median_days` is how
    long after its day an entry was recorded, `longest_days` the longest delay, or the longest time without an
    entry."""

    check: Check
    key: str
    count: int
    of: int
    percent: float | None
    median_days: float | None
    longest_days: int | None


class DataQualityReport(msgspec.Struct, frozen=True, kw_only=True):
    """The report. `log_position` is the place in the log up to which it was read, `parked` the number of pupils'
    streams that could not be counted."""

    as_of: date
    metric_version: str
    known_at: datetime | None
    log_position: int
    parked: int
    quiet_days: int
    late_days: int
    stamp: str | None
    groups: tuple[DataQualityGroup, ...]


# Entries as known: what was corrected or struck does not count. `has`: who had each referral last.
ENTRIES = f"""
with entry as materialized (
    select e.* from read.wait_entry e
    where e.position <= %(position)s and e.occurred_on <= %(as_of)s
      and not exists (select from read.wait_entry gone
                      where gone.referral = e.referral and gone.about = e.version and gone.position <= %(position)s
                        and gone.kind not in ('milestone_confirmed', 'milestone_contested'))
), has as materialized (
    select distinct on (w.referral) w.referral, w.service from read.wait w
    where {KNOWN} and w.begins_on <= %(as_of)s
    order by w.referral, w.begins_on desc, w.number desc
)
"""

LATE = (
    ENTRIES
    + """, dated as (
    select e.organisation, (e.recorded_at at time zone 'Europe/London')::date - e.occurred_on as days
    from entry e where e.word is not null
)
select organisation as key, count(*) filter (where days > %(late_days)s) as count, count(*) as of,
       percentile_cont(0.5) within group (order by days) as median, max(days) as longest
from dated group by 1
"""
)

QUIET = (
    ENTRIES
    + f""", waiting as (
    select distinct on (w.referral) w.referral, w.service from read.wait w
    where {KNOWN} and {waits_on("%(as_of)s")}
    order by w.referral, w.begins_on desc, w.number desc
), last as (
    select g.service as key, %(as_of)s - max(e.occurred_on) as days
    from waiting g join entry e using (referral) group by g.referral, g.service
)
select key, count(*) filter (where days >= %(quiet_days)s) as count, count(*) as of, null::float as median,
       max(days) as longest
from last group by 1
"""
)

MISSING_OUTCOMES = (
    ENTRIES
    + """
select h.service as key,
       count(*) filter (where not exists (
           select from entry later
           where later.referral = o.referral and later.kind = any(%(outcomes)s) and later.occurred_on >= o.occurred_on
             -- what comes after the next offer is the outcome of that one
             and not exists (
               select from entry next
               where next.referral = o.referral and next.kind = 'appointment_offered'
                 and next.occurred_on > o.occurred_on and next.occurred_on < later.occurred_on)
       )) as count,
       count(*) as of, null::float as median, null::integer as longest
from entry o join has h using (referral)
where o.kind = 'appointment_offered' and o.until < %(as_of)s
group by 1
"""
)

CONTESTED = (
    ENTRIES
    + """
select h.service as key, count(*) filter (where exists (
           select from read.wait_entry c
           where c.referral = e.referral and c.about = e.version and c.kind = 'milestone_contested'
             and c.position <= %(position)s)) as count,
       count(*) as of, null::float as median, null::integer as longest
from entry e join has h using (referral)
where e.word = 'reported'
group by 1
"""
)

NO_RECEIPT = (
    ENTRIES
    + """
select first.organisation as key, count(*) filter (where not exists (
           select from entry shown
           where shown.referral = first.referral and shown.kind = any(%(receipts)s)
             and shown.occurred_on <= first.occurred_on)) as count,
       count(*) as of, null::float as median, null::integer as longest
from (select distinct on (e.referral) e.referral, e.organisation, e.occurred_on from entry e
      where e.kind = any(%(contacts)s) order by e.referral, e.occurred_on, e.version) as first
group by 1
"""
)

UNCOUNTABLE = f"""
select w.service as key, count(*) filter (where w.uncountable is not null) as count, count(*) as of,
       null::float as median, null::integer as longest
from read.wait w
where {KNOWN} and w.begins_on <= %(as_of)s and w.unit = 'school_days'
group by 1
"""

STATEMENTS: Mapping[Check, str] = {
    "late_entries": LATE,
    "quiet": QUIET,
    "missing_outcomes": MISSING_OUTCOMES,
    "contested": CONTESTED,
    "no_receipt": NO_RECEIPT,
    "uncountable": UNCOUNTABLE,
}


def data_quality(
    reader: Reader, viewer: Viewer, directory: Directory, ask: DataQualityCriteria
) -> DataQualityReport:
    """The report for a viewer. The entries are the auditor's and the operator's to see: others find only their own
    uncountable waits in it. A referral without any wait (a contact and no receipt) is the operator's alone."""
    with reader.viewing(viewer) as cursor:
        position = position_known_at(cursor, ask.known_at, ask.at)
        given = {
            "position": position,
            "as_of": ask.as_of,
            "quiet_days": ask.quiet_days,
            "late_days": ask.late_days,
            "outcomes": list(OUTCOMES),
            "contacts": list(CONTACTS),
            "receipts": ["received", *BEFORE_CONTACT],
        }
        return DataQualityReport(
            as_of=ask.as_of,
            metric_version=METRIC_VERSION,
            known_at=ask.known_at,
            log_position=position,
            parked=parked(cursor, "waiting_times", position),
            quiet_days=ask.quiet_days,
            late_days=ask.late_days,
            stamp=None,
            groups=tuple(group for check in CHECKS for group in _groups(cursor, check, directory, given)),
        )


def _groups(
    cursor: Cursor[DictRow], check: Check, directory: Directory, given: Mapping[str, Any]
) -> Iterator[DataQualityGroup]:
    rows = cursor.execute(STATEMENTS[check].encode(), given).fetchall()
    for key, row in sorted((_key(directory, check, row), row) for row in rows):
        yield DataQualityGroup(
            check=check,
            key=key,
            count=row["count"],
            of=row["of"],
            percent=percent(row["count"], row["of"]),
            median_days=None if row["median"] is None else _one_place(row["median"]),
            longest_days=row["longest"],
        )


def _one_place(days: float) -> float:
    """A median of whole days has one decimal place at most: halves stay as they are."""
    return float(Decimal(str(days)).quantize(Decimal("0.1"), ROUND_HALF_UP))


def _key(directory: Directory, check: Check, row: DictRow) -> str:
    of_organisation = check in ("late_entries", "no_receipt")
    found = directory.organisation(row["key"]) if of_organisation else directory.service(row["key"])
    return found.code if found else str(row["key"])
