"""Proofs for people outside: that an event is in the ledger, and that one head continues another. Plain JSON values,
which scripts/check_ledger.py checks without this program."""

from __future__ import annotations

import base64
from collections.abc import Callable, Iterable
from functools import cache, partial
from typing import Any

import msgspec
from psycopg import Connection
from psycopg.rows import tuple_row

from coordination.store.ledger.heads import SignedHead, write_head
from coordination.store.ledger.leaves import Leaf
from coordination.store.ledger.making import all_heads, latest_head
from coordination.store.ledger.nodes import subtree
from coordination.store.ledger.tree import consistency_path, inclusion_path

INCLUSION, CONSISTENCY = "cydlynu-inclusion-1", "cydlynu-consistency-1"

_LEAF = """
select number, source, change, key, save, digest from log.leaf
where source = 'event' and key = %(position)s::text
   or source = 'save' and key::bigint >= %(position)s and exists (
      select from log.event where notification_id = %(position)s)
order by number limit 1
"""
# of an event since migration 0023, or of all events of the save from before
_EVENTS = """
select originator_id::text, originator_version, topic, state from log.event
where notification_id <= %(last)s and notification_id > %(before)s order by notification_id
"""


class NoSuchEvent(LookupError):
    """No head covers an event at this position."""


class NoSuchHead(LookupError):
    """There are no two heads of these sizes, the smaller first."""


Subtree = Callable[[int, int], bytes]


def event_proofs(connection: Connection, positions: Iterable[int]) -> dict[int, dict[str, Any]]:
    """The proofs of several events by position, with the stored bytes; what their paths share is read once. An event
    from before migration 0023 is proved with its whole save, in which others' events are: without the bytes. Raises
    NoSuchEvent."""
    shared = cache(partial(subtree, connection))
    proofs = {one: event_proof(connection, one, state=True, nodes=shared) for one in positions}
    return {one: proof | ({"events": []} if _of_a_save(proof) else {}) for one, proof in proofs.items()}


def _of_a_save(proof: dict[str, Any]) -> bool:
    return bool(proof["leaf"]["source"] == "save")


def event_proof(
    connection: Connection, position: int, *, state: bool, nodes: Subtree | None = None
) -> dict[str, Any]:
    """The proof that the event at a position is under the latest head; of an event from before migration 0023, that
    its whole save is. `state`: with the stored bytes, from which the digest can be made again. Raises NoSuchEvent."""
    with connection.cursor(row_factory=tuple_row) as cursor:
        row = cursor.execute(_LEAF, {"position": position}).fetchone()
        head = latest_head(connection)
        if row is None or head is None or row[0] > head.head.size:
            raise NoSuchEvent(position)
        number, leaf = row[0], Leaf(row[1], row[2], row[3], row[4], bytes(row[5]))
        span = {"before": position - 1, "last": position}
        if leaf.source == "save":
            before = cursor.execute(
                "select coalesce(max(position), 0) from log.ledger where position < %s", (int(leaf.key),)
            ).fetchone()
            assert before is not None
            span = {"before": before[0], "last": int(leaf.key)}
        events = cursor.execute(_EVENTS, span).fetchall() if state else []
    path = inclusion_path(number - 1, head.head.size, nodes or partial(subtree, connection))
    return {
        "form": INCLUSION,
        "head": _plain(head),
        "index": number - 1,
        "leaf": {
            "source": leaf.source,
            "change": leaf.change,
            "key": leaf.key,
            "save": leaf.save,
            "digest": leaf.digest.hex(),
        },
        "path": [one.hex() for one in path],
        "events": [
            {"stream": stream, "version": version, "topic": topic, "state": base64.b64encode(raw).decode()}
            for stream, version, topic, raw in events
        ],
    }


def consistency_proof(connection: Connection, first: int, second: int) -> dict[str, Any]:
    """The proof that the head of `first` leaves is continued by that of `second`. Raises NoSuchHead."""
    heads = {one.head.size: one for one in all_heads(connection)}
    if first not in heads or second not in heads or first > second:
        raise NoSuchHead
    path = consistency_path(first, second, partial(subtree, connection))
    return {
        "form": CONSISTENCY,
        "first": _plain(heads[first]),
        "second": _plain(heads[second]),
        "path": [one.hex() for one in path],
    }


def _plain(head: SignedHead) -> dict[str, Any]:
    held: dict[str, Any] = msgspec.json.decode(write_head(head))
    return held
