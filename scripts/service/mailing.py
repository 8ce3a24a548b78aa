"""What the worker does about mail: sends the links for a new password that were asked for. The mail names nobody."""

from __future__ import annotations

import secrets
from datetime import datetime
from email.message import EmailMessage

import psycopg
import structlog

from coordination.desk.account_log import BY_THE_SERVICE
from coordination.desk.mail_addresses import mail_address
from coordination.desk.reset_links import BY_MAIL, make_reset_link, take_requests
from coordination.service import Coordination
from coordination.store.migrate import APPEND, as_role
from webui.shell.mail_server import MailConnection, MailNotSent, connected
from webui.shell.sign_in_settings import SignInSettings

SUBJECT = {"en": "A new password for Cydlynu", "cy": "Cyfrinair newydd ar gyfer Cydlynu"}
TEXT = {
    "en": (
        "Somebody asked for a new password for your account. Set it here, once, within an hour:\n\n{link}\n\n"
        "Was it not you? Then do nothing: your password stays as it is.\n"
    ),
    "cy": (
        "Gofynnodd rhywun am gyfrinair newydd ar gyfer eich cyfrif. Gosodwch ef yma, unwaith, o fewn awr:\n\n"
        "{link}\n\nNid chi oedd hynny? Yna peidiwch â gwneud dim: bydd eich cyfrinair yn aros fel y mae.\n"
    ),
}

log = structlog.get_logger("cydlynu.worker")


def send_links(service: Coordination, database: str, settings: SignInSettings, now: datetime) -> int:
    """Sends a link to each account that was asked for and whose owner has a mail address in the directory; how many.
    `database` is the owner's. Raises MailNotSent when the mail server cannot be used: what was
    asked for then waits for the next time."""
    if settings.mail is None:
        return 0
    with psycopg.connect(as_role(database, APPEND)) as desk:
        asked = [
            (one.account, address)
            for one in take_requests(desk, now)
            if (address := mail_address(service, one.account.person)) is not None
        ]
        if not asked:
            return 0
        with connected(settings.mail) as server:
            for account, address in asked:
                secret = secrets.token_urlsafe(32)
                make_reset_link(
                    desk, account.account, secret=secret, by=BY_THE_SERVICE, now=now, good_for=BY_MAIL
                )
                link = f"{settings.public_url}/reset/{secret}"
                _send(server, reset_mail(settings.mail.sender, address, link, account.language))
    return len(asked)


def reset_mail(sender: str, address: str, link: str, language: str) -> EmailMessage:
    """The mail with a link, in both languages, the account's own first."""
    first, second = ("cy", "en") if language == "cy" else ("en", "cy")
    mail = EmailMessage()
    mail["From"], mail["To"] = sender, address
    mail["Subject"] = f"{SUBJECT[first]} / {SUBJECT[second]}"
    mail["Auto-Submitted"] = "auto-generated"
    mail.set_content("\n---\n\n".join(TEXT[language].format(link=link) for language in (first, second)))
    return mail


def _send(server: MailConnection, mail: EmailMessage) -> None:
    """Hands the mail over. An address that the server refuses is given up: the next try would fail too."""
    try:
        server.send(mail)
    except MailNotSent as problem:
        if problem.problem != "refused_recipient":
            raise
        log.warning("mail_address_refused")
