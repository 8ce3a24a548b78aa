"""One wait with its history: its clocks as they were known, and the entries that they were made from."""

from __future__ import annotations

from collections import defaultdict
from datetime import date, datetime
from typing import Any, Literal
from uuid import UUID

import msgspec
from psycopg.rows import DictRow

from coordination.directory.state import Directory
from coordination.errors import NotFound
from coordination.viewer import Viewer
from projections.reader import Reader, parked, position_known_at
from projections.waiting_times.figures import StandardVersion
from projections.waiting_times.queries.standards import version_of
from projections.waiting_times.queries.versions import metric_version_of
from projections.waiting_times.queries.waits import WaitRow, line_of


class WaitVersion(msgspec.Struct, frozen=True, kw_only=True):
    """A wait as it was known from one log position (recorded at `known_at`) until the next."""

    line: WaitRow
    known_from: int
    known_to: int | None
    known_at: datetime | None


class ClockHistory(msgspec.Struct, frozen=True, kw_only=True):
    """One clock of a referral. `line` is as it stood on the day and at the instant asked for; None: it did not run by
    then, or no longer counted. `versions` are as it was known from the first entry to that instant, newest first."""

    standard: StandardVersion
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
    """The clocks of one referral and the entries they were made from. `metric_version` is that of all their
    rows. `entries`, in the order in which they happened, are for the auditor and the operator; others have the referral
    itself."""

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
    known_at: datetime | None
    stamp: str | None = None


HISTORY = """
select w.*, (select max(k.recorded_at) from read.known k where k.position <= w.known_from) as known_at
from read.wait w
where w.referral = %(referral)s and w.known_from <= %(position)s
order by w.begins_on, w.standard, w.number, w.known_from desc
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
        waits: dict[tuple[str, int], list[dict[str, Any]]] = defaultdict(list)
        for row in found:
            waits[row["standard"], row["number"]].append(row)
        newest = max(found, key=lambda row: (row["known_from"], row["begins_on"]))
        return WaitHistory(
            referral=referral,
            pupil=newest["pupil"],
            school=newest["school"],
            service=newest["service"],
            clocks=tuple(_clock(rows, directory, as_of, at) for rows in waits.values()),
            entries=_entries(cursor.execute(ENTRIES, given).fetchall(), as_of),
            as_of=as_of,
            metric_version=metric_version_of(row["metric_version"] for row in found),
            log_position=at,
            parked=parked(cursor, "waiting_times", at),
            known_at=known_at,
        )


def _clock(rows: list[DictRow], directory: Directory, as_of: date, at: int) -> ClockHistory:
    last = rows[0]
    stands = (last["known_to"] is None or last["known_to"] > at) and last["begins_on"] <= as_of
    return ClockHistory(
        standard=version_of(last, directory, last["service"], last["standard"]),
        line=line_of(last, directory, as_of) if stands else None,
        versions=tuple(
            WaitVersion(
                line=line_of(row, directory, max(as_of, row["end_on"] or as_of, row["start_on"])),
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
