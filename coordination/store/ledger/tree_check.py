"""The leaves against the heads: every root is computed anew from the leaves alone."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from psycopg import Connection, sql
from psycopg.rows import tuple_row

from coordination.store.ledger.findings import LedgerFinding
from coordination.store.ledger.heads import NotedHead
from coordination.store.ledger.leaves import LEAF
from coordination.store.ledger.nodes import TILE, hashes
from coordination.store.ledger.tree import root_of

_PAGE = 32  # tiles in one answer of the server

# by ranges of the primary key, so that nothing is sorted
_TILES = sql.SQL("""
select t.leaves, t.last, t.joined
from generate_series(0, (select max(number) from log.leaf) - 1, 256) as first
cross join lateral (
    select count(*) as leaves, max(number) as last, string_agg({leaf}, ''::bytea order by number) as joined
    from log.leaf where number > first and number <= first + 256
) t order by first
""").format(leaf=sql.SQL(LEAF))


class LeafTree:
    """The tree over the stored leaves: the hashes of all leaves, by 256. `gap` is the first number that is missing."""

    def __init__(self, tiles: Sequence[bytes], gap: int | None) -> None:
        self._tiles = tiles
        self._roots = [root_of(hashes(tile)) for tile in tiles]
        self.gap = gap
        self.size = sum(len(tile) for tile in tiles) // 32

    def root(self, size: int) -> bytes:
        """The root over the first `size` leaves."""
        return root_of(self._blocks(size, 0, TILE))

    def marks(self, size: int, level: int) -> list[bytes]:
        """The roots of the complete subtrees of 2**`level` of the first `size` leaves, and of the rest as one."""
        if level >= TILE:
            blocks, step = self._blocks(size, 0, TILE), 1 << (level - TILE)
        else:
            blocks, step = [one for tile in self._tiles for one in hashes(tile)][:size], 1 << level
        return [root_of(blocks[at : at + step]) for at in range(0, len(blocks), step)]

    def _blocks(self, size: int, start: int, level: int) -> list[bytes]:
        whole, rest = divmod(size, 1 << level)
        last = [root_of(hashes(self._tiles[whole])[:rest])] if rest else []
        return self._roots[start:whole] + last


def read_tree(connection: Connection) -> LeafTree:
    """Reads all leaves. Inside a transaction; 32 bytes a leaf are held in memory."""
    tiles: list[bytes] = []
    gap: int | None = None
    with connection.cursor("ledger_leaves", row_factory=tuple_row, binary=True) as cursor:
        cursor.itersize = _PAGE
        cursor.execute(_TILES)
        for count, last, joined in cursor:
            if gap is None and len(tiles) * 256 + count != last:
                gap = _first_gap(connection, len(tiles) * 256)
            tiles.append(joined or b"")
    return LeafTree(tiles, _before_the_first(connection) or gap)


def compare_heads(tree: LeafTree, heads: Sequence[tuple[str, NotedHead]]) -> Iterator[LedgerFinding]:
    """The first head of which the leaves are not the beginning. `heads`: each with the words that name it."""
    if tree.gap is not None:
        yield LedgerFinding("leaf_missing", "leaf", f"number {tree.gap}", tree.gap)
    good = 0
    ordered = sorted(heads, key=lambda one: one[1].size)
    for name, head in ordered:
        if head.size > tree.size:
            yield LedgerFinding(
                "shorter_than_noted", "leaf", f"{tree.size} of the {head.size} of {name}", tree.size + 1
            )
            return
        if not head.agrees(tree.root(head.size)):
            first, last = min(
                (
                    _where(tree, other, good)
                    for _, other in ordered
                    if other.size <= tree.size and not other.agrees(tree.root(other.size))
                ),
                key=lambda place: place[1] - place[0],
            )
            yield LedgerFinding("not_as_noted", "leaf", f"{first} to {last}, by {name}", first)
            return
        good = head.size


def _where(tree: LeafTree, head: NotedHead, good: int) -> tuple[int, int]:
    """The first and last number of the leaves among which the first changed one is, as far as a head shows it."""
    step = 1 << head.level
    for number, (mark, now) in enumerate(zip(head.marks, tree.marks(head.size, head.level), strict=False)):
        if mark != now:
            return max(number * step, good) + 1, min((number + 1) * step, head.size)
    return good + 1, head.size


def _before_the_first(connection: Connection) -> int | None:
    """A number that no leaf can have."""
    with connection.cursor(row_factory=tuple_row) as cursor:
        row = cursor.execute(
            "select number from log.leaf where number < 1 order by number limit 1"
        ).fetchone()
    return int(row[0]) if row else None


def _first_gap(connection: Connection, after: int) -> int:
    with connection.cursor(row_factory=tuple_row) as cursor:
        row = cursor.execute(
            "select min(expected) from (select number, %s + row_number() over (order by number) as expected"
            " from log.leaf where number > %s) n where number <> expected",
            (after, after),
        ).fetchone()
    assert row is not None
    return int(row[0])
