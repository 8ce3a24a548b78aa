"""Messages about accounts: a link for a new password, asked for on a page, whose secret is made when it is sent."""

from __future__ import annotations

import secrets
from datetime import datetime

from psycopg import Connection

from coordination.desk.account_log import BY_THE_SERVICE
from coordination.desk.account_messages import tell_account
from coordination.desk.mail_addresses import mail_address
from coordination.desk.outbox import OutboxRow
from coordination.desk.reset_links import BY_MAIL, make_reset_link, take_requests
from coordination.service import Coordination

PASSWORD_LINK = "password_link"  # noqa: S105 - a rule


def queue_password_links(service: Coordination, now: datetime) -> int:
    """Queue a message for each account for which a link was asked and whose owner has an address; how many."""
    queued = 0
    with service.record.desk() as desk:
        for asked in take_requests(desk, now):
            if mail_address(service, asked.account.person) is not None:
                tell_account(desk, PASSWORD_LINK, asked.account, now)
                queued += 1
    return queued


def is_too_late(row: OutboxRow, now: datetime) -> bool:
    """Whether the link was asked for so long ago that its owner has asked again or gone."""
    return row.rule == PASSWORD_LINK and now - row.created_at > BY_MAIL


def secret_link(desk: Connection, row: OutboxRow, public_url: str, now: datetime) -> str:
    """The link that is made for a message when it is sent; empty for those that lead to a page."""
    if row.rule != PASSWORD_LINK or not public_url:
        return ""
    secret = secrets.token_urlsafe(32)
    make_reset_link(desk, row.thing, secret=secret, by=BY_THE_SERVICE, now=now, good_for=BY_MAIL)
    return f"{public_url}/reset/{secret}"
