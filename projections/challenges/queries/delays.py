"""Waits over a standard that a school could challenge a service about."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from itertools import groupby
from uuid import UUID

import msgspec

from coordination.challenge.commands import WaitEvidence
from coordination.viewer import Viewer
from projections.overdue import overdue
from projections.reader import Reader, parked, position
from projections.waiting_times.queries.conditions import waits_on


class DelayGround(msgspec.Struct, frozen=True, kw_only=True):
    """A service's waits of a school's pupils that are over one standard and still run on `as_of`, the longest first:
    the `waits` of RaiseDelayChallenge, with `standard`, `as_of` and `log_position` for its other fields.
    Only the days that the service held can be challenged: a wait counts from the day on which it came there, and so
    does `due_on`, the last day of each wait, by referral. `challenged`: those of them that are in a challenge which is
    not ended yet, by referral. `parked`: streams that could not be read."""

    school: UUID
    service: UUID
    agency: UUID
    standard: str
    as_of: date
    log_position: int
    waits: tuple[WaitEvidence, ...]
    due_on: dict[UUID, date]
    challenged: dict[UUID, UUID]
    parked: int


OVER = f"""
select w.service, w.agency, w.standard, w.referral, w.pupil, w.held_from, w.own_due_on,
       (select c.challenge from read.challenge_wait h join read.challenge c on c.challenge = h.challenge
        where h.referral = w.referral and c.service = w.service
          and c.phase not in ('not_approved', 'resolved', 'withdrawn')
        limit 1) as challenge
from read.wait w
where w.school = %(school)s and w.known_to is null
  and (%(service)s::uuid is null or w.service = %(service)s)
  and (%(standard)s::text is null or w.standard = %(standard)s)
  and {waits_on("%(as_of)s")}
  and {overdue("w.own_due_on", "%(as_of)s")}
order by w.service, w.standard, w.held_from, w.referral
"""


def delays(
    reader: Reader,
    viewer: Viewer,
    school: UUID,
    as_of: date,
    *,
    service: UUID | None = None,
    standard: str | None = None,
) -> tuple[DelayGround, ...]:
    """By service and standard, as known now; those with most waits first. Empty when nothing is over."""
    given = {"school": school, "service": service, "standard": standard, "as_of": as_of}
    with reader.viewing(viewer) as cursor:
        at = position(cursor)
        rows = cursor.execute(OVER, given).fetchall()
        unread = parked(cursor, "waiting_times")
    found = []
    for (of, code), grouped in groupby(rows, key=lambda row: (row["service"], row["standard"])):
        waits = list(grouped)
        found.append(
            DelayGround(
                school=school,
                service=of,
                agency=waits[0]["agency"],
                standard=code,
                as_of=as_of,
                log_position=at,
                waits=tuple(
                    WaitEvidence(referral=w["referral"], pupil=w["pupil"], started_on=w["held_from"])
                    for w in waits
                ),
                due_on={w["referral"]: w["own_due_on"] for w in waits},
                challenged={w["referral"]: w["challenge"] for w in waits if w["challenge"] is not None},
                parked=unread,
            )
        )
    return tuple(_longest_first(found))


def _longest_first(found: Iterable[DelayGround]) -> list[DelayGround]:
    return sorted(found, key=lambda d: (-len(d.waits), d.service.int, d.standard))
