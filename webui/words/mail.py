"""The text of a message, in Welsh and in English: a Welsh public body reads both, and so does who never said."""

from __future__ import annotations

from collections.abc import Mapping
from email.message import EmailMessage
from email.utils import format_datetime
from html import escape
from typing import NamedTuple

from coordination.desk.outbox import OutboxRow
from coordination.directory.state import Directory
from coordination.outbox.message import case_reference
from projections.sentences import milestones
from projections.sentences.text import Language
from webui.words.messages import IN_BOTH, REFERENCE, RULES, SIGN_IN, in_english, in_welsh

PATHS: Mapping[str, str] = {
    "referral": "/pupils/{pupil}/referrals/{thing}",
    "meeting": "/meetings/{thing}",
    "challenge": "/challenges/{thing}",
    # to the reader's own desk, which differs by role
    "action": "/",
    "file_request": "/",
}
"""Where the link of a subject leads: an address holds random ids and nothing of anybody."""


class MailText(NamedTuple):
    """A subject line and the same text as plain lines and as HTML."""

    subject: str
    plain: str
    html: str


def mail_text(row: OutboxRow, directory: Directory, public_url: str) -> MailText:
    """The text of a message. `public_url`: the address under which people reach the service, or empty: then the text
    has no link."""
    words = RULES[row.rule]
    welsh, english = message_facts(row, directory, "cy"), message_facts(row, directory, "en")
    reference = case_reference(row.thing)
    link = public_url + PATHS[row.subject].format(thing=row.thing, pupil=row.pupil) if public_url else ""
    blocks = [
        [in_welsh(words.sentence, welsh), in_welsh(SIGN_IN, {}), f"{in_welsh(REFERENCE, {})}: {reference}"],
        [in_english(words.sentence, english), in_english(SIGN_IN, {}), f"{REFERENCE}: {reference}"],
    ]
    lines = [
        f"{in_welsh(IN_BOTH, {})} / {IN_BOTH}",
        *("\n".join(block) for block in blocks),
        *([link] if link else []),
    ]
    html = "".join(
        f'<div lang="{language}">{"".join(f"<p>{escape(line)}</p>" for line in block)}</div>'
        for language, block in zip(("cy", "en"), blocks, strict=True)
    )
    anchor = f'<p><a href="{escape(link)}">{escape(link)}</a></p>' if link else ""
    subject = f"{in_welsh(words.subject, welsh)} / {in_english(words.subject, english)} ({reference})"
    return MailText(
        subject, "\n\n".join(lines) + "\n", f"<!DOCTYPE html><html><body>{html}{anchor}</body></html>"
    )


def mail_message(row: OutboxRow, text: MailText, sender: str, recipients: tuple[str, ...]) -> EmailMessage:
    """The message as it is handed over; its id is the same however often it is sent."""
    message = EmailMessage()
    message["From"] = sender
    message["To"] = ", ".join(recipients)
    message["Subject"] = text.subject
    message["Date"] = format_datetime(row.created_at)
    message["Message-ID"] = f"<{row.message}@{sender.rpartition('@')[2].rstrip('>')}>"
    message["Auto-Submitted"] = "auto-generated"
    message["Content-Language"] = "cy, en"
    message.set_content(text.plain)
    message.add_alternative(text.html, subtype="html")
    return message


def message_facts(row: OutboxRow, directory: Directory, language: Language) -> dict[str, str]:
    """The names that a rule's words may hold: of the service and the step."""
    step = milestones.WORDS[language].get(row.detail)
    return {"service": _service(row, directory, language), "step": step.name if step else row.detail}


def _service(row: OutboxRow, directory: Directory, language: str) -> str:
    service = directory.service(row.service)
    if service is None:
        return ""
    own = (service.name_cy if language == "cy" else None) or service.name
    english, welsh = directory.labels("profession", service.profession)
    return own or (welsh if language == "cy" else english)
