"""The text of a message, in the language that its recipient chose, else in Welsh and in English.

A Welsh public body reads both, and so does somebody who never said.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from email.message import EmailMessage
from email.utils import format_datetime
from html import escape
from typing import NamedTuple
from uuid import UUID

from coordination.desk.outbox import OutboxRow
from coordination.directory.state import Directory
from coordination.outbox.message import case_reference
from projections.sentences import milestones
from projections.sentences.text import Language
from webui.words.messages import (
    BY_LINK,
    CODE,
    DIGEST,
    DIGEST_SUBJECT,
    IN_BOTH,
    PAPERS,
    REFERENCE,
    RULES,
    SIGN_IN,
    STOP,
    translated,
)

PATHS: Mapping[str, str] = {
    "referral": "/pupils/{pupil}/referrals/{thing}",
    "meeting": "/meetings/{thing}",
    "challenge": "/challenges/{thing}",
    "advice": "/advice/{thing}",
    # to the reader's own desk, which differs by role
    "action": "/",
    "file_request": "/",
    "account": "/account",
    # shown nowhere: a code is typed on the page that asked for it
    "link_code": "/",
    "family": "/pupils/{pupil}/family",
    "family_card": "/pupils/{pupil}/family",
}
"""Where the link of a subject leads: an address holds random ids and nothing of anybody."""


ANSWERED_BY_LINK = frozenset({"referral", "meeting", "challenge", "family", "family_card"})
"""The subjects of messages that a service without accounts, or a family, answers or reads by a one-time link."""
NO_REFERENCE = frozenset({"account", "link_code"})
"""The subjects that nobody finds on a page."""

BOTH: tuple[Language, ...] = ("cy", "en")
_ADDRESS = re.compile(r"https?://[^\s<>\"&]+")


class LinkParts(NamedTuple):
    """What a message for people without an account carries besides: a one-time link, or the code that opens it."""

    address: str = ""
    code: str = ""


NO_PARTS = LinkParts()
NO_LINKS: Mapping[UUID, str] = {}


class MailText(NamedTuple):
    """A subject line and the same text as plain lines and as HTML."""

    subject: str
    plain: str
    html: str


Blocks = Mapping[Language, list[str]]
"""The lines of a message in each language in which it is written."""


def mail_text(
    row: OutboxRow,
    directory: Directory,
    public_url: str,
    parts: LinkParts = NO_PARTS,
    languages: Sequence[Language] = BOTH,
) -> MailText:
    """The text of a message, in these languages. `public_url`: the address under which people reach the service, or
    empty: then the text has no link. `parts`: for people without an account."""
    words = RULES[row.rule]
    link = parts.address or ("" if parts.code else _page(row, public_url))
    by_link = BY_LINK if parts.address and row.subject in ANSWERED_BY_LINK else SIGN_IN
    blocks: Blocks = {
        language: [
            _happened(row, directory, language),
            *([f"{translated(CODE, language)}: {parts.code}"] if parts.code else []),
            translated(words.closing or by_link, language),
            *_reference(row, language),
        ]
        for language in languages
    }
    subject = " / ".join(
        translated(words.subject, language, message_facts(row, directory, language)) for language in languages
    )
    numbered = f"{subject} ({case_reference(row.thing)})" if row.subject not in NO_REFERENCE else subject
    return _laid_out(numbered, blocks, [link] if link else [])


def digest_text(
    rows: Sequence[OutboxRow],
    directory: Directory,
    public_url: str,
    stop: str,
    languages: Sequence[Language] = BOTH,
    links: Mapping[UUID, str] = NO_LINKS,
) -> MailText:
    """The text of a digest: what each of its messages says, in one list. `stop`: the link that stops digests. `links`:
    by message, the one-time link of a recipient without an account; the others have the address of their page."""
    blocks: Blocks = {
        language: [
            translated(DIGEST, language),
            *(
                " ".join(
                    [
                        _happened(row, directory, language),
                        *_reference(row, language),
                        links.get(row.message) or _page(row, public_url),
                    ]
                )
                for row in rows
            ),
            translated(BY_LINK if links else SIGN_IN, language),
            *([f"{translated(STOP, language)} {stop}"] if stop else []),
        ]
        for language in languages
    }
    subject = " / ".join(translated(DIGEST_SUBJECT, language) for language in languages)
    return _laid_out(subject, blocks, [])


def _happened(row: OutboxRow, directory: Directory, language: Language) -> str:
    return translated(RULES[row.rule].sentence, language, message_facts(row, directory, language))


def _reference(row: OutboxRow, language: Language) -> list[str]:
    if row.subject in NO_REFERENCE:
        return []
    return [f"{translated(REFERENCE, language)}: {case_reference(row.thing)}"]


def _page(row: OutboxRow, public_url: str) -> str:
    return public_url + PATHS[row.subject].format(thing=row.thing, pupil=row.pupil) if public_url else ""


def _laid_out(subject: str, blocks: Blocks, links: Sequence[str]) -> MailText:
    """The blocks one after the other, with the links below all of them."""
    both = [f"{translated(IN_BOTH, 'cy')} / {IN_BOTH}"] if len(blocks) > 1 else []
    plain = [*both, *("\n".join(block) for block in blocks.values()), *links]
    html = "".join(
        f'<div lang="{language}">{"".join(f"<p>{linked(line)}</p>" for line in block)}</div>'
        for language, block in blocks.items()
    )
    below = "".join(f"<p>{linked(link)}</p>" for link in links)
    own = next(iter(blocks))
    return MailText(
        subject,
        "\n\n".join(plain) + "\n",
        f'<!DOCTYPE html><html lang="{own}"><head><title>{escape(subject)}</title></head>'
        f"<body>{html}{below}</body></html>",
    )


def linked(line: str) -> str:
    """A line as HTML, in which addresses are links."""
    return _ADDRESS.sub(r'<a href="\g<0>">\g<0></a>', escape(line))


def mail_message(
    row: OutboxRow,
    text: MailText,
    sender: str,
    recipients: tuple[str, ...],
    languages: Sequence[Language] = BOTH,
) -> EmailMessage:
    """The message as it is handed over; its id is the same however often it is sent."""
    message = EmailMessage()
    message["From"] = sender
    message["To"] = ", ".join(recipients)
    message["Subject"] = text.subject
    message["Date"] = format_datetime(row.created_at)
    message["Message-ID"] = f"<{row.message}@{sender.rpartition('@')[2].rstrip('>')}>"
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(text.plain)
    message.add_alternative(text.html, subtype="html")
    # at the end: what begins with Content- would move into the first alternative
    message["Content-Language"] = ", ".join(languages)
    return message


def digest_message(
    row: OutboxRow,
    text: MailText,
    sender: str,
    address: str,
    languages: Sequence[Language],
    stop: str,
) -> EmailMessage:
    """A digest as it is handed over, with one-click unsubscribing (RFC 8058)."""
    message = mail_message(row, text, sender, (address,), languages)
    if stop:
        message["List-Unsubscribe"] = f"<{stop}>"
        message["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    return message


class InvitationWords(NamedTuple):
    """What a calendar shows of a meeting."""

    summary: str
    description: str


def invitation_words(
    directory: Directory, kind: str, host: UUID, papers_on: str, languages: Iterable[Language]
) -> InvitationWords:
    """The kind of meeting and whose it is, and by when its papers come; nobody's name. `papers_on` is ISO text."""
    english, welsh = directory.labels("meeting_kind", kind)
    found = directory.organisation(host)
    own = {"cy": (found.name_cy or found.name) if found else "", "en": found.name if found else ""}
    kinds = {"cy": welsh, "en": english}
    told = list(languages)
    return InvitationWords(
        summary=" / ".join(dict.fromkeys(f"{kinds[one]}, {own[one]}" for one in told)),
        description=" ".join(translated(PAPERS, one, {"day": papers_on}) for one in told),
    )


def message_facts(row: OutboxRow, directory: Directory, language: Language) -> dict[str, str]:
    """The names that a rule's words may hold: of the service and the step."""
    step = milestones.WORDS[language].get(row.detail)
    return {"service": _service(row, directory, language), "step": step.name if step else row.detail}


def _service(row: OutboxRow, directory: Directory, language: str) -> str:
    service = directory.service(row.service)
    if service is None:
        school = directory.organisation(row.service)
        return ((language == "cy" and school.name_cy) or school.name) if school is not None else ""
    own = (service.name_cy if language == "cy" else None) or service.name
    english, welsh = directory.labels("profession", service.profession)
    return own or (welsh if language == "cy" else english)
