"""The nodes of the stored tree, and the root of any part of it.

Stored are the roots of complete subtrees of 256 leaves and of their multiples by powers of 2.
"""

from __future__ import annotations

from psycopg import Connection, sql
from psycopg.rows import tuple_row

from coordination.store.ledger.leaves import LEAF
from coordination.store.ledger.tree import node_hash, root_of, split

TILE = 8
"""The lowest level that is stored: 2**8 leaves."""

_TILES = sql.SQL(
    "select (number - 1) >> 8, string_agg({leaf}, ''::bytea order by number) from log.leaf"
    " where number > %s and number <= %s group by 1 order by 1"
).format(leaf=sql.SQL(LEAF))


def hashes(joined: bytes) -> list[bytes]:
    """The hashes of 32 bytes in a row of them."""
    return [joined[at : at + 32] for at in range(0, len(joined), 32)]


def tiles(connection: Connection, start: int, end: int) -> list[list[bytes]]:
    """The leaf hashes from index `start` (from 0, a multiple of 256) up to `end`, by 256."""
    with connection.cursor(row_factory=tuple_row) as cursor:
        cursor.execute(_TILES, (start, end), binary=True)
        return [hashes(joined) for _, joined in cursor]


def extend(connection: Connection, size: int) -> None:
    """Stores the nodes over the first `size` leaves that are not stored yet."""
    level = TILE
    while size >> level:
        have, want = _stored(connection, level), size >> level
        made: list[bytes] = []
        if level == TILE:
            for first in range(have, want, 64):  # not all leaves at once
                last = min(first + 64, want)
                made.extend(root_of(one) for one in tiles(connection, first << TILE, last << TILE))
        else:
            below = _nodes(connection, level - 1, 2 * have, 2 * want)
            made = [node_hash(below[n], below[n + 1]) for n in range(0, len(below) - 1, 2)]
        with connection.cursor() as cursor:
            cursor.executemany(
                "insert into log.node (level, place, hash) values (%s, %s, %s)",
                [(level, place, made_hash) for place, made_hash in enumerate(made, have)],
            )
        level += 1


def subtree(connection: Connection, start: int, end: int) -> bytes:
    """The root over the leaves from index `start` up to `end`, as RFC 6962 divides them; from the stored nodes where
    there are some, else from the leaves."""
    count = end - start
    if count <= 1 << TILE:
        found = _leaves(connection, start, end)
        return root_of(found)
    if count & (count - 1) == 0:
        level = count.bit_length() - 1
        stored = _nodes(connection, level, start >> level, (start >> level) + 1)
        if stored:
            return stored[0]
    middle = start + split(count)
    return node_hash(subtree(connection, start, middle), subtree(connection, middle, end))


def _leaves(connection: Connection, start: int, end: int) -> list[bytes]:
    with connection.cursor(row_factory=tuple_row) as cursor:
        cursor.execute(
            sql.SQL("select {} from log.leaf where number > %s and number <= %s order by number").format(
                sql.SQL(LEAF)
            ),
            (start, end),
            binary=True,
        )
        return [one for (one,) in cursor]


def _stored(connection: Connection, level: int) -> int:
    with connection.cursor(row_factory=tuple_row) as cursor:
        found = cursor.execute(
            "select place + 1 from log.node where level = %s order by place desc limit 1", (level,)
        ).fetchone()
    return found[0] if found else 0


def _nodes(connection: Connection, level: int, first: int, end: int) -> list[bytes]:
    with connection.cursor(row_factory=tuple_row) as cursor:
        cursor.execute(
            "select hash from log.node where level = %s and place >= %s and place < %s order by place",
            (level, first, end),
            binary=True,
        )
        return [one for (one,) in cursor]
