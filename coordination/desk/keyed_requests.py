"""What was asked under a key of the asker's choosing, so that asking again is answered as before and acts once.

Only keyed hashes of the key and of what was asked are kept, and ids as the answer.
"""

from __future__ import annotations

import hashlib
import hmac
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import msgspec
from psycopg import Connection
from psycopg.rows import tuple_row
from psycopg.types.json import Jsonb

KEPT = timedelta(days=30)
"""After that the log itself still knows the command."""


class StoredAnswer(msgspec.Struct, frozen=True):
    """The first answer: its HTTP status, and the ids of what came about."""

    status: int
    answer: dict[str, Any]


class KeyReused(Exception):
    """The key stands for something else that was asked before."""


def digest(secret: bytes, *parts: bytes) -> bytes:
    """A keyed hash of several parts: what is asked may be personal."""
    running = hmac.new(secret, digestmod=hashlib.sha256)
    for part in parts:
        running.update(len(part).to_bytes(8, "big") + part)
    return running.digest()


def begin_request(
    conn: Connection, *, organisation: UUID, key: bytes, asked: bytes, now: datetime
) -> StoredAnswer | None:
    """Keep what is asked under a key; the answer if it was answered before, None: go on.

    Raises KeyReused. Two at once both go on: the log takes one command under one id.
    """
    conn.execute("delete from desk.keyed_request where at < %s", (now - KEPT,))
    conn.execute(
        """insert into desk.keyed_request (organisation, key_hash, request_hash, at) values (%s, %s, %s, %s)
           on conflict do nothing""",
        (organisation, key, asked, now),
    )
    sql = "select request_hash, status, answer from desk.keyed_request where organisation = %s and key_hash = %s"
    with conn.cursor(row_factory=tuple_row) as cursor:
        row = cursor.execute(sql, (organisation, key)).fetchone()
    if row is None or not hmac.compare_digest(bytes(row[0]), asked):
        raise KeyReused
    return StoredAnswer(row[1], row[2]) if row[1] is not None else None


def answer_to(conn: Connection, *, organisation: UUID, key: bytes) -> StoredAnswer | None:
    """The answer that was kept under a key; None: there is none yet."""
    sql = "select status, answer from desk.keyed_request where organisation = %s and key_hash = %s"
    with conn.cursor(row_factory=tuple_row) as cursor:
        row = cursor.execute(sql, (organisation, key)).fetchone()
    return StoredAnswer(row[0], row[1]) if row is not None and row[0] is not None else None


def answer_request(
    conn: Connection, *, organisation: UUID, key: bytes, status: int, answer: dict[str, Any]
) -> None:
    """Keep the answer for whoever asks again."""
    conn.execute(
        "update desk.keyed_request set status = %s, answer = %s where organisation = %s and key_hash = %s",
        (status, Jsonb(answer), organisation, key),
    )


def forget_request(conn: Connection, *, organisation: UUID, key: bytes) -> None:
    """Nothing came of it: the key may be used for what is asked next."""
    conn.execute(
        "delete from desk.keyed_request where organisation = %s and key_hash = %s and status is null",
        (organisation, key),
    )
