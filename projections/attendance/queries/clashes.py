"""At which meetings a service is not expected because it was asked for elsewhere: read for a query, never stored."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from datetime import date
from typing import Any
from uuid import UUID

from psycopg import Cursor
from psycopg.rows import DictRow

from coordination.directory.dated import in_force
from coordination.directory.organisation import ServiceCapacity
from coordination.meeting.clash import Engagement, clashes

ENGAGEMENTS = """
select e.service, e.meeting, e.held_on, e.starts_at, e.ends_at, e.asked_on, e.invited_on
from (
    select e.*, count(*) over (partition by e.service, e.held_on) as that_day
    from read.engagement e
    where e.known_from <= %(position)s and (e.known_to is null or e.known_to > %(position)s)
      and e.held_on between %(from_on)s and %(to_on)s
      and (%(service)s::uuid is null or e.service = %(service)s)
) e where e.that_day > 1
"""

SAID = """
select service, effective_from, effective_to, people from read.capacity
where known_from <= %(position)s and (known_to is null or known_to > %(position)s)
"""

CLASH = """
left join unnest(%(clash_meetings)s::uuid[], %(clash_services)s::uuid[]) k(meeting, service)
    on k.meeting = a.meeting and k.service = a.party
"""
"""With what `clash_parameters` gives, beside `read.attendance a`."""
EXPECTED = "(a.expected and k.meeting is null)"
BECAUSE = "(case when a.expected and k.meeting is not null then 'clash' else a.because end)"


def clash_parameters(
    cursor: Cursor[DictRow],
    at: int,
    *,
    from_on: date = date.min,
    to_on: date = date.max,
    service: UUID | None = None,
) -> dict[str, Any]:
    """What CLASH asks with: the clashes among meetings held between two days, of a service or of all, as known at a log
    position. In one statement, and a second where two meetings of a service are on one day."""
    given: Mapping[str, object] = {"position": at, "from_on": from_on, "to_on": to_on, "service": service}
    held = [Engagement(**row) for row in cursor.execute(ENGAGEMENTS, given).fetchall()]
    said: dict[UUID, list[ServiceCapacity]] = defaultdict(list)
    if held:
        for row in cursor.execute(SAID, given).fetchall():
            said[row.pop("service")].append(ServiceCapacity(**row))

    def people(of: UUID, on: date) -> int:
        version = in_force(said.get(of, []), on)
        return version.people if version else 1

    found = sorted(clashes(held, people), key=lambda two: (two[0].int, two[1].int))
    return {
        "clash_meetings": [meeting for meeting, _ in found],
        "clash_services": [party for _, party in found],
    }
