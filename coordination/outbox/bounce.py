"""Reading a delivery status notification (RFC 3464): which mail did not arrive, and why. Pure.

A notification is matched by the Message-ID of the mail it is about, which stands in the copy or the headers that it
returns. What it says of the mail's text and of the address is not kept.
"""

from __future__ import annotations

from collections.abc import Iterator
from email import message_from_bytes, policy
from email.message import EmailMessage, Message
from uuid import UUID

import msgspec


class Bounce(msgspec.Struct, frozen=True):
    """A mail that did not arrive: the id in its Message-ID, and `mailbox_gone` (5.1.x) or `bounced`."""

    mail: UUID
    problem: str


def read_bounce(content: bytes) -> Bounce | None:
    """What a notification says for good; None for any other mail, and for a delay, which may still end well."""
    report = message_from_bytes(content, policy=policy.default)
    if report.get_content_type() != "multipart/report":
        return None
    mail = next(_returned_ids(report), None)
    failed = [status for action, status in _recipients(report) if action == "failed"]
    if mail is None or not failed:
        return None
    return Bounce(mail, "mailbox_gone" if any(s.startswith("5.1.") for s in failed) else "bounced")


def _recipients(report: EmailMessage | Message) -> Iterator[tuple[str, str]]:
    """What was done with the mail for each recipient, and the status code."""
    for part in report.walk():
        if part.get_content_type() == "message/delivery-status":
            blocks = part.get_payload()
            for block in blocks if isinstance(blocks, list) else ():
                if isinstance(block, Message) and block["Action"]:
                    yield str(block["Action"]).strip().casefold(), str(block["Status"] or "").strip()


def _returned_ids(report: EmailMessage | Message) -> Iterator[UUID]:
    """The ids of the mails that the notification returns."""
    for part in report.walk():
        kind = part.get_content_type()
        headers: Message | None = None
        if kind == "message/rfc822":
            inner = part.get_payload()
            headers = inner[0] if isinstance(inner, list) and isinstance(inner[0], Message) else None
        elif kind in ("text/rfc822-headers", "message/rfc822-headers"):
            given = part.get_payload(decode=True)
            headers = message_from_bytes(given, policy=policy.default) if isinstance(given, bytes) else None
        if headers is not None:
            try:
                yield UUID(str(headers["Message-ID"] or "").strip().strip("<>").partition("@")[0])
            except ValueError:
                continue
