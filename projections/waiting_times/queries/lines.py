"""The waits behind a figure, one by one and without names, and one wait with its history."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any, Literal
from uuid import UUID

import msgspec

from coordination.clocks import Party, ordinal
from coordination.directory.state import Directory, Standard
from coordination.errors import NotFound
from coordination.viewer import Viewer
from projections.reader import Reader, parked, position
from projections.waiting_times.queries.report import Ask, asked, in_force, parameters

Which = Literal["ended", "ended_late", "waiting", "waiting_over"]
WHICH: tuple[Which, ...] = ("waiting", "waiting_over", "ended", "ended_late")


class Stretch(msgspec.Struct, frozen=True, kw_only=True):
    """Calendar days from `since` up to `until` (not counted; None: still running) that were one party's."""

    party: Party
    since: date
    until: date | None


class Line(msgspec.Struct, frozen=True, kw_only=True):
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
    stretches: tuple[Stretch, ...]


class Lines(msgspec.Struct, frozen=True, kw_only=True):
    """A page of them, the longest first, of `total` in all."""

    rows: tuple[Line, ...]
    total: int
    standard: Standard
    log_position: int
    parked: int


class Version(msgspec.Struct, frozen=True, kw_only=True):
    """A wait as it was known from one log position (recorded at `known_at`) until the next."""

    line: Line
    known_from: int
    known_to: int | None
    known_at: datetime | None


class History(msgspec.Struct, frozen=True, kw_only=True):
    """One wait as it was known from the first entry to the last, the newest first."""

    standard: Standard
    versions: tuple[Version, ...]
    log_position: int


CONDITIONS: dict[Which, str] = {
    "ended": "w.stop_on between %(from_on)s and %(to_on)s",
    "ended_late": "w.stop_on between %(from_on)s and %(to_on)s and w.stop_on > w.due_on",
    "waiting": "w.start_on <= %(as_of)s and coalesce(w.stop_on, w.ended_on, 'infinity') > %(as_of)s",
    "waiting_over": """w.start_on <= %(as_of)s and coalesce(w.stop_on, w.ended_on, 'infinity') > %(as_of)s
                       and w.due_on < %(as_of)s""",
}

# Waits that go on are the longer the earlier they began.
LINES = """
select w.*, count(*) over () as total
from read.wait w
where w.service = %(service)s and w.standard = %(standard)s
  and w.known_from <= %(position)s and (w.known_to is null or w.known_to > %(position)s)
  and (%(school)s::uuid is null or w.school = %(school)s) and {condition}
order by w.stop_ordinal - w.start_ordinal desc nulls last, w.start_on, w.referral
limit %(limit)s offset %(offset)s
"""

HISTORY = """
select w.*, (select max(k.recorded_at) from read.known k where k.position <= w.known_from) as known_at
from read.wait w
where w.referral = %(referral)s and w.standard = %(standard)s
order by w.known_from desc
"""


def lines(
    reader: Reader,
    viewer: Viewer,
    directory: Directory,
    ask: Ask,
    which: Which,
    *,
    school: UUID | None = None,
    page: int = 1,
    size: int = 50,
) -> Lines:
    """A page (from 1) of the waits behind one figure of the report, of one school or of all. Raises Refused as
    `report` does."""
    service, standard = asked(directory, ask)
    with reader.viewing(viewer) as cursor:
        wanted: dict[str, Any] = parameters(cursor, service, standard, ask)
        wanted |= {"school": school, "limit": size, "offset": (max(page, 1) - 1) * size}
        found = cursor.execute(LINES.format(condition=CONDITIONS[which]).encode(), wanted).fetchall()
        return Lines(
            rows=tuple(
                _line(row, standard, directory, ask.as_of, running=which[:4] == "wait") for row in found
            ),
            total=found[0]["total"] if found else 0,
            standard=standard,
            log_position=wanted["position"],
            parked=parked(cursor, "waiting_times"),
        )


def history(
    reader: Reader, viewer: Viewer, directory: Directory, referral: UUID, standard: str, as_of: date
) -> History:
    """One wait against one standard (a code), in two statements. Raises NotFound: there is none, or it is not the
    viewer's to see."""
    with reader.viewing(viewer) as cursor:
        found = cursor.execute(HISTORY, {"referral": referral, "standard": standard}).fetchall()
        if not found:
            raise NotFound
        versions = directory.standards_of(found[0]["service"])
        held = in_force(directory, versions, standard, found[0]["start_on"])
        return History(
            standard=held,
            versions=tuple(
                Version(
                    line=_line(row, held, directory, as_of, running=False),
                    known_from=row["known_from"],
                    known_to=row["known_to"],
                    known_at=row["known_at"],
                )
                for row in found
            ),
            log_position=position(cursor),
        )


def _line(
    row: dict[str, Any], standard: Standard, directory: Directory, as_of: date, *, running: bool
) -> Line:
    """`running`: cut off at `as_of`, whatever came after."""
    end: date = as_of if running else (row["stop_on"] or row["ended_on"] or max(as_of, row["start_on"]))
    terms = directory.school_days(row["school"]) if standard.unit == "school_days" else None
    return Line(
        referral=row["referral"],
        pupil=row["pupil"],
        school=row["school"],
        service=row["service"],
        start_on=row["start_on"],
        due_on=row["due_on"],
        stop_on=None if running else row["stop_on"],
        ended_on=None if running else row["ended_on"],
        elapsed=ordinal(end, standard.unit, terms) - row["start_ordinal"],
        late=end > row["due_on"],
        unconfirmed=row["unconfirmed"],
        stretches=tuple(_stretches(row, end, running=running)),
    )


def _stretches(row: dict[str, Any], end: date, *, running: bool) -> list[Stretch]:
    """Up to the day at which the wait is cut off; the last of one that goes on is open."""
    found = []
    goes_on = running or (row["stop_on"] is None and row["ended_on"] is None)
    parts = zip(row["stretch_party"], row["stretch_from"], row["stretch_until"], strict=True)
    for party, since, until in parts:
        if since > end:
            break
        stop = until if until is not None and until <= end else None if goes_on else end
        found.append(Stretch(party=party, since=since, until=stop))
    return found
