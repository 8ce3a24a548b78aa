"""Which referrals have a place of a base: written with the events that say so, read by the next decision about it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any
from uuid import UUID

from psycopg import Cursor
from psycopg.rows import tuple_row

if TYPE_CHECKING:
    from coordination.store.application import Record

PlaceChanges = Mapping[UUID, tuple[UUID, str | None]]
"""By referral the service, and how its place is taken (None: it is not)."""


def write_places(cursor: Cursor[Any], changes: PlaceChanges) -> None:
    """Writes how places are taken, in the transaction of the events."""
    taken = [(referral, service, state) for referral, (service, state) in changes.items() if state]
    free = [referral for referral, (_, state) in changes.items() if not state]
    if taken:
        cursor.execute(
            "insert into desk.place_taken (referral, service, state)"
            " select * from unnest(%s::uuid[], %s::uuid[], %s::text[])"
            " on conflict (referral) do update set service = excluded.service, state = excluded.state",
            tuple(list(column) for column in zip(*taken, strict=True)),
        )
    if free:
        cursor.execute("delete from desk.place_taken where referral = any(%s)", (free,))


class PlacesBook:
    """How the places of bases are taken: as saved, and as the commands of a batch that is not saved yet say."""

    def __init__(self, record: Record) -> None:
        self._record = record
        self.changes: PlaceChanges = {}

    def note(self, changes: PlaceChanges) -> None:
        """Adds what an event just decided changes."""
        if changes:
            self.changes = {**self.changes, **changes}

    def taken(self, service: UUID) -> dict[UUID, str]:
        """The referrals that have a place of a service: `offered` or `placed`."""
        with self._record.desk() as connection, connection.cursor(row_factory=tuple_row) as cursor:
            cursor.execute("select referral, state from desk.place_taken where service = %s", (service,))
            found: dict[UUID, str] = dict(cursor.fetchall())
        for referral, (of, state) in self.changes.items():
            found.pop(referral, None)
            if of == service and state is not None:
                found[referral] = state
        return found

    def handed_over(self) -> PlaceChanges:
        """The changes, to be saved; there are none left afterwards."""
        changes, self.changes = self.changes, {}
        return changes
