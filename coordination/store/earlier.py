"""What later events made former or withheld: the numbers that children had, and an identity that was replaced."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from psycopg.rows import tuple_row

from coordination.pupil.adoption.events import IdentityReplaced
from coordination.pupil.profile.events import IDENTITY_TOPICS
from coordination.sensitivity import Coordinates, Opened
from coordination.store import numbers
from coordination.store.application import Record


def mark_former_numbers(record: Record) -> int:
    """Marks all but the current of several numbers of one file, as a record of an earlier version had none marked; how
    many files. Nothing to do after the first time. Of an erased file all stay as they are."""
    with record.desk() as connection, connection.cursor(row_factory=tuple_row) as cursor:
        several = numbers.several_current(cursor)
    marked = 0
    for stream in several:
        upn = record.latest(stream, IDENTITY_TOPICS).get("upn")
        if upn is not None:
            with record.desk() as connection, connection.cursor() as cursor:
                numbers.mark_former(cursor, stream, record.outer.lookup_hmac("upn", upn))
            marked += 1
    return marked


def open_earlier(record: Record, pupil: UUID, topics: Sequence[str]) -> list[tuple[str, date, Opened]]:
    """The sealed fields of events of some topics up to the replacement of the identity, the newest first, each with its
    topic and day: for the adoption officer alone."""
    events = record.load([pupil])[pupil]
    before = max((r.version for r in events if isinstance(r.event, IdentityReplaced)), default=0)
    ring = record.keyring([pupil]).without_withholding()
    wanted = [r for r in reversed(events) if r.version <= before and r.event.topic in topics]
    return [
        (
            r.event.topic,
            r.event.header.occurred_on,
            ring.open(Coordinates(pupil, r.version, r.event.topic, r.event.sealed)),
        )
        for r in wanted
    ]
