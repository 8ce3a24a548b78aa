"""A random sample of waits for an audit, which the same seed draws again."""

from __future__ import annotations

from datetime import date, datetime

import msgspec

from coordination.clocks import METRIC_VERSION
from coordination.directory.state import Directory
from coordination.errors import Refusal
from coordination.viewer import Viewer
from projections.reader import Reader, parked, position_known_at
from projections.waiting_times.queries.conditions import BEGUN, ENDED_ON, ENDING, KNOWN, STATE
from projections.waiting_times.queries.waits import WaitRow, line_of

LARGEST_SEED = 2**53 - 1
"""So that a seed stays exact in JSON."""


class AuditSampleCriteria(msgspec.Struct, frozen=True, kw_only=True):
    """So many (`size`) of the waits that stopped between two days, or run on `as_of`; of one service (its code) or of
    all. The `seed` decides which."""

    as_of: date
    seed: int
    size: int
    service: str | None = None
    from_on: date | None = None
    to_on: date | None = None
    known_at: datetime | None = None
    at: int | None = None


class AuditSampleReport(msgspec.Struct, frozen=True, kw_only=True):
    """The sample, in the order in which it was drawn, of `population` waits."""

    as_of: date
    seed: int
    size: int
    population: int
    metric_version: str
    known_at: datetime | None
    log_position: int
    parked: int
    stamp: str | None
    rows: tuple[WaitRow, ...]


# The order is that of a hash of the seed and the wait: the same on every machine, and no wait is more likely than
# another.
DRAWN = f"""
select w.*, c.total
from (
  select c.place, c.lot, count(*) over () as total
  from (
    select w.ctid as place, w.uncountable, {ENDED_ON} as ended_on, {ENDING} as ending,
           sha256(convert_to(concat_ws(' ', %(seed)s::text, w.referral, w.standard, w.number), 'UTF8')) as lot
    from read.wait w
    where {KNOWN} and {BEGUN} and (%(service)s::uuid is null or w.service = %(service)s)
  ) c
  where {STATE} in ('stopped', 'running')
  order by c.lot
  limit %(size)s
) c
join read.wait w on w.ctid = c.place
order by c.lot
"""


def audit_sample(
    reader: Reader, viewer: Viewer, directory: Directory, ask: AuditSampleCriteria
) -> AuditSampleReport:
    """The sample for a viewer, from the waits that they see. Raises Refusal as `check_sample`."""
    check_sample(directory, ask)
    service = directory.service_by_code(ask.service) if ask.service else None
    with reader.viewing(viewer) as cursor:
        position = position_known_at(cursor, ask.known_at, ask.at)
        given = {
            "position": position,
            "as_of": ask.as_of,
            "from_on": ask.from_on or date.min,
            "to_on": min(ask.to_on or ask.as_of, ask.as_of),
            "service": service.id if service else None,
            "seed": ask.seed,
            "size": ask.size,
        }
        found = cursor.execute(DRAWN, given).fetchall()
        return AuditSampleReport(
            as_of=ask.as_of,
            seed=ask.seed,
            size=ask.size,
            population=found[0]["total"] if found else 0,
            metric_version=METRIC_VERSION,
            known_at=ask.known_at,
            log_position=position,
            parked=parked(cursor, "waiting_times", position),
            stamp=None,
            rows=tuple(line_of(row, directory, ask.as_of) for row in found),
        )


def check_sample(directory: Directory, ask: AuditSampleCriteria) -> None:
    """Raises Refusal `unknown_service`, `ends_before_it_begins`."""
    if ask.service and directory.service_by_code(ask.service) is None:
        raise Refusal("unknown_service", "service")
    if ask.from_on and ask.to_on and ask.to_on < ask.from_on:
        raise Refusal("ends_before_it_begins", "to_on")
