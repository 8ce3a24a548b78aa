"""A mail server that keeps what it is given, and a referral that was sent to a service with a mailbox."""

from __future__ import annotations

from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from typing import Any

from scripts.service.outbox import OutboxSettings
from webui.shell.sign_in_settings import MailSettings

MAILBOX = "camhs@health.example"
NAMES = ("Siân", "Gŵyn", "Mair", "2011")


class MailServerThatKeeps:
    """A mail server that keeps what it is given; `answers`, one for each message, are said instead of taking it."""

    def __init__(self) -> None:
        self.taken: list[tuple[list[str], EmailMessage]] = []
        self.answers: list[str] = []

    async def handle_RCPT(
        self, _server: Any, _session: Any, envelope: Any, address: str, _options: Any
    ) -> str:
        if self.answers:
            return self.answers.pop(0)
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, _server: Any, _session: Any, envelope: Any) -> str:
        read = message_from_bytes(envelope.content, policy=policy.default)
        assert isinstance(read, EmailMessage)
        self.taken.append((envelope.rcpt_tos, read))
        return "250 taken"


def settings(mail: MailSettings | None, folder: Path) -> OutboxSettings:
    return OutboxSettings(mail, "https://cydlynu.example", folder)


def bounce(mail: str, action: str = "failed", status: str = "5.1.1", *, headers_only: bool = False) -> bytes:
    """A notice as mail servers send it (RFC 3464)."""
    returned = (
        f"Content-Type: {'text/rfc822-headers' if headers_only else 'message/rfc822'}\r\n\r\n"
        f"From: cydlynu@county.example\r\nTo: {MAILBOX}\r\nMessage-ID: {mail}\r\nSubject: x\r\n\r\n"
    )
    return (
        "From: mailer-daemon@health.example\r\nTo: cydlynu@county.example\r\nSubject: Undelivered\r\n"
        'Content-Type: multipart/report; report-type=delivery-status; boundary="b"\r\nMIME-Version: 1.0\r\n\r\n'
        "--b\r\nContent-Type: text/plain\r\n\r\nI am sorry.\r\n"
        "--b\r\nContent-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; mx.health.example\r\n\r\n"
        f"Final-Recipient: rfc822; {MAILBOX}\r\nAction: {action}\r\nStatus: {status}\r\n\r\n"
        f"--b\r\n{returned}--b--\r\n"
    ).encode()
