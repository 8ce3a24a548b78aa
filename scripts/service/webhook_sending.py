"""Tells webhooks what happened: finds who wants a message, and posts it signed, at least once, for three days."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any, NamedTuple

from psycopg import Connection

from coordination.desk.outbox import OutboxRow, message_of, not_hooked, note_hooked
from coordination.desk.webhooks import (
    Delivery,
    Webhook,
    delivery_id,
    end_webhook,
    next_delivery,
    note_delivered,
    note_not_delivered,
    queue_delivery,
    secrets_of,
    webhooks_of,
)
from coordination.directory.state import Directory
from coordination.errors import NotFound
from coordination.outbox.kinds import ALWAYS, rule_kind
from coordination.outbox.webhook_signing import signed_headers
from coordination.service import Coordination
from webui.shell.outgoing import NotReached, Outgoing
from webui.words.webhooks import payload, trial_payload

GONE = 410


class WebhookRun(NamedTuple):
    """How many deliveries were taken, and how many were not."""

    sent: int
    failed: int


def deliver_due(
    service: Coordination, outgoing: Outgoing, public_url: str, now: datetime, most: int = 100
) -> WebhookRun:
    """Queue what webhooks are to be told of, and deliver what is due, `most` at most."""
    with service.record.desk() as desk:
        queue_deliveries(desk, service.directory(), now)
    sent = failed = 0
    while sent + failed < most:
        done = _deliver_next(service, outgoing, public_url, now)
        if done is None:
            break
        sent, failed = sent + done, failed + (not done)
    return WebhookRun(sent, failed)


def queue_deliveries(desk: Connection, directory: Directory, now: datetime) -> int:
    """Queue a delivery for each webhook that wants a new message; how many."""
    waiting = not_hooked(desk)
    if not waiting:
        return 0
    hooks = [one for one in webhooks_of(desk) if one.ended_at is None]
    queued = 0
    for row in waiting:
        for hook in hooks:
            if wants(hook, row, directory):
                queue_delivery(desk, hook.webhook, row.message, delivery_id(hook.webhook, row.message), now)
                queued += 1
    note_hooked(desk, [row.message for row in waiting], now)
    return queued


def wants(hook: Webhook, row: OutboxRow, directory: Directory) -> bool:
    """Whether a webhook is told of a message: what goes to its organisation or to a service of it, and was decided
    after the webhook was made. What goes to one person does not concern it."""
    if row.recipient_kind not in ("service", "organisation") or rule_kind(row.rule).kind == ALWAYS:
        return False
    if row.created_at < hook.made_at:
        return False
    found = directory.service(row.recipient)
    if found is None:
        return row.recipient == hook.organisation
    return found.agency == hook.organisation and (not hook.services or found.id in hook.services)


def _deliver_next(service: Coordination, outgoing: Outgoing, public_url: str, now: datetime) -> bool | None:
    """Whether the next delivery was taken; None when none is due."""
    with service.record.desk() as desk:
        due = next_delivery(desk, now)
        if due is None:
            return None
        delivery, hook = due
        body = _body(desk, delivery, service.directory(), public_url)
        secrets = secrets_of(desk, service.record.outer, hook.webhook, now)
        headers = signed_headers(str(delivery.delivery), now, body, secrets)
        try:
            status = outgoing.post(hook.url, body, {"Content-Type": "application/json"} | dict(headers))
        except NotReached as problem:
            note_not_delivered(desk, delivery, problem.problem, None, now)
            return False
        if 200 <= status < 300:
            note_delivered(desk, delivery, status, now)
            return True
        redirected = 300 <= status < 400
        note_not_delivered(desk, delivery, "redirected" if redirected else "refused", status, now)
        if status == GONE:
            end_webhook(desk, hook.webhook, now=now)
        return False


def _body(desk: Connection, delivery: Delivery, directory: Directory, public_url: str) -> bytes:
    if delivery.message is None:
        return _json(trial_payload(delivery.created_at))
    row = message_of(desk, delivery.message)
    if row is None:
        raise NotFound
    return _json(payload(row, directory, public_url))


def _json(document: dict[str, Any]) -> bytes:
    return json.dumps(document, ensure_ascii=False, separators=(",", ":")).encode()
