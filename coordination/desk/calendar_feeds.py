"""Addresses from which a calendar program reads meetings: the program holds the secret, the database its hash."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

import msgspec
from psycopg import Connection
from psycopg.rows import class_row


class CalendarFeed(msgspec.Struct, frozen=True):
    """A feed without its secret. `services`: of an agency, those whose meetings it shows (None: the whole
    organisation's)."""

    feed: UUID
    organisation: UUID
    role: str
    services: list[UUID] | None
    made_by: UUID
    made_at: datetime
    revoked_at: datetime | None


_COLUMNS = "feed, organisation, role, services, made_by, made_at, revoked_at"


def make_feed(
    conn: Connection,
    *,
    feed: UUID,
    secret: str,
    organisation: UUID,
    role: str,
    services: Sequence[UUID] | None,
    by: UUID,
    now: datetime,
) -> bool:
    """Makes a feed; `secret` are 256 fresh random bits as text. False where it was made before."""
    made = conn.execute(
        """insert into desk.calendar_feed (feed, secret_hash, organisation, role, services, made_by, made_at)
           values (%s, %s, %s, %s, %s::uuid[], %s, %s) on conflict (feed) do nothing""",
        (feed, _hash(secret), organisation, role, list(services) if services is not None else None, by, now),
    )
    return made.rowcount == 1


def feeds_of(conn: Connection, organisation: UUID) -> list[CalendarFeed]:
    """The feeds of an organisation, the newest first."""
    sql = f"select {_COLUMNS} from desk.calendar_feed where organisation = %s order by made_at desc, feed"  # noqa: S608
    with conn.cursor(row_factory=class_row(CalendarFeed)) as cursor:
        return cursor.execute(sql, (organisation,)).fetchall()


def feed_of_secret(conn: Connection, secret: str) -> CalendarFeed | None:
    """The feed of an address, unless it was revoked."""
    sql = f"select {_COLUMNS} from desk.calendar_feed where secret_hash = %s and revoked_at is null"  # noqa: S608
    with conn.cursor(row_factory=class_row(CalendarFeed)) as cursor:
        return cursor.execute(sql, (_hash(secret),)).fetchone()


def revoke_feed(conn: Connection, feed: UUID, organisation: UUID, now: datetime) -> bool:
    """Ends a feed of an organisation; whether there is one."""
    ended = conn.execute(
        """update desk.calendar_feed set revoked_at = coalesce(revoked_at, %s)
           where feed = %s and organisation = %s""",
        (now, feed, organisation),
    )
    return ended.rowcount == 1


def _hash(secret: str) -> bytes:
    return hashlib.sha256(secret.encode()).digest()
