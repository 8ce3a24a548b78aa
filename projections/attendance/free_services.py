"""How many people each service can still send at a time, beside the meetings that are arranged."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import date, time
from uuid import UUID

from psycopg import Cursor
from psycopg.rows import DictRow

from coordination.directory.state import Directory
from coordination.meeting.clash import ASSUMED_MINUTES
from coordination.meeting.timetable.dates import Free, Slot
from coordination.viewer import Viewer
from projections.reader import Reader

ENGAGED = """
select service, held_on, starts_at, ends_at from read.engagement
where known_to is null and held_on between %(from_on)s and %(to_on)s
"""


def free_among(cursor: Cursor[DictRow], directory: Directory, from_on: date, to_on: date) -> Free:
    """How many people a service can still send in a slot between two days. What is arranged keeps its services."""
    busy: dict[tuple[UUID, date], list[tuple[int, int]]] = defaultdict(list)
    for row in cursor.execute(ENGAGED, {"from_on": from_on, "to_on": to_on}):
        busy[row["service"], row["held_on"]].append(_minutes(row["starts_at"], row["ends_at"]))

    def free(service: UUID, slot: Slot) -> int:
        spans = busy.get((service, slot.held_on), ())
        return directory.people_to_send(service, slot.held_on) - _most_at_once(spans, slot)

    return free


def free_services(reader: Reader, viewer: Viewer, directory: Directory, from_on: date, to_on: date) -> Free:
    """The same, as the viewer's desk may read it."""
    with reader.viewing(viewer) as cursor:
        return free_among(cursor, directory, from_on, to_on)


def _most_at_once(spans: Sequence[tuple[int, int]], slot: Slot) -> int:
    first, end = _minutes(slot.starts_at, slot.ends_at)
    meets = [span for span in spans if span[0] < end and first < span[1]]
    begins = [first, *(span[0] for span in meets if span[0] > first)]
    return max(sum(span[0] <= at < span[1] for span in meets) for at in begins)


def _minutes(starts_at: time, ends_at: time | None) -> tuple[int, int]:
    first = starts_at.hour * 60 + starts_at.minute
    return first, ends_at.hour * 60 + ends_at.minute if ends_at else first + ASSUMED_MINUTES
