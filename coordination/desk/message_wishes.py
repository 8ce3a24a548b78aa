"""What recipients of messages chose: at once, daily or not for each kind, quiet hours, and links that stop digests.

A recipient is a person, or a service or organisation for its mailbox.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from uuid import UUID

from psycopg import Connection
from psycopg.rows import tuple_row

from coordination.desk.sessions import hash_of
from coordination.outbox.timing import QuietHours, Wishes

STOP_GOOD_FOR = timedelta(days=365)
"""How long the link in a digest works."""


def wishes_of(conn: Connection, recipients: Iterable[UUID]) -> dict[UUID, Wishes]:
    """The wishes of some recipients; those who never chose have the usual ones."""
    asked = list(dict.fromkeys(recipients))
    choices: dict[UUID, dict[str, str]] = {}
    quiet: dict[UUID, QuietHours] = {}
    sql = """select recipient, kind, choice, null::smallint, null::smallint from desk.message_choice
             where recipient = any(%(asked)s)
             union all select recipient, null, null, quiet_from, quiet_until from desk.quiet_hours
             where recipient = any(%(asked)s)"""
    with conn.cursor(row_factory=tuple_row) as cursor:
        for recipient, kind, choice, begin, end in cursor.execute(sql, {"asked": asked}):
            if kind is None:
                quiet[recipient] = QuietHours(begin, end)
            else:
                choices.setdefault(recipient, {})[kind] = choice
    return {one: Wishes(choices.get(one, {}), quiet.get(one)) for one in asked}


def choose(conn: Connection, recipient: UUID, choices: Mapping[str, str]) -> None:
    """Record what the recipient wants of these kinds."""
    conn.execute(
        """insert into desk.message_choice (recipient, kind, choice)
           select %s, * from unnest(%s::text[], %s::text[])
           on conflict (recipient, kind) do update set choice = excluded.choice""",
        (recipient, list(choices), list(choices.values())),
    )


def choose_quiet_hours(conn: Connection, recipient: UUID, quiet: QuietHours | None) -> None:
    """Record the recipient's quiet hours; None: there are none."""
    if quiet is None:
        conn.execute("delete from desk.quiet_hours where recipient = %s", (recipient,))
        return
    conn.execute(
        """insert into desk.quiet_hours (recipient, quiet_from, quiet_until) values (%s, %s, %s)
           on conflict (recipient) do update set quiet_from = excluded.quiet_from,
             quiet_until = excluded.quiet_until""",
        (recipient, quiet.quiet_from, quiet.quiet_until),
    )


def make_stop(conn: Connection, recipient: UUID, secret: str, now: datetime) -> None:
    """Record a link that stops the recipient's digests; `secret`: 256 bits as text."""
    conn.execute(
        """insert into desk.digest_stop (secret_hash, recipient, made_at) values (%s, %s, %s)
           on conflict (secret_hash) do nothing""",
        (hash_of(secret), recipient, now),
    )


def recipient_of_stop(conn: Connection, secret: str, now: datetime) -> UUID | None:
    """Whose digests the link stops; None for one that does not work."""
    sql = "select recipient from desk.digest_stop where secret_hash = %s and made_at > %s"
    with conn.cursor(row_factory=tuple_row) as cursor:
        row = cursor.execute(sql, (hash_of(secret), now - STOP_GOOD_FOR)).fetchone()
    return row[0] if row else None


def stop_digests(conn: Connection, recipient: UUID) -> int:
    """Send no more of the kinds that came daily; how many kinds those were. What waits for the digest is not sent."""
    stopped = conn.execute(
        "update desk.message_choice set choice = 'not' where recipient = %s and choice = 'daily'",
        (recipient,),
    )
    conn.execute(
        """update desk.outbox set ending = 'not_wanted', problem = null
           where recipient = %s and digest_at is not null and sent_at is null and given_up_at is null
             and ending is null""",
        (recipient,),
    )
    return stopped.rowcount


def forget_stops(conn: Connection, now: datetime) -> int:
    """Delete the links that no longer work; how many."""
    return conn.execute("delete from desk.digest_stop where made_at <= %s", (now - STOP_GOOD_FOR,)).rowcount
