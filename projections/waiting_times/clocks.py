"""The clocks of single referrals as they stand now, with whose days they were: what a case file draws."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from uuid import UUID

import msgspec

from coordination.clocks import Party
from coordination.viewer import Viewer
from projections.reader import Reader

# one look-up in the index of standing rows for each referral
STANDING = """
select w.referral, w.standard, w.start_on, w.due_on, w.end_on, w.ending,
       w.stretch_party, w.stretch_from, w.stretch_until
from read.wait w
where w.referral = any(%(referrals)s) and w.known_to is null and w.due_on is not null
order by w.referral, w.begins_on, w.standard
"""


class ClockPeriod(msgspec.Struct, frozen=True):
    """Days in a row that are one party's, from one day up to another, the last not counted."""

    party: Party
    from_on: date
    until: date

    @property
    def days(self) -> int:
        """Calendar days."""
        return (self.until - self.from_on).days


class ClockRow(msgspec.Struct, frozen=True, kw_only=True):
    """A clock of a referral: it began on `start_on` and should stop by `due_on`; it stopped (`stop_on`), ended
    otherwise (`ended_on`), or runs. `whose` are its days up to then, or to the viewer's today: without gap, so that
    they add up to `days`, the elapsed calendar days."""

    referral: UUID
    standard: str
    start_on: date
    due_on: date
    stop_on: date | None
    ended_on: date | None
    whose: tuple[ClockPeriod, ...]

    @property
    def days(self) -> int:
        return sum(part.days for part in self.whose)

    @property
    def runs(self) -> bool:
        """Whether it has neither stopped nor ended."""
        return self.stop_on is None and self.ended_on is None

    @property
    def limit(self) -> int:
        """Calendar days from its start to its last day within the standard."""
        return (self.due_on - self.start_on).days


def clock_rows(reader: Reader, viewer: Viewer, referrals: Iterable[UUID]) -> dict[UUID, tuple[ClockRow, ...]]:
    """The clocks of these referrals that the viewer may see, each referral's in the order of their starts, in one
    statement. A clock that starts after the viewer's today has no days yet."""
    wanted = list(referrals)
    found: dict[UUID, list[ClockRow]] = {}
    with reader.viewing(viewer) as cursor:
        for row in cursor.execute(STANDING, {"referrals": wanted}):
            stretches = zip(row["stretch_party"], row["stretch_from"], row["stretch_until"], strict=True)
            wait = ClockRow(
                referral=row["referral"],
                standard=row["standard"],
                start_on=row["start_on"],
                due_on=row["due_on"],
                stop_on=row["end_on"] if row["ending"] == "stopped" else None,
                ended_on=None if row["ending"] == "stopped" else row["end_on"],
                whose=tuple(_up_to(viewer.today, stretches)),
            )
            found.setdefault(wait.referral, []).append(wait)
    return {referral: tuple(clocks) for referral, clocks in found.items()}


def _up_to(today: date, stretches: Iterable[tuple[Party, date, date | None]]) -> Iterable[ClockPeriod]:
    for party, since, until in stretches:
        end = today if until is None else min(until, today)
        if since < end:
            yield ClockPeriod(party, since, end)
