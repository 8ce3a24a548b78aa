"""Deletion of what is no longer needed: ended sessions, sign-in attempts that no longer count, links and first steps
that expired, old drafts.

Signing in deletes the first two as well; this is for days on which no person signs in.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from psycopg import Connection

from coordination.desk.minute_texts import forget_expired_texts

KEPT = timedelta(days=1)


def forget_what_ended(conn: Connection, now: datetime) -> tuple[int, int]:
    """Delete the sessions and links that ended, and the attempts that were made, more than a day before `now`, and
    first steps of a sign-in and the second proofs of one-time links that expired; how many sessions and attempts."""
    sessions = conn.execute("delete from desk.session where expires_at < %s", (now - KEPT,))
    attempts = conn.execute("delete from desk.sign_in_attempt where at < %s", (now - KEPT,))
    conn.execute("delete from desk.pending_sign_in where expires_at < %s", (now,))
    conn.execute("delete from desk.reset_link where expires_at < %s", (now - KEPT,))
    conn.execute("delete from desk.link_session where expires_at < %s", (now - KEPT,))
    conn.execute("delete from desk.link_code where asked_at < %s", (now - 2 * KEPT,))
    return sessions.rowcount, attempts.rowcount


def forget_drafts(conn: Connection, now: datetime) -> int:
    """Delete the drafts, and the texts of minute-takers, whose fortnight is over; how many."""
    texts = forget_expired_texts(conn, now)
    return texts + conn.execute("delete from desk.draft where expires_at <= %s", (now,)).rowcount
