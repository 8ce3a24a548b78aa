"""Verification of the whole ledger: events, saves, rows, logs, and the heads."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import msgspec
from psycopg import Connection, IsolationLevel
from psycopg.rows import tuple_row

from coordination.store.ledger.events_check import compare_events, count_events
from coordination.store.ledger.findings import LedgerFinding, LedgerVerification
from coordination.store.ledger.heads import NotedHead
from coordination.store.ledger.leaves import SETTINGS
from coordination.store.ledger.making import all_heads
from coordination.store.ledger.rows_check import compare_logs, compare_reasons, compare_rows
from coordination.store.ledger.tree_check import LeafTree, compare_heads, read_tree


class LedgerCheckpoint(msgspec.Struct, frozen=True):
    """A link of the chain that was written down earlier: the position of a save and its chain in hexadecimal."""

    position: int
    chain: str


def verify(
    connection: Connection,
    noted: LedgerCheckpoint | None = None,
    heads: Sequence[NotedHead] = (),
    keys: Sequence[bytes] = (),
) -> LedgerVerification:
    """Reads the record and recomputes the ledger, in one transaction on one snapshot.

    `connection` has no transaction open and may read the schemas log and desk (the append role may). `noted` and
    `heads` were noted outside. `keys`: the public keys by which the stored heads must be signed; without any it is only
    checked that each signature is by the key that stands beside it.

    It trusts the program of the PostgreSQL server, not its data: who does not, restores a copy on a server of their own
    and verifies that.
    """
    before = connection.isolation_level
    connection.isolation_level = IsolationLevel.REPEATABLE_READ
    try:
        with connection.transaction():
            return verify_within(connection, noted, heads, keys)
    finally:
        connection.isolation_level = before


def verify_within(
    connection: Connection,
    noted: LedgerCheckpoint | None = None,
    heads: Sequence[NotedHead] = (),
    keys: Sequence[bytes] = (),
) -> LedgerVerification:
    """As `verify`, in the open transaction of the connection."""
    connection.execute(SETTINGS)
    tree = read_tree(connection)
    findings = [
        *compare_events(connection),
        *compare_rows(connection),
        *compare_reasons(connection),
        *compare_logs(connection),
        *_heads(connection, tree, heads, keys),
        *_chain(connection, noted),
    ]
    saves, position, chain = _last(connection)
    return LedgerVerification(saves, count_events(connection), tree.size, position, chain, tuple(findings))


def _heads(
    connection: Connection, tree: LeafTree, heads: Sequence[NotedHead], keys: Sequence[bytes]
) -> Iterator[LedgerFinding]:
    stored = all_heads(connection)
    for one in stored:
        if not one.signed or (keys and one.key not in keys):
            yield LedgerFinding(
                "head_signature", "head", f"{one.head.short} of {one.head.made_at:%Y-%m-%d %H:%M}"
            )
            break
    known = [
        (f"the head of {one.head.made_at:%Y-%m-%d %H:%M}", NotedHead(one.head.size, one.head.root.hex()))
        for one in stored
    ]
    yield from compare_heads(tree, [*known, *(("the head that you noted", head) for head in heads)])


def _chain(connection: Connection, noted: LedgerCheckpoint | None) -> Iterator[LedgerFinding]:
    if noted is None:
        return
    with connection.cursor(row_factory=tuple_row) as cursor:
        row = cursor.execute(
            "select encode(chain, 'hex'), (select coalesce(max(position), 0) from log.ledger) from"
            " (select %s::bigint as position) wanted left join log.ledger using (position)",
            (noted.position,),
        ).fetchone()
    assert row is not None
    if row[1] < noted.position:
        yield LedgerFinding("shorter_than_noted", "ledger", f"the link at position {noted.position}")
    elif row[0] != noted.chain:
        yield LedgerFinding("not_as_noted", "ledger", f"the link at position {noted.position}")


def _last(connection: Connection) -> tuple[int, int, str]:
    with connection.cursor(row_factory=tuple_row) as cursor:
        row = cursor.execute(
            "select (select count(*) from log.ledger), position, encode(chain, 'hex') from log.ledger"
            " order by position desc limit 1"
        ).fetchone()
    return row or (0, 0, "")
