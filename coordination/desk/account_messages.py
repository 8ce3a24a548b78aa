"""Messages to the owner of an account about it, written in the transaction of the change."""

from __future__ import annotations

from datetime import datetime
from uuid import uuid4

from psycopg import Connection

from coordination.desk.accounts import Account
from coordination.outbox.message import Message, QueuedMessage
from coordination.store.queue import queue_messages


def tell_account(conn: Connection, rule: str, account: Account, now: datetime) -> None:
    """Queue a message to the owner of an account: `password_link` or `password_changed`."""
    told = Message(
        rule=rule,
        recipient_kind="person",
        recipient=account.person,
        subject="account",
        thing=account.account,
        urgent=True,
    )
    # on no stream: a random id tells one change from the next
    queued = QueuedMessage(message=told, stream=uuid4(), version=0, pupil=None, created_at=now)
    with conn.cursor() as cursor:
        queue_messages(cursor, [queued])
