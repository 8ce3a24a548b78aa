"""Webhooks: addresses of organisations' own systems that are told of the same as their mailboxes, and deliveries.

A secret is stored sealed, shown once, and can be replaced; the former one is used beside it for a day.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid5

import msgspec
from psycopg import Connection
from psycopg.rows import class_row, dict_row, tuple_row

from coordination.errors import NotFound, Refusal
from coordination.store.keys import OuterKeys
from coordination.store.sealed_values import SealedValue, open_value, seal_value

FORMER_GOOD_FOR = timedelta(days=1)
MOST = 10
"""Webhooks that an organisation may have."""
WAITS = (
    timedelta(seconds=5),
    timedelta(minutes=5),
    timedelta(minutes=30),
    *(timedelta(hours=h) for h in (2, 5, 10, 14, 20, 24)),
)
"""Between one attempt and the next, as the specification suggests; then a delivery is given up: after three days."""


class Webhook(msgspec.Struct, frozen=True, kw_only=True):
    """A webhook without its secret. `services`: of an agency, the only ones it is told of; empty: all."""

    webhook: UUID
    organisation: UUID
    services: tuple[UUID, ...]
    url: str
    made_at: datetime
    made_by: UUID
    ended_at: datetime | None
    succeeded_at: datetime | None
    failing_since: datetime | None

    @property
    def state(self) -> str:
        """`ended`, `failing`, `working` or `new`."""
        if self.ended_at:
            return "ended"
        return "failing" if self.failing_since else "working" if self.succeeded_at else "new"


class Delivery(msgspec.Struct, frozen=True, kw_only=True):
    """What one webhook is told once; `message` None: a test. `status` is that of the last answer."""

    delivery: UUID
    webhook: UUID
    message: UUID | None
    created_at: datetime
    due_at: datetime
    attempts: int
    status: int | None
    problem: str | None
    sent_at: datetime | None
    given_up_at: datetime | None

    @property
    def state(self) -> str:
        """`waiting`, `sent` or `given_up`."""
        return "sent" if self.sent_at else "given_up" if self.given_up_at else "waiting"


_HOOK = ", ".join(Webhook.__struct_fields__)
_DELIVERY = ", ".join(Delivery.__struct_fields__)


def register_webhook(
    conn: Connection,
    outer: OuterKeys,
    *,
    webhook: UUID,
    organisation: UUID,
    services: Iterable[UUID],
    url: str,
    secret: bytes,
    by: UUID,
    now: datetime,
) -> bool:
    """Store a webhook; False when it is there already under this id. The caller has checked the address. Raises Refusal
    `webhook_known` for an address that the organisation has already, and `too_many_webhooks`."""
    conn.execute("select pg_advisory_xact_lock(hashtextextended(%s, 0))", (f"webhooks {organisation}",))
    held = webhooks_of(conn, organisation)
    if any(one.webhook == webhook for one in held):
        return False
    current = [one for one in held if one.ended_at is None]
    if any(one.url == url for one in current):
        raise Refusal("webhook_known", "url")
    if len(current) >= MOST:
        raise Refusal("too_many_webhooks", most=MOST)
    sealed = seal_value(outer, secret, _about(webhook))
    conn.execute(
        """insert into desk.webhook (webhook, organisation, services, url, wrapped, wrapped_by, sealed, made_at,
                                     made_by)
           values (%s, %s, %s, %s, %s, %s, %s, %s, %s)""",
        (webhook, organisation, list(services), url, *msgspec.structs.astuple(sealed), now, by),
    )
    return True


def webhooks_of(conn: Connection, organisation: UUID | None = None) -> list[Webhook]:
    """The webhooks of an organisation (None: of all), those that ended too, the newest first."""
    sql = f"""select {_HOOK} from desk.webhook where %s::uuid is null or organisation = %s
              order by made_at desc, webhook"""  # noqa: S608 - columns
    with conn.cursor(row_factory=dict_row) as cursor:
        rows = cursor.execute(sql.encode(), (organisation, organisation)).fetchall()
    return [Webhook(**row | {"services": tuple(row["services"])}) for row in rows]


def end_webhook(conn: Connection, webhook: UUID, *, now: datetime, organisation: UUID | None = None) -> None:
    """Send nothing more to a webhook, also what waits. `organisation` restricts this to its own. Raises NotFound."""
    ended = conn.execute(
        """update desk.webhook set ended_at = coalesce(ended_at, %s)
           where webhook = %s and (%s::uuid is null or organisation = %s)""",
        (now, webhook, organisation, organisation),
    )
    if ended.rowcount == 0:
        raise NotFound
    conn.execute(
        """delete from desk.webhook_delivery where webhook = %s and sent_at is null and given_up_at is null""",
        (webhook,),
    )


def replace_secret(
    conn: Connection,
    outer: OuterKeys,
    webhook: UUID,
    secret: bytes,
    *,
    now: datetime,
    organisation: UUID | None = None,
) -> None:
    """Sign with a new secret; for a day with the former one too. Raises NotFound."""
    sealed = seal_value(outer, secret, _about(webhook))
    changed = conn.execute(
        """update desk.webhook set former_wrapped = wrapped, former_wrapped_by = wrapped_by, former_sealed = sealed,
               former_until = %s, wrapped = %s, wrapped_by = %s, sealed = %s
           where webhook = %s and ended_at is null and (%s::uuid is null or organisation = %s)""",
        (now + FORMER_GOOD_FOR, *msgspec.structs.astuple(sealed), webhook, organisation, organisation),
    )
    if changed.rowcount == 0:
        raise NotFound


def secrets_of(conn: Connection, outer: OuterKeys, webhook: UUID, now: datetime) -> list[bytes]:
    """The secrets with which a delivery is signed, the newest first."""
    sql = """select wrapped, wrapped_by, sealed, former_wrapped, former_wrapped_by, former_sealed, former_until
             from desk.webhook where webhook = %s"""
    with conn.cursor(row_factory=tuple_row) as cursor:
        row: Any = cursor.execute(sql, (webhook,)).fetchone()
    held = [SealedValue(bytes(row[0]), row[1], bytes(row[2]))]
    if row[6] is not None and now < row[6]:
        held.append(SealedValue(bytes(row[3]), row[4], bytes(row[5])))
    return [open_value(outer, one, _about(webhook)) for one in held]


def queue_delivery(conn: Connection, webhook: UUID, message: UUID | None, id: UUID, now: datetime) -> None:
    """Have a webhook told of a message (None: a test); once."""
    conn.execute(
        """insert into desk.webhook_delivery (delivery, webhook, message, created_at, due_at)
           values (%s, %s, %s, %s, %s) on conflict do nothing""",
        (id, webhook, message, now, now),
    )


def delivery_id(webhook: UUID, message: UUID) -> UUID:
    """Always the same for the same message: a delivery that comes twice can be recognised."""
    return uuid5(webhook, str(message))


def next_delivery(conn: Connection, now: datetime) -> tuple[Delivery, Webhook] | None:
    """A delivery whose time has come, with its webhook; locked until the transaction ends."""
    columns = ", ".join(f"d.{name}" for name in Delivery.__struct_fields__)
    sql = f"""select {columns} from desk.webhook_delivery d join desk.webhook w using (webhook)
              where d.sent_at is null and d.given_up_at is null and d.due_at <= %s and w.ended_at is null
              order by d.due_at, d.delivery limit 1 for update of d skip locked"""  # noqa: S608 - columns
    with conn.cursor(row_factory=class_row(Delivery)) as cursor:
        found = cursor.execute(sql.encode(), (now,)).fetchone()
    if found is None:
        return None
    sql = f"select {_HOOK} from desk.webhook where webhook = %s"  # noqa: S608 - columns
    with conn.cursor(row_factory=dict_row) as cursor:
        row = cursor.execute(sql.encode(), (found.webhook,)).fetchone() or {}
    return found, Webhook(**row | {"services": tuple(row["services"])})


def note_delivered(conn: Connection, delivery: Delivery, status: int, now: datetime) -> None:
    """The webhook took it."""
    conn.execute(
        """update desk.webhook_delivery set sent_at = %s, status = %s, problem = null, attempts = attempts + 1
           where delivery = %s""",
        (now, status, delivery.delivery),
    )
    conn.execute(
        "update desk.webhook set succeeded_at = %s, failing_since = null where webhook = %s",
        (now, delivery.webhook),
    )


def note_not_delivered(
    conn: Connection, delivery: Delivery, problem: str, status: int | None, now: datetime
) -> None:
    """It did not take it: tried again later, or given up after the last attempt. A test is not tried again. Whatever
    else waits for the same webhook waits with it, so that one that hangs does not keep others waiting."""
    last = delivery.message is None or delivery.attempts >= len(WAITS)
    due = delivery.due_at if last else now + WAITS[delivery.attempts]
    conn.execute(
        """update desk.webhook_delivery set attempts = attempts + 1, status = %s, problem = %s, due_at = %s,
               given_up_at = %s where delivery = %s""",
        (status, problem, due, now if last else None, delivery.delivery),
    )
    if not last:
        conn.execute(
            """update desk.webhook_delivery set due_at = %s
               where webhook = %s and due_at < %s and sent_at is null and given_up_at is null""",
            (due, delivery.webhook, due),
        )
    conn.execute(
        "update desk.webhook set failing_since = coalesce(failing_since, %s) where webhook = %s",
        (now, delivery.webhook),
    )


def deliveries_of(conn: Connection, webhooks: Sequence[UUID], limit: int = 100) -> list[Delivery]:
    """What some webhooks were told, the newest first."""
    sql = f"""select {_DELIVERY} from desk.webhook_delivery where webhook = any(%s)
              order by created_at desc, delivery limit %s"""  # noqa: S608 - columns
    with conn.cursor(row_factory=class_row(Delivery)) as cursor:
        return cursor.execute(sql.encode(), (list(webhooks), limit)).fetchall()


def _about(webhook: UUID) -> bytes:
    return b"webhook " + webhook.bytes
