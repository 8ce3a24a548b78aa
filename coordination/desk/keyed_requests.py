"""Requests with an idempotency key: a repeated request gets the first answer and acts only once.

Only keyed hashes of the key and of the request are stored, and ids as the answer.
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
    """The first answer: its HTTP status, and the ids of what was created."""

    status: int
    answer: dict[str, Any]


class KeyReused(Exception):
    """The key was used before for a different request."""


def digest(secret: bytes, *parts: bytes) -> bytes:
    """A keyed hash of several parts, because a request may hold personal data."""
    running = hmac.new(secret, digestmod=hashlib.sha256)
    for part in parts:
        running.update(len(part).to_bytes(8, "big") + part)
    return running.digest()


def begin_request(
    conn: Connection, *, organisation: UUID, key: bytes, asked: bytes, now: datetime
) -> StoredAnswer | None:
    """Store a request under its key. The answer if it was answered before; None if it must be carried out.

    Raises KeyReused. Two simultaneous requests are both carried out: the log accepts one command under one id.
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
    """The answer stored under a key; None when there is none yet."""
    sql = "select status, answer from desk.keyed_request where organisation = %s and key_hash = %s"
    with conn.cursor(row_factory=tuple_row) as cursor:
        row = cursor.execute(sql, (organisation, key)).fetchone()
    return StoredAnswer(row[0], row[1]) if row is not None and row[0] is not None else None


def answer_request(
    conn: Connection, *, organisation: UUID, key: bytes, status: int, answer: dict[str, Any]
) -> None:
    """Store the answer for repeated requests."""
    conn.execute(
        "update desk.keyed_request set status = %s, answer = %s where organisation = %s and key_hash = %s",
        (status, Jsonb(answer), organisation, key),
    )


def forget_request(conn: Connection, *, organisation: UUID, key: bytes) -> None:
    """Delete a request that had no effect: the key may be used again."""
    conn.execute(
        "delete from desk.keyed_request where organisation = %s and key_hash = %s and status is null",
        (organisation, key),
    )
