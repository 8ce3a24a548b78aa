"""Handing a message to the operator's mail server."""

from __future__ import annotations

import smtplib
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from email.message import EmailMessage
from urllib.parse import unquote, urlsplit

from webui.shell.sign_in_settings import MailSettings

PATIENCE = 20.0
"""Seconds that the server may take for each answer."""


class MailNotSent(Exception):
    """The server did not take a message; `problem` is a code. Nothing of the message or the address is in it."""

    def __init__(self, problem: str) -> None:
        super().__init__(problem)
        self.problem = problem


class MailConnection:
    """An open connection to the server."""

    def __init__(self, link: smtplib.SMTP) -> None:
        self._link = link

    def send(self, message: EmailMessage) -> None:
        """Hand over one message. Raises MailNotSent: `refused_recipient` for good, else to be tried again."""
        try:
            self._link.send_message(message)
        except smtplib.SMTPRecipientsRefused as refused:
            codes = [code for code, _ in refused.recipients.values()]
            raise MailNotSent("refused_recipient" if all(c >= 500 for c in codes) else "put_off") from None
        except smtplib.SMTPResponseException as answer:
            raise MailNotSent("refused_message" if answer.smtp_code >= 500 else "put_off") from None
        except (OSError, smtplib.SMTPException):
            raise MailNotSent("server_unreachable") from None


@contextmanager
def connected(settings: MailSettings) -> Iterator[MailConnection]:
    """A connection for several messages: with TLS from the start (`smtps`), or as soon as the server offers it. Raises
    MailNotSent `server_unreachable` or `server_refused_login`."""
    where = urlsplit(settings.server)
    host = where.hostname or "localhost"
    try:
        if where.scheme == "smtps":
            link: smtplib.SMTP = smtplib.SMTP_SSL(
                host, where.port or 465, timeout=PATIENCE, context=ssl.create_default_context()
            )
        else:
            link = smtplib.SMTP(host, where.port or 25, timeout=PATIENCE)
            link.ehlo_or_helo_if_needed()
            if link.has_extn("starttls"):
                link.starttls(context=ssl.create_default_context())
        if where.username:
            link.login(unquote(where.username), unquote(where.password or ""))
    except smtplib.SMTPAuthenticationError:
        raise MailNotSent("server_refused_login") from None
    except (OSError, smtplib.SMTPException):
        raise MailNotSent("server_unreachable") from None
    try:
        yield MailConnection(link)
    finally:
        try:
            link.quit()
        except (OSError, smtplib.SMTPException):
            link.close()
