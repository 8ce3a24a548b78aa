"""Reminders sent by hand, and the messages that may be followed by a reminder."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from psycopg import Connection
from psycopg.rows import class_row, tuple_row

from coordination.desk.outbox import OutboxRow
from coordination.outbox.message import Message, QueuedMessage
from coordination.outbox.reminders import REMINDERS
from coordination.store.queue import queue_messages


def reminded_by_hand(conn: Connection, thing: UUID, rule: str, recipient: UUID) -> list[date]:
    """The days on which somebody sent this reminder, the last first."""
    sql = """select sent_on from desk.reminder where thing = %s and rule = %s and recipient = %s
             order by sent_on desc"""
    with conn.cursor(row_factory=tuple_row) as cursor:
        return [row[0] for row in cursor.execute(sql, (thing, rule, recipient))]


def note_reminder(conn: Connection, row: OutboxRow, on: date, by: UUID) -> bool:
    """Note that a reminder of a message was sent by hand; False when one was on that day."""
    sql = """insert into desk.reminder (thing, rule, recipient, pupil, sent_on, sent_by)
             values (%s, %s, %s, %s, %s, %s)
             on conflict do nothing"""
    values = (row.thing, REMINDERS[row.rule], row.recipient, row.pupil, on, by)
    return conn.execute(sql, values).rowcount == 1


def queue_reminder(conn: Connection, row: OutboxRow, number: int, now: datetime) -> None:
    """Queue the reminder of a message: once for each number."""
    told = Message(
        rule=REMINDERS[row.rule],
        recipient_kind=row.recipient_kind,  # type: ignore[arg-type] # as the table checks
        recipient=row.recipient,
        subject=row.subject,  # type: ignore[arg-type]
        thing=row.thing,
        service=row.service,
    )
    queued = QueuedMessage(
        message=told,
        stream=row.message,
        version=number,
        pupil=row.pupil,
        created_at=now,
        school=row.school,
    )
    with conn.cursor() as cursor:
        queue_messages(cursor, [queued])


def messages_to_remind_of(conn: Connection, since: datetime) -> list[OutboxRow]:
    """The messages since an instant that ask for something, the newest of each thing and recipient. One that could not
    be sent is not reminded of: it is somebody's task."""
    columns = ", ".join(OutboxRow.__struct_fields__)
    sql = f"""select distinct on (thing, recipient) {columns} from desk.outbox
              where rule = any(%s) and created_at > %s and parent is null and given_up_at is null
                and bounced_at is null
              order by thing, recipient, created_at desc"""  # noqa: S608 - columns
    with conn.cursor(row_factory=class_row(OutboxRow)) as cursor:
        return cursor.execute(sql.encode(), (list(REMINDERS), since)).fetchall()


def newest_about(conn: Connection, thing: UUID) -> list[OutboxRow]:
    """The messages about a thing, the newest first."""
    columns = ", ".join(OutboxRow.__struct_fields__)
    sql = f"""select {columns} from desk.outbox where thing = %s and parent is null
              order by created_at desc, message limit 100"""  # noqa: S608 - columns
    with conn.cursor(row_factory=class_row(OutboxRow)) as cursor:
        return cursor.execute(sql.encode(), (thing,)).fetchall()
