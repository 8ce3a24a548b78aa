"""Messages written in the transaction of the events that cause them: either both are there, or neither."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from psycopg import Cursor

from coordination.outbox.message import QueuedMessage

INSERT = """
insert into desk.outbox (message, rule, recipient_kind, recipient, subject, thing, service, detail, urgent, stream,
                         version, pupil, created_at, school, due_at)
select *, created_at from unnest(%s::uuid[], %s::text[], %s::text[], %s::uuid[], %s::text[], %s::uuid[], %s::uuid[],
    %s::text[], %s::boolean[], %s::uuid[], %s::bigint[], %s::uuid[], %s::timestamptz[],
    %s::uuid[])
    as new(message, rule, recipient_kind, recipient, subject, thing, service, detail, urgent, stream, version,
            pupil, created_at, school)
on conflict (message) do nothing
"""


def queue_messages(cursor: Cursor[Any], messages: Sequence[QueuedMessage]) -> None:
    """Puts messages into the outbox with one statement; one that is there already stays as it is."""
    rows = [
        (
            queued.id,
            queued.message.rule,
            queued.message.recipient_kind,
            queued.message.recipient,
            queued.message.subject,
            queued.message.thing,
            queued.message.service,
            queued.message.detail,
            queued.message.urgent,
            queued.stream,
            queued.version,
            queued.pupil,
            queued.created_at,
            queued.school,
        )
        for queued in messages
    ]
    cursor.execute(INSERT, tuple(list(column) for column in zip(*rows, strict=True)), prepare=True)
