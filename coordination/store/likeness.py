"""Pupils by their names and date of birth, stored as keyed hashes only.

A record that an earlier version of the program wrote has no likenesses: `fill_likenesses` adds them, once.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date
from typing import TYPE_CHECKING, Any
from uuid import UUID

from psycopg import Cursor
from psycopg.rows import tuple_row

from coordination.pupil.matching import IdentityDetails, likenesses
from coordination.pupil.profile.events import IDENTITY_TOPICS
from coordination.store.keys import OuterKeys

if TYPE_CHECKING:
    from coordination.store.application import Record

NAMES = ("surname", "forename", "preferred_surname", "preferred_forename", "former_surname")


def likeness_hmacs(outer: OuterKeys, details: IdentityDetails) -> frozenset[bytes]:
    """The keyed hashes under which a pupil with these names and this date of birth is found."""
    return frozenset(outer.lookup_hmac("likeness", one) for one in likenesses(details))


def add_likenesses(
    cursor: Cursor[Any], rows: Iterable[tuple[bytes, UUID]], replaced: Collection[UUID] = ()
) -> None:
    """Adds (keyed hash, stream), each once; a pupil stays to be found by earlier names too, but not one whose identity
    was `replaced`."""
    if replaced:
        cursor.execute(
            "update log.pupil_likeness set withheld = true where stream = any(%s) and not withheld",
            (list(replaced),),
        )
    sorted_rows = sorted(set(rows))
    if sorted_rows:
        cursor.execute(
            "insert into log.pupil_likeness (likeness_hmac, stream)"
            " select * from unnest(%s::bytea[], %s::uuid[]) on conflict (likeness_hmac, stream)"
            " do update set withheld = false where pupil_likeness.withheld",
            ([hashed for hashed, _ in sorted_rows], [stream for _, stream in sorted_rows]),
        )


def pupils_alike(record: Record, wanted: Sequence[IdentityDetails]) -> list[frozenset[UUID]]:
    """For each description the pupils with these names and this date of birth, now or before, whatever their number: of
    a joined child the file that leads; one round trip."""
    hmacs = [likeness_hmacs(record.outer, details) for details in wanted]
    found: defaultdict[bytes, set[UUID]] = defaultdict(set)
    with record.desk() as connection, connection.cursor(row_factory=tuple_row) as cursor:
        cursor.execute(
            "select l.likeness_hmac, coalesce(j.child, l.stream) from log.pupil_likeness l"
            " left join log.joined_pupil j on j.pupil = l.stream"
            " where l.likeness_hmac = any(%s) and not l.withheld",
            (list(frozenset().union(*hmacs)),),
            prepare=True,
        )
        for hashed, stream in cursor:
            found[bytes(hashed)].add(stream)
    return [frozenset().union(*(found[hashed] for hashed in own)) for own in hmacs]


def details_of(identity: Mapping[str, Any]) -> IdentityDetails:
    """The details of an opened identity; empty where it lacks them."""
    born = identity.get("date_of_birth")
    given = {name: identity.get(name) for name in NAMES}
    return IdentityDetails(
        upn=identity.get("upn") or "",
        date_of_birth=date.fromisoformat(born) if isinstance(born, str) else born or date.min,
        **(given | {name: given[name] or "" for name in ("surname", "forename")}),
    )


def fill_likenesses(record: Record) -> int:
    """Adds the likenesses of pupils who have none because an earlier version recorded them; how many pupils. An erased
    pupil has none and keeps none."""
    with record.desk() as connection, connection.cursor(row_factory=tuple_row) as cursor:
        cursor.execute(
            "select distinct u.stream from log.pupil_upn u join log.stream_key k on k.stream = u.stream"
            " where not exists (select from log.pupil_likeness l where l.stream = u.stream)"
        )
        missing = [stream for (stream,) in cursor]
    for stream in missing:
        details = details_of(record.latest(stream, IDENTITY_TOPICS))
        with record.desk() as connection, connection.cursor() as cursor:
            add_likenesses(cursor, ((h, stream) for h in likeness_hmacs(record.outer, details)))
    return len(missing)
