"""Who several pupils are now, opened in two round trips."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING
from uuid import UUID

from psycopg.rows import tuple_row

from coordination.pupil.profile.events import IDENTITY_TOPICS
from coordination.sensitivity import Coordinates, Opened
from coordination.store.mapper import decode

if TYPE_CHECKING:
    from coordination.store.application import Record


def latest_identities(record: Record, pupils: Sequence[UUID]) -> dict[UUID, Opened]:
    """The newest identity of each pupil; ERASED where the key is gone, left out where none was recorded. The caller
    says to whom it is shown: no row policy does."""
    with record.desk() as connection, connection.cursor(row_factory=tuple_row) as cursor:
        found = cursor.execute(
            "select distinct on (originator_id) originator_id, originator_version, topic, state from log.event"
            " where originator_id = any(%s) and topic = any(%s)"
            " order by originator_id, originator_version desc",
            (list(pupils), list(IDENTITY_TOPICS)),
        ).fetchall()
    places = [Coordinates(s, v, topic, decode(topic, bytes(state)).sealed) for s, v, topic, state in found]
    return {place.stream: one for place, one in zip(places, record.open(places), strict=True)}
