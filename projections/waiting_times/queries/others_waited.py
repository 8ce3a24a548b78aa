"""How long others waited for a service, as a range for a family: counted from the wait rows, and refused on few."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from uuid import UUID

import msgspec

from coordination.directory.state import Directory
from coordination.viewer import Viewer
from projections.reader import Reader
from projections.waiting_times.figures import percentile
from projections.waiting_times.queries.standards import default_standard

FEWEST = 10
"""On fewer waits than this nothing is said: one child more or less would change it, and could be recognised."""
OVER = timedelta(days=365)


class OthersWaited(msgspec.Struct, frozen=True, kw_only=True):
    """Half of the children whose wait stopped in the year before a day had waited from `from_weeks` to `to_weeks` whole
    weeks, from the start of the clock; a quarter less, a quarter more."""

    from_weeks: int
    to_weeks: int


STOPPED = """
select w.end_on - w.start_on as days, count(*)::int as n from read.wait w
where w.service = %(service)s and w.standard = %(standard)s and w.known_to is null and w.ending = 'stopped'
  and w.end_on > %(since)s and w.end_on <= %(as_of)s
group by 1
"""


def others_waited(reader: Reader, viewer: Viewer, directory: Directory, service: UUID) -> OthersWaited | None:
    """The range of a service over the waits that the viewer may count; None on fewer than FEWEST."""
    with reader.viewing(viewer) as cursor:
        rows = cursor.execute(
            STOPPED,
            {
                "service": service,
                "standard": default_standard(directory, service),
                "since": viewer.today - OVER,
                "as_of": viewer.today,
            },
        ).fetchall()
    return range_of({row["days"]: row["n"] for row in rows})


def range_of(days: Mapping[int, int]) -> OthersWaited | None:
    """The middle half of a histogram of days, in whole weeks: the lower end down, the upper end up; None on few."""
    if sum(days.values()) < FEWEST:
        return None
    low, high = percentile(days, 25), percentile(days, 75)
    assert low is not None and high is not None
    return OthersWaited(from_weeks=int(low // 7), to_weeks=int(-(-high // 7)))
