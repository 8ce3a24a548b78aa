"""The waits behind a figure, one by one and without names, and one wait with its history."""

from __future__ import annotations

from collections import defaultdict
from datetime import date, datetime
from typing import Any, Literal
from uuid import UUID

import msgspec
from psycopg.rows import DictRow

from coordination.clocks import Party, elapsed, overdue
from coordination.directory.state import Directory, Standard
from coordination.errors import NotFound
from coordination.viewer import Viewer
from projections.reader import Reader, parked, position_known_at
from projections.waiting_times.queries.conditions import RUNNING, RUNNING_LATE, STOPPED, STOPPED_LATE
from projections.waiting_times.queries.report import (
    OF_STANDARD,
    WaitingTimesCriteria,
    in_force,
    parameters,
    service_and_standard,
)
from projections.waiting_times.queries.versions import metric_version_of

Which = Literal["ended", "ended_late", "waiting", "waiting_over"]
WHICH: tuple[Which, ...] = ("waiting", "waiting_over", "ended", "ended_late")


class WaitPeriod(msgspec.Struct, frozen=True, kw_only=True):
    """Calendar days from `since` up to `until` (not counted; None: still running) that belong to one party."""

    party: Party
    since: date
    until: date | None


class WaitRow(msgspec.Struct, frozen=True, kw_only=True):
    """One wait. `referral` is the only name it has. `elapsed`: unadjusted, in days of the standard's unit (of weeks:
    calendar days), up to `stop_on`, else `ended_on` (withdrawn, declined, ...), else the day asked for. `late`: past
    `due_on`. `unconfirmed` of its two milestones were only reported."""

    referral: UUID
    pupil: UUID
    school: UUID
    service: UUID
    start_on: date
    due_on: date
    stop_on: date | None
    ended_on: date | None
    elapsed: int
    late: bool
    unconfirmed: int
    stretches: tuple[WaitPeriod, ...]


class WaitRows(msgspec.Struct, frozen=True, kw_only=True):
    """A page of them, the longest first, of `total` in all. `metric_version` is that of the lines on this page
    (several, "1, 2", when they differ)."""

    rows: tuple[WaitRow, ...]
    total: int
    standard: Standard
    metric_version: str
    log_position: int
    parked: int


class WaitVersion(msgspec.Struct, frozen=True, kw_only=True):
    """A wait as it was known from one log position (recorded at `known_at`) until the next."""

    line: WaitRow
    known_from: int
    known_to: int | None
    known_at: datetime | None


class ClockHistory(msgspec.Struct, frozen=True, kw_only=True):
    """One clock of a referral. `line` is as it stood on the day and at the instant asked for; None: it did not run by
    then, or no longer counted. `versions` are as it was known from the first entry to that instant, newest first."""

    standard: Standard
    line: WaitRow | None
    versions: tuple[WaitVersion, ...]


class EntryReview(msgspec.Struct, frozen=True, kw_only=True):
    """What was recorded later about an entry: `corrected` or `struck` (it no longer counts), `confirmed` or
    `contested`; by an organisation, at an instant. `by_version` is the later entry, `says_on` the day that it gives."""

    what: Literal["corrected", "struck", "confirmed", "contested"]
    by_version: int
    organisation: UUID
    occurred_on: date
    recorded_at: datetime
    says_on: date | None


class WaitEntry(msgspec.Struct, frozen=True, kw_only=True):
    """One entry of a referral: a milestone's name, `opened` or `unavailable` (from `says_on` up to and including
    `until`); when it happened and when it was recorded; the organisation that states it, and `word`: whether that
    organisation recorded it itself or it was only reported. `corrects`: the version of the earlier entry that it
    replaces. `said`: what was recorded about it since."""

    version: int
    kind: str
    occurred_on: date
    recorded_at: datetime
    organisation: UUID
    word: Literal["own", "reported"] | None
    corrects: int | None
    says_on: date | None
    until: date | None
    said: tuple[EntryReview, ...]

    @property
    def counts(self) -> bool:
        """Whether the entry has been neither corrected nor struck out."""
        return not any(one.what in ("corrected", "struck") for one in self.said)


class WaitHistory(msgspec.Struct, frozen=True, kw_only=True):
    """The clocks of one referral and the entries they were made from. `metric_version` is that of all their rows
    (several, "1, 2", when they differ). `entries`, in the order in which they happened, are for the auditor and the
    operator; others have the referral itself."""

    referral: UUID
    pupil: UUID
    school: UUID
    service: UUID
    clocks: tuple[ClockHistory, ...]
    entries: tuple[WaitEntry, ...]
    as_of: date
    metric_version: str
    log_position: int
    parked: int


CONDITIONS: dict[Which, str] = {
    "ended": STOPPED,
    "ended_late": f"{STOPPED} and {STOPPED_LATE}",
    "waiting": RUNNING,
    "waiting_over": f"{RUNNING} and {RUNNING_LATE}",
}

# Among waits that still run, the earlier one began, the longer it is.
LINES = f"""
select w.*, count(*) over () as total
from read.wait w
where {OF_STANDARD} and (%(school)s::uuid is null or w.school = %(school)s) and {{condition}}
order by w.end_ordinal - w.start_ordinal desc nulls last, w.start_on, w.referral
limit %(limit)s offset %(offset)s
"""

HISTORY = """
select w.*, (select max(k.recorded_at) from read.known k where k.position <= w.known_from) as known_at
from read.wait w
where w.referral = %(referral)s and w.known_from <= %(position)s and w.due_on is not null
order by w.standard, w.number desc, w.known_from desc
"""

ENTRIES = """
select * from read.wait_entry
where referral = %(referral)s and position <= %(position)s
order by occurred_on, version
"""

# the effect of an entry on an earlier one; any other topic corrects it
SAYS: dict[str, Literal["struck", "confirmed", "contested"]] = {
    "entry_struck": "struck",
    "milestone_confirmed": "confirmed",
    "milestone_contested": "contested",
}


def wait_rows(
    reader: Reader,
    viewer: Viewer,
    directory: Directory,
    ask: WaitingTimesCriteria,
    which: Which,
    *,
    school: UUID | None = None,
    page: int = 1,
    size: int = 50,
) -> WaitRows:
    """A page (from 1) of the waits behind one figure of the report, of one school or of all. Raises Refusal as
    `report` does."""
    service, standard = service_and_standard(directory, ask)
    with reader.viewing(viewer) as cursor:
        wanted: dict[str, Any] = parameters(cursor, service, standard, ask)
        wanted |= {"school": school, "limit": size, "offset": (max(page, 1) - 1) * size}
        found = cursor.execute(LINES.format(condition=CONDITIONS[which]).encode(), wanted).fetchall()
        return WaitRows(
            rows=tuple(
                _line(row, standard, directory, ask.as_of, running=which[:4] == "wait") for row in found
            ),
            total=found[0]["total"] if found else 0,
            standard=standard,
            metric_version=metric_version_of(row["metric_version"] for row in found),
            log_position=wanted["position"],
            parked=parked(cursor, "waiting_times", wanted["position"]),
        )


def wait_history(
    reader: Reader,
    viewer: Viewer,
    directory: Directory,
    referral: UUID,
    as_of: date,
    known_at: datetime | None = None,
    at: int | None = None,
) -> WaitHistory:
    """The clocks of one referral on a day, as known at an instant (None: all that is known) or a log position, with the
    entries of up to that day; in four statements. Raises NotFound: there is none that is the viewer's to see."""
    with reader.viewing(viewer) as cursor:
        at = position_known_at(cursor, known_at, at)
        given = {"referral": referral, "position": at}
        found = cursor.execute(HISTORY, given).fetchall()
        if not found:
            raise NotFound
        by_standard: dict[str, list[dict[str, Any]]] = defaultdict(list)
        for row in found:
            by_standard[row["standard"]].append(row)
        newest = max(found, key=lambda row: row["known_from"])
        return WaitHistory(
            referral=referral,
            pupil=newest["pupil"],
            school=newest["school"],
            service=newest["service"],
            clocks=tuple(_clock(rows, directory, as_of, at) for rows in by_standard.values()),
            entries=_entries(cursor.execute(ENTRIES, given).fetchall(), as_of),
            as_of=as_of,
            metric_version=metric_version_of(row["metric_version"] for row in found),
            log_position=at,
            parked=parked(cursor, "waiting_times", at),
        )


def _clock(rows: list[DictRow], directory: Directory, as_of: date, at: int) -> ClockHistory:
    last = rows[0]
    standards = directory.standards_of(last["service"])
    held = in_force(directory, standards, last["standard"], last["start_on"])
    stands = (last["known_to"] is None or last["known_to"] > at) and last["start_on"] <= as_of
    end = last["end_on"]
    return ClockHistory(
        standard=held,
        line=_line(last, held, directory, as_of, running=end is None or end > as_of) if stands else None,
        versions=tuple(
            WaitVersion(
                line=_line(row, held, directory, as_of, running=False),
                known_from=row["known_from"],
                known_to=row["known_to"],
                known_at=row["known_at"],
            )
            for row in rows
        ),
    )


def _entries(rows: list[DictRow], as_of: date) -> tuple[WaitEntry, ...]:
    """What happened up to a day; what was said of it since, as far as it was known, belongs to it."""
    said: dict[int, list[EntryReview]] = defaultdict(list)
    for row in rows:
        if row["about"] is not None:
            said[row["about"]].append(
                EntryReview(
                    what=SAYS.get(row["kind"], "corrected"),
                    by_version=row["version"],
                    organisation=row["organisation"],
                    occurred_on=row["occurred_on"],
                    recorded_at=row["recorded_at"],
                    says_on=row["says_on"],
                )
            )
    return tuple(
        WaitEntry(
            version=row["version"],
            kind=row["kind"],
            occurred_on=row["occurred_on"],
            recorded_at=row["recorded_at"],
            organisation=row["organisation"],
            word=row["word"],
            corrects=row["about"],
            says_on=row["says_on"],
            until=row["until"],
            said=tuple(sorted(said[row["version"]], key=lambda one: one.by_version)),
        )
        for row in rows
        if row["kind"] not in SAYS and row["occurred_on"] <= as_of
    )


def _line(row: DictRow, standard: Standard, directory: Directory, as_of: date, *, running: bool) -> WaitRow:
    """`running`: cut off at `as_of`, whatever came after."""
    end: date = as_of if running else (row["end_on"] or max(as_of, row["start_on"]))
    terms = directory.school_days(row["school"]) if standard.unit == "school_days" else None
    stopped = row["ending"] == "stopped"
    return WaitRow(
        referral=row["referral"],
        pupil=row["pupil"],
        school=row["school"],
        service=row["service"],
        start_on=row["start_on"],
        due_on=row["due_on"],
        stop_on=row["end_on"] if stopped and not running else None,
        ended_on=row["end_on"] if not stopped and not running else None,
        elapsed=elapsed(row["start_on"], end, standard.unit, terms),
        late=overdue(row["due_on"], end),
        unconfirmed=row["unconfirmed"],
        stretches=tuple(_stretches(row, end, running=running)),
    )


def _stretches(row: DictRow, end: date, *, running: bool) -> list[WaitPeriod]:
    """Up to the day at which the wait is cut off; the last of one that goes on is open."""
    found = []
    goes_on = running or row["end_on"] is None
    parts = zip(row["stretch_party"], row["stretch_from"], row["stretch_until"], strict=True)
    for party, since, until in parts:
        if since > end:
            break
        stop = until if until is not None and until <= end else None if goes_on else end
        found.append(WaitPeriod(party=party, since=since, until=stop))
    return found
