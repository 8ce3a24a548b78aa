"""Making heads: on demand, and once a day by the worker."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from psycopg import Connection
from psycopg.rows import tuple_row

from coordination.store.ledger.batches import chain_logs
from coordination.store.ledger.heads import Head, SignedHead, mark_level, sign
from coordination.store.ledger.nodes import extend, subtree

_LOCK = 7521932463  # one head at a time
_HEADS = "select (select id from log.store), size, root, position, made_at, key, signature from log.head"


class LedgerChanged(Exception):
    """The leaves no longer lead to the last head, so no further head is signed."""


def make_head(connection: Connection, key: Ed25519PrivateKey, now: datetime) -> SignedHead:
    """A signed head over everything committed, with the logs of reading and of accounts chained up to now.

    `connection` is the owner's, in autocommit mode. Raises LedgerChanged when the stored tree does not contain the tree
    of the last head.
    """
    chain_logs(connection)
    with connection.transaction(), connection.cursor(row_factory=tuple_row) as cursor:
        cursor.execute("select pg_advisory_xact_lock(%s)", (_LOCK,))
        store, size, position = _covered(connection)
        extend(connection, size)
        last = latest_head(connection)
        if last is not None and (
            last.head.size > size or subtree(connection, 0, last.head.size) != last.head.root
        ):
            raise LedgerChanged(f"the ledger does not contain the head of {last.head.made_at:%Y-%m-%d %H:%M}")
        head = Head(store, size, subtree(connection, 0, size), position, now.replace(microsecond=0))
        signed = sign(head, key)
        cursor.execute(
            "insert into log.head (size, made_at, root, position, text, key, signature)"
            " values (%s, %s, %s, %s, %s, %s, %s) on conflict do nothing",
            (size, head.made_at, head.root, position, head.text, signed.key, signed.signature),
        )
    return signed


def latest_head(connection: Connection, before: int | None = None) -> SignedHead | None:
    """The last head; with a position of the log, the last that ends before it, which is the same for ever."""
    where = "" if before is None else " where position < %s"
    with connection.cursor(row_factory=tuple_row) as cursor:
        row = cursor.execute(
            f"{_HEADS}{where} order by size desc, made_at desc limit 1".encode(),
            () if before is None else (before,),
        ).fetchone()
    return None if row is None else _signed(row)


def all_heads(connection: Connection) -> list[SignedHead]:
    """All heads, the smallest first."""
    with connection.cursor(row_factory=tuple_row) as cursor:
        return [_signed(row) for row in cursor.execute(f"{_HEADS} order by size, made_at".encode())]


def is_empty(connection: Connection) -> bool:
    """Whether nothing has been recorded yet."""
    return _covered(connection)[2] == 0


def store_id(connection: Connection) -> UUID:
    """The id of the store."""
    return _covered(connection)[0]


def head_marks(connection: Connection, size: int) -> tuple[int, list[bytes]]:
    """The level of the marks of a head over `size` leaves, and the marks."""
    level = mark_level(size)
    step = 1 << level
    return level, [subtree(connection, at, min(at + step, size)) for at in range(0, size, step)]


def _covered(connection: Connection) -> tuple[UUID, int, int]:
    with connection.cursor(row_factory=tuple_row) as cursor:
        row = cursor.execute(
            "select (select id from log.store),"
            " coalesce((select number from log.leaf order by number desc limit 1), 0),"
            " coalesce((select position from log.ledger order by position desc limit 1), 0)"
        ).fetchone()
    assert row is not None
    return row


def _signed(row: tuple[UUID, int, bytes, int, datetime, bytes, bytes]) -> SignedHead:
    store, size, root, position, made_at, key, signature = row
    return SignedHead(Head(store, size, bytes(root), position, made_at), bytes(key), bytes(signature))
